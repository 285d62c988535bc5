package org.gatun.examples;

import static org.gatun.examples.Chapter.holds;
import static org.gatun.examples.Chapter.refused;
import static org.gatun.examples.Chapter.same;
import static org.gatun.examples.Chapter.section;
import static org.gatun.examples.Chapter.shape;
import static org.gatun.examples.Chapter.show;

import java.util.List;
import org.gatun.DType;
import org.gatun.Scope;
import org.gatun.Tensor;

/** Split and slice: views of parts, by size, by count, by start and stop and step. */
public final class SplitAndSlice {
  private SplitAndSlice() {}

  /** Runs the chapter. */
  static void main() {
    try (Scope scope = Scope.open()) {
      Tensor x = show("x", Tensor.arange(DType.F32, 0, 10, 1).view(5, 2));

      section("split: by the size of a part");
      List<Tensor> pairs = x.split(2, 0);
      holds("of 5 rows there are three parts of up to two", pairs.size() == 3);
      show("the last one", pairs.getLast());
      same("joined again they are x", Tensor.concat(0, pairs), x);

      section("split: by a list of sizes");
      List<Tensor> parts = x.split(new long[] {1, 4}, 0);
      shape("the second part", parts.get(1), 4, 2);
      refused("sizes that do not add up", () -> x.split(new long[] {1, 3}, 0));
      holds("parts are views", parts.getFirst().startsWith(x));

      section("chunk: by the number of parts");
      List<Tensor> chunks = x.chunk(3, 0);
      shape("the last of three chunks", chunks.getLast(), 1, 2);

      section("slice: start, stop and step, as Python has them");
      show("x.slice(0, 1, 3)", x.slice(0, 1, 3));
      show("x.slice(0, -2, 5): the last two", x.slice(0, -2, 5));
      show("x.slice(0, 0, 5, 2): each second", x.slice(0, 0, 5, 2));
      shape("x.slice(0, 3, 3): nothing", x.slice(0, 3, 3), 0, 2);
      shape("x.slice(0, 2, 100): bounds beyond the end end there", x.slice(0, 2, 100), 3, 2);

      section("select and narrow");
      show("x.select(1, -1): the last column", x.select(1, -1));
      refused("x.select(0, 5)", () -> x.select(0, 5));
      same("x.narrow(0, 1, 2) is x.slice(0, 1, 3)", x.narrow(0, 1, 2), x.slice(0, 1, 3));
    }
  }
}
