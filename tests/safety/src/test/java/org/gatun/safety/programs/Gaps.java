package org.gatun.safety.programs;

import java.util.ArrayList;
import java.util.List;
import org.gatun.Layout;
import org.gatun.Tensor;
import org.gatun.op.Op;
import org.gatun.reference.Elements;
import org.gatun.reference.NdArray;

/** Outputs that are every other element of bigger tensors, between which nothing may be written. */
final class Gaps implements AutoCloseable {
  /** Of bool it makes true. */
  private static final double MARK = 77;

  private final List<Tensor> bases = new ArrayList<>();

  /** Returns a new output of this dtype and shape. */
  Tensor make(Layout layout) {
    Tensor base = Tensor.full(layout.dtype(), MARK, Leaves.around(layout.shape()).dims());
    bases.add(base);
    return Leaves.everyOther(base);
  }

  /**
   * Looks at what lies between.
   *
   * @throws AssertionError if something was written there
   */
  void check(Op op) {
    for (Tensor base : bases) {
      NdArray elements = Elements.read(base);
      double mark =
          Elements.rounded(NdArray.of(base.dtype(), org.gatun.Shape.scalar(), new double[] {MARK}))
              .values()[0];
      for (int i = 0; i < elements.size(); i++) {
        int[] index = elements.index(i);
        boolean between = false;
        for (int at : index) {
          between |= at % 2 == 0;
        }
        if (between && elements.values()[i] != mark) {
          throw new AssertionError(op.name() + ": wrote between the elements of an output");
        }
      }
    }
  }

  @Override
  public void close() {
    bases.forEach(Tensor::close);
  }
}
