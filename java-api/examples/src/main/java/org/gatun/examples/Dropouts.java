package org.gatun.examples;

import static org.gatun.examples.Chapter.holds;
import static org.gatun.examples.Chapter.refused;
import static org.gatun.examples.Chapter.same;
import static org.gatun.examples.Chapter.section;
import static org.gatun.examples.Chapter.show;

import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.nn.AlphaDropout;
import org.gatun.nn.Dropout;
import org.gatun.nn.Dropout2d;
import org.gatun.nn.FeatureAlphaDropout;
import org.gatun.nn.Functional;
import org.gatun.nn.Linear;
import org.gatun.nn.Sequential;

/** Dropout: in training some elements are left out at random, in evaluation none. */
public final class Dropouts {
  private Dropouts() {}

  /** Runs the chapter. */
  static void main() {
    try (Scope scope = Scope.open()) {
      training();
      evaluation();
      seeds();
      channels();
      alpha();
    }
  }

  private static void training() {
    section("training: dropped or scaled up");
    Tensor ones = Tensor.ones(DType.F32, 2, 8);
    show("dropout of ones, p = 0.25", Functional.dropout(ones, 0.25, new Generator(1)));
    Tensor x = new Generator(2).randn(DType.F32, 1000, 100);
    Tensor y = Functional.dropout(x, 0.25, new Generator(3));
    Tensor kept = y.ne(0);
    double share = kept.to(DType.F32).mean().item();
    IO.println("kept of a hundred thousand: " + share);
    holds("that is about three quarters", Math.abs(share - 0.75) < 0.01);
    same("what is kept is x / (1 - p)", y, x.div(0.75).mul(kept));
    double mean = Functional.dropout(ones.expand(1000, 2, 8), 0.25, new Generator(4)).mean().item();
    holds("so that the mean stays", Math.abs(mean - 1) < 0.02);
    same("p = 0 drops nothing", Functional.dropout(x, 0, new Generator(5)), x);
    same(
        "p = 1 all",
        Functional.dropout(x, 1, new Generator(5)),
        Tensor.zeros(DType.F32, 1000, 100));
    refused("p = 1.5", () -> Functional.dropout(x, 1.5, new Generator(5)));
  }

  private static void evaluation() {
    section("evaluation: the tensor as it is");
    Tensor x = Tensor.ones(DType.F32, 4, 8);
    Dropout layer = new Dropout(0.5, new Generator(6));
    holds("a new layer is in training", layer.isTraining());
    holds("where it drops", layer.forward(x).amin().item() == 0);
    layer.eval();
    same("in evaluation it does not", layer.forward(x), x);
    holds("nor does it copy", layer.forward(x).startsWith(x));
    try (Sequential network =
        new Sequential(new Linear(8, 4, 1), Tensor::relu, new Dropout(0.5, new Generator(7)))) {
      network.eval();
      same("a network tells its layers", network.forward(x), network.forward(x));
      network.train();
      holds("and back", network.isTraining());
    }
  }

  private static void seeds() {
    section("seeds: chance that can be had again");
    Tensor x = Tensor.ones(DType.F32, 100);
    Generator generator = new Generator(42);
    Tensor first = Functional.dropout(x, 0.5, generator);
    Tensor second = Functional.dropout(x, 0.5, generator);
    holds("each call drops others", !first.equal(second));
    Generator again = new Generator(42);
    same("the same seed drops the same", Functional.dropout(x, 0.5, again), first);
    same("call after call", Functional.dropout(x, 0.5, again), second);
  }

  private static void channels() {
    section("dropout2d: whole channels of images");
    Tensor images = Tensor.ones(DType.F32, 3, 4, 5, 5);
    Tensor y = new Dropout2d(0.5, new Generator(12)).forward(images);
    Tensor each = y.flatten(2, 3);
    show("the means of the channels, for each image", each.mean(2));
    same("within a channel all are the same", each.amin(2), each.amax(2));
    refused(
        "a matrix has no channels",
        () -> new Dropout2d(0.5, new Generator(8)).forward(images.flatten(0, 2)));
  }

  private static void alpha() {
    section("alpha_dropout: mean and variance stay, for networks of selu");
    Tensor x = new Generator(9).randn(DType.F32, 200, 1000);
    AlphaDropout layer = new AlphaDropout(0.2, new Generator(10));
    Tensor y = layer.forward(x);
    show("mean", y.mean());
    show("variance", y.var());
    holds("about 0 and 1", Math.abs(y.mean().item()) < 0.02 && Math.abs(y.var().item() - 1) < 0.02);
    // What is dropped becomes the number that selu has far below 0, scaled and moved as all are.
    double limit = -1.0507009873554805 * 1.6732632423543772;
    double scale = 1 / Math.sqrt(0.8 * (1 + 0.2 * limit * limit));
    double dropped = scale * limit - scale * limit * 0.2;
    double kept = -scale * limit * 0.2;
    Tensor isDropped = y.sub(dropped).abs().lt(1e-5);
    same("dropped or kept, by hand", y, x.mul(scale).add(kept).maskedFill(isDropped, dropped));
    holds("a fifth", Math.abs(isDropped.to(DType.F32).mean().item() - 0.2) < 0.01);
    layer.eval();
    same("in evaluation nothing happens", layer.forward(x), x);
    Tensor images = Tensor.zeros(DType.F32, 2, 6, 4);
    show(
        "by whole channels: the first element of each",
        new FeatureAlphaDropout(0.5, new Generator(11)).forward(images).select(2, 0));
  }
}
