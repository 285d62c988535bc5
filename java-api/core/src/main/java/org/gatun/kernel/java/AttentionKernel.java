package org.gatun.kernel.java;

import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.kernel.Gemm;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.ScaledDotProductAttention;
import org.jspecify.annotations.Nullable;

/**
 * {@link ScaledDotProductAttention} of f32 and f64: the softmax in Java, between two products of
 * whichever library. Elements of a query, a key or a value lie side by side; rows may be apart.
 */
public final class AttentionKernel implements Kernel {
  private final Library library;
  private final Gemm.Source products;

  /**
   * Makes the kernel.
   *
   * @param library the library that multiplies
   * @param products its products
   */
  public AttentionKernel(Library library, Gemm.Source products) {
    this.library = library;
    this.products = products;
  }

  /** Makes the kernel that multiplies in Java. */
  public AttentionKernel() {
    this(Library.JAVA, LoopsGemm::of);
  }

  @Override
  public Library library() {
    return library;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    Layout query = request.input(0);
    DType dtype = query.dtype();
    if (!(request.op() instanceof ScaledDotProductAttention op)
        || (dtype != DType.F32 && dtype != DType.F64)
        || (op.mask() && request.input(3).dtype() != DType.BOOL && !request.isFloating(dtype))) {
      return null;
    }
    Gemm gemm = products.of(dtype, request.context());
    boolean readable =
        isReadable(query)
            && isReadable(request.input(1))
            && isReadable(request.input(2))
            && isReadable(request.output(0))
            && (op.dropout() == 0 || request.inputs().getLast().isContiguous());
    return gemm == null || !readable ? null : new AttentionPlan(op, request, gemm);
  }

  /** Rows lie side by side, apart from each other, and their number and distance are ints. */
  private static boolean isReadable(Layout layout) {
    long rows = layout.dim(-2);
    long columns = layout.dim(-1);
    boolean sideBySide = columns <= 1 || layout.stride(-1) == 1;
    boolean apart = rows <= 1 || layout.stride(-2) >= columns;
    boolean fits =
        rows <= Integer.MAX_VALUE
            && columns <= Integer.MAX_VALUE
            && (rows <= 1 || layout.stride(-2) <= Integer.MAX_VALUE);
    return sideBySide && apart && fits;
  }
}
