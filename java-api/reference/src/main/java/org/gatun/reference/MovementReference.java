package org.gatun.reference;

import java.util.Arrays;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.op.Cast;
import org.gatun.op.Concat;
import org.gatun.op.Copy;
import org.gatun.op.Embedding;
import org.gatun.op.Movement;

/** Elements in other places. */
final class MovementReference {
  private MovementReference() {}

  static List<NdArray> evaluate(Movement op, List<NdArray> inputs, List<Layout> outputs) {
    NdArray first = inputs.getFirst();
    NdArray result = NdArray.zeros(outputs.getFirst().dtype(), outputs.getFirst().shape());
    double[] values = result.values();
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (op) {
            case Cast(DType dtype) -> convert(first.values()[i], first.dtype(), dtype);
            case Concat(int axis) -> joined(inputs, axis, result.index(i));
            case Copy _ -> first.values()[i];
            case Embedding _ -> row(first, inputs.get(1), result.index(i));
          };
    }
    return List.of(result);
  }

  /**
   * What lies outside the range of an integer is converted as Java does it; rounding comes later.
   */
  private static double convert(double x, DType from, DType to) {
    return switch (to) {
      case BOOL -> x != 0 ? 1 : 0;
      case I8 -> (byte) (long) x;
      case U8 -> (long) x & 0xFF;
      case I16 -> (short) (long) x;
      case I32 -> from.isFloating() ? (int) x : (int) (long) x;
      case I64 -> (long) x;
      case F32, F64, F16, BF16 -> x;
    };
  }

  private static double joined(List<NdArray> inputs, int axis, int[] index) {
    int at = axis < 0 ? axis + index.length : axis;
    int[] own = index.clone();
    for (NdArray input : inputs) {
      if (own[at] < input.dim(at)) {
        return input.get(own);
      }
      own[at] -= input.dim(at);
    }
    throw new AssertionError("the inputs are as long together as the result");
  }

  private static double row(NdArray table, NdArray indices, int[] index) {
    int[] which = Arrays.copyOf(index, index.length - 1);
    double row = indices.get(which);
    if (row < 0 || row >= table.dim(0)) {
      throw new IllegalArgumentException(
          "embedding: index "
              + (long) row
              + " at position "
              + indices.at(which)
              + ", expected 0 or more and less than "
              + table.dim(0)
              + ", the rows of the table");
    }
    return table.get((int) row, index[index.length - 1]);
  }
}
