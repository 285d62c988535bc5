package org.gatun.safety.programs;

import java.util.List;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.op.Op;

/** A step of a {@link RandomProgram}. Tensors have numbers, each given by one step alone. */
public sealed interface Step {
  /** How the elements of a tensor that a program begins with lie in memory. */
  enum Arrangement {
    /** In row-major order. */
    ROW_MAJOR,

    /** The dimensions in reverse order. */
    REVERSED,

    /** Every other element of a bigger tensor, but for the first ones. */
    GAPS,

    /** The first dimension repeated, and so its elements all the same. */
    REPEATED
  }

  /** By which door of the engine an operator runs. */
  sealed interface Door {
    /** Into tensors that the engine makes. */
    record Fresh() implements Door {}

    /** Into new tensors of the caller, without gaps or with. */
    record Into(boolean gaps) implements Door {}

    /** Over the elements of a tensor that is there; the step makes no new one. */
    record Over(int target) implements Door {}

    /** By a runner whose last inputs are constant, run twice. */
    record Bound(int constants) implements Door {}
  }

  /** Makes a tensor of drawn numbers. */
  record Leaf(
      int result, DType dtype, Shape shape, Values values, Arrangement arrangement, long seed)
      implements Step {}

  /** Runs an operator. */
  record Compute(Op op, List<Integer> operands, Door door, List<Integer> results) implements Step {
    /** Makes the lists unmodifiable. */
    public Compute {
      operands = List.copyOf(operands);
      results = List.copyOf(results);
    }
  }

  /** Closes a tensor; its views stay open. */
  record Close(int tensor) implements Step {}

  /** Opens a scope inside that which is open. */
  record Enter() implements Step {}

  /** Closes the innermost scope, and with it what was made there but for what is kept. */
  record Leave(List<Integer> kept) implements Step {
    /** Makes the list unmodifiable. */
    public Leave {
      kept = List.copyOf(kept);
    }
  }
}
