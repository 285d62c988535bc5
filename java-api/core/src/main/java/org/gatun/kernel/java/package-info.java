/**
 * Kernels in Java: one file for each operator family. A kernel does the striding, the broadcasting
 * and the threads; the loops over elements that lie side by side are behind {@link
 * org.gatun.kernel.java.Loops}, once in plain Java and once with the Vector API. The classes named
 * {@code Vector...} are loaded by name, and only where the module of the Vector API is resolved.
 *
 * <p>The loops for {@code f32} and {@code f64} are twins, as the Vector API's classes and Java's
 * primitive types have no generic form. A change to one is a change to the other; the same cases
 * hold both against the reference.
 *
 * <p>Allowed dependencies: {@code org.gatun} (dtypes, shapes, layouts), {@code org.gatun.op} and
 * {@code org.gatun.kernel}.
 */
@NullMarked
package org.gatun.kernel.java;

import org.jspecify.annotations.NullMarked;
