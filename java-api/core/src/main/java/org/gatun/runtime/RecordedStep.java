package org.gatun.runtime;

import org.gatun.Layout;
import org.gatun.op.Op;

/**
 * What was run, and where its operands lie.
 *
 * @param task what was run; this step is a user of its plan
 * @param inputs where each input lies, not to be modified
 * @param outputs the same for the outputs
 */
record RecordedStep(Task task, Operand[] inputs, Operand[] outputs) {
  /**
   * A part of a buffer.
   *
   * @param buffer the buffer
   * @param offset bytes from its start to the first element
   * @param layout how the elements lie
   */
  record Operand(Buffer buffer, long offset, Layout layout) {
    /** Returns whether it is all of its buffer. */
    boolean isWhole() {
      return offset == 0 && layout.isDense() && layout.byteSpan() == buffer.byteSize();
    }
  }

  /** Returns whether the operator is one of a kind. */
  boolean is(Class<? extends Op> kind) {
    return kind.isInstance(task.op());
  }

  /** Lets go of the plan. */
  void close() {
    task.close();
  }
}
