package org.gatun.onnx.operator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.nn.Functional;
import org.gatun.op.Conv;
import org.gatun.op.Convolution;
import org.gatun.op.Fused;
import org.gatun.op.Longs;
import org.gatun.runtime.Engine;
import org.jspecify.annotations.Nullable;

/** Convolutions, and convolutions with what follows them in one operator. */
final class ConvolutionFamily {
  private ConvolutionFamily() {}

  static void register(Registry onnx, Registry microsoft, Registry own) {
    onnx.add("Conv", 1, ConvolutionFamily::conv);
    onnx.add("DeformConv", 19, DeformableConvolution::run);
    onnx.add("ConvTranspose", 1, TransposedConvolution::run);
    onnx.move("Col2Im", 18, ConvolutionFamily::col2Im);
    microsoft.add("ConvTransposeWithDynamicPads", 1, TransposedConvolution::withDynamicPads);
    microsoft.add("NhwcConv", 1, ConvolutionFamily::channelsLast);
    microsoft.add("NhwcFusedConv", 1, ConvolutionFamily::channelsLast);
    for (Registry domain : List.of(microsoft, own)) {
      domain.add("FusedConv", 1, ConvolutionFamily::fused);
      domain.add("FusedConvTranspose", 1, TransposedConvolution::fused);
    }
  }

  private static Tensor conv(Call call) {
    Conv conv = operator(call, call.shape(0));
    return Engine.current().run(conv, inputs(call, call.tensor(0)));
  }

  private static Tensor fused(Call call) {
    Conv conv = operator(call, call.shape(0));
    return fused(call, conv, call.tensor(0), call.optional(3));
  }

  private static Tensor channelsLast(Call call) {
    Tensor x = ChannelsLast.channelsSecond(call.tensor(0));
    Tensor residual = call.optional(3);
    Tensor result =
        fused(
            call,
            operator(call, x.shape()),
            x,
            residual == null ? null : ChannelsLast.channelsSecond(residual));
    return ChannelsLast.channelsBehind(result);
  }

  /** Returns a convolution of the node's weights and bias, plus a residual, then the activation. */
  static Tensor fused(Call call, Convolution conv, Tensor x, @Nullable Tensor residual) {
    List<Tensor> inputs = new ArrayList<>(List.of(inputs(call, x)));
    List<Fused.Step> steps = new ArrayList<>();
    if (residual != null) {
      inputs.add(residual);
      steps.add(new Fused.Step.Add());
    }
    return FusedActivation.ofConvolution(call)
        .run(call, conv, steps, inputs.toArray(Tensor[]::new));
  }

  /** Returns the input, the weights, and the bias where there is one. */
  static Tensor[] inputs(Call call, Tensor x) {
    Tensor bias = call.optional(2);
    return bias == null ? new Tensor[] {x, call.tensor(1)} : new Tensor[] {x, call.tensor(1), bias};
  }

  private static Conv operator(Call call, Shape x) {
    SlidingWindow window = SlidingWindow.of(call, x, call.shape(1));
    return new Conv(
        window.strides(),
        window.begins(),
        window.ends(),
        window.dilations(),
        call.smallInteger("group", 1),
        call.has(2));
  }

  /**
   * Returns the sum of the blocks where they lie in the image. Each element of a block is added to
   * the padded image at a place that the shapes tell; where core's operator for two dimensions has
   * the same arguments, it does that.
   */
  private static Tensor col2Im(Call call) {
    Tensor columns = call.tensor(0);
    long[] image = call.longs(1);
    long[] block = call.longs(2);
    int rank = image.length;
    if (columns.rank() != 3 || rank == 0 || block.length != rank) {
      throw call.failure(
          "input of shape "
              + columns.shape()
              + ", image "
              + Longs.of(image)
              + " and block "
              + Longs.of(block)
              + ", expected (N, C * block, L) and as many dimensions of both");
    }
    int[] strides = SlidingWindow.ints(call, "strides", 1, rank);
    int[] dilations = SlidingWindow.ints(call, "dilations", 1, rank);
    int[] pads = SlidingWindow.ints(call, "pads", 0, 2 * rank);
    boolean symmetric = IntStream.range(0, rank).allMatch(i -> pads[i] == pads[rank + i]);
    if (rank == 2 && symmetric && columns.dtype().isFloating()) {
      return Functional.fold(
          columns,
          ints(call, image),
          ints(call, block),
          dilations,
          Arrays.copyOf(pads, rank),
          strides);
    }
    return scattered(call, columns, image, new Blocks(block, strides, dilations, pads));
  }

