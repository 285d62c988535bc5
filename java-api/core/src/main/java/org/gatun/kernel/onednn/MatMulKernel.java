package org.gatun.kernel.onednn;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.bindings.onednn.OneDnn;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.MatrixProduct;
import org.gatun.kernel.MatrixProduct.Matrix;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.Contraction;
import org.gatun.op.Fused;
import org.gatun.op.Op;
import org.jspecify.annotations.Nullable;

/**
 * MatMul, Gemm, Linear and what is fused to them, as oneDNN's matmul. A bias that is not one row of
 * numbers is copied to the result first, and the product is added to it.
 */
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
    if (!(base instanceof Contraction op) || !Cpu.computes(request.output(0).dtype())) {
      return null;
    }
    List<Fused.Step> steps = request.op() instanceof Fused fused ? fused.steps() : List.of();
    if (!PostOps.takes(steps)) {
      return null;
    }
    MatrixProduct product = MatrixProduct.of(op, request.inputs(), request.output(0));
    if (product.isEmpty() || !product.isBlas() || (isAccumulated(product) && !steps.isEmpty())) {
      return null;
    }
    Layout src = layout(product, product.a(), product.m(), product.k());
    Layout weights = layout(product, product.b(), product.k(), product.n());
    Layout dst = layout(product, product.c(), product.m(), product.n());
    boolean describable =
        Stream.of(src, weights, dst).allMatch(Descriptors::canDescribe)
            && product.c().hasRows(product.m(), product.n())
            && hasBatchOf(src, weights, dst)
            && takesBatch(src, product.batches())
            && takesBatch(dst, product.batches())
            && (request.constant(1) != null
                || (takesBatch(weights, product.batches()) && !areRowsApart(weights)));
    return describable ? plan(request, steps, product, src, weights, dst) : null;
  }

  /** Whether the product is scaled, or added to more than a row of numbers. */
  private static boolean isAccumulated(MatrixProduct product) {
    return product.alpha() != 1 || (product.bias() != null && !product.bias().isPlain(product.n()));
  }

  /** oneDNN broadcasts an operand to the other, but not both to the result. */
  private static boolean hasBatchOf(Layout src, Layout weights, Layout dst) {
    for (int axis = 0; axis < dst.rank() - 2; axis++) {
      if (Math.max(src.dim(axis), weights.dim(axis)) != dst.dim(axis)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether oneDNN 3.11 finds the matrices of a batch of several dimensions. Where the largest
   * stride is as many times the smallest as there are products, it takes the matrices to lie at
   * equal distances, which they do not, and reads and writes outside the operands.
   */
  private static boolean takesBatch(Layout operand, long products) {
    long least = Long.MAX_VALUE;
    long most = 0;
    for (int axis = 0; axis < operand.rank() - 2; axis++) {
      least = Math.min(least, operand.stride(axis));
      most = Math.max(most, operand.stride(axis));
    }
    return operand.rank() <= 3 || (least > 0 && most / least != products);
  }

  /**
   * Whether the weights are a batch of matrices of one row that do not lie side by side: oneDNN
   * 3.11 takes such a row for a column, and reads what lies beyond it.
   */
  private static boolean areRowsApart(Layout weights) {
    return weights.dim(-2) == 1 && !weights.isContiguous();
  }

  /**
   * Returns the layout of an operand: a batch dimension that it is the same for has size 1, and a
   * dimension of one index has the stride that follows from the others, since oneDNN takes slower
   * code where it has not.
   */
  private static Layout layout(MatrixProduct product, Matrix matrix, long rows, long columns) {
    int batch = product.batch().size();
    long[] dims = new long[batch + 2];
    long[] strides = new long[batch + 2];
    boolean asIs = matrix.hasRows(rows, columns);
    dims[batch] = rows;
    dims[batch + 1] = columns;
    strides[batch] = asIs ? matrix.leading(rows, columns) : 1;
    strides[batch + 1] = asIs ? 1 : matrix.transposed().leading(columns, rows);
    long next = Math.max(rows * strides[batch], columns * strides[batch + 1]);
    for (int axis = batch - 1; axis >= 0; axis--) {
      boolean same = matrix.batch().get(axis) == 0;
      dims[axis] = same ? 1 : product.batch().get(axis);
      strides[axis] = same ? next : matrix.batch().get(axis);
      next = Math.max(next, dims[axis] * strides[axis]);
    }
    return Layout.of(product.dtype(), Shape.of(dims), strides);
  }

  private static Shape ones(int rank) {
    long[] dims = new long[rank];
    Arrays.fill(dims, 1);
    return Shape.of(dims);
  }

  private static @Nullable Plan plan(
      PlanRequest request,
      List<Fused.Step> steps,
      MatrixProduct product,
      Layout src,
      Layout weights,
      Layout dst) {
    try (PlanBuilder builder = new PlanBuilder(request)) {
      int own =
          request.inputs().size() - (request.op() instanceof Fused fused ? fused.extraInputs() : 0);
      boolean accumulated = isAccumulated(product);
      boolean plainBias = product.bias() != null && !accumulated;
      PostOps postOps = PostOps.of(builder, request, steps, own, dst);
      if (postOps == null) {
        return null;
      }
      MemorySegment list = accumulated ? accumulation(builder, product) : postOps.address();
      MemorySegment givenSrc = builder.descriptor(src);
      MemorySegment givenWeights = builder.descriptor(weights);
      MemorySegment givenDst = builder.descriptor(dst);
      MemorySegment givenBias =
          plainBias
              ? builder.descriptor(Layout.of(dst.dtype(), ones(dst.rank()).with(-1, product.n())))
              : MemorySegment.NULL;
      MemorySegment wantedWeights =
          request.constant(1) == null ? givenWeights : builder.any(dst.dtype(), weights.shape());
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
                      builder.attributes(list)));
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
      if (plainBias) {
        builder.pass(OneDnn.DNNL_ARG_BIAS(), new PrimitivePlan.Operand.Input(2), givenBias);
      }
      postOps.pass(builder);
      builder.destination(
          OneDnn.DNNL_ARG_DST(), 0, givenDst, builder.wanted(OneDnn.dnnl_query_dst_md()));
      Plan plan = builder.plan();
      return accumulated && product.bias() != null ? new AddingPlan(plan, product) : plan;
    }
  }

  /** Returns the post-ops of {@code alpha A B + beta C}, where C lies in the result already. */
  private static MemorySegment accumulation(PlanBuilder builder, MatrixProduct product) {
    MemorySegment list = builder.postOps();
    if (product.alpha() != 1) {
      Status.check(
          OneDnn.dnnl_post_ops_append_eltwise(
              list, OneDnn.dnnl_eltwise_linear(), (float) product.alpha(), 0),
          "post_ops_append_eltwise");
    }
    if (product.bias() != null) {
      Status.check(
          OneDnn.dnnl_post_ops_append_sum(
              list, (float) product.bias().beta(), 0, OneDnn.dnnl_data_type_undef()),
          "post_ops_append_sum");
    }
    return list;
  }

  /** Copies what is added to the result, and has the plan add to it. */
  private record AddingPlan(Plan plan, MatrixProduct product) implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      product.copyBias(inputs[2], outputs[0]);
      plan.execute(inputs, outputs);
    }

    @Override
    public boolean reads(int input) {
      return input == 2 || plan.reads(input);
    }

    @Override
    public String implementation() {
      return plan.implementation();
    }

    @Override
    public void close() {
      plan.close();
    }
  }
}
