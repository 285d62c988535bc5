package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.gatun.DType;
import org.gatun.kernel.MatrixProduct;
import org.gatun.kernel.ScratchMemory;

/** {@code i32} and {@code i64} products, by the definition; they wrap around as Java's do. */
record IntegerMatMul(DType dtype) implements MatMulLoops {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  @Override
  public String implementation() {
    return "java:scalar";
  }

  @Override
  public void multiply(
      MatrixProduct product,
      long m,
      long n,
      MemorySegment a,
      MemorySegment b,
      MemorySegment c,
      boolean add,
      ScratchMemory memory) {
    for (long row = 0; row < m; row++) {
      for (long column = 0; column < n; column++) {
        long atC = row * product.c().row() + column * product.c().column();
        long sum = add ? get(c, atC) : 0;
        long atA = row * product.a().row();
        long atB = column * product.b().column();
        for (long k = 0; k < product.k(); k++) {
          sum += get(a, atA + k * product.a().column()) * get(b, atB + k * product.b().row());
        }
        set(c, atC, sum);
      }
    }
  }

  private long get(MemorySegment memory, long index) {
    return dtype == DType.I32
        ? memory.get(INT, index * Integer.BYTES)
        : memory.get(LONG, index * Long.BYTES);
  }

  private void set(MemorySegment memory, long index, long value) {
    if (dtype == DType.I32) {
      memory.set(INT, index * Integer.BYTES, (int) value);
    } else {
      memory.set(LONG, index * Long.BYTES, value);
    }
  }
}
