/**
 * The threads of the OpenMP runtime, for Java kernels. Allowed dependencies: {@code
 * org.gatun.kernel} and the bindings.
 */
@NullMarked
package org.gatun.kernel.openmp;

import org.jspecify.annotations.NullMarked;
