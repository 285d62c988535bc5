package org.gatun.benchmarks.peers;

import java.util.Arrays;
import java.util.function.Consumer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.gatun.op.Activation;
import org.gatun.op.ActivationFunction;
import org.gatun.op.Binary;
import org.gatun.op.Doubles;
import org.gatun.op.Fused;
import org.gatun.op.Op;
import org.gatun.op.Pointwise;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;
import org.jspecify.annotations.Nullable;

/** Functions of elements, and what is fused to another operator, on libtorch. */
final class TorchPointwise {
  /** A function that writes into its first argument. */
  private interface Function {
    Tensor apply(Tensor result, Tensor x);
  }

  /** A function of two operands that writes into its first argument. */
  private interface FunctionOfTwo {
    Tensor apply(Tensor result, Tensor a, Tensor b);
  }

  private TorchPointwise() {}

  /** Returns the call, null if the operator is none of these or libtorch has none. */
  static @Nullable TorchCall call(Op op, TorchOperands operands) {
    return switch (op) {
      case Binary binary -> binary(binary, operands);
      case Activation(ActivationFunction function, Doubles _)
          when function == ActivationFunction.PRELU ->
          prelu(operands);
      case Pointwise pointwise -> function(pointwise, operands.get(0));
      case Fused fused -> fused(fused, operands);
      default -> null;
    };
  }

  private static @Nullable TorchCall function(Pointwise op, Tensor x) {
    Function function = function(op);
    return function == null
        ? null
        : TorchCall.into(torch.empty_like(x), result -> function.apply(result, x));
  }

  /** As eager code has it: one operator after the other, those of elements in place. */
  private static @Nullable TorchCall fused(Fused fused, TorchOperands operands) {
    int next = operands.size() - fused.extraInputs();
    TorchCall call = TorchCall.of(fused.base(), operands.first(next));
    for (Fused.Step step : fused.steps()) {
      Consumer<Tensor> inPlace =
          switch (step) {
            case Fused.Step.Add _ -> {
              Tensor added = operands.get(next++);
              yield result -> torch.add_out(result, result, added);
            }
            case Fused.Step.Activate(Pointwise op) -> {
              Function function = function(op);
              yield function == null ? null : result -> function.apply(result, result);
            }
          };
      if (call == null || inPlace == null) {
        return null;
      }
      call = call.then(inPlace);
    }
    return call;
  }

  private static @Nullable TorchCall binary(Binary op, TorchOperands operands) {
    FunctionOfTwo function =
        switch (op.function()) {
          case ADD -> torch::add_out;
          case ATAN2 -> torch::atan2_out;
          case COPYSIGN -> torch::copysign_out;
          case DIV -> torch::div_out;
          case FMAX -> torch::fmax_out;
          case FMIN -> torch::fmin_out;
          case FMOD -> torch::fmod_out;
          case HYPOT -> torch::hypot_out;
          case LOGADDEXP -> torch::logaddexp_out;
          case MAXIMUM -> torch::maximum_out;
          case MINIMUM -> torch::minimum_out;
          case MUL -> torch::mul_out;
          case POW -> torch::pow_out;
          case REMAINDER -> torch::remainder_out;
          case SUB -> torch::sub_out;
          case XLOGY -> torch::xlogy_out;
          default -> null;
        };
    if (function == null) {
      return null;
    }
    Tensor a = operands.get(0);
    Tensor b = operands.get(1);
    return TorchCall.into(TorchOperands.unsized(), result -> function.apply(result, a, b));
  }

  /** libtorch's slopes are one, or one for each channel. */
  private static @Nullable TorchCall prelu(TorchOperands operands) {
    Tensor x = operands.get(0);
    Tensor slopes = operands.get(1);
    long[] perChannel = new long[(int) x.dim()];
    Arrays.fill(perChannel, 1);
    if (perChannel.length > 1) {
      perChannel[1] = x.size(1);
    }
    long[] dims = TorchOperands.dims(slopes);
    int missing = perChannel.length - dims.length;
    boolean isPerChannel =
        missing >= 0
            && Arrays.equals(dims, Arrays.copyOfRange(perChannel, missing, perChannel.length))
            && slopes.numel() == x.size(1);
    if (slopes.numel() != 1 && !isPerChannel) {
      return null;
    }
    Tensor flat = slopes.flatten();
    return TorchCall.making(() -> torch.prelu(x, flat));
  }

  private static @Nullable Function function(Pointwise op) {
    return switch (op) {
      case Unary(UnaryFunction function, Doubles numbers) -> function(function, numbers);
      case Activation(ActivationFunction function, Doubles numbers) -> function(function, numbers);
      default -> null;
    };
  }

