package org.gatun.kernel.onednn;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.bindings.onednn.OneDnn;
import org.gatun.kernel.IntegerProducts;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.Conv;
import org.gatun.op.Fused;
import org.gatun.op.Op;
import org.jspecify.annotations.Nullable;

/**
 * oneDNN's products of 8-bit integers, where the processor adds four of them up in 32 bits: without
 * such instructions oneDNN adds up pairs in 16 bits, and what does not fit there is lost.
 */
public final class DnnlIntegerProducts implements IntegerProducts {
  private static final boolean EXACT =
      InstructionSet.effective().matches(".*(vnni|bf16|fp16|amx|avx10).*");

  /** Makes the products. */
  public DnnlIntegerProducts() {}

  @Override
  public @Nullable Plan matmul(
      PlanRequest request, Layout a, Layout b, Layout sums, @Nullable MemorySegment constant) {
    if (!EXACT || !Stream.of(a, b, sums).allMatch(Descriptors::canDescribe)) {
      return null;
    }
    try (PlanBuilder builder = new PlanBuilder(part(request, a, b, sums, constant))) {
      MemorySegment src = builder.descriptor(a);
      MemorySegment given = builder.descriptor(b);
      MemorySegment dst = builder.descriptor(sums);
      MemorySegment weights = constant == null ? given : builder.any(b.dtype(), b.shape());
      boolean made =
          builder.primitive(
              "matmul",
              out ->
                  OneDnn.dnnl_matmul_primitive_desc_create(
                      out,
                      Cpu.engine(),
                      src,
                      weights,
                      MemorySegment.NULL,
                      dst,
                      builder.attributes(null)));
      return made ? plan(builder, src, given, dst) : null;
    }
  }

  @Override
  public @Nullable Plan scaledMatmul(
      PlanRequest request,
      Layout a,
      Layout b,
      Layout result,
      MemorySegment constant,
      boolean bias,
      List<Fused.Step> steps) {
    if (!EXACT
        || !Stream.of(a, b, result).allMatch(Descriptors::canDescribe)
        || !PostOps.takes(steps)) {
      return null;
    }
    Layout zero = Layout.of(a.dtype(), Shape.of(1));
    Layout columns = Layout.of(DType.F32, Shape.of(b.dim(1)));
    List<Layout> inputs = new ArrayList<>(List.of(a, b, zero, columns));
    if (bias) {
      inputs.add(columns);
    }
    int own = inputs.size();
    List<Layout> added =
        steps.stream().filter(Fused.Step.Add.class::isInstance).map(_ -> result).toList();
    inputs.addAll(added);
    List<@Nullable MemorySegment> constants = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      constants.add(i == 1 ? constant : null);
    }
    PlanRequest part =
        new PlanRequest(
            request.op(), inputs, List.of(result), constants, request.threads(), request.context());
    try (PlanBuilder builder = new PlanBuilder(part)) {
      MemorySegment src = builder.descriptor(a);
      MemorySegment weights = builder.any(b.dtype(), b.shape());
      MemorySegment dst = builder.descriptor(result);
      MemorySegment row =
          bias
              ? builder.descriptor(Layout.of(DType.F32, Shape.of(1, b.dim(1))))
              : MemorySegment.NULL;
      PostOps postOps = PostOps.of(builder, steps, own, added, dst);
      MemorySegment attributes = builder.attributes(postOps.address());
      scale(attributes, a.dtype());
      boolean made =
          builder.primitive(
              "matmul",
              out ->
                  OneDnn.dnnl_matmul_primitive_desc_create(
                      out, Cpu.engine(), src, weights, row, dst, attributes));
      if (!made) {
        return null;
      }
      builder.pass(
          OneDnn.DNNL_ARG_ATTR_ZERO_POINTS() | OneDnn.DNNL_ARG_SRC(),
          new PrimitivePlan.Operand.Input(2),
          builder.descriptor(zero));
      builder.pass(
          OneDnn.DNNL_ARG_ATTR_SCALES() | OneDnn.DNNL_ARG_WEIGHTS(),
          new PrimitivePlan.Operand.Input(3),
          builder.descriptor(columns));
      if (bias) {
        builder.pass(OneDnn.DNNL_ARG_BIAS(), new PrimitivePlan.Operand.Input(4), row);
      }
      postOps.pass(builder);
      return plan(builder, src, builder.descriptor(b), dst);
    }
  }

  /** The zero point of the source is one number, and there is a scale for each column. */
  private static void scale(MemorySegment attributes, DType source) {
    Status.check(
        OneDnn.dnnl_primitive_attr_set_zero_points(
            attributes,
            OneDnn.DNNL_ARG_SRC(),
            0,
            0,
            MemorySegment.NULL,
            Descriptors.dataType(source)),
        "primitive_attr_set_zero_points");
    Status.check(
        OneDnn.dnnl_primitive_attr_set_scales_mask(attributes, OneDnn.DNNL_ARG_WEIGHTS(), 1 << 1),
        "primitive_attr_set_scales_mask");
  }

  @Override
  public @Nullable Plan conv(
      PlanRequest request,
      Conv conv,
      Layout x,
      Layout weights,
      Layout sums,
      @Nullable MemorySegment constant) {
    if (!EXACT
        || !Stream.of(x, weights, sums).allMatch(Descriptors::canDescribe)
        || ConvolutionKernel.hasLargeArguments(conv)
        || ConvolutionKernel.seesPaddingAlone(conv, x, weights, sums)) {
      return null;
    }
    Layout grouped = ConvolutionKernel.weights(conv, weights);
    try (PlanBuilder builder = new PlanBuilder(part(request, x, weights, sums, constant))) {
      MemorySegment src = builder.descriptor(Layout.channelsLast(x.dtype(), x.shape()));
      MemorySegment dst = builder.descriptor(sums);
      MemorySegment any = builder.any(grouped.dtype(), grouped.shape());
      boolean made =
          builder.primitive(
              conv.name(),
              out ->
                  ConvolutionKernel.create(
                      out,
                      conv,
                      builder,
                      src,
                      any,
                      MemorySegment.NULL,
                      dst,
                      builder.attributes(null)));
      return made ? plan(builder, builder.descriptor(x), builder.descriptor(grouped), dst) : null;
    }
  }

  private static PlanRequest part(
      PlanRequest request, Layout a, Layout b, Layout sums, @Nullable MemorySegment constant) {
    Op op = request.op();
    List<@Nullable MemorySegment> constants = new ArrayList<>();
    constants.add(null);
    constants.add(constant);
    return new PlanRequest(
        op, List.of(a, b), List.of(sums), constants, request.threads(), request.context());
  }

  private static Plan plan(
      PlanBuilder builder, MemorySegment src, MemorySegment weights, MemorySegment dst) {
    builder.source(OneDnn.DNNL_ARG_SRC(), 0, src, builder.wanted(OneDnn.dnnl_query_src_md()));
    builder.source(
        OneDnn.DNNL_ARG_WEIGHTS(), 1, weights, builder.wanted(OneDnn.dnnl_query_weights_md()));
    builder.destination(OneDnn.DNNL_ARG_DST(), 0, dst, builder.wanted(OneDnn.dnnl_query_dst_md()));
    return builder.plan();
  }
}
