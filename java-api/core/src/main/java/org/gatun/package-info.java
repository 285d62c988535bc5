/**
 * Tensors over off-heap memory: the first door for users.
 *
 * <p>{@link org.gatun.Tensor} is a view, by a {@link org.gatun.Layout}, on a {@link
 * org.gatun.Storage}; a {@link org.gatun.Scope} closes what was made inside it. Nothing here
 * computes: methods of {@code Tensor} hand an operator to the engine.
 *
 * <p>Allowed dependencies: {@code org.gatun.op} and {@code org.gatun.runtime}, from {@code Tensor}
 * only, and the blocks of {@code org.gatun.kernel.ScratchMemory} that a storage lies on.
 */
@NullMarked
package org.gatun;

import org.jspecify.annotations.NullMarked;
