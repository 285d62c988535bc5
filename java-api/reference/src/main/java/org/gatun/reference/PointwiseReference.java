package org.gatun.reference;

import java.util.List;
import org.gatun.Layout;
import org.gatun.op.Pointwise;

/** To be written with the kernels of this family. */
final class PointwiseReference {
  private PointwiseReference() {}

  static List<NdArray> evaluate(Pointwise op, List<NdArray> inputs, List<Layout> outputs) {
    throw new UnsupportedOperationException(op.name() + ": no reference yet, inputs " + inputs + outputs);
  }
}
