package org.gatun.runtime;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Where the operands of a program's steps lie, and how many there are.
 *
 * @param inputs for each step the number of its inputs
 * @param outputs the same for its outputs
 * @param places where they lie
 * @param byteSize the memory that a run takes, for what lies in neither input nor output
 */
record Schedule(int[] inputs, int[] outputs, List<Place> places, long byteSize) {
  /** What a place is a part of. */
  enum Source {
    /** The memory of the run. */
    RUN,
    /** An input of the program. */
    INPUT,
    /** An output of the program. */
    OUTPUT
  }

  /**
   * A part of some memory that operands of steps look at.
   *
   * @param source which memory
   * @param index of the input or output
   * @param offset bytes to its start
   * @param byteSize its size
   */
  record Part(Source source, int index, long offset, long byteSize) {}

  /**
   * An operand.
   *
   * @param step which step's
   * @param output whether it is an output
   * @param index which one
   */
  record Slot(int step, boolean output, int index) {}

  /** What operands look at: a part of memory that is another one at each run, or a segment. */
  sealed interface Place {
    /** Memory of a run. */
    record Moving(Part part, List<Slot> slots) implements Place {}

    /** A constant. */
    record Fixed(MemorySegment segment, Slot slot) implements Place {}
  }
}
