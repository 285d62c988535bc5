package org.gatun.onnx.operator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.nn.Activations;
import org.gatun.nn.Functional;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.operator.Operator.Typing;
import org.gatun.op.Fused;
import org.gatun.op.Gemm;
import org.gatun.op.Linear;
import org.gatun.op.MatMul;
import org.gatun.op.Op;
import org.jspecify.annotations.Nullable;

/**
 * Operators that are several of ONNX's in one, as ONNX Runtime and Gatun's own passes write them:
 * products with what follows them, activations with what comes before them.
 */
final class FusedFamily {
  private FusedFamily() {}

  static void register(Registry microsoft, Registry own) {
    microsoft.addAll("BiasDropout", 1, FusedFamily::biasDropout);
    microsoft.add("BiasGelu", 1, c -> Functional.gelu(c.tensor(0).add(c.tensor(1))));
    microsoft.add("BiasSoftmax", 1, FusedFamily::biasSoftmax);
    microsoft.add("BitmaskBiasDropout", 1, Typing.NATIVE, FusedFamily::bitmaskBiasDropout);
    microsoft.add("BitmaskDropout", 1, Typing.NATIVE, FusedFamily::bitmaskDropout);
    microsoft.add("FastGelu", 1, c -> Functional.geluTanh(biased(c, 1)));
    microsoft.add("FusedGemm", 1, FusedFamily::fusedGemm);
    microsoft.add("FusedMatMul", 1, FusedFamily::fusedMatMul);
    microsoft.add("FusedMatMulActivation", 1, FusedFamily::fusedMatMulActivation);
    microsoft.add("GatedAdd", 1, c -> c.tensor(0).add(c.tensor(1).mul(c.tensor(2))));
    microsoft.add("Gelu", 1, c -> Functional.gelu(c.tensor(0)));
    microsoft.add("GemmFastGelu", 1, FusedFamily::gemmFastGelu);
    microsoft.add("QuickGelu", 1, FusedFamily::quickGelu);
    microsoft.add("TransposeMatMul", 1, FusedFamily::fusedMatMul);
    own.add("ChannelShuffle", 1, FusedFamily::channelShuffle);
    own.add("FusedMatMul", 1, FusedFamily::fullyFusedMatMul);
    own.add("HardSwish", 1, c -> Activations.hardswish(c.tensor(0)));
    own.add("Mish", 1, c -> Activations.mish(c.tensor(0)));
    own.add("RotaryEmbedding", 1, FusedFamily::rotaryEmbedding);
    own.add("ScaledDotProductAttention", 1, FusedFamily::attention);
    own.add("Silu", 1, c -> Functional.silu(c.tensor(0)));
  }

  // Products.

  /**
   * {@code activation(alpha A B + beta C + residual)}, of which core runs as much as it can at
   * once.
   */
  private record Product(
      Tensor a,
      Tensor b,
      float alpha,
      @Nullable Tensor c,
      float beta,
      @Nullable Tensor residual,
      FusedActivation activation) {

    Tensor run(Call call) {
      List<Tensor> inputs = new ArrayList<>(List.of(a, b));
      Op operator;
      boolean plain = alpha == 1 && beta == 1;
      boolean isRow = c != null && b.rank() == 2 && isRow(c, b.dim(1));
      if (plain && c != null && isRow) {
        operator = new Linear(true);
        inputs.set(1, b.transpose(0, 1));
        inputs.add(c.reshape(b.dim(1)));
      } else if (alpha == 1 && c == null) {
        operator = new MatMul();
      } else {
        operator = new Gemm(alpha, c == null ? 0 : beta);
        inputs.add(c == null ? Tensor.zeros(a.dtype(), 1) : c);
      }
      List<Fused.Step> steps = List.of();
      if (residual != null) {
        steps = List.of(new Fused.Step.Add());
        inputs.add(residual);
      }
      return activation.run(call, operator, steps, inputs.toArray(Tensor[]::new));
    }

    private static boolean isRow(Tensor c, long columns) {
      return c.size() == columns && c.rank() > 0 && c.dim(-1) == columns;
    }
  }

  private static final FusedActivation NONE = new FusedActivation("");

