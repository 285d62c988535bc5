/**
 * Finds oneDNN and OpenBLAS, unpacks them once, loads them and checks their versions. {@link
 * org.gatun.bindings.NativeLibraries#load} runs before any class of {@code
 * org.gatun.bindings.onednn}, {@code .openblas} or {@code .openmp} is touched: those look their
 * functions up in the libraries of their class loader when they are initialized, and a class whose
 * initialization failed stays broken.
 *
 * <p>Uses the JDK alone.
 */
@NullMarked
package org.gatun.bindings;

import org.jspecify.annotations.NullMarked;
