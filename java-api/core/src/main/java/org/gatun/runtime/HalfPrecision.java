package org.gatun.runtime;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.kernel.PlanRequest;
import org.jspecify.annotations.Nullable;

/** Which f32 operands stand for those of f16 and bf16 where no kernel takes these. */
final class HalfPrecision {
  private HalfPrecision() {}

  /** Returns whether a dtype is one of the two of 16 bits. */
  static boolean isHalf(DType dtype) {
    return dtype == DType.F16 || dtype == DType.BF16;
  }

  /** Returns whether an operand is of such a dtype. */
  static boolean isHalf(PlanRequest request) {
    return Stream.concat(request.inputs().stream(), request.outputs().stream())
        .anyMatch(layout -> isHalf(layout.dtype()));
  }

  /** Returns the layouts of the inputs in f32, those that are not of 16 bits as they are. */
  static List<Layout> inputs(PlanRequest request) {
    return request.inputs().stream().map(HalfPrecision::inF32).toList();
  }

  /**
   * Returns the layouts of the outputs for such inputs, or null where the operator does not give
   * f32 for f32: then its dtypes are arguments, and f32 is not what it was asked for.
   */
  static @Nullable List<Layout> outputs(PlanRequest request, List<Layout> inputs) {
    List<Layout> inferred = request.op().infer(inputs);
    Layout[] outputs = new Layout[inferred.size()];
    for (int i = 0; i < outputs.length; i++) {
      Layout given = request.output(i);
      DType dtype = inferred.get(i).dtype();
      if (dtype == given.dtype()) {
        outputs[i] = given;
      } else if (dtype == DType.F32 && isHalf(given.dtype())) {
        outputs[i] = inF32(given);
      } else {
        return null;
      }
    }
    return List.of(outputs);
  }

  /** The same order of dimensions without gaps; what repeats elements repeats them still. */
  private static Layout inF32(Layout layout) {
    if (!isHalf(layout.dtype())) {
      return layout;
    }
    if (layout.size() == 0) {
      return Layout.of(DType.F32, layout.shape());
    }
    if (layout.isDense()) {
      return layout.withDType(DType.F32);
    }
    long[] given = layout.strides();
    long[] strides = new long[given.length];
    List<Integer> inwards =
        IntStream.range(0, given.length)
            .filter(axis -> given[axis] != 0)
            .boxed()
            .sorted(Comparator.comparingLong(axis -> given[axis]))
            .toList();
    long next = 1;
    for (int axis : inwards) {
      strides[axis] = next;
      next *= layout.dim(axis);
    }
    return Layout.of(DType.F32, layout.shape(), strides);
  }

  /** Returns the layout of the elements that are there, without their repetitions. */
  static Layout once(Layout layout) {
    long[] strides = layout.strides();
    if (Arrays.stream(strides).noneMatch(stride -> stride == 0) || layout.size() == 0) {
      return layout;
    }
    Shape shape = layout.shape();
    for (int axis = 0; axis < strides.length; axis++) {
      if (strides[axis] == 0) {
        shape = shape.with(axis, 1);
      }
    }
    return Layout.of(layout.dtype(), shape, strides);
  }
}
