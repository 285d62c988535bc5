package org.gatun.kernel;

import org.jspecify.annotations.Nullable;

/** One way to run a family of operators, in one library. Stateless. */
public interface Kernel {
  /** Returns the library that computes. */
  Library library();

  /**
   * Returns a plan for the request, or null where this kernel is not the one for it: another dtype,
   * a layout it does not read, an argument its library does not know. Never a plan that would land
   * on a library's slow reference code.
   *
   * <p>Inputs may be empty, outputs may be, and operands may have any strides: a kernel that reads
   * only dense ones returns null, and is asked again with row-major operands and copies around it.
   */
  @Nullable Plan plan(PlanRequest request);
}
