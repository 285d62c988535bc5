package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.KernelContext;
import org.gatun.kernel.Library;
import org.gatun.kernel.MatrixProduct;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.ProductSplit;
import org.gatun.op.Contraction;
import org.jspecify.annotations.Nullable;

/**
 * MatMul, Gemm and Linear in Java: what the native libraries are compared with, and the products
 * that they do not take, of integers and of matrices without elements.
 */
public final class MatMulKernel implements Kernel {
  /** Multiplications below which another thread costs more than it brings: a few microseconds. */
  private static final double GRAIN = 1 << 16;

  /** Rows or columns that blocks are multiples of. */
  private static final long TILE = 32;

  /** Makes the kernel. */
  public MatMulKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    if (!(request.op() instanceof Contraction op)) {
      return null;
    }
    MatrixProduct product = MatrixProduct.of(op, request.inputs(), request.output(0));
    MatMulLoops loops = MatMulLoops.of(request.context(), product.dtype());
    if (loops == null) {
      return null;
    }
    if (product.isEmpty()) {
      return new EmptyPlan(product);
    }
    ProductSplit split = ProductSplit.of(product, request.threads(), GRAIN, TILE);
    // As strict as the libraries: beyond, copies around one of these are faster.
    return product.isBlas() ? new ProductPlan(split, loops, request.context()) : null;
  }

  private record ProductPlan(ProductSplit split, MatMulLoops loops, KernelContext context)
      implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      MatrixProduct product = split.product();
      MatrixProduct.Bias given = product.bias();
      boolean scaled = product.alpha() != 1 || (given != null && given.beta() != 1);
      split.run(
          context.workers(),
          inputs[0],
          inputs[1],
          outputs[0],
          given == null ? null : inputs[2],
          (a, b, c, bias, m, n) -> {
            boolean add = bias != null && !scaled;
            if (bias != null && add) {
              product.copyBias(bias, c, m, n);
            }
            loops.multiply(product, m, n, a, b, c, add, context.memory());
            if (scaled) {
              ProductScaling.scale(product, m, n, c, bias);
            }
          });
    }

    @Override
    public String implementation() {
      return loops.implementation();
    }
  }

  /** Nothing to multiply: the result is empty, or the bias, or zeros. */
  private record EmptyPlan(MatrixProduct product) implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      int size = product.dtype().byteSize();
      MatrixProduct.Bias bias = product.bias();
      if (product.m() == 0 || product.n() == 0) {
        return;
      }
      for (long index = 0; index < product.batches(); index++) {
        MemorySegment c = outputs[0].asSlice(product.offset(product.c(), index) * size);
        if (bias == null) {
          ProductScaling.zero(product, c);
        } else {
          MemorySegment numbers = inputs[2].asSlice(product.offset(bias.at(), index) * size);
          ProductScaling.start(product, c, numbers);
        }
      }
    }

    @Override
    public String implementation() {
      return "java:scalar";
    }
  }
}