  private static @Nullable Function function(UnaryFunction function, Doubles numbers) {
    return switch (function) {
      case ABS -> torch::abs_out;
      case ACOS -> torch::acos_out;
      case ASIN -> torch::asin_out;
      case ATAN -> torch::atan_out;
      case CEIL -> torch::ceil_out;
      case CLAMP -> {
        ScalarOptional least = new ScalarOptional(new Scalar(numbers.get(0)));
        ScalarOptional most = new ScalarOptional(new Scalar(numbers.get(1)));
        yield (result, x) -> torch.clamp_out(result, x, least, most);
      }
      case CLAMP_MAX -> {
        Scalar most = new Scalar(numbers.get(0));
        yield (result, x) -> torch.clamp_max_out(result, x, most);
      }
      case CLAMP_MIN -> {
        Scalar least = new Scalar(numbers.get(0));
        yield (result, x) -> torch.clamp_min_out(result, x, least);
      }
      case COS -> torch::cos_out;
      case COSH -> torch::cosh_out;
      case ERF -> torch::erf_out;
      case ERFC -> torch::erfc_out;
      case EXP -> torch::exp_out;
      case EXP2 -> torch::exp2_out;
      case EXPM1 -> torch::expm1_out;
      case FLOOR -> torch::floor_out;
      case FRAC -> torch::frac_out;
      case GELU -> torch::gelu_out;
      case GELU_TANH -> {
        BytePointer approximate = new BytePointer("tanh");
        yield (result, x) -> torch.gelu_out(result, x, approximate);
      }
      case LOG -> torch::log_out;
      case LOG10 -> torch::log10_out;
      case LOG1P -> torch::log1p_out;
      case LOG2 -> torch::log2_out;
      case NEG -> torch::neg_out;
      case RECIPROCAL -> torch::reciprocal_out;
      case RELU -> {
        // What libtorch's relu calls; its relu_out makes a tensor and copies it.
        Scalar zero = new Scalar(0);
        yield (result, x) -> torch.clamp_min_out(result, x, zero);
      }
      case ROUND -> torch::round_out;
      case RSQRT -> torch::rsqrt_out;
      case SIGMOID -> torch::sigmoid_out;
      case SIGN -> torch::sign_out;
      case SILU -> torch::silu_out;
      case SIN -> torch::sin_out;
      case SINH -> torch::sinh_out;
      case SQRT -> torch::sqrt_out;
      case SQUARE -> torch::square_out;
      case TAN -> torch::tan_out;
      case TANH -> torch::tanh_out;
      case TRUNC -> torch::trunc_out;
      default -> null;
    };
  }

  private static @Nullable Function function(ActivationFunction function, Doubles numbers) {
    return switch (function) {
      case ELU -> elu(numbers.get(0), 1);
      case HARDSIGMOID -> torch::hardsigmoid_out;
      case HARDSWISH -> torch::hardswish_out;
      case HARDTANH -> hardtanh(numbers.get(0), numbers.get(1));
      case LEAKY_RELU -> {
        Scalar slope = new Scalar(numbers.get(0));
        yield (result, x) -> torch.leaky_relu_out(result, x, slope);
      }
      case MISH -> torch::mish_out;
      case RELU6 -> hardtanh(0, 6);
      case SELU -> elu(ActivationFunction.SELU_ALPHA, ActivationFunction.SELU_SCALE);
      case SOFTPLUS -> {
        Scalar beta = new Scalar(numbers.get(0));
        Scalar threshold = new Scalar(numbers.get(1));
        yield (result, x) -> torch.softplus_out(result, x, beta, threshold);
      }
      case SOFTSHRINK -> {
        Scalar lambda = new Scalar(numbers.get(0));
        yield (result, x) -> torch.softshrink_out(result, x, lambda);
      }
      case HARDSHRINK -> {
        Scalar lambda = new Scalar(numbers.get(0));
        yield (result, x) -> torch.hardshrink_out(result, x, lambda);
      }
      default -> null;
    };
  }

  private static Function elu(double alpha, double scale) {
    Scalar[] scalars = {new Scalar(alpha), new Scalar(scale), new Scalar(1)};
    return (result, x) -> torch.elu_out(result, x, scalars[0], scalars[1], scalars[2]);
  }

  private static Function hardtanh(double min, double max) {
    Scalar least = new Scalar(min);
    Scalar most = new Scalar(max);
    return (result, x) -> torch.hardtanh_out(result, x, least, most);
  }
}
