package org.gatun.runtime;

import java.util.Objects;
import org.gatun.DType;
import org.gatun.kernel.KernelContext;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.jspecify.annotations.Nullable;

/** Who computes operators: the native and Java kernels, or the reference. */
public interface Backend {
  /** Returns the backend's name, such as {@code native}. */
  String name();

  /** Returns what kernels of this backend run with. */
  KernelContext context();

  /**
   * Returns a plan for the request as it stands, or null where this backend has none for these
   * layouts and dtypes.
   */
  @Nullable Plan plan(PlanRequest request);

  /**
   * Returns whether products of this floating-point dtype are computed in it, and not by way of a
   * wider one.
   */
  default boolean multiplies(DType dtype) {
    Objects.requireNonNull(dtype, "backend: dtype is null");
    return dtype == DType.F32 || dtype == DType.F64;
  }
}
