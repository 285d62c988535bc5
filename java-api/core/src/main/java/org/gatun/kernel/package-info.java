/**
 * What a kernel is, for the engine that plans and for the libraries that implement: {@link
 * org.gatun.kernel.Kernel}, {@link org.gatun.kernel.Plan} and what they run with.
 *
 * <p>The packages below hold the kernels, one for each library and one file for each operator
 * family. What several libraries' kernels share lies here: {@link org.gatun.kernel.MatrixProduct},
 * and convolutions as such products, {@link org.gatun.kernel.ColumnConvolution}. Allowed
 * dependencies: {@code org.gatun} (dtypes, shapes, layouts) and {@code org.gatun.op}; only {@code
 * onednn}, {@code openblas} and {@code openmp} use the bindings.
 */
@NullMarked
package org.gatun.kernel;

import org.jspecify.annotations.NullMarked;
