/**
 * What runs operators: {@link org.gatun.runtime.Engine} finds or makes a plan and executes it,
 * {@link org.gatun.runtime.Backend} has the kernels, {@link org.gatun.runtime.MemoryPool} the
 * memory and {@link org.gatun.runtime.Threads} the number of threads.
 *
 * <p>Allowed dependencies: {@code org.gatun}, {@code org.gatun.op}, {@code org.gatun.kernel};
 * {@code KernelTable}, {@code Libraries} and {@code NativeBackend} alone know the packages of the
 * libraries.
 */
@NullMarked
package org.gatun.runtime;

import org.jspecify.annotations.NullMarked;
