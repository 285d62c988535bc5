package org.gatun.examples;

import static org.gatun.examples.Chapter.holds;
import static org.gatun.examples.Chapter.refused;
import static org.gatun.examples.Chapter.same;
import static org.gatun.examples.Chapter.section;
import static org.gatun.examples.Chapter.shape;
import static org.gatun.examples.Chapter.show;

import java.util.List;
import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.nn.Flatten;

/**
 * Concat and stack, which copy tensors into a larger one; expand and repeat, without a copy and
 * with one; flatten, which makes one dimension of several.
 */
public final class Joining {
  private Joining() {}

  /** Runs the chapter. */
  static void main() {
    try (Scope scope = Scope.open()) {
      concat();
      stack();
      expand();
      flatten();
    }
  }

  private static void concat() {
    section("concat: along a dimension that there is");
    Tensor a = show("a", Tensor.arange(DType.F32, 0, 6, 1).view(2, 3));
    Tensor b = show("b", Tensor.of(new float[] {10, 20, 30}, 1, 3));
    show("Tensor.concat(0, a, b): below each other", Tensor.concat(0, a, b));
    shape("Tensor.concat(1, a, a): beside each other", Tensor.concat(1, a, a), 2, 6);
    same("-1 is the last dimension", Tensor.concat(-1, a, a), Tensor.concat(1, a, a));
    refused("Tensor.concat(1, a, b), of 2 rows and 1,", () -> Tensor.concat(1, a, b));
    refused("Tensor.concat(2, a, a)", () -> Tensor.concat(2, a, a));
    Tensor joined = Tensor.concat(0, a, b);
    a.set(100, 0, 0);
    holds("it is a copy: a changes and the joined one does not", joined.get(0, 0) == 0);
    Tensor whole = Tensor.of(new int[] {1, 2, 3}, 1, 3);
    holds("whole numbers join numbers", Tensor.concat(0, b, whole).dtype() == DType.F32);
    shape("an empty tensor adds nothing", Tensor.concat(0, b, Tensor.zeros(DType.F32, 0, 3)), 1, 3);
  }

  private static void stack() {
    section("stack: along a new dimension");
    Tensor a = Tensor.of(new float[] {1, 2, 3});
    Tensor b = Tensor.of(new float[] {4, 5, 6});
    show("Tensor.stack(0, a, b): as rows", Tensor.stack(0, a, b));
    show("Tensor.stack(1, a, b): as columns", Tensor.stack(1, a, b));
    same("-1 is the last of the result", Tensor.stack(-1, a, b), Tensor.stack(1, a, b));
    same(
        "it is concat of what has a dimension more",
        Tensor.stack(0, a, b),
        Tensor.concat(0, a.unsqueeze(0), b.unsqueeze(0)));
    List<Tensor> back = Tensor.stack(0, a, b).unbind(0);
    same("unbind takes it apart again", back.get(1), b);
    refused("shapes that differ", () -> Tensor.stack(0, a, b.slice(0, 0, 2)));
    List<Tensor> images =
        List.of(Tensor.zeros(DType.F32, 3, 4, 5), Tensor.ones(DType.F32, 3, 4, 5));
    shape("a list of images makes a batch", Tensor.stack(0, images), 2, 3, 4, 5);
    shape("vstack: vectors are rows", Tensor.vstack(a, b), 2, 3);
    shape("hstack: vectors go on", Tensor.hstack(a, b), 6);
    shape("columnStack: vectors are columns", Tensor.columnStack(a, b), 3, 2);
  }

  private static void expand() {
    section("expand: one element in many places");
    Tensor column = show("column", Tensor.of(new float[] {1, 2, 3}, 3, 1));
    Tensor wide = show("column.expand(3, 4)", column.expand(3, 4));
    same("-1 keeps a size", column.expand(-1, 4), wide);
    shape("new dimensions come in front", column.expand(2, 3, 4), 2, 3, 4);
    holds("no element is copied", wide.startsWith(column));
    column.set(7, 0, 0);
    holds("so one write is seen in four places", wide.get(0, 3) == 7);
    refused("column.expand(4, 4), of size 3 and not 1,", () -> column.expand(4, 4));
    Tensor repeated = column.repeat(1, 4);
    same("repeat has the same elements", repeated, wide);
    holds("in memory of its own", !repeated.overlaps(column));
    show("repeat of more than 1 begins again", Tensor.of(new float[] {1, 2}).repeat(3));
    show(
        "repeatInterleave has each one several times",
        Tensor.of(new float[] {1, 2}).repeatInterleave(3));
  }

  private static void flatten() {
    section("flatten: several dimensions become one");
    Tensor x = new Generator(1).randn(DType.F32, 32, 1, 5, 5);
    shape("new Flatten() keeps the batch", new Flatten().forward(x), 32, 25);
    shape("new Flatten(0, 2)", new Flatten(0, 2).forward(x), 160, 5);
    shape("x.flatten()", x.flatten(), 800);
    shape("x.flatten(-2, -1)", x.flatten(-2, -1), 32, 1, 25);
    holds("a view, where memory allows it", x.flatten().startsWith(x));
    holds("else a copy", !x.transpose(0, 3).flatten().startsWith(x));
    same("unflatten is the way back", x.flatten(2, 3).unflatten(2, 5, 5), x);
    shape("of one number flatten makes a vector", Tensor.scalar(1f).flatten(), 1);
    refused("x.flatten(2, 1)", () -> x.flatten(2, 1));
  }
}
