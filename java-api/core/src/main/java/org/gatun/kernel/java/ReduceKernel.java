package org.gatun.kernel.java;

import java.util.ArrayList;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.Ints;
import org.gatun.op.Norm;
import org.gatun.op.Reduce;
import org.gatun.op.ReduceFunction;
import org.gatun.op.Variance;
import org.jspecify.annotations.Nullable;

/**
 * {@link Reduce} but for the logarithm of a sum of exponentials, {@link Norm} and {@link Variance}
 * of f32 and f64, along any axes, where the innermost dimension in memory is either reduced
 * (vectors along it, one result each) or not (vectors across it, many results at a time).
 */
public final class ReduceKernel implements Kernel {
  /** Makes the kernel. */
  public ReduceKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  private record Question(Statistic statistic, Ints axes, boolean keepDims) {}

  private static @Nullable Question question(PlanRequest request) {
    return switch (request.op()) {
      case Reduce(var function, var axes, boolean keepDims)
          when function != ReduceFunction.LOG_SUM_EXP ->
          new Question(Statistic.of(function), axes, keepDims);
      case Norm norm -> new Question(Statistic.of(norm), norm.axes(), norm.keepDims());
      case Variance variance ->
          new Question(Statistic.of(variance), variance.axes(), variance.keepDims());
      default -> null;
    };
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    Question question = question(request);
    Layout input = request.input(0);
    DType dtype = input.dtype();
    if (question == null || (dtype != DType.F32 && dtype != DType.F64)) {
      return null;
    }
    int[] axes = Split.axes(question.axes, input.rank());
    List<Layout> operands = new ArrayList<>();
    for (Layout output : request.outputs()) {
      operands.add(Split.result(output, axes, question.keepDims));
    }
    operands.add(1, Split.across(input, axes));
    Nest kept = Nest.of(operands.toArray(Layout[]::new));
    Nest reduced = Nest.of(Split.along(input, axes));
    ReduceGeometry geometry =
        new ReduceGeometry(
            Loops.of(request.context(), dtype),
            TermLoops.of(request.context(), dtype),
            question.statistic,
            kept,
            reduced,
            dtype,
            request.output(0).dtype(),
            request.outputs().size() == 2,
            request.context(),
            request.threads());
    boolean alongRows = reduced.columns() > 1 && reduced.columnStride(0) == dtype.byteSize();
    boolean acrossColumns = kept.columnStride(1) == dtype.byteSize();
    for (int i = 0; i < request.outputs().size(); i++) {
      int width = request.output(i).dtype().byteSize();
      acrossColumns &= kept.columnStride(i == 0 ? 0 : 2) == width;
    }
    if (!alongRows && acrossColumns && reduced.size() > 0) {
      return NarrowReduction.fits(geometry)
          ? new NarrowReduction(geometry)
          : new ColumnReduction(geometry);
    }
    RowLoops rows = RowLoops.of(request.context(), dtype);
    if (alongRows && rows != null && RowsReduction.fits(geometry)) {
      return new RowsReduction(geometry, rows);
    }
    // A single element, and none, are a row whatever the stride.
    return alongRows || reduced.size() <= 1 ? new RowReduction(geometry) : null;
  }
}
