package org.gatun.runtime;

import java.lang.foreign.MemorySegment;
import org.gatun.kernel.Plan;

/** Copies all bytes of the input, those between its elements too. */
record ByteCopy() implements Plan {
  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    outputs[0].copyFrom(inputs[0]);
  }

  @Override
  public String implementation() {
    return "java:bytes";
  }
}
