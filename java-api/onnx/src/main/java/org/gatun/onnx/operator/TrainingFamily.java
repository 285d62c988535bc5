package org.gatun.onnx.operator;

import java.util.ArrayList;
import java.util.List;
import org.gatun.DType;
import org.gatun.Tensor;

/**
 * One step of optimizers, of domain {@code ai.onnx.preview.training}. The inputs are a rate, the
 * number of steps done, and then the tensors to optimize, their gradients and what the optimizer
 * remembers of each; the outputs the new tensors and what is remembered now.
 */
final class TrainingFamily {
  private TrainingFamily() {}

  /** Returns the new values of what belongs to one tensor, the tensor first. */
  @FunctionalInterface
  private interface Step {
    List<Tensor> of(Call call, Tensor rate, Tensor steps, List<Tensor> state);
  }

  static void register(Registry training) {
    training.addAll("Adagrad", 1, c -> each(c, 3, TrainingFamily::adagrad));
    training.addAll("Adam", 1, c -> each(c, 4, TrainingFamily::adam));
    training.addAll("Momentum", 1, c -> each(c, 3, TrainingFamily::momentum));
  }

  /** Does a step for each tensor, of which there are so many inputs. */
  private static List<Tensor> each(Call call, int parts, Step step) {
    List<Tensor> inputs = call.tensorsFrom(2);
    int tensors = inputs.size() / parts;
    if (inputs.size() % parts != 0) {
      throw call.failure(
          inputs.size() + " tensors after the rate and the count, expected " + parts + " for each");
    }
    Tensor[] outputs = new Tensor[tensors * (parts - 1)];
    for (int i = 0; i < tensors; i++) {
      List<Tensor> state = new ArrayList<>();
      for (int part = 0; part < parts; part++) {
        state.add(inputs.get(part * tensors + i));
      }
      DType dtype = state.getFirst().dtype();
      Tensor rate = call.tensor(0).reshape().to(dtype);
      List<Tensor> updated = step.of(call, rate, call.tensor(1).reshape().to(dtype), state);
      for (int part = 0; part < parts - 1; part++) {
        outputs[part * tensors + i] = updated.get(part);
      }
    }
    return List.of(outputs);
  }

  /** Returns the gradient with that of {@code norm_coefficient |x|^2 / 2}. */
  private static Tensor regularized(Call call, List<Tensor> state) {
    double coefficient = call.number("norm_coefficient", 0);
    Tensor gradient = state.get(1);
    return coefficient == 0 ? gradient : gradient.add(state.getFirst(), coefficient);
  }

  private static List<Tensor> adagrad(Call call, Tensor rate, Tensor steps, List<Tensor> state) {
    double decay = call.number("decay_factor", 0);
    Tensor gradient = regularized(call, state);
    Tensor squares = state.get(2).add(gradient.square());
    Tensor decayed = rate.div(steps.mul(decay).add(1.0));
    Tensor scale = squares.sqrt().add((double) call.number("epsilon", 0));
    return List.of(state.getFirst().sub(decayed.mul(gradient).div(scale)), squares);
  }

  private static List<Tensor> adam(Call call, Tensor rate, Tensor steps, List<Tensor> state) {
    double alpha = call.number("alpha", 0.9f);
    double beta = call.number("beta", 0.999f);
    Tensor gradient = regularized(call, state);
    Tensor mean = state.get(2).mul(alpha).add(gradient, 1 - alpha);
    Tensor square = state.get(3).mul(beta).add(gradient.square(), 1 - beta);
    Tensor scale = square.sqrt().add((double) call.number("epsilon", 0));
    // In f64, since the powers are close to 1.
    Tensor count = steps.to(DType.F64);
    Tensor corrected =
        rate.to(DType.F64)
            .mul(count.rpow(beta).rsub(1.0).sqrt())
            .div(count.rpow(alpha).rsub(1.0))
            .to(rate.dtype());
    Tensor adjusted = corrected.where(steps.gt(0), rate);
    Tensor moved = state.getFirst().sub(adjusted.mul(mean.div(scale)));
    return List.of(moved.mul(1.0 - call.number("norm_coefficient_post", 0)), mean, square);
  }

  private static List<Tensor> momentum(Call call, Tensor rate, Tensor steps, List<Tensor> state) {
    double alpha = required(call, "alpha");
    double beta = required(call, "beta");
    Tensor gradient = regularized(call, state);
    Tensor weight = Tensor.full(rate.dtype(), beta).where(steps.gt(0), Tensor.ones(rate.dtype()));
    Tensor velocity = state.get(2).mul(alpha).add(weight.mul(gradient));
    Tensor direction =
        switch (call.text("mode", "")) {
          case "standard" -> velocity;
          case "nesterov" -> gradient.add(velocity, alpha);
          case String other ->
              throw call.failure(
                  "attribute mode is '" + other + "', expected standard or nesterov");
        };
    return List.of(state.getFirst().sub(rate.mul(direction)), velocity);
  }

  private static double required(Call call, String name) {
    if (!call.hasAttribute(name)) {
      throw call.failure("attribute " + name + " is missing");
    }
    return call.number(name, 0);
  }
}
