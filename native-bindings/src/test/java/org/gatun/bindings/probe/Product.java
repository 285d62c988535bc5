package org.gatun.bindings.probe;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.gatun.bindings.onednn.OneDnn;

/** A product that oneDNN computes on all of OpenMP's threads. */
public final class Product {
  private Product() {}

  /** Returns the last element of the product of two square matrices of ones. */
  public static float ofOnes(int n) {
    try (Arena arena = Arena.ofConfined()) {
      var ones = new float[n * n];
      Arrays.fill(ones, 1);
      MemorySegment a = arena.allocateFrom(JAVA_FLOAT, ones);
      MemorySegment c = arena.allocate(a.byteSize(), 64);
      byte plain = 'N';
      int status = OneDnn.dnnl_sgemm(plain, plain, n, n, n, 1, a, n, a, n, 0, c, n);
      if (status != OneDnn.dnnl_success()) {
        throw new AssertionError("dnnl_sgemm: status " + status);
      }
      return c.getAtIndex(JAVA_FLOAT, (long) n * n - 1);
    }
  }
}