  private static Tensor fusedMatMul(Call call) {
    return product(call, null, null, NONE).run(call);
  }

  private static Tensor fusedMatMulActivation(Call call) {
    String name = call.text("activation", "");
    if (name.equals("Softmax") || name.equals("LogSoftmax")) {
      int axis = Math.toIntExact(call.integer("activation_axis", -1));
      Tensor result = fusedMatMul(call);
      return name.equals("Softmax") ? result.softmax(axis) : result.logSoftmax(axis);
    }
    return product(call, null, null, new FusedActivation(name, activationNumbers(call))).run(call);
  }

  private static Tensor fullyFusedMatMul(Call call) {
    return product(call, call.optional(2), call.optional(3), FusedActivation.ofConvolution(call))
        .run(call);
  }

  private static Product product(
      Call call, @Nullable Tensor bias, @Nullable Tensor residual, FusedActivation activation) {
    Tensor a = operand(call, 0, "transA", "transBatchA");
    Tensor b = operand(call, 1, "transB", "transBatchB");
    return new Product(a, b, call.number("alpha", 1), bias, 1, residual, activation);
  }

  /** Returns an operand, of which the first dimension may be the rows', or the last two change. */
  private static Tensor operand(Call call, int input, String transposed, String transposedBatch) {
    Tensor x = call.tensor(input);
    int rank = x.rank();
    if (call.flag(transposedBatch, false) && rank > 2) {
      x = x.movedim(0, rank - 2);
    }
    // As NumPy does, a vector has nothing to exchange.
    return call.flag(transposed, false) && rank > 1 ? x.transpose(rank - 2, rank - 1) : x;
  }

  private static Tensor fusedGemm(Call call) {
    if (call.tensor(0).rank() != 2 || call.tensor(1).rank() != 2) {
      throw call.failure(
          "A of shape "
              + call.shape(0)
              + " and B of shape "
              + call.shape(1)
              + ", expected matrices");
    }
    FusedActivation activation =
        new FusedActivation(call.text("activation", ""), activationNumbers(call));
    return new Product(
            operand(call, 0, "transA", ""),
            operand(call, 1, "transB", ""),
            call.number("alpha", 1),
            call.optional(2),
            call.number("beta", 1),
            null,
            activation)
        .run(call);
  }

  private static float[] activationNumbers(Call call) {
    List<Float> numbers = new ArrayList<>();
    for (String name : List.of("activation_alpha", "activation_beta", "activation_gamma")) {
      if (!call.hasAttribute(name)) {
        break;
      }
      numbers.add(call.number(name, 0));
    }
    float[] array = new float[numbers.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = numbers.get(i);
    }
    return array;
  }

  private static Tensor gemmFastGelu(Call call) {
    return new Product(
            call.tensor(0),
            call.tensor(1),
            1,
            call.optional(2),
            1,
            null,
            new FusedActivation("FastGelu"))
        .run(call);
  }

  // Activations.

  private static Tensor biased(Call call, int bias) {
    Tensor x = call.tensor(0);
    return call.has(bias) ? x.add(call.tensor(bias)) : x;
  }

  private static Tensor quickGelu(Call call) {
    float alpha = call.number("alpha", 1.702f);
    Tensor x = call.tensor(0);
    return alpha == 1.702f ? Activations.geluSigmoid(x) : Activations.swish(x, alpha);
  }

  /** A softmax over all dimensions from an axis on. */
  private static Tensor biasSoftmax(Call call) {
    Tensor sum = call.tensor(0).add(aligned(call));
    int axis = call.axis(call.integer("axis", 1), sum.rank());
    return sum.flatten(axis, sum.rank() - 1).softmax(axis).reshapeAs(sum);
  }

  /** Returns the bias with its dimensions where those of the data are that it is for. */
  private static Tensor aligned(Call call) {
    Tensor data = call.tensor(0);
    Tensor bias = call.tensor(1);
    int missing = data.rank() - bias.rank();
    if (!call.flag("is_inner_broadcast", false) || missing <= 0) {
      return bias;
    }
    // The dimensions that it lacks are those before the axis.
    int axis = call.axis(call.integer("axis", 1), data.rank());
    Tensor aligned = bias;
    for (int i = 0; i < missing; i++) {
      aligned = aligned.unsqueeze(axis - missing);
    }
    return aligned;
  }

