package org.gatun.op;

import java.util.List;
import java.util.Objects;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * The cross entropy of probabilities, given by their logarithms up to a constant, and a target:
 * {@code -sum over classes c of q_c log_softmax(x)_c}.
 *
 * <p>Inputs: x of shape (C), (N, C) or (N, C, ...); the target; the weight of each class, of shape
 * (C), if {@code weighted}. The target is either, as {@code i32} or {@code i64}, a class for each
 * line of x along C, or the probabilities of the classes, of x's dtype and shape. With {@code p_c}
 * the probability, 1 for the target class and 0 for others where it is a class, {@code q_c =
 * weight_c ((1 - labelSmoothing) p_c + labelSmoothing / C)}.
 *
 * <p>The mean of classes is divided by the sum of the weights of the target classes, that of
 * probabilities by the number of lines. Targets that are {@code ignoreIndex} count for nothing. A
 * target class that is out of range is an {@link IllegalArgumentException} when the operator runs,
 * before anything is written.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.functional.cross_entropy.html">PyTorch,
 * cross_entropy</a>; ONNX SoftmaxCrossEntropyLoss.
 *
 * @param weighted whether the classes have weights
 * @param ignoreIndex the target class that counts for nothing; without meaning for probabilities
 * @param labelSmoothing the share of the target that is spread over all classes, from 0 to 1
 * @param reduction what becomes of the losses of the lines
 */
public record CrossEntropy(
    boolean weighted, long ignoreIndex, double labelSmoothing, LossReduction reduction)
    implements Loss {
  /** Checks the share of smoothing. */
  public CrossEntropy {
    Objects.requireNonNull(reduction, "cross_entropy: reduction is null");
    if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
      throw new IllegalArgumentException(
          "cross_entropy: label smoothing " + labelSmoothing + ", expected a number from 0 to 1");
    }
  }

  @Override
  public String name() {
    return "cross_entropy";
  }

  @Override
  public Shape losses(List<Layout> inputs) {
    Checks.check(inputs.size() > 1, this, inputs.size() + " inputs, expected 2 or more");
    return ClassTargets.lines(inputs.getFirst().shape());
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    ClassTargets.check(this, inputs, weighted, true);
    Checks.check(
        !inputs.get(1).dtype().isFloating() || ignoreIndex < 0,
        this,
        "ignore_index "
            + ignoreIndex
            + " with a target of probabilities, expected a negative one, which they do not have");
    return List.of(ClassTargets.result(this, inputs));
  }
}
