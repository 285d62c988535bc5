package org.gatun.examples;

import static org.gatun.examples.Chapter.holds;
import static org.gatun.examples.Chapter.refused;
import static org.gatun.examples.Chapter.same;
import static org.gatun.examples.Chapter.section;
import static org.gatun.examples.Chapter.shape;

import org.gatun.DType;
import org.gatun.Scope;
import org.gatun.Tensor;

/** Squeeze and unsqueeze: dimensions of size 1 come and go. */
public final class Squeeze {
  private Squeeze() {}

  /** Runs the chapter. */
  static void main() {
    try (Scope scope = Scope.open()) {
      section("squeeze: without dimensions of size 1");
      Tensor x = shape("x", Tensor.zeros(DType.F32, 2, 1, 2, 1, 2), 2, 1, 2, 1, 2);
      shape("x.squeeze()", x.squeeze(), 2, 2, 2);
      shape("x.squeeze(1)", x.squeeze(1), 2, 2, 1, 2);
      shape("x.squeeze(-2)", x.squeeze(-2), 2, 1, 2, 2);
      shape("x.squeeze(0), which is 2 long,", x.squeeze(0), 2, 1, 2, 1, 2);
      refused("x.squeeze(5)", () -> x.squeeze(5));

      section("unsqueeze: a dimension of size 1 more");
      Tensor row = Tensor.of(new float[] {1, 2, 3, 4});
      shape("row.unsqueeze(0)", row.unsqueeze(0), 1, 4);
      shape("row.unsqueeze(1)", row.unsqueeze(1), 4, 1);
      shape("row.unsqueeze(-1)", row.unsqueeze(-1), 4, 1);
      refused("row.unsqueeze(2)", () -> row.unsqueeze(2));
      holds("both are views", row.unsqueeze(0).startsWith(row));
      same("the one takes back the other", row.unsqueeze(1).squeeze(1), row);
      same(
          "a column and a row make a table",
          row.unsqueeze(1).mul(row.unsqueeze(0)),
          row.unsqueeze(1).matmul(row.unsqueeze(0)));
    }
  }
}
