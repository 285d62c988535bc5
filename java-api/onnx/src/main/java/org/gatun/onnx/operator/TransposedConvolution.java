package org.gatun.onnx.operator;

import java.util.Arrays;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.nn.Functional;
import org.gatun.op.ConvTranspose;
import org.gatun.op.Ints;
import org.gatun.op.Longs;
import org.gatun.runtime.Engine;
import org.jspecify.annotations.Nullable;

/**
 * ConvTranspose: core's operator, and elements behind its result that no element of the input
 * reaches, where the node's {@code output_shape} asks for them.
 *
 * <p>Source: <a href="https://onnx.ai/onnx/operators/onnx__ConvTranspose.html">ONNX,
 * ConvTranspose</a>.
 *
 * @param operator the convolution
 * @param behind the elements that are added behind each spatial dimension; they are the bias
 */
record TransposedConvolution(ConvTranspose operator, int[] behind) {
  static Tensor run(Call call) {
    return of(call, pads(call)).compute(call, call.optional(2));
  }

  /** ConvTranspose followed by the residual and activation of a FusedConv. */
  static Tensor fused(Call call) {
    TransposedConvolution self = of(call, pads(call));
    if (self.reachesAll()) {
      return ConvolutionFamily.fused(call, self.operator, call.tensor(0), call.optional(3));
    }
    throw call.failure("output_shape is larger than the convolution reaches");
  }

  /** ConvTranspose whose padding is an input, before the bias. */
  static Tensor withDynamicPads(Call call) {
    int rank = call.shape(0).rank() - 2;
    int[] pads = new int[2 * Math.max(0, rank)];
    if (call.has(2)) {
      long[] given = call.longs(2);
      if (given.length != pads.length) {
        throw call.failure("pads " + Longs.of(given) + ", expected " + pads.length + " numbers");
      }
      Arrays.setAll(pads, i -> Math.toIntExact(given[i]));
    }
    return of(call, pads, call.has(3)).compute(call, call.optional(3));
  }

  private static int @Nullable [] pads(Call call) {
    return SlidingWindow.isAutomatic(call)
        ? null
        : SlidingWindow.ints(call, "pads", 0, 2 * Math.max(0, call.shape(0).rank() - 2));
  }

  private static TransposedConvolution of(Call call, int @Nullable [] pads) {
    return of(call, pads, call.has(2));
  }

  private static TransposedConvolution of(Call call, int @Nullable [] pads, boolean bias) {
    Shape x = call.shape(0);
    long[] kernel = SlidingWindow.kernel(call, x, call.shape(1));
    int rank = kernel.length;
    int[] strides = SlidingWindow.ints(call, "strides", 1, rank);
    int[] dilations = SlidingWindow.ints(call, "dilations", 1, rank);
    int[] added = SlidingWindow.ints(call, "output_padding", 0, rank);
    long[] wanted = outputShape(call, x, strides);
    String mode = call.text("auto_pad", "NOTSET");
    int[] before = new int[rank];
    int[] after = new int[rank];
    int[] behind = new int[rank];
    for (int i = 0; i < rank; i++) {
      long whole = (x.dim(2 + i) - 1) * strides[i] + (kernel[i] - 1) * dilations[i] + 1;
      long size;
      if (wanted != null) {
        size = wanted[i];
        long total = Math.max(0, whole + added[i] - size);
        before[i] = Math.toIntExact(mode.equals("SAME_UPPER") ? total / 2 : total - total / 2);
      } else if (pads != null) {
        before[i] = pads[i];
        size = whole + added[i] - pads[i] - pads[rank + i];
      } else {
        size = whole + added[i];
      }
      // What is cut off behind, negative for what is added.
      int cut = Math.toIntExact(whole - before[i] - size);
      boolean paddable = -cut < Math.max(strides[i], dilations[i]);
      after[i] = Math.max(0, cut);
      added[i] = paddable ? Math.max(0, -cut) : 0;
      behind[i] = paddable ? 0 : -cut;
    }
    return new TransposedConvolution(
        new ConvTranspose(
            Ints.of(strides),
            Ints.of(before),
            Ints.of(after),
            Ints.of(added),
            Ints.of(dilations),
            call.smallInteger("group", 1),
            bias),
        behind);
  }

  /** The spatial dimensions of the result where they are told, or null where the padding is. */
  private static long @Nullable [] outputShape(Call call, Shape x, int[] strides) {
    long[] given = call.integers("output_shape");
    if (given != null && given.length > 0) {
      // Some exporters tell batch and channels as well.
      int spatial = strides.length;
      if (given.length != spatial && given.length != spatial + 2) {
        throw call.failure(
            "attribute output_shape is " + Longs.of(given) + ", expected " + spatial + " numbers");
      }
      return Arrays.copyOfRange(given, given.length - spatial, given.length);
    }
    String mode = call.text("auto_pad", "NOTSET");
    return switch (mode) {
      case "SAME_UPPER", "SAME_LOWER" -> {
        long[] sizes = new long[strides.length];
        Arrays.setAll(sizes, i -> x.dim(2 + i) * strides[i]);
        yield sizes;
      }
      case "NOTSET", "", "VALID" -> null;
      default ->
          throw call.failure(
              "attribute auto_pad is '"
                  + mode
                  + "', expected NOTSET, SAME_UPPER, SAME_LOWER or VALID");
    };
  }

  private boolean reachesAll() {
    return Arrays.stream(behind).allMatch(count -> count == 0);
  }

  private Tensor compute(Call call, @Nullable Tensor bias) {
    Engine engine = Engine.current();
    Tensor x = call.tensor(0);
    Tensor weights = call.tensor(1);
    if (reachesAll()) {
      return bias == null
          ? engine.run(operator, x, weights)
          : engine.run(operator, x, weights, bias);
    }
    ConvTranspose alone =
        new ConvTranspose(
            operator.stride(),
            operator.paddingBefore(),
            operator.paddingAfter(),
            operator.outputPadding(),
            operator.dilation(),
            operator.groups(),
            false);
    // From the last dimension to the first: (before, after) each.
    long[] padding = new long[2 * behind.length];
    for (int i = 0; i < behind.length; i++) {
      padding[2 * (behind.length - 1 - i) + 1] = behind[i];
    }
    Tensor padded = Functional.pad(engine.run(alone, x, weights), padding);
    if (bias == null) {
      return padded;
    }
    long[] perChannel = new long[padded.rank() - 1];
    Arrays.fill(perChannel, 1);
    perChannel[0] = bias.size();
    return padded.add(bias.reshape(perChannel));
  }
}