  // Dropout, which does nothing outside training.

  private static List<@Nullable Tensor> biasDropout(Call call) {
    Tensor sum = dropped(call, 3);
    return Arrays.asList(sum, call.wants(1) ? Tensor.ones(DType.BOOL, call.shape(0).dims()) : null);
  }

  private static List<@Nullable Value> bitmaskBiasDropout(Call call) {
    Tensor sum = dropped(call, 3);
    return Arrays.asList(Value.of(sum), bits(call));
  }

  private static List<@Nullable Value> bitmaskDropout(Call call) {
    checkInference(call, 1);
    return Arrays.asList(call.value(0), bits(call));
  }

  private static Tensor dropped(Call call, int ratio) {
    checkInference(call, ratio);
    Tensor sum = call.tensor(0).add(call.tensor(1));
    return call.has(2) ? sum.add(call.tensor(2)) : sum;
  }

  private static void checkInference(Call call, int ratio) {
    boolean training = call.has(ratio + 1) && call.scalar(ratio + 1) != 0;
    if (training && (!call.has(ratio) || call.scalar(ratio) != 0)) {
      throw call.failure("training_mode true, expected false: models are run, not trained");
    }
  }

  /** Returns a bit for each element, all of them 1, or null where they are not wanted. */
  private static @Nullable Value bits(Call call) {
    if (!call.wants(1)) {
      return null;
    }
    long words = Math.ceilDiv(call.tensor(0).size(), Integer.SIZE);
    long ones = (1L << Integer.SIZE) - 1;
    return new Value.Dense(ElementType.UINT32, Tensor.zeros(DType.I64, words).add(ones));
  }

  // What passes write in the place of subgraphs.

  /** Takes a channel of each group in turn, and keeps images channels-last. */
  private static Tensor channelShuffle(Call call) {
    Tensor x = call.tensor(0);
    long groups = call.integer("groups");
    if (x.rank() != 4 || groups < 1 || x.dim(1) % groups != 0) {
      throw call.failure(
          "x of shape " + x.shape() + ", expected channels of " + groups + " groups");
    }
    long each = x.dim(1) / groups;
    if (x.isContiguous()) {
      return x.reshape(x.dim(0), groups, each, x.dim(2), x.dim(3)).transpose(1, 2).reshapeAs(x);
    }
    Tensor last = ChannelsLast.channelsBehind(x);
    Tensor shuffled =
        last.reshape(x.dim(0), x.dim(2), x.dim(3), groups, each).transpose(3, 4).reshapeAs(last);
    return ChannelsLast.channelsSecond(shuffled);
  }

  private static Tensor rotaryEmbedding(Call call) {
    Tensor x = call.tensor(0);
    long half = x.dim(-1) / 2;
    Tensor turned = Tensor.concat(-1, x.slice(-1, half, x.dim(-1)).neg(), x.slice(-1, 0, half));
    return x.mul(call.tensor(1)).addcmul(turned, call.tensor(2), 1);
  }

  private static Tensor attention(Call call) {
    boolean grouped = call.hasAttribute("q_num_heads");
    Tensor query = grouped ? heads(call, 0, "q_num_heads") : call.tensor(0);
    Tensor key = grouped ? heads(call, 1, "kv_num_heads") : call.tensor(1);
    Tensor value = grouped ? heads(call, 2, "kv_num_heads") : call.tensor(2);
    double scale = call.hasAttribute("scale") ? call.number("scale", 0) : Double.NaN;
    Tensor given = call.optional(3);
    KeyMask mask = given == null ? KeyMask.NONE : KeyMask.NONE.with(given);
    Tensor result = new HeadAttention(query, key, value, mask, scale).attend();
    return call.flag("packed_output", false) ? HeadAttention.join(result) : result;
  }

  private static Tensor heads(Call call, int input, String attribute) {
    Tensor x = call.tensor(input);
    return x.rank() == 3 ? HeadAttention.split(x, call.integer(attribute)) : x;
  }
}
