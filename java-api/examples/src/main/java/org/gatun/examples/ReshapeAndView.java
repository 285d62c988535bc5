package org.gatun.examples;

import static org.gatun.examples.Chapter.holds;
import static org.gatun.examples.Chapter.refused;
import static org.gatun.examples.Chapter.same;
import static org.gatun.examples.Chapter.section;
import static org.gatun.examples.Chapter.shape;
import static org.gatun.examples.Chapter.show;

import org.gatun.DType;
import org.gatun.Scope;
import org.gatun.Tensor;

/** Reshape and view: the same memory under another shape, and the view that cannot be. */
public final class ReshapeAndView {
  private ReshapeAndView() {}

  /** Runs the chapter. */
  static void main() {
    try (Scope scope = Scope.open()) {
      Tensor x = show("x", Tensor.arange(DType.F32, 0, 12, 1));

      section("view: no element moves");
      Tensor table = show("x.view(3, 4)", x.view(3, 4));
      holds("the view begins where x does", table.startsWith(x));
      table.set(100, 0, 1);
      holds("what is written to the view stands in x", x.get(1) == 100);
      shape("x.view(2, -1), where -1 follows from the others,", x.view(2, -1), 2, 6);
      refused("x.view(5, -1)", () -> x.view(5, -1));
      refused("x.view(3, 5)", () -> x.view(3, 5));

      section("the view that must fail");
      Tensor transposed = shape("the transposed table", table.transpose(0, 1), 4, 3);
      holds("its elements are not side by side", !transposed.isContiguous());
      refused("transposed.view(12)", () -> transposed.view(12));
      Tensor flat = transposed.contiguous().view(12);
      same("reshape copies where a view cannot be", transposed.reshape(12), flat);
      holds("so that was a copy", !transposed.reshape(12).startsWith(x));
      holds("and reshape is a view where one can be", table.reshape(2, 6).startsWith(x));

      section("a view across strides that fit");
      Tensor columns = table.slice(1, 0, 2);
      shape("two columns as (3, 2, 1)", columns.view(3, 2, 1), 3, 2, 1);
      refused("two columns as (6)", () -> columns.view(6));
    }
  }
}
