package org.gatun.reference;

import java.util.Arrays;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.op.Cast;
import org.gatun.op.Concat;
import org.gatun.op.Copy;
import org.gatun.op.Embedding;
import org.gatun.op.Flip;
import org.gatun.op.Ints;
import org.gatun.op.Longs;
import org.gatun.op.Movement;
import org.gatun.op.Pad;
import org.gatun.op.Roll;
import org.gatun.op.Triangle;

/** Elements in other places. */
final class MovementReference {
  private MovementReference() {}

  static List<NdArray> evaluate(Movement op, List<NdArray> inputs, List<Layout> outputs) {
    NdArray first = inputs.getFirst();
    NdArray result = NdArray.zeros(outputs.getFirst().dtype(), outputs.getFirst().shape());
    double[] values = result.values();
    if (op instanceof Embedding) {
      checkRows(first, inputs.get(1));
    }
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (op) {
            case Cast(DType dtype) -> convert(first.values()[i], first.dtype(), dtype);
            case Concat(int axis) -> joined(inputs, axis, result.index(i));
            case Copy _ -> first.values()[i];
            case Embedding _ -> row(first, inputs.get(1), result.index(i));
            case Flip(Ints axes) -> flipped(first, axes, result.index(i));
            case Pad pad -> padded(first, pad, result.index(i));
            case Roll(Longs shifts, Ints axes) -> rolled(first, shifts, axes, result.index(i));
            case Triangle(boolean upper, long diagonal) -> {
              int[] index = result.index(i);
              long above = index[index.length - 1] - (long) index[index.length - 2];
              boolean kept = upper ? above >= diagonal : above <= diagonal;
              yield kept ? first.values()[i] : 0;
            }
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
      if (input.rank() != own.length) {
        continue; // It has shape [0].
      }
      if (own[at] < input.dim(at)) {
        return input.get(own);
      }
      own[at] -= input.dim(at);
    }
    throw new AssertionError("the inputs are as long together as the result");
  }

  private static void checkRows(NdArray table, NdArray indices) {
    for (int i = 0; i < indices.size(); i++) {
      double row = indices.values()[i];
      if (row < 0 || row >= table.dim(0)) {
        throw new IllegalArgumentException(
            "embedding: index "
                + (long) row
                + " at position "
                + i
                + ", expected 0 or more and less than "
                + table.dim(0)
                + ", the rows of the table");
      }
    }
  }

  private static double row(NdArray table, NdArray indices, int[] index) {
    double row = indices.get(Arrays.copyOf(index, index.length - 1));
    return table.get((int) row, index[index.length - 1]);
  }

  private static double flipped(NdArray input, Ints axes, int[] index) {
    int[] own = index.clone();
    for (int i = 0; i < axes.size() && own.length > 0; i++) {
      int axis = Math.floorMod(axes.get(i), own.length);
      own[axis] = input.dim(axis) - 1 - own[axis];
    }
    return input.get(own);
  }

  private static double rolled(NdArray input, Longs shifts, Ints axes, int[] index) {
    int[] own = index.clone();
    for (int i = 0; i < axes.size() && own.length > 0; i++) {
      int axis = Math.floorMod(axes.get(i), own.length);
      long size = input.dim(axis);
      own[axis] = (int) Math.floorMod(own[axis] - Math.floorMod(shifts.get(i), size), size);
    }
    return input.get(own);
  }

  private static double padded(NdArray input, Pad pad, int[] index) {
    int[] own = new int[index.length];
    for (int axis = 0; axis < own.length; axis++) {
      int size = input.dim(axis);
      long before = pad.before(axis, own.length);
      long after = pad.after(axis, own.length);
      // What is left of the input where padding is negative.
      long start = Math.max(0, -before);
      long end = size - Math.max(0, -after);
      long at = index[axis] - before;
      boolean outside = at < start || at >= end;
      own[axis] =
          (int)
              switch (pad.mode()) {
                case CONSTANT -> outside ? -1 : at;
                case REFLECT -> at < 0 ? -at : at >= size ? 2L * (size - 1) - at : at;
                case REPLICATE -> Math.clamp(at, 0, size - 1);
                case CIRCULAR -> start + Math.floorMod(at - start, end - start);
              };
      if (own[axis] < 0) {
        return pad.value();
      }
    }
    return input.get(own);
  }
}
