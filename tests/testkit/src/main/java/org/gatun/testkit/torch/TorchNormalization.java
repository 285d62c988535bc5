package org.gatun.testkit.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.gatun.Tensor;
import org.gatun.op.BatchNorm;
import org.gatun.op.GroupNorm;
import org.gatun.op.InstanceNorm;
import org.gatun.op.LayerNorm;
import org.gatun.op.LocalResponseNorm;
import org.gatun.op.Longs;
import org.gatun.op.Op;
import org.gatun.op.RmsNorm;
import org.gatun.runtime.Engine;
import org.jspecify.annotations.Nullable;

/** PyTorch's normalization. */
final class TorchNormalization {
  private static final double EPS = 1e-5;
  private static final double MOMENTUM = 0.1;

  private TorchNormalization() {}

  /** Returns the calls by PyTorch's names. */
  static Stream<Map.Entry<String, TorchOperators.Call>> calls() {
    return Stream.of(
        TorchOperators.one("nn.functional.batch_norm", TorchNormalization::batch),
        TorchOperators.one("nn.functional.group_norm", TorchNormalization::group),
        TorchOperators.one("nn.functional.instance_norm", TorchNormalization::instance),
        TorchOperators.one("nn.functional.layer_norm", TorchNormalization::layer),
        TorchOperators.one("nn.functional.local_response_norm", TorchNormalization::response),
        TorchOperators.one("nn.functional.rms_norm", TorchNormalization::rootMeanSquare));
  }

  /**
   * {@code batch_norm(input, running_mean, running_var, weight, bias, training, momentum, eps)}.
   */
  static Tensor batch(TorchArguments a) {
    Tensor mean = a.optionalTensor(1, "running_mean");
    Tensor variance = a.optionalTensor(2, "running_var");
    Tensor weight = a.optionalTensor(3, "weight");
    Tensor bias = a.optionalTensor(4, "bias");
    boolean training = a.flag(5, "training", false);
    List<Tensor> outputs =
        run(
            new BatchNorm(
                training,
                mean != null,
                weight != null,
                bias != null,
                a.number(6, "momentum", MOMENTUM),
                a.number(7, "eps", EPS)),
            a.input(),
            mean,
            variance,
            weight,
            bias);
    if (mean != null && variance != null) {
      // In evaluation they stay as they were.
      a.running(training ? outputs.subList(1, 3) : List.of(mean, variance));
    }
    return outputs.getFirst();
  }

  /**
   * {@code instance_norm(input, running_mean, running_var, weight, bias, use_input_stats, momentum,
   * eps)}.
   */
  static Tensor instance(TorchArguments a) {
    Tensor mean = a.optionalTensor(1, "running_mean");
    Tensor variance = a.optionalTensor(2, "running_var");
    Tensor weight = a.optionalTensor(3, "weight");
    Tensor bias = a.optionalTensor(4, "bias");
    double momentum = a.number(6, "momentum", MOMENTUM);
    double eps = a.number(7, "eps", EPS);
    boolean running = mean != null;
    Op op =
        a.flag(5, "use_input_stats", true)
            ? new InstanceNorm(running, weight != null, bias != null, momentum, eps)
            : new BatchNorm(false, running, weight != null, bias != null, momentum, eps);
    return run(op, a.input(), mean, variance, weight, bias).getFirst();
  }

  /** {@code group_norm(input, num_groups, weight, bias, eps)}. */
  static Tensor group(TorchArguments a) {
    Tensor weight = a.optionalTensor(2, "weight");
    Tensor bias = a.optionalTensor(3, "bias");
    return run(
            new GroupNorm(
                a.integer(1, "num_groups", 1),
                weight != null,
                bias != null,
                a.number(4, "eps", EPS)),
            a.input(),
            weight,
            bias)
        .getFirst();
  }

  /** {@code layer_norm(input, normalized_shape, weight, bias, eps)}. */
  static Tensor layer(TorchArguments a) {
    Tensor weight = a.optionalTensor(2, "weight");
    Tensor bias = a.optionalTensor(3, "bias");
    return run(
            new LayerNorm(
                Longs.of(TorchOperators.dims(a, 1, "normalized_shape")),
                weight != null,
                bias != null,
                a.number(4, "eps", EPS)),
            a.input(),
            weight,
            bias)
        .getFirst();
  }

  /** {@code local_response_norm(input, size, alpha, beta, k)}. */
  static Tensor response(TorchArguments a) {
    return TorchOperators.run(
        new LocalResponseNorm(
            a.integer(1, "size", 1),
            a.number(2, "alpha", 1e-4),
            a.number(3, "beta", 0.75),
            a.number(4, "k", 1)),
        a.input());
  }

  /** {@code rms_norm(input, normalized_shape, weight, eps)}. */
  static Tensor rootMeanSquare(TorchArguments a) {
    Tensor weight = a.optionalTensor(2, "weight");
    OptionalDouble eps =
        a.isGiven(3, "eps") ? OptionalDouble.of(a.number(3, "eps", 0)) : OptionalDouble.empty();
    Longs shape = Longs.of(TorchOperators.dims(a, 1, "normalized_shape"));
    return run(new RmsNorm(shape, weight != null, eps), a.input(), weight).getFirst();
  }

  private static List<Tensor> run(Op op, Tensor x, @Nullable Tensor... optional) {
    List<Tensor> inputs = new ArrayList<>(List.of(x));
    Stream.of(optional).filter(Objects::nonNull).forEach(inputs::add);
    return Engine.current().runAll(op, inputs.toArray(Tensor[]::new));
  }
}
