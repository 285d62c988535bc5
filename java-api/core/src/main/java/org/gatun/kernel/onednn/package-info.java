/**
 * Kernels in oneDNN: one file for each operator family, on {@link
 * org.gatun.kernel.onednn.PlanBuilder}, which makes primitives, and {@link
 * org.gatun.kernel.onednn.PrimitivePlan}, which runs them.
 *
 * <p>Allowed dependencies: {@code org.gatun}, {@code org.gatun.op}, {@code org.gatun.kernel} and
 * the bindings of oneDNN and OpenMP.
 */
@NullMarked
package org.gatun.kernel.onednn;

import org.jspecify.annotations.NullMarked;
