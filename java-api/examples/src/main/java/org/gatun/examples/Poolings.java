package org.gatun.examples;

import static org.gatun.examples.Chapter.holds;
import static org.gatun.examples.Chapter.refused;
import static org.gatun.examples.Chapter.same;
import static org.gatun.examples.Chapter.section;
import static org.gatun.examples.Chapter.shape;
import static org.gatun.examples.Chapter.show;

import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.ValuesAndIndices;
import org.gatun.nn.AdaptiveAvgPool2d;
import org.gatun.nn.AdaptiveMaxPool2d;
import org.gatun.nn.AvgPool2d;
import org.gatun.nn.Functional;
import org.gatun.nn.MaxPool1d;
import org.gatun.nn.MaxPool2d;
import org.gatun.nn.MaxPool3d;
import org.gatun.op.AveragePool;
import org.gatun.op.MaxPool;

/** Pooling: the largest or the mean of windows, given by their size or by their number. */
public final class Poolings {
  private Poolings() {}

  /** Runs the chapter. */
  static void main() {
    try (Scope scope = Scope.open()) {
      Tensor image = Tensor.arange(DType.F32, 0, 16, 1).view(1, 1, 4, 4);
      show("image", image);
      largest(image);
      unpooled(image);
      means(image);
      adaptive();
      dimensions();
    }
  }

  private static void largest(Tensor image) {
    section("max_pool: the largest element of each window");
    show("windows of 2x2 side by side", new MaxPool2d(2).forward(image));
    show("windows of 3x3, stride 1", new MaxPool2d(3, 1, 0).forward(image));
    show("with padding 1, which is never the largest", new MaxPool2d(3, 2, 1).forward(image));
    MaxPool wide = MaxPool.of(2, 2).withStride(1).withDilation(2);
    show("dilation 2 leaves one element out between two", new MaxPool2d(wide).forward(image));
    MaxPool odd = MaxPool.of(3, 3);
    shape("rounded down there is one window", new MaxPool2d(odd).forward(image), 1, 1, 1, 1);
    shape("ceil_mode rounds up", new MaxPool2d(odd.withCeilMode()).forward(image), 1, 1, 2, 2);
    refused("more padding than half the window", () -> new MaxPool2d(2, 2, 2).forward(image));
    Tensor holed = image.copy();
    holed.set(Double.NaN, 0, 0, 0, 0);
    holds(
        "a window with NaN has NaN", Double.isNaN(new MaxPool2d(2).forward(holed).get(0, 0, 0, 0)));
  }

  private static void unpooled(Tensor image) {
    section("max_unpool: back to where they came from");
    ValuesAndIndices pooled = new MaxPool2d(2).forwardWithIndices(image);
    show("indices", pooled.indices());
    Tensor back =
        show("unpooled", Functional.maxUnpool2d(pooled.values(), pooled.indices(), 2, 2, 0));
    same("pooled again it is the same", new MaxPool2d(2).forward(back), pooled.values());
  }

  private static void means(Tensor image) {
    section("avg_pool: the mean of each window");
    show("windows of 2x2", new AvgPool2d(2).forward(image));
    AveragePool padded = AveragePool.of(2, 2).withStride(2).withPadding(1);
    show("padding counts as zeros", new AvgPool2d(padded).forward(image));
    show("unless told not to", new AvgPool2d(padded.withoutPadCounted()).forward(image));
    same(
        "a mean over all is the global one",
        new AvgPool2d(4).forward(image),
        Functional.globalAvgPool(image));
  }

  private static void adaptive() {
    section("adaptive pooling: so many windows as the result has elements");
    Tensor x = new Generator(5).randn(DType.F32, 1, 64, 10, 9);
    shape("(5, 7)", new AdaptiveMaxPool2d(5, 7).forward(x), 1, 64, 5, 7);
    shape("7", new AdaptiveMaxPool2d(7, 7).forward(x), 1, 64, 7, 7);
    shape("(None, 7): -1 keeps a size", new AdaptiveMaxPool2d(-1, 7).forward(x), 1, 64, 10, 7);
    same(
        "of one window it is the mean over height and width",
        new AdaptiveAvgPool2d(1, 1).forward(x),
        x.mean(new int[] {2, 3}, true));
  }

  private static void dimensions() {
    section("signals and volumes, with and without a batch");
    Generator random = new Generator(6);
    Tensor signal = random.randn(DType.F32, 20, 16, 50);
    shape("max_pool1d", new MaxPool1d(3, 2, 0).forward(signal), 20, 16, 24);
    Tensor volume = random.randn(DType.F32, 16, 50, 44, 31);
    shape("max_pool3d of one volume", new MaxPool3d(3, 2, 0).forward(volume), 16, 24, 21, 15);
  }
}
