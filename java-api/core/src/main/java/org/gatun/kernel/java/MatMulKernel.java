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
 * MatMul and Linear in Java: what the native libraries are compared with, and the products that
 * they do not take, of integers and of matrices without elements.
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
      MemorySegment bias = product.bias() == null ? null : inputs[2];
      split.run(
          context.workers(),
          inputs[0],
          inputs[1],
          outputs[0],
          bias,
          (a, b, c, m, n) ->
              loops.multiply(product, m, n, a, b, c, bias != null, context.memory()));
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
      MemorySegment c = outputs[0];
      int size = product.dtype().byteSize();
      for (long index = 0; index < product.batches(); index++) {
        for (long row = 0; row < product.m(); row++) {
          for (long column = 0; column < product.n(); column++) {
            long at =
                product.offset(product.c(), index)
                    + row * product.c().row()
                    + column * product.c().column();
            if (product.bias() == null) {
              c.asSlice(at * size, size).fill((byte) 0);
            } else {
              long from = column * product.bias().column();
              MemorySegment.copy(inputs[2], from * size, c, at * size, size);
            }
          }
        }
      }
    }

    @Override
    public String implementation() {
      return "java:scalar";
    }
  }
}