  /** The blocks that an image of so many dimensions is made of. */
  private record Blocks(long[] block, int[] strides, int[] dilations, int[] pads) {
    long padded(int dimension, long size) {
      return size + pads[dimension] + pads[block.length + dimension];
    }

    /** Returns how many blocks there are in a dimension of this size. */
    long count(int dimension, long size) {
      long reach = (block[dimension] - 1) * dilations[dimension] + 1;
      return Math.floorDiv(padded(dimension, size) - reach, (long) strides[dimension]) + 1;
    }

    /** Returns where each element of each block lies in the padded image, block elements first. */
    long[] places(long[] image) {
      long[] places = {0};
      for (int i = 0; i < block.length; i++) {
        places = finer(places, padded(i, image[i]), block[i], dilations[i]);
      }
      long[] starts = {0};
      for (int i = 0; i < block.length; i++) {
        starts = finer(starts, padded(i, image[i]), count(i, image[i]), strides[i]);
      }
      long[] all = new long[Math.multiplyExact(places.length, starts.length)];
      for (int i = 0; i < all.length; i++) {
        all[i] = places[i / starts.length] + starts[i % starts.length];
      }
      return all;
    }

    private static long[] finer(long[] outer, long size, long count, long step) {
      long[] finer = new long[Math.toIntExact(Math.multiplyExact(outer.length, count))];
      for (int i = 0; i < finer.length; i++) {
        finer[i] = outer[(int) (i / count)] * size + i % count * step;
      }
      return finer;
    }
  }

  private static Tensor scattered(Call call, Tensor columns, long[] image, Blocks blocks) {
    int rank = image.length;
    long elements = 1;
    long windows = 1;
    long[] padded = new long[rank];
    for (int i = 0; i < rank; i++) {
      padded[i] = blocks.padded(i, image[i]);
      elements *= blocks.block[i];
      windows *= Math.max(0, blocks.count(i, image[i]));
    }
    long batch = columns.dim(0);
    if (elements < 1 || columns.dim(1) % elements != 0 || columns.dim(2) != windows) {
      throw call.failure(
          "input has shape "
              + columns.shape()
              + ", expected a multiple of "
              + elements
              + " rows, and "
              + windows
              + " columns for an image of "
              + Longs.of(image));
    }
    long channels = columns.dim(1) / elements;
    long plane = Arrays.stream(padded).reduce(1, Math::multiplyExact);
    Tensor places =
        Tensor.of(blocks.places(image), 1, elements * windows)
            .expand(batch * channels, elements * windows);
    Tensor sums =
        Tensor.zeros(columns.dtype(), batch * channels, plane)
            .scatterAdd(1, places, columns.reshape(batch * channels, elements * windows));
    long[] shape = Shape.of(batch, channels).concat(Shape.of(padded)).dims();
    Tensor whole = sums.reshape(shape);
    for (int i = 0; i < rank; i++) {
      whole = whole.narrow(2 + i, blocks.pads[i], image[i]);
    }
    return whole.contiguous();
  }

  private static int[] ints(Call call, long[] values) {
    int[] small = new int[values.length];
    for (int i = 0; i < small.length; i++) {
      small[i] = (int) values[i];
      if (small[i] != values[i]) {
        throw call.failure("a size in " + Longs.of(values) + ", expected 32-bit integers");
      }
    }
    return small;
  }
}
