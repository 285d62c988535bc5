/**
 * What runs operators: {@link org.gatun.runtime.Engine} finds or makes a plan and executes it,
 * {@link org.gatun.runtime.Backend} has the kernels, {@link org.gatun.runtime.MemoryPool} the
 * memory and {@link org.gatun.runtime.Threads} the number of threads. {@link
 * org.gatun.runtime.Recording} notes what an engine runs, for a {@link org.gatun.runtime.Program}
 * to run it again.
 *
 * <p>Allowed dependencies: {@code org.gatun}, {@code org.gatun.op}, {@code org.gatun.kernel};
 * {@code KernelTable}, {@code Libraries} and {@code NativeBackend} alone know the packages of the
 * libraries.
 */
@NullMarked
package org.gatun.runtime;

import org.jspecify.annotations.NullMarked;
