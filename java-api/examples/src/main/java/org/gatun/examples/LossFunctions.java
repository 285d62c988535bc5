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
import org.gatun.nn.Functional;
import org.gatun.nn.Gradients;
import org.gatun.nn.Losses;
import org.gatun.op.LossReduction;

/** Losses: one number for how far a result is from what it should be, and its gradient. */
public final class LossFunctions {
  private LossFunctions() {}

  /** Runs the chapter. */
  static void main() {
    try (Scope scope = Scope.open()) {
      distances();
      reductions();
      probabilities();
      classes();
      distributions();
      gradients();
    }
  }

  private static void distances() {
    section("distances: of numbers from numbers");
    Tensor x = show("x", Tensor.of(new float[] {0.5f, 2, 7}));
    Tensor target = show("target", Tensor.of(new float[] {0, 2, 4}));
    Tensor d = x.sub(target);
    same("mse_loss = mean(d^2)", Losses.mseLoss(x, target), d.square().mean());
    same("l1_loss = mean(|d|)", Losses.l1Loss(x, target), d.abs().mean());
    Tensor smooth = d.abs().sub(0.5).where(d.abs().ge(1), d.square().div(2));
    same(
        "smooth_l1_loss: d^2 / 2 where |d| < 1, a straight line from there",
        Losses.smoothL1Loss(x, target),
        smooth.mean());
    same("huber_loss is the same for a delta of 1", Losses.huberLoss(x, target), smooth.mean());
    same(
        "else it is delta times smooth_l1_loss with that beta",
        Losses.huberLoss(x, target, 2, LossReduction.MEAN),
        Losses.smoothL1Loss(x, target, 2, LossReduction.MEAN).mul(2));
    refused("a target that does not broadcast", () -> Losses.mseLoss(x, target.slice(0, 0, 2)));
  }

  private static void reductions() {
    section("reductions: each, their sum, their mean");
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
    Tensor target = Tensor.zeros(DType.F32, 2, 2);
    show("NONE", Losses.mseLoss(x, target, LossReduction.NONE));
    show("SUM", Losses.mseLoss(x, target, LossReduction.SUM));
    show("MEAN", Losses.mseLoss(x, target, LossReduction.MEAN));
    show(
        "BATCH_MEAN, by the size of the batch",
        Losses.mseLoss(x, target, LossReduction.BATCH_MEAN));
  }

  private static void probabilities() {
    section("binary cross entropy: of yes and no");
    Tensor logits = show("logits", Tensor.of(new float[] {-2, 0.5f, 3}));
    Tensor target = show("target", Tensor.of(new float[] {0, 1, 1}));
    Tensor p = show("their sigmoid", logits.sigmoid());
    Tensor each = p.log().mul(target).add(p.rsub(1).log().mul(target.rsub(1))).neg();
    Tensor loss = Losses.binaryCrossEntropy(p, target);
    same("-mean(t log p + (1 - t) log(1 - p))", loss, each.mean());
    same("of logits at once", Losses.binaryCrossEntropyWithLogits(logits, target), loss);
    Tensor far = Tensor.of(new float[] {-500});
    Tensor yes = Tensor.ones(DType.F32, 1);
    show("far off, by probabilities 100 at most", Losses.binaryCrossEntropy(far.sigmoid(), yes));
    show("and by logits the truth", Losses.binaryCrossEntropyWithLogits(far, yes));
    refused("probabilities that are none", () -> Losses.binaryCrossEntropy(logits, target));
    Tensor weight = Tensor.of(new float[] {1, 10, 1});
    same(
        "weights multiply",
        Losses.binaryCrossEntropy(p, target, weight, LossReduction.MEAN),
        each.mul(weight).mean());
    same(
        "a weight of positive targets, for rare ones",
        Losses.binaryCrossEntropyWithLogits(
            logits, target, null, Tensor.full(DType.F32, 5), LossReduction.MEAN),
        each.mul(target.mul(4).add(1)).mean());
  }

