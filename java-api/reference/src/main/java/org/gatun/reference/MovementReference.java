package org.gatun.reference;

import java.util.List;
import org.gatun.Layout;
import org.gatun.op.Movement;

/** To be written with the kernels of this family. */
final class MovementReference {
  private MovementReference() {}

  static List<NdArray> evaluate(Movement op, List<NdArray> inputs, List<Layout> outputs) {
    throw new UnsupportedOperationException(op.name() + ": no reference yet, inputs " + inputs + outputs);
  }
}
