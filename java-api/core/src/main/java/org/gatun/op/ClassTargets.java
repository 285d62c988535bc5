package org.gatun.op;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;

/** What the losses of classes ask of their inputs. */
final class ClassTargets {
  private ClassTargets() {}

  /** Returns the axis of the classes. */
  static int axis(Shape x) {
    return x.rank() == 1 ? 0 : 1;
  }

  /** Returns the shape without the classes. */
  static Shape lines(Shape x) {
    int axis = axis(x);
    return x.range(0, axis).concat(x.range(axis + 1, x.rank()));
  }

  static void check(Op op, List<Layout> inputs, boolean weighted, boolean probabilities) {
    Checks.inputs(op, inputs, weighted ? 3 : 2);
    Layout x = inputs.getFirst();
    Layout target = inputs.get(1);
    Checks.floating(op, x, "input");
    Checks.check(
        x.rank() >= 1,
        op,
        "input has shape " + x.shape() + ", expected (C), (N, C) or (N, C, ...)");
    long classes = x.dim(axis(x.shape()));
    Checks.check(classes > 0, op, "input has shape " + x.shape() + ", expected 1 or more classes");
    if (target.dtype().isFloating() && probabilities) {
      Checks.sameDType(op, inputs, 1, x.dtype());
      Checks.check(
          target.shape().equals(x.shape()),
          op,
          "target of probabilities has shape "
              + target.shape()
              + ", expected the input's "
              + x.shape());
    } else {
      Checks.check(
          target.dtype() == DType.I32 || target.dtype() == DType.I64,
          op,
          "target has dtype "
              + target.dtype().spelling()
              + ", expected i32 or i64"
              + (probabilities ? " for classes, or the input's for probabilities" : ""));
      Checks.check(
          target.shape().equals(lines(x.shape())),
          op,
          "target has shape "
              + target.shape()
              + ", expected "
              + lines(x.shape())
              + " for an input of shape "
              + x.shape());
    }
    if (weighted) {
      Checks.sameDType(op, inputs, 2, x.dtype());
      Checks.check(
          inputs.get(2).shape().equals(Shape.of(classes)),
          op,
          "weight has shape " + inputs.get(2).shape() + ", expected [" + classes + "]");
    }
  }

  /** Returns the layout of the losses, reduced. */
  static Layout result(Loss op, List<Layout> inputs) {
    DType dtype = inputs.getFirst().dtype();
    return Layout.of(dtype, op.reduction() == LossReduction.NONE ? op.losses(inputs) : Shape.of());
  }
}
