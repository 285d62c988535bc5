package org.gatun.testkit;

/** By which door of the engine a case is run. */
public enum Mode {
  /** {@code engine.runAll(op, inputs)}: new outputs. */
  EAGER,

  /** {@code engine.bind(op, constants)}, run twice: the second time from packed weights. */
  BOUND,

  /** {@code engine.run(op, inputs, outputs)} into row-major outputs of the caller. */
  INTO,

  /** The same into parts of bigger arrays, around which nothing may be written. */
  INTO_STRIDED,

  /** The same with the first input as the output. */
  IN_PLACE
}
