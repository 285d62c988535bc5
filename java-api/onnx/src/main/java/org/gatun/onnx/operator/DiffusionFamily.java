package org.gatun.onnx.operator;

import java.util.Arrays;
import java.util.List;
import org.gatun.Tensor;
import org.gatun.nn.Functional;
import org.gatun.op.GroupNorm;
import org.gatun.runtime.Engine;
import org.jspecify.annotations.Nullable;

/** Operators that ONNX Runtime's optimizer writes into diffusion models, mostly channels-last. */
final class DiffusionFamily {
  private DiffusionFamily() {}

  static void register(Registry microsoft, Registry own) {
    microsoft.add("BiasAdd", 1, DiffusionFamily::biasAdd);
    microsoft.add("BiasSplitGelu", 1, DiffusionFamily::biasSplitGelu);
    microsoft.add("GroupNorm", 1, call -> groupNorm(call, call.tensor(0)));
    microsoft.addAll("SkipGroupNorm", 1, DiffusionFamily::skipGroupNorm);
    own.add("GroupNormalization", 1, DiffusionFamily::activatedGroupNorm);
  }

  private static Tensor biasAdd(Call call) {
    return call.tensor(0).add(call.tensor(1)).add(call.tensor(2));
  }

  /** Returns the first half of the last dimension times the GELU of the second. */
  private static Tensor biasSplitGelu(Call call) {
    Tensor sum = call.tensor(0).add(call.tensor(1));
    long half = sum.dim(-1) / 2;
    if (sum.dim(-1) % 2 != 0) {
      throw call.failure("input has shape " + sum.shape() + ", expected an even last dimension");
    }
    int last = sum.rank() - 1;
    return sum.narrow(last, 0, half).mul(Functional.gelu(sum.narrow(last, half, half)));
  }

  private static Tensor groupNorm(Call call, Tensor x) {
    boolean last = call.flag("channels_last", true);
    Tensor result = normalized(call, "groups", last ? ChannelsLast.channelsSecond(x) : x);
    Tensor activated =
        switch (call.smallInteger("activation", 0)) {
          case 0 -> result;
          case 1 -> Functional.silu(result);
          default ->
              throw call.failure(
                  "attribute activation is " + call.integer("activation") + ", expected 0 or 1");
        };
    return last ? ChannelsLast.channelsBehind(activated) : activated;
  }

  private static Tensor activatedGroupNorm(Call call) {
    Tensor result = normalized(call, "num_groups", call.tensor(0));
    String activation = call.text("activation", "");
    return switch (activation) {
      case "" -> result;
      case "Silu" -> Functional.silu(result);
      default -> throw call.failure("attribute activation is '" + activation + "', expected Silu");
    };
  }

  private static Tensor normalized(Call call, String groups, Tensor x) {
    GroupNorm norm =
        new GroupNorm(call.smallInteger(groups, 0), true, true, call.number("epsilon", 1e-5f));
    return Engine.current()
        .run(norm, x, call.tensor(1).to(x.dtype()), call.tensor(2).to(x.dtype()));
  }

  private static List<? extends @Nullable Tensor> skipGroupNorm(Call call) {
    Tensor x = call.tensor(0);
    boolean last = call.flag("channels_last", true);
    Tensor skip = call.tensor(3);
    Tensor sum = x.add(skip.rank() == 2 ? alongChannels(skip, x.rank(), last) : skip);
    Tensor bias = call.optional(4);
    if (bias != null) {
      sum = sum.add(alongChannels(bias.unsqueeze(0), x.rank(), last));
    }
    return Arrays.asList(groupNorm(call, sum), call.wants(1) ? sum : null);
  }

  /** Returns (N, C) as it broadcasts to images of one layout or the other. */
  private static Tensor alongChannels(Tensor values, int rank, boolean last) {
    long[] shape = new long[rank];
    Arrays.fill(shape, 1);
    shape[0] = values.dim(0);
    shape[last ? rank - 1 : 1] = values.dim(1);
    return values.reshape(shape);
  }
}
