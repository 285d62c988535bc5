package org.gatun.kernel.onednn;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.bindings.onednn.OneDnn;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.Fused;
import org.gatun.op.Linear;
import org.gatun.op.MatMul;
import org.gatun.op.Op;
import org.jspecify.annotations.Nullable;

/** MatMul, Linear and what is fused to them, as oneDNN's matmul. */
public final class MatMulKernel implements Kernel {
  /** Makes the kernel. */
  public MatMulKernel() {}

  @Override
  public Library library() {
    return Library.ONEDNN;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    Op base = request.op() instanceof Fused fused ? fused.base() : request.op();
    List<Fused.Step> steps =
        request.op() instanceof Fused fused ? fused.steps() : List.of();
    if (!request.isFloating(DType.F32)
        || !request.inputs().stream().allMatch(Descriptors::canDescribe)
        || !Descriptors.canDescribe(request.output(0))) {
      return null;
    }
    return switch (base) {
      case Linear(boolean bias) -> linear(request, bias, steps);
      case MatMul _ -> matmul(request, steps);
      default -> null;
    };
  }

  /** (..., in) times the transpose of (out, in): rows and columns, whatever the leading dims. */
  private static @Nullable Plan linear(
      PlanRequest request, boolean bias, List<Fused.Step> steps) {
    Layout x = request.input(0);
    Layout weights = request.input(1);
    if (!x.isContiguous() || !request.output(0).isContiguous()) {
      return null;
    }
    long in = x.dim(-1);
    long out = weights.rank() == 1 ? 1 : weights.dim(0);
    long rows = x.size() / in;
    long[] strides = {weights.stride(-1), weights.rank() == 1 ? in : weights.stride(0)};
    Layout transposed = Layout.of(DType.F32, Shape.of(in, out), strides);
    Layout result = Layout.of(DType.F32, Shape.of(rows, out));
    return plan(
        request,
        steps,
        Layout.of(DType.F32, Shape.of(rows, in)),
        transposed,
        bias ? Layout.of(DType.F32, Shape.of(1, out)) : null,
        result);
  }

  private static @Nullable Plan matmul(PlanRequest request, List<Fused.Step> steps) {
    Layout a = request.input(0);
    Layout b = request.input(1);
    if (!request.output(0).isContiguous()) {
      return null;
    }
    int rank = Math.max(2, Math.max(a.rank(), b.rank()));
    Layout left = a.rank() == 1 ? row(a) : a;
    Layout right = b.rank() == 1 ? column(b) : b;
    long[] dims = new long[rank];
    for (int i = 1; i <= rank - 2; i++) {
      dims[rank - 2 - i] = Math.max(batch(left, i), batch(right, i));
    }
    dims[rank - 2] = left.dim(-2);
    dims[rank - 1] = right.dim(-1);
    return plan(
        request,
        steps,
        padded(left, rank),
        padded(right, rank),
        null,
        Layout.of(DType.F32, Shape.of(dims)));
  }

  private static Layout row(Layout vector) {
    return Layout.of(
        DType.F32, Shape.of(1, vector.dim(0)), vector.dim(0) * vector.stride(0), vector.stride(0));
  }

  private static Layout column(Layout vector) {
    return Layout.of(DType.F32, Shape.of(vector.dim(0), 1), vector.stride(0), 1);
  }

  /** Returns the size of the i-th dimension before the matrix, 1 where there is none. */
  private static long batch(Layout layout, int i) {
    return layout.rank() >= 2 + i ? layout.dim(-2 - i) : 1;
  }

  /** Returns the layout with dimensions of size 1 in front, as oneDNN wants equal ranks. */
  private static Layout padded(Layout layout, int rank) {
    int added = rank - layout.rank();
    long[] dims = new long[rank];
    long[] strides = new long[rank];
    java.util.Arrays.fill(dims, 1);
    java.util.Arrays.fill(strides, Math.max(1, layout.span()));
    System.arraycopy(layout.shape().dims(), 0, dims, added, layout.rank());
    System.arraycopy(layout.strides(), 0, strides, added, layout.rank());
    return Layout.of(DType.F32, Shape.of(dims), strides);
  }

  private static @Nullable Plan plan(
      PlanRequest request,
      List<Fused.Step> steps,
      Layout src,
      Layout weights,
      @Nullable Layout bias,
      Layout dst) {
    try (PlanBuilder builder = new PlanBuilder(request)) {
      int next = bias == null ? 2 : 3;
      PostOps postOps = PostOps.of(builder, request, steps, next, dst);
      if (postOps == null) {
        return null;
      }
      MemorySegment givenSrc = builder.descriptor(src);
      MemorySegment givenWeights = builder.descriptor(weights);
      MemorySegment givenDst = builder.descriptor(dst);
      MemorySegment givenBias =
          bias == null ? MemorySegment.NULL : builder.descriptor(bias);
      MemorySegment wantedWeights =
          request.constant(1) == null
              ? givenWeights
              : builder.any(DType.F32, weights.shape());
      boolean made =
          builder.primitive(
              "matmul",
              out ->
                  OneDnn.dnnl_matmul_primitive_desc_create(
                      out,
                      Cpu.engine(),
                      givenSrc,
                      wantedWeights,
                      givenBias,
                      givenDst,
                      builder.attributes(postOps.address())));
      if (!made) {
        return null;
      }
      builder.source(
          OneDnn.DNNL_ARG_SRC(), 0, givenSrc, builder.wanted(OneDnn.dnnl_query_src_md()));
      builder.source(
          OneDnn.DNNL_ARG_WEIGHTS(),
          1,
          givenWeights,
          builder.wanted(OneDnn.dnnl_query_weights_md()));
      if (bias != null) {
        builder.pass(OneDnn.DNNL_ARG_BIAS(), new PrimitivePlan.Operand.Input(2), givenBias);
      }
      postOps.pass(builder);
      builder.destination(
          OneDnn.DNNL_ARG_DST(), 0, givenDst, builder.wanted(OneDnn.dnnl_query_dst_md()));
      return builder.plan();
    }
  }
}
