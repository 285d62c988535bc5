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
import org.gatun.SpreadAndMean;
import org.gatun.Tensor;
import org.gatun.ValuesAndIndices;

/** Reductions: many elements become one, along one dimension, several, or all. */
public final class Reductions {
  private Reductions() {}

  /** Runs the chapter. */
  static void main() {
    try (Scope scope = Scope.open()) {
      axes();
      largest();
      spread();
      truth();
      norms();
      nan();
      nothing();
      exactness();
    }
  }

  private static void axes() {
    section("which dimensions: none named are all");
    Tensor x = show("x", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
    show("x.sum(), a tensor without dimensions", x.sum());
    holds("item() is its number", x.sum().item() == 21);
    show("x.sum(0): along the rows, one for each column", x.sum(0));
    show("x.sum(1): along the columns, one for each row", x.sum(1));
    show("x.mean(-1)", x.mean(-1));
    show("x.prod(0)", x.prod(0));
    same("both dimensions named", x.sum(0, 1), x.sum());

    section("keepdim: what was reduced stays with size 1");
    Tensor means = shape("x.mean({1}, true)", x.mean(new int[] {1}, true), 2, 1);
    show("so that it broadcasts against x: x - mean", x.sub(means));
    refused("(2, 3) - (2)", () -> x.sub(x.mean(1)));

    section("several dimensions at once");
    Tensor images = new Generator(1).randn(DType.F32, 8, 3, 4, 5);
    shape("one mean for each channel", images.mean(0, 2, 3), 3);
    same("one after the other is the same", images.mean(0, 2, 3), images.mean(3).mean(2).mean(0));
    same("in any order", images.sum(-1, 0), images.sum(0, 3));
    refused("one of them twice", () -> images.sum(1, -3));
    refused("one that is not there", () -> images.sum(4));

    section("dtypes: whole numbers add up to i64");
    Tensor bytes = Tensor.of(new byte[] {100, 100, 100});
    show("the sum of three i8", bytes.sum());
    show("of booleans it counts", Tensor.of(new boolean[] {true, false, true}).sum());
    refused("their mean would have a fraction", bytes::mean);
    show("so say in what", bytes.mean(new int[0], false, DType.F32));
  }

  private static void largest() {
    section("max, min, and where they are");
    Tensor x = show("x", Tensor.of(new float[] {3, 9, 1, 7, 2, 9}, 2, 3));
    show("x.max(), of all", x.max());
    ValuesAndIndices rows = x.max(1);
    show("x.max(1).values()", rows.values());
    show("x.max(1).indices()", rows.indices());
    show("x.argmin(0)", x.argmin(0));
    show("x.argmax(), counted row after row", x.argmax());
    show("of several dimensions there are amax and amin", x.amax(0, 1));
    same("the indices fetch the values", x.gather(1, x.argmax(1, true)).squeeze(1), x.amax(1));
  }

  private static void spread() {
    section("var and std: divided by n - 1 unless told otherwise");
    Tensor x = show("x", Tensor.of(new float[] {2, 4, 4, 4, 5, 5, 7, 9}));
    Tensor squares = x.sub(x.mean()).square().sum();
    same("var = sum((x - mean)^2) / (n - 1)", x.var(), squares.div(7));
    same("with correction 0 divided by n", x.var(new int[] {0}, 0, false), squares.div(8));
    show("the deviation of this textbook's numbers", x.std(new int[] {0}, 0, false));
    SpreadAndMean both = x.varMean(new int[] {0}, 1, false);
    same("varMean has both in one pass", both.mean(), x.mean());
    Tensor far = x.add(1e6);
    same("a mean far away takes nothing from the variance", far.var(), x.var());
  }

  private static void truth() {
    section("all, any, count");
    Tensor x = Tensor.of(new float[] {0, 1, 2, 3}, 2, 2);
    show("x > 0", x.gt(0));
    show("in all of a row", x.gt(0).all(1));
    show("in any", x.gt(5).any());
    show("x.countNonzero()", x.countNonzero());
  }

  private static void norms() {
    section("norms");
    Tensor x = show("x", Tensor.of(new float[] {3, -4}));
    show("x.norm(), by squares", x.norm());
    show("x.norm(1), by absolute values", x.norm(1));
    show("x.norm(infinity), the largest", x.norm(Double.POSITIVE_INFINITY));
    Tensor big = Tensor.of(new float[] {1000, 1000});
    same("logsumexp = log(sum(exp(x)))", x.logsumexp(0), x.exp().sum().log());
    show("where exp alone is infinite", big.logsumexp(0));
  }

  private static void nan() {
    section("NaN: one is enough");
    Tensor x = show("x", Tensor.of(new float[] {1, Float.NaN, 3}));
    show("x.sum()", x.sum());
    show("x.max(): NaN counts as the largest", x.max());
    show("x.min(): and as the smallest", x.min());
    holds("argmax finds it", x.argmax().item() == 1);
    show("x.nansum() leaves it out", x.nansum());
    show("x.nanmean() divides by what is left", x.nanmean());
  }

  private static void nothing() {
    section("of nothing");
    Tensor none = Tensor.zeros(DType.F32, 0, 3);
    show("the sum is 0", none.sum(0));
    show("the product is 1", none.prod(0));
    show("the mean is NaN", none.mean(0));
    refused("the largest", () -> none.max(0));
    shape("along the other dimension there is no row to reduce", none.amax(1), 0);
  }

  private static void exactness() {
    section("the sum of a hundred million tenths");
    long count = 100_000_000;
    float oneByOne = 0;
    for (long i = 0; i < count; i++) {
      oneByOne += 0.1f;
    }
    IO.println("one after the other in a float: " + oneByOne);
    // One element seen in a hundred million places; the engine adds them all the same.
    double sum = Tensor.full(DType.F32, 0.1).expand(count).sum().item();
    double error = Math.abs(sum - count / 10.0) / (count / 10.0);
    IO.println("Tensor.full(F32, 0.1).expand(count).sum() = " + sum);
    IO.println("its relative error: " + error);
    holds("which is less than 1e-6", error < 1e-6);
    holds("where the float stopped growing", Math.abs(oneByOne - 1e7) > 1e6);
  }
}
