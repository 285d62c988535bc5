package org.gatun.op;

import java.util.List;
import java.util.Objects;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * A loss of each element and the target at its index.
 *
 * <p>Inputs: x; the target; a weight by which losses are multiplied, if {@code weighted}; the
 * weight of positive targets, if {@code positiveWeighted}; all of one dtype. x and the target
 * broadcast, but for the binary cross entropies, where they have one shape that the weights
 * broadcast to.
 *
 * <p>Source: PyTorch's <a
 * href="https://pytorch.org/docs/stable/nn.functional.html#loss-functions">loss functions</a>.
 *
 * @param function the function
 * @param parameter beta of {@link LossFunction#SMOOTH_L1_LOSS}, delta of {@link
 *     LossFunction#HUBER_LOSS}, 0 for others
 * @param weighted whether there is a weight
 * @param positiveWeighted whether there is a weight of positive targets
 * @param reduction what becomes of the losses of the elements
 */
public record ElementLoss(
    LossFunction function,
    double parameter,
    boolean weighted,
    boolean positiveWeighted,
    LossReduction reduction)
    implements Loss {
  /** Checks the parameter, and that the function takes the weights. */
  public ElementLoss {
    Objects.requireNonNull(function, "element_loss: function is null");
    Objects.requireNonNull(reduction, "element_loss: reduction is null");
    switch (function) {
      case SMOOTH_L1_LOSS ->
          check(function, parameter >= 0, "beta " + parameter + ", expected 0 or more");
      case HUBER_LOSS ->
          check(function, parameter > 0, "delta " + parameter + ", expected more than 0");
      case BINARY_CROSS_ENTROPY,
          BINARY_CROSS_ENTROPY_WITH_LOGITS,
          KL_DIV,
          KL_DIV_LOG_TARGET,
          L1_LOSS,
          MSE_LOSS ->
          check(function, parameter == 0, "parameter " + parameter + ", expected 0");
    }
    check(function, !weighted || function.isWeighted(), "a weight, expected none");
    check(
        function,
        !positiveWeighted || function == LossFunction.BINARY_CROSS_ENTROPY_WITH_LOGITS,
        "a weight of positive targets, expected none");
  }

  private static void check(LossFunction function, boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException(function.spelling() + ": " + problem);
    }
  }

  /** Returns the loss without parameter and weights. */
  public static ElementLoss of(LossFunction function, LossReduction reduction) {
    return new ElementLoss(function, 0, false, false, reduction);
  }

  @Override
  public String name() {
    return function.spelling();
  }

  @Override
  public Shape losses(List<Layout> inputs) {
    Checks.check(inputs.size() > 1, this, inputs.size() + " inputs, expected 2 or more");
    return Checks.broadcast(this, inputs.get(0).shape(), inputs.get(1).shape());
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 2 + (weighted ? 1 : 0) + (positiveWeighted ? 1 : 0));
    Layout x = inputs.getFirst();
    Checks.floating(this, x, "input");
    for (int i = 1; i < inputs.size(); i++) {
      Checks.sameDType(this, inputs, i, x.dtype());
    }
    Shape shape = losses(inputs);
    if (function.isWeighted()) {
      Shape target = inputs.get(1).shape();
      Checks.check(
          target.equals(x.shape()),
          this,
          "target has shape " + target + ", expected the input's " + x.shape());
      for (int i = 2; i < inputs.size(); i++) {
        Shape weight = inputs.get(i).shape();
        Checks.check(
            Checks.broadcast(this, shape, weight).equals(shape),
            this,
            "weight has shape " + weight + ", expected one that broadcasts to " + shape);
      }
    }
    return List.of(
        reduction == LossReduction.NONE
            ? Layout.like(x, x.dtype(), shape)
            : Layout.of(x.dtype(), Shape.of()));
  }
}
