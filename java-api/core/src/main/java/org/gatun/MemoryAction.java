package org.gatun;

import java.lang.foreign.MemorySegment;

/**
 * What is done with the memory of a tensor while it is lent out.
 *
 * @param <E> what the action may throw
 */
@FunctionalInterface
public interface MemoryAction<E extends Exception> {
  /**
   * Reads or writes the memory.
   *
   * @param memory from the tensor's first element to its last one; closed when this method returns
   */
  void accept(MemorySegment memory) throws E;
}
