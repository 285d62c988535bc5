/**
 * The reference that every kernel is checked against: plain loops over Java arrays, accumulation in
 * double, no code shared with the kernels. One file for each operator family.
 *
 * <p>Allowed dependencies: {@code org.gatun}, {@code org.gatun.op} and, for {@link
 * org.gatun.reference.ReferenceBackend}, {@code org.gatun.runtime} and {@code org.gatun.kernel}.
 */
@NullMarked
package org.gatun.reference;

import org.jspecify.annotations.NullMarked;
