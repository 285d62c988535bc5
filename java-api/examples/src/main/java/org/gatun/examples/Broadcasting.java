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

/** Broadcasting: shapes are compared from the last dimension; 1 and what is missing repeat. */
public final class Broadcasting {
  private Broadcasting() {}

  /** Runs the chapter. */
  static void main() {
    try (Scope scope = Scope.open()) {
      section("a table and a row, a column, a number");
      Tensor table = Tensor.arange(DType.F32, 0, 6, 1).view(2, 3);
      Tensor row = Tensor.of(new float[] {10, 20, 30});
      Tensor column = Tensor.of(new float[] {100, 200}, 2, 1);
      show("table + row", table.add(row));
      show("table + column", table.add(column));
      show("row + column", row.add(column));
      show("table + 0.5", table.add(0.5));

      section("what repeats is not copied");
      Tensor wide = row.expand(4, 3);
      holds("the rows of row.expand(4, 3) are the same memory", wide.startsWith(row));
      same("an explicit expand gives the same", table.add(row), table.add(row.expand(2, 3)));
      refused(
          "writing to what repeats",
          () -> {
            wide.fill(0);
            return wide;
          });

      section("images and one number for each channel");
      Tensor images = Tensor.ones(DType.F32, 2, 3, 4, 5);
      Tensor scale = Tensor.of(new float[] {1, 2, 3}, 3, 1, 1);
      shape("images * scale", images.mul(scale), 2, 3, 4, 5);

      section("what does not fit");
      refused("(2, 3) + (2)", () -> table.add(Tensor.ones(DType.F32, 2)));
      refused("(2, 3, 4, 5) * (3)", () -> images.mul(Tensor.ones(DType.F32, 3)));
    }
  }
}
