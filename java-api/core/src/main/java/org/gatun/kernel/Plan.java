package org.gatun.kernel;

import java.lang.foreign.MemorySegment;

/**
 * An operator made ready for operands of given layouts: what can be made once is made.
 *
 * <p>A plan may run on many threads at a time. It is closed once, by its owner, when nobody runs
 * it.
 */
public interface Plan extends AutoCloseable {
  /**
   * Computes the outputs from the inputs. Allocates no memory off the heap but from the pool, and
   * checks nothing but values that layouts do not tell, such as an index.
   *
   * @param inputs one segment for each input of the operator, from its first element, spanning what
   *     its layout spans; not modified. Constants that were packed need not be read again
   * @param outputs likewise one for each output; overwritten
   * @throws IllegalArgumentException if a value of an input is not one the operator takes; nothing
   *     is written then
   */
  void execute(MemorySegment[] inputs, MemorySegment[] outputs);

  /** Returns which code runs, such as {@code onednn:brgconv:avx512_core} or {@code java:vector}. */
  String implementation();

  /**
   * Returns whether an execution reads an input: false for a constant of which the plan keeps
   * another form, so that its memory need not be there any more.
   */
  default boolean reads(int input) {
    return true;
  }

  /**
   * Returns whether a plan for another number of threads may give results that differ in the last
   * bits. Few do: {@code ARCHITECTURE.md}, Bits, says which.
   */
  default boolean roundsByThreads() {
    return false;
  }

  /** Releases what the plan owns. Does nothing where it owns nothing. */
  @Override
  default void close() {}
}
