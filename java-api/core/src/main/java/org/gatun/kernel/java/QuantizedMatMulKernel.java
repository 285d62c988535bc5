package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.kernel.IntegerProducts;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.Fused;
import org.gatun.op.Op;
import org.gatun.op.QuantizedMatMul;
import org.gatun.op.QuantizedResult;
import org.jspecify.annotations.Nullable;

/**
 * {@link QuantizedMatMul}: exact sums of the integers as they are, of whichever library, and one
 * pass in Java over those for zero points, scales, bias and rounding. So plans depend on no values,
 * and the arithmetic of scales is the same everywhere.
 */
public final class QuantizedMatMulKernel implements Kernel {
  private final Library library;
  private final IntegerProducts products;

  /**
   * Makes the kernel.
   *
   * @param library the library that multiplies
   * @param products its products
   */
  public QuantizedMatMulKernel(Library library, IntegerProducts products) {
    this.library = library;
    this.products = products;
  }

  /** Makes the kernel that multiplies in Java. */
  public QuantizedMatMulKernel() {
    this(Library.JAVA, new ArrayIntegerProducts());
  }

  @Override
  public Library library() {
    return library;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    List<Fused.Step> steps = request.op() instanceof Fused fused ? fused.steps() : List.of();
    Op base = request.op() instanceof Fused fused ? fused.base() : request.op();
    if (!(base instanceof QuantizedMatMul op)) {
      return null;
    }
    QuantizedResult result = op.result();
    Layout a = request.input(0);
    Layout b = request.input(result.weights());
    boolean readable = a.isContiguous() && b.isDense() && request.output(0).isContiguous();
    for (int i = 1; i < request.inputs().size() && readable; i++) {
      readable = i == result.weights() || request.input(i).isContiguous();
    }
    Batches batches = readable ? Batches.of(a, b, request.output(0)) : null;
    if (batches == null) {
      return null;
    }
    MemorySegment constant = request.constant(result.weights());
    SignedWeights weights = SignedWeights.of(b, constant, request.context().memory());
    Plan sums = null;
    try {
      sums = scaled(request, result, batches, weights, steps);
      if (sums != null || !steps.isEmpty()) {
        return sums == null ? null : new ScaledProductPlan(request, result, weights, sums);
      }
      sums =
          batches.isEmpty()
              ? NOTHING
              : products.matmul(
                  request,
                  batches.a(),
                  batches.b(),
                  batches.sums(),
                  batches.count() == 1 ? weights.constant(constant) : null);
      return sums == null ? null : new QuantizedMatMulPlan(request, result, batches, weights, sums);
    } finally {
      if (sums == null) {
        weights.close();
      }
    }
  }

  /** Returns a plan that scales as it multiplies; null where the library or an input forbids it. */
  private @Nullable Plan scaled(
      PlanRequest request,
      QuantizedResult result,
      Batches batches,
      SignedWeights weights,
      List<Fused.Step> steps) {
    MemorySegment constant = weights.constant(request.constant(result.weights()));
    if (constant == null) {
      return null;
    }
    boolean simple =
        result.dtype() == DType.F32
            && !batches.isEmpty()
            && batches.count() == 1
            && batches.sums().rank() == 2
            && request.input(result.scale()).size() == 1
            && request.input(result.zeroPoint()).size() == 1
            && hasNoZeroPoint(request, result.weightsZeroPoint(), weights)
            && (!result.bias() || request.input(result.biasIndex()).dtype() == DType.F32);
    return simple
        ? products.scaledMatmul(
            request,
            batches.a(),
            batches.b(),
            batches.sums().withDType(DType.F32),
            constant,
            result.bias(),
            steps)
        : null;
  }

  private static boolean hasNoZeroPoint(PlanRequest request, int input, SignedWeights weights) {
    MemorySegment zeros = request.constant(input);
    long count = request.input(input).size();
    if (zeros == null) {
      return count == 0;
    }
    for (long i = 0; i < count; i++) {
      int zero = QuantizationChunk.get(request.input(input).dtype(), zeros.address(), i);
      if (weights.zeroPoint(zero) != 0) {
        return false;
      }
    }
    return count > 0;
  }

  /** There is nothing to add up. */
  private static final Plan NOTHING =
      new Plan() {
        @Override
        public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
          outputs[0].fill((byte) 0);
        }

        @Override
        public String implementation() {
          return "java:arrays";
        }
      };

  /**
   * How the product is taken apart into products of the library.
   *
   * @param a the first operand of one of them
   * @param b the second, of {@code i8}
   * @param sums its result
   * @param count how many there are
   * @param result the layout of the operator's result
   */
  record Batches(Layout a, Layout b, Layout sums, long count, Layout result) {
    /** Returns the products, or null where the matrices of b do not lie one after the other. */
    static @Nullable Batches of(Layout a, Layout b, Layout y) {
      Layout weights = b.withDType(DType.I8);
      long m = a.dim(-2);
      long k = a.dim(-1);
      long n = b.dim(-1);
      Shape leadingA = a.shape().range(0, a.rank() - 2);
      Shape leadingB = b.shape().range(0, b.rank() - 2);
      Layout matrix =
          Layout.of(
              weights.dtype(), Shape.of(k, n), usual(b, b.rank() - 2), usual(b, b.rank() - 1));
      if (leadingB.size() == 1) {
        long rows = leadingA.size() * m;
        return new Batches(matrix(a, rows, k), matrix, sums(rows, n), 1, y);
      }
      if (!b.isContiguous()) {
        return null;
      }
      if (leadingA.equals(leadingB)) {
        long count = leadingA.size();
        return new Batches(
            Layout.of(a.dtype(), Shape.of(count, m, k)),
            Layout.of(weights.dtype(), Shape.of(count, k, n)),
            Layout.of(DType.I32, Shape.of(count, m, n)),
            1,
            y);
      }
      long count = y.shape().range(0, y.rank() - 2).size();
      return new Batches(matrix(a, m, k), matrix, sums(m, n), count, y);
    }

    /** A stride of a dimension of size 1 says nothing. */
    private static long usual(Layout b, int axis) {
      return b.isContiguous() && axis == b.rank() - 2 ? b.dim(-1) : b.stride(axis);
    }

    private static Layout matrix(Layout a, long rows, long columns) {
      return Layout.of(a.dtype(), Shape.of(rows, columns));
    }

    private static Layout sums(long rows, long columns) {
      return Layout.of(DType.I32, Shape.of(rows, columns));
    }

    /** Returns whether there is nothing to multiply. */
    boolean isEmpty() {
      return a.size() == 0 || b.size() == 0 || count == 0;
    }
  }
}
