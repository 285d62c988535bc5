package org.gatun.examples;

import static org.gatun.examples.Chapter.refused;
import static org.gatun.examples.Chapter.same;
import static org.gatun.examples.Chapter.section;
import static org.gatun.examples.Chapter.shape;
import static org.gatun.examples.Chapter.show;

import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.nn.Conv1d;
import org.gatun.nn.Conv2d;
import org.gatun.nn.Conv3d;
import org.gatun.nn.ConvOptions;
import org.gatun.nn.ConvTranspose2d;
import org.gatun.nn.ConvTransposeOptions;
import org.gatun.nn.Functional;
import org.gatun.op.PadMode;

/** Convolution and transposed convolution: sizes, strides, padding, dilation, groups. */
public final class Convolutions {
  private static final ConvOptions PLAIN = ConvOptions.defaults();

  private Convolutions() {}

  /** Runs the chapter. */
  static void main() {
    try (Scope scope = Scope.open()) {
      Generator random = new Generator(7);
      Tensor images = random.randn(DType.F32, 20, 16, 50, 100);
      byLayer(images);
      byFunction(random, images);
      byHand(random);
      padded(random);
      otherRanks(random);
      transposed(random);
    }
  }

  private static void byLayer(Tensor images) {
    section("conv2d as a layer: square kernels, the same in both dimensions");
    try (Conv2d conv = new Conv2d(16, 33, 3, PLAIN.withStride(2), 42)) {
      shape("3x3, stride 2", conv.forward(images), 20, 33, 24, 49);
      shape("one image without a batch", conv.forward(images.select(0, 0)), 33, 24, 49);
      refused("4 channels instead of 16", () -> conv.forward(images.slice(1, 0, 4)));
    }
    try (Conv2d conv = new Conv2d(16, 33, 3, PLAIN.withSamePadding(), 42)) {
      shape("padding 'same' keeps the size", conv.forward(images), 20, 33, 50, 100);
    }
    try (Conv2d depthwise = new Conv2d(16, 32, 3, PLAIN.withGroups(16), 42)) {
      shape("as many groups as channels", depthwise.forward(images), 20, 32, 48, 98);
    }
  }

  private static void byFunction(Generator random, Tensor images) {
    section("conv2d as a function: not square, not the same in both dimensions");
    Tensor weight = random.randn(DType.F32, 33, 16, 3, 5);
    Tensor bias = random.randn(DType.F32, 33);
    ConvOptions options = PLAIN.withStride(2, 1).withPadding(4, 2);
    shape(
        "3x5, stride (2, 1), padding (4, 2)",
        Functional.conv2d(images, weight, bias, options),
        20,
        33,
        28,
        100);
    shape(
        "and dilation (3, 1)",
        Functional.conv2d(images, weight, bias, options.withDilation(3, 1)),
        20,
        33,
        26,
        100);
    shape(
        "the same channels-last",
        Functional.conv2d(images.channelsLast(), weight, bias, options),
        20,
        33,
        28,
        100);
  }

  private static void byHand(Generator random) {
    section("what a convolution is");
    Tensor image = random.randn(DType.F32, 1, 3, 5, 5);
    Tensor weight = random.randn(DType.F32, 8, 3, 2, 2);
    Tensor sum = Tensor.zeros(DType.F32, 1, 8, 4, 4);
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 2; j++) {
        // Of each kernel one element, times the image moved by as much.
        Tensor moved = image.slice(2, i, i + 4).slice(3, j, j + 4).reshape(1, 3, 16);
        Tensor element = weight.select(3, j).select(2, i);
        sum = sum.add(element.matmul(moved).view(1, 8, 4, 4));
      }
    }
    same(
        "a sum of products with the image moved about",
        Functional.conv2d(image, weight, null, PLAIN),
        sum);
  }

  private static void padded(Generator random) {
    section("padding modes: what is put around the image");
    Tensor row = Tensor.of(new float[] {1, 2, 3, 4}, 1, 1, 4);
    Tensor image = random.randn(DType.F32, 1, 3, 5, 5);
    Tensor weight = random.randn(DType.F32, 8, 3, 3, 3);
    ConvOptions two = PLAIN.withPadding(2);
    for (PadMode mode : PadMode.values()) {
      long[] around = {2, 2};
      show(mode + " around 1, 2, 3, 4", Functional.pad(row, around, mode, 0));
      Tensor larger = Functional.pad(image, new long[] {2, 2, 2, 2}, mode, 0);
      same(
          "such a convolution is a plain one of the larger image",
          Functional.conv2d(image, weight, null, two.withPaddingMode(mode)),
          Functional.conv2d(larger, weight, null, PLAIN));
    }
    refused(
        "more to mirror than there is",
        () ->
            Functional.conv2d(
                image, weight, null, PLAIN.withPadding(5).withPaddingMode(PadMode.REFLECT)));
  }

  private static void otherRanks(Generator random) {
    section("conv1d and conv3d: signals and volumes");
    try (Conv1d conv = new Conv1d(16, 33, 3, PLAIN.withStride(2), 42);
        Conv3d volume = new Conv3d(4, 8, 3, PLAIN.withSamePadding(), 42)) {
      shape("conv1d, stride 2", conv.forward(random.randn(DType.F32, 20, 16, 50)), 20, 33, 24);
      shape(
          "conv3d, padding 'same'",
          volume.forward(random.randn(DType.F32, 2, 4, 6, 7, 8)),
          2,
          8,
          6,
          7,
          8);
    }
  }

  private static void transposed(Generator random) {
    section("conv_transpose2d: from small to large");
    Tensor x = random.randn(DType.F32, 1, 16, 12, 12);
    try (Conv2d down = new Conv2d(16, 16, 3, PLAIN.withStride(2).withPadding(1), 1);
        ConvTranspose2d up =
            new ConvTranspose2d(
                16, 16, 3, ConvTransposeOptions.defaults().withStride(2).withPadding(1), 2)) {
      Tensor small = shape("down, stride 2", down.forward(x), 1, 16, 6, 6);
      shape("up again, one element short", up.forward(small), 1, 16, 11, 11);
      shape("with output_size (12, 12)", up.forward(small, 12, 12), 1, 16, 12, 12);
      refused("an output_size that no padding gives", () -> up.forward(small, 20, 20));
    }
    Tensor weight = random.randn(DType.F32, 16, 8, 3, 3);
    shape(
        "output_padding 1 does the same",
        Functional.convTranspose2d(
            x,
            weight,
            null,
            ConvTransposeOptions.defaults().withStride(2).withPadding(1).withOutputPadding(1)),
        1,
        8,
        24,
        24);
  }
}
