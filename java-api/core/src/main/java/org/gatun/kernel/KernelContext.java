package org.gatun.kernel;

/**
 * What kernels run with.
 *
 * @param workers the threads that Java kernels run on
 * @param memory where scratch and packed weights come from
 * @param vector whether Java kernels use the Vector API; false where its module is not resolved
 */
public record KernelContext(Workers workers, ScratchMemory memory, boolean vector) {}
