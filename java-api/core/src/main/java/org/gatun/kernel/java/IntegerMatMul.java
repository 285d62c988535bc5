package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.kernel.MatrixProduct;
import org.gatun.kernel.ScratchMemory;

/** Products of integers, by the definition; they wrap around as Java's do. */
record IntegerMatMul(DType dtype) implements MatMulLoops {
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
        long sum = add ? get(dtype, c, atC) : 0;
        long atA = row * product.a().row();
        long atB = column * product.b().column();
        for (long k = 0; k < product.k(); k++) {
          sum +=
              get(dtype, a, atA + k * product.a().column())
                  * get(dtype, b, atB + k * product.b().row());
        }
        set(dtype, c, atC, sum);
      }
    }
  }

  /** Returns an integer. */
  static long get(DType dtype, MemorySegment memory, long index) {
    return switch (dtype) {
      case I8 -> memory.get(Elements.BYTE, index);
      case U8 -> memory.get(Elements.BYTE, index) & 0xFF;
      case I16 -> memory.get(Elements.SHORT, index * Short.BYTES);
      case I32 -> memory.get(Elements.INT, index * Integer.BYTES);
      case I64 -> memory.get(Elements.LONG, index * Long.BYTES);
      case F16, BF16, F32, F64, BOOL -> throw new IllegalArgumentException("no integer: " + dtype);
    };
  }

  /** Stores the low bits of an integer. */
  static void set(DType dtype, MemorySegment memory, long index, long value) {
    switch (dtype) {
      case I8, U8 -> memory.set(Elements.BYTE, index, (byte) value);
      case I16 -> memory.set(Elements.SHORT, index * Short.BYTES, (short) value);
      case I32 -> memory.set(Elements.INT, index * Integer.BYTES, (int) value);
      case I64 -> memory.set(Elements.LONG, index * Long.BYTES, value);
      case F16, BF16, F32, F64, BOOL -> throw new IllegalArgumentException("no integer: " + dtype);
    }
  }
}