  private static void classes() {
    section("cross entropy: of one class among many");
    Tensor logits = new Generator(1).randn(DType.F32, 4, 3);
    Tensor target = show("target classes", Tensor.of(new long[] {2, 0, 1, 1}));
    Tensor logs = logits.logSoftmax(1);
    Tensor picked = logs.gather(1, target.view(4, 1)).squeeze(1).neg();
    Tensor loss = show("cross_entropy", Losses.crossEntropy(logits, target));
    same("minus the logarithm of the class' share, the mean of that", loss, picked.mean());
    same("nll_loss takes the logarithms", Losses.nllLoss(logs, target), loss);
    Tensor exact = Functional.oneHot(target, 3).to(DType.F32);
    same("the target may be shares itself", Losses.crossEntropy(logits, exact), loss);
    Tensor weight = Tensor.of(new float[] {1, 2, 5});
    Tensor ofEach = weight.indexSelect(0, target);
    same(
        "with weights the mean is divided by those of the targets",
        Losses.crossEntropy(logits, target, weight, Losses.NO_CLASS, 0, LossReduction.MEAN),
        picked.mul(ofEach).sum().div(ofEach.sum()));
    same(
        "a class to be ignored counts for nothing, in the mean neither",
        Losses.crossEntropy(logits, target, null, 1, 0, LossReduction.MEAN),
        picked.slice(0, 0, 2).mean());
    same(
        "smoothing spreads a share of the target over all classes",
        Losses.crossEntropy(logits, target, null, Losses.NO_CLASS, 0.1, LossReduction.MEAN),
        Losses.crossEntropy(logits, exact.mul(0.9).add(0.1 / 3)));
    refused("class 3 of 3", () -> Losses.crossEntropy(logits, Tensor.of(new long[] {0, 1, 2, 3})));
    shape(
        "of images there is a loss for each pixel",
        Losses.crossEntropy(
            Tensor.zeros(DType.F32, 2, 3, 4, 5),
            Tensor.zeros(DType.I64, 2, 4, 5),
            null,
            Losses.NO_CLASS,
            0,
            LossReduction.NONE),
        2,
        4,
        5);
  }

  private static void distributions() {
    section("kl_div: of one distribution from another");
    Tensor p = new Generator(2).randn(DType.F32, 4, 3).softmax(1);
    Tensor q = new Generator(3).randn(DType.F32, 4, 3).softmax(1);
    same(
        "sum(p (log p - log q)) for each member of the batch; it takes log q",
        Losses.klDiv(q.log(), p, false, LossReduction.BATCH_MEAN),
        p.mul(p.log().sub(q.log())).sum().div(4));
    same(
        "or the logarithms of both",
        Losses.klDiv(q.log(), p.log(), true, LossReduction.BATCH_MEAN),
        Losses.klDiv(q.log(), p, false, LossReduction.BATCH_MEAN));
    show("of itself it is 0", Losses.klDiv(p.log(), p, false, LossReduction.BATCH_MEAN));
  }

  private static void gradients() {
    section("gradients: where to go to lose less");
    Tensor one = Tensor.ones(DType.F32);
    Tensor logits = new Generator(4).randn(DType.F32, 4, 3);
    Tensor target = Tensor.of(new long[] {2, 0, 1, 1});
    Tensor gradient =
        Gradients.crossEntropy(one, logits, target, null, Losses.NO_CLASS, 0, LossReduction.MEAN);
    same(
        "of cross_entropy: (softmax - target) / n",
        gradient,
        logits.softmax(1).sub(Functional.oneHot(target, 3).to(DType.F32)).div(4));
    Tensor x = Tensor.of(new float[] {0.5f, 2, 7});
    Tensor zeros = Tensor.zeros(DType.F32, 3);
    same(
        "of mse_loss: 2 d / n",
        Gradients.mseLoss(one, x, zeros, LossReduction.MEAN),
        x.mul(2).div(3));
    double before = Losses.crossEntropy(logits, target).item();
    Tensor step = logits.sub(gradient.mul(0.5));
    double after = Losses.crossEntropy(step, target).item();
    IO.println("half a step against the gradient takes it from " + before + " to " + after);
    holds("which is less", after < before);
  }
}
