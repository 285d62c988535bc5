/**
 * Operators that are not methods of {@link org.gatun.Tensor}, as static methods of {@link
 * org.gatun.nn.Functional}, and layers, which hold their parameters.
 *
 * <p>Allowed dependencies: {@code org.gatun}, {@code org.gatun.op} and {@code org.gatun.runtime}.
 */
@NullMarked
package org.gatun.nn;

import org.jspecify.annotations.NullMarked;
