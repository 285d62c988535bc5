package org.gatun.reference;

import java.util.List;
import org.gatun.Layout;
import org.gatun.op.Reduction;

/** To be written with the kernels of this family. */
final class ReductionReference {
  private ReductionReference() {}

  static List<NdArray> evaluate(Reduction op, List<NdArray> inputs, List<Layout> outputs) {
    throw new UnsupportedOperationException(op.name() + ": no reference yet, inputs " + inputs + outputs);
  }
}
