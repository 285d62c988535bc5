/**
 * Kernels in OpenBLAS, which runs on the thread that calls it; {@link org.gatun.kernel.Workers}
 * split what is worth several threads.
 *
 * <p>Allowed dependencies: {@code org.gatun}, {@code org.gatun.op}, {@code org.gatun.kernel} and
 * the bindings of OpenBLAS.
 */
@NullMarked
package org.gatun.kernel.openblas;

import org.jspecify.annotations.NullMarked;
