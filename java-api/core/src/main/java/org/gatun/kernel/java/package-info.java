/**
 * Kernels in Java: one file for each operator family. A kernel does the striding, the broadcasting
 * and the threads; the loops over elements that lie side by side are behind {@link
 * org.gatun.kernel.java.Loops}, once in plain Java and once with the Vector API. The classes named
 * {@code Vector...} are loaded by name, and only where the module of the Vector API is resolved.
 *
 * <p>Allowed dependencies: {@code org.gatun} (dtypes, shapes, layouts), {@code org.gatun.op} and
 * {@code org.gatun.kernel}.
 */
@NullMarked
package org.gatun.kernel.java;

import org.jspecify.annotations.NullMarked;
