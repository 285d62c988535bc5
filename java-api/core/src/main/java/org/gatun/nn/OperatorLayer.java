package org.gatun.nn;

import org.gatun.Tensor;
import org.gatun.op.Ints;
import org.gatun.op.Op;
import org.gatun.runtime.Engine;

/** A layer that is one operator without parameters. Safe for use by many threads. */
abstract class OperatorLayer implements Layer {
  private final Op op;

  OperatorLayer(Op op) {
    this.op = op;
  }

  /**
   * Checks that an operator's windows have a number of dimensions.
   *
   * @throws IllegalArgumentException if they have another one
   */
  static <T extends Op> T ofRank(int rank, T op, Ints sizes) {
    if (sizes.size() != rank) {
      throw new IllegalArgumentException(
          op.name() + ": sizes " + sizes + ", expected " + rank + " for this layer");
    }
    return op;
  }

  @Override
  public Tensor forward(Tensor x) {
    return Engine.current().run(op, x);
  }
}
