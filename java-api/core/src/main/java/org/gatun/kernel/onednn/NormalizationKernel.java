package org.gatun.kernel.onednn;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.bindings.onednn.OneDnn;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.onednn.PrimitivePlan.Operand;
import org.gatun.op.BatchNorm;
import org.gatun.op.LayerNorm;
import org.jspecify.annotations.Nullable;

/** Layer normalization, and batch normalization for evaluation of channels-last images. */
public final class NormalizationKernel implements Kernel {
  /** Elements of rows that are worth a thread: about 2 us, of which starting one takes 1. */
  private static final long ROWS_GRAIN = 16 * 1024;

  /** Makes the kernel. */
  public NormalizationKernel() {}

  @Override
  public Library library() {
    return Library.ONEDNN;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    DType dtype = request.input(0).dtype();
    if (!Cpu.computes(dtype)
        || !request.isFloating(dtype)
        || !Descriptors.canDescribe(request.input(0))
        || !request.inputs().stream().skip(1).allMatch(Layout::isContiguous)) {
      return null;
    }
    return switch (request.op()) {
      case BatchNorm op -> evaluation(request, op);
      case LayerNorm op -> rows(request, op);
      default -> null;
    };
  }

  private static @Nullable Plan evaluation(PlanRequest request, BatchNorm op) {
    Layout x = request.input(0);
    if (op.training() || !x.isChannelsLast() || !request.output(0).isChannelsLast()) {
      return null;
    }
    try (PlanBuilder builder = new PlanBuilder(request)) {
      MemorySegment src = builder.descriptor(x);
      MemorySegment dst = builder.descriptor(request.output(0));
      int flags = OneDnn.dnnl_use_global_stats() | flags(op.weight(), op.bias());
      boolean made =
          builder.primitive(
              "batch_normalization",
              out ->
                  OneDnn.dnnl_batch_normalization_forward_primitive_desc_create(
                      out,
                      Cpu.engine(),
                      OneDnn.dnnl_forward_inference(),
                      src,
                      dst,
                      (float) op.eps(),
                      flags,
                      builder.attributes(null)));
      if (!made) {
        return null;
      }
      Numbers channels = Numbers.of(builder, x.dtype(), x.dim(1));
      builder.pass(OneDnn.DNNL_ARG_SRC(), new Operand.Input(0), src);
      channels.source(builder, OneDnn.DNNL_ARG_MEAN(), 1);
      channels.source(builder, OneDnn.DNNL_ARG_VARIANCE(), 2);
      parameters(builder, op.weight(), op.bias(), 3, channels);
      builder.pass(OneDnn.DNNL_ARG_DST(), new Operand.Output(0), dst);
      return builder.plan();
    }
  }

  private static @Nullable Plan rows(PlanRequest request, LayerNorm op) {
    Layout x = request.input(0);
    if (!x.isContiguous() || !request.output(0).isContiguous()) {
      return null;
    }
    long length = Shape.of(op.normalizedShape().toArray()).size();
    PlanRequest part = request.onThreads(x.size() / ROWS_GRAIN);
    try (PlanBuilder builder = new PlanBuilder(part)) {
      Layout rows = Layout.of(x.dtype(), Shape.of(x.size() / length, length));
      MemorySegment table = builder.descriptor(rows);
      MemorySegment statistics =
          builder.descriptor(Layout.of(DType.F32, Shape.of(x.size() / length)));
      boolean made =
          builder.primitive(
              "layer_normalization",
              out ->
                  OneDnn.dnnl_layer_normalization_forward_primitive_desc_create(
                      out,
                      Cpu.engine(),
                      OneDnn.dnnl_forward_inference(),
                      table,
                      table,
                      statistics,
                      (float) op.eps(),
                      flags(op.weight(), op.bias()),
                      builder.attributes(null)));
      if (!made) {
        return null;
      }
      builder.pass(OneDnn.DNNL_ARG_SRC(), new Operand.Input(0), table);
      parameters(builder, op.weight(), op.bias(), 1, Numbers.of(builder, x.dtype(), length));
      builder.pass(OneDnn.DNNL_ARG_DST(), new Operand.Output(0), table);
      return builder.plan();
    }
  }

  private static int flags(boolean weight, boolean bias) {
    return (weight ? OneDnn.dnnl_use_scale() : OneDnn.dnnl_normalization_flags_none())
        | (bias ? OneDnn.dnnl_use_shift() : OneDnn.dnnl_normalization_flags_none());
  }

  /**
   * Statistics and parameters, one number for each channel or element of a row: oneDNN wants them
   * in f32 whatever the type of the images.
   */
  private record Numbers(MemorySegment given, MemorySegment wanted) {
    static Numbers of(PlanBuilder builder, DType dtype, long count) {
      return new Numbers(
          builder.descriptor(Layout.of(dtype, Shape.of(count))),
          builder.descriptor(Layout.of(DType.F32, Shape.of(count))));
    }

    void source(PlanBuilder builder, int argument, int input) {
      builder.source(argument, input, given, wanted);
    }
  }

  private static void parameters(
      PlanBuilder builder, boolean weight, boolean bias, int first, Numbers numbers) {
    if (weight) {
      numbers.source(builder, OneDnn.DNNL_ARG_SCALE(), first);
    }
    if (bias) {
      numbers.source(builder, OneDnn.DNNL_ARG_SHIFT(), first + (weight ? 1 : 0));
    }
  }
}
