package org.gatun.testkit.cases;

import static org.gatun.op.ActivationFunction.ELU;
import static org.gatun.op.ActivationFunction.GELU_SIGMOID;
import static org.gatun.op.ActivationFunction.HARDSIGMOID;
import static org.gatun.op.ActivationFunction.HARDSWISH;
import static org.gatun.op.ActivationFunction.HARDTANH;
import static org.gatun.op.ActivationFunction.LEAKY_RELU;
import static org.gatun.op.ActivationFunction.MISH;
import static org.gatun.op.ActivationFunction.RELU6;
import static org.gatun.op.ActivationFunction.SOFTPLUS;

import java.util.List;
import java.util.stream.Stream;
import org.gatun.Shape;
import org.gatun.op.ActivationFunction;
import org.gatun.op.Conv;
import org.gatun.op.ConvTranspose;
import org.gatun.op.Convolution;
import org.gatun.op.Fused;
import org.gatun.op.Ints;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;
import org.gatun.testkit.Case;
import org.gatun.testkit.Operand;
import org.gatun.testkit.Tolerance;

/** Convolutions: every argument alone and with others, odd sizes, and the shapes of real models. */
final class ConvolutionCases {
  private ConvolutionCases() {}

  static List<Case> list() {
    return Stream.of(conv1d(), conv2d(), conv3d(), transposed(), fused(), models())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Case> conv1d() {
    return List.of(
        of("plain", conv(1), x(2, 3, 17), w(5, 3, 3)),
        of("stride", conv(1).stride(3), x(2, 3, 17), w(5, 3, 4)),
        of("dilated-padded", conv(1).dilation(3).padding(2), x(2, 3, 17), w(5, 3, 3)),
        of("padded-after", conv(1).padding(0).after(3), x(2, 3, 17), w(5, 3, 4)),
        of("depthwise", conv(1).groups(6), x(2, 6, 17), w(6, 1, 5)),
        of("no-batch", conv(1), x(3, 17), w(5, 3, 3)),
        of("pointwise", conv(1), x(2, 7, 13), w(5, 7, 1)),
        of("window-in-padding", conv(1).stride(2).padding(0).after(2), x(2, 9, 8), w(9, 9, 2)),
        of("kernel-is-input", conv(1), x(2, 3, 7), w(5, 3, 7)));
  }

  private static List<Case> conv2d() {
    return List.of(
        of("plain", conv(2), x(2, 3, 9, 11), w(5, 3, 3, 3)),
        of("no-bias", conv(2).noBias(), x(2, 3, 9, 11), w(5, 3, 3, 3)),
        of("stride", conv(2).stride(2, 3), x(2, 3, 9, 11), w(5, 3, 3, 3)),
        of("padded", conv(2).padding(1, 2), x(2, 3, 9, 11), w(5, 3, 3, 3)),
        // oneDNN's code for row-major images takes the stride of the one window for all.
        of("one-window-wide", conv(2).stride(1, 3).padding(1, 2), x(2, 1, 7, 1), w(16, 1, 3, 3)),
        of("padded-more-than-kernel", conv(2).padding(4), x(1, 3, 5, 5), w(2, 3, 3, 3)),
        of("asymmetric", conv(2).padding(1, 0).after(0, 2), x(2, 3, 9, 11), w(5, 3, 4, 3)),
        of("dilated", conv(2).dilation(2, 3), x(2, 3, 9, 11), w(5, 3, 3, 3)),
        of(
            "all",
            conv(2).stride(2, 1).padding(2, 1).after(1, 3).dilation(1, 2).groups(2),
            x(2, 6, 9, 11),
            w(8, 3, 3, 2)),
        of("grouped", conv(2).groups(4).padding(1), x(2, 8, 7, 7), w(12, 2, 3, 3)),
        of("depthwise", conv(2).groups(19).padding(1), x(2, 19, 7, 9), w(19, 1, 3, 3)),
        of("depthwise-stride", conv(2).groups(16).stride(2), x(1, 16, 9, 9), w(16, 1, 3, 3)),
        of("depthwise-multiplier", conv(2).groups(5).padding(2), x(1, 5, 8, 8), w(15, 1, 5, 5)),
        of("pointwise", conv(2), x(2, 13, 7, 7), w(17, 13, 1, 1)),
        of("pointwise-stride", conv(2).stride(2), x(2, 16, 7, 8), w(32, 16, 1, 1)),
        of("pointwise-padded", conv(2).padding(1), x(1, 4, 5, 5), w(3, 4, 1, 1)),
        of("one-channel", conv(2).padding(1), x(2, 1, 8, 8), w(1, 1, 3, 3)),
        of("one-pixel", conv(2), x(3, 8, 1, 1), w(16, 8, 1, 1)),
        of("tall-kernel", conv(2).padding(3, 0), x(1, 3, 9, 5), w(4, 3, 7, 1)),
        of("kernel-is-input", conv(2), x(2, 6, 5, 4), w(7, 6, 5, 4)),
        of("no-batch", conv(2).padding(1), x(3, 9, 11), w(5, 3, 3, 3)),
        of("empty-batch", conv(2).padding(1), x(0, 3, 9, 11), w(5, 3, 3, 3)),
        of("empty-input-padded", conv(2).padding(2), x(2, 3, 0, 4), w(5, 3, 3, 3)),
        of("no-input-channels", conv(2), x(2, 0, 5, 5), w(4, 0, 3, 3)),
        // Tiles of 2 x 2 results: some at each edge, in part, alone, of padding alone.
        of("tiles", conv(2).padding(1), x(2, 16, 9, 11), w(32, 16, 3, 3)),
        of("tiles-no-bias", conv(2).noBias(), x(1, 32, 8, 10), w(16, 32, 3, 3)),
        of("tiles-asymmetric", conv(2).padding(0, 2).after(3, 1), x(1, 16, 6, 7), w(16, 16, 3, 3)),
        of("tiles-padded", conv(2).padding(4, 5), x(1, 16, 3, 4), w(48, 16, 3, 3)),
        of("one-tile", conv(2).padding(1), x(3, 16, 1, 2), w(16, 16, 3, 3)),
        of("tiles-many", conv(2).padding(1), x(1, 16, 37, 70), w(64, 16, 3, 3)),
        of("odd-channels", conv(2).padding(1), x(1, 31, 13, 13), w(33, 31, 3, 3)),
        of("first-layer", conv(2).stride(2).padding(3), x(1, 3, 33, 33), w(16, 3, 7, 7)));
  }

  private static List<Case> conv3d() {
    return List.of(
        of("plain", conv(3), x(2, 3, 5, 6, 7), w(4, 3, 3, 3, 3)),
        of(
            "all",
            conv(3).stride(1, 2, 1).padding(1, 0, 2).dilation(2, 1, 1).groups(2),
            x(2, 4, 6, 5, 7),
            w(6, 2, 2, 3, 3)),
        of("depthwise", conv(3).groups(8).padding(1), x(1, 8, 4, 5, 6), w(8, 1, 3, 3, 3)),
        of("no-batch", conv(3).noBias(), x(3, 4, 5, 6), w(4, 3, 1, 2, 3)));
  }

  private static List<Case> transposed() {
    return List.of(
        of("1d", transpose(1).stride(2).outputPadding(1), x(2, 3, 9), w(3, 5, 4)),
        of(
            "1d-no-batch",
            transpose(1).groups(2).dilation(4).stride(3).padding(1).outputPadding(2),
            x(2, 4),
            w(2, 2, 4)),
        of("plain", transpose(2), x(2, 3, 7, 8), w(3, 5, 3, 3)),
        of("no-bias", transpose(2).noBias(), x(2, 3, 7, 8), w(3, 5, 3, 3)),
        of("stride", transpose(2).stride(2, 3), x(2, 3, 5, 6), w(3, 4, 3, 3)),
        of("stride-beyond-kernel", transpose(2).stride(3), x(1, 2, 4, 4), w(2, 3, 2, 2)),
        of("padded", transpose(2).padding(1, 2), x(2, 3, 7, 8), w(3, 5, 3, 4)),
        of("asymmetric", transpose(2).padding(0, 1).after(2, 0), x(1, 3, 6, 6), w(3, 4, 3, 3)),
        of(
            "output-padding",
            transpose(2).stride(2).padding(1).outputPadding(1),
            x(1, 3, 5, 5),
            w(3, 4, 3, 3)),
        of(
            "output-padding-by-dilation",
            transpose(2).stride(3, 2).padding(1, 2).outputPadding(2, 3).groups(2).dilation(4),
            x(2, 2, 4, 4),
            w(2, 2, 4, 5)),
        of(
            "output-padding-beyond-stride",
            transpose(2).dilation(2).outputPadding(1),
            x(2, 3, 5, 5),
            w(3, 4, 3, 3)),
        of("largest-stride", transpose(1).stride(Integer.MAX_VALUE), x(1, 1, 1), w(1, 1, 1)),
        of("no-input-channels", transpose(2), x(1, 0, 5, 5), w(0, 8, 3, 3)),
        of("dilated", transpose(2).dilation(2), x(1, 3, 6, 6), w(3, 4, 3, 2)),
        of("grouped", transpose(2).groups(3).stride(2), x(2, 6, 5, 5), w(6, 4, 3, 3)),
        of(
            "depthwise",
            transpose(2).groups(16).stride(2).padding(1),
            x(1, 16, 6, 6),
            w(16, 1, 4, 4)),
        of("pointwise", transpose(2), x(2, 13, 7, 7), w(13, 17, 1, 1)),
        of("one-channel", transpose(2).stride(2), x(2, 13, 7, 9), w(13, 1, 2, 2)),
        of("one-channel-padded", transpose(2).padding(1), x(2, 8, 7, 9), w(8, 1, 3, 3)),
        of("no-batch", transpose(2).stride(2), x(3, 5, 6), w(3, 4, 2, 2)),
        of("empty-batch", transpose(2).stride(2), x(0, 3, 5, 6), w(3, 4, 2, 2)),
        of(
            "3d",
            transpose(3).stride(2).padding(1).outputPadding(1),
            x(1, 3, 3, 4, 3),
            w(3, 2, 3, 3, 3)),
        of(
            "3d-all",
            transpose(3)
                .stride(3, 2, 1)
                .padding(1, 2, 3)
                .outputPadding(2, 3, 1)
                .groups(2)
                .dilation(4),
            x(2, 4, 4, 4),
            w(2, 2, 4, 5, 6)));
  }

  private static List<Case> fused() {
    Fused.Step add = new Fused.Step.Add();
    Fused.Step relu = new Fused.Step.Activate(UnaryFunction.RELU);
    Fused.Step silu = new Fused.Step.Activate(UnaryFunction.SILU);
    Operand image = x(2, 16, 9, 11);
    return List.of(
        fused("relu", conv(2).padding(1), List.of(relu), image, w(8, 16, 3, 3)),
        fused("no-bias-silu", conv(2).noBias(), List.of(silu), image, w(8, 16, 3, 3)),
        fused(
            "add-relu",
            conv(2).padding(1),
            List.of(add, relu),
            image,
            w(16, 16, 3, 3),
            x(2, 16, 9, 11)),
        fused(
            "pointwise-add-relu",
            conv(2),
            List.of(add, relu),
            image,
            w(24, 16, 1, 1),
            x(2, 24, 9, 11)),
        fused("tiles-relu", conv(2).padding(1), List.of(relu), image, w(32, 16, 3, 3)),
        fused("tiles-silu", conv(2).padding(1), List.of(silu), image, w(32, 16, 3, 3)),
        fused(
            "tiles-add-relu",
            conv(2).padding(1),
            List.of(add, relu),
            image,
            w(32, 16, 3, 3),
            x(2, 32, 9, 11)),
        fused("tiles-add", conv(2), List.of(add), image, w(16, 16, 3, 3), x(2, 16, 7, 9)),
        // oneDNN's brgemm code crashes on these: windows that see no element, and post-ops.
        fused(
            "windows-in-padding",
            conv(2).noBias().stride(2).padding(2, 1).dilation(1, 2),
            List.of(add, silu),
            x(3, 8, 6, 1),
            w(6, 8, 1, 1),
            x(3, 6, 5, 2)),
        fused("relu-add", conv(2), List.of(relu, add), image, w(16, 16, 1, 1), x(2, 16, 9, 11)),
        fused(
            "depthwise-silu", conv(2).groups(16).padding(1), List.of(silu), image, w(16, 1, 3, 3)),
        fused("no-batch-add", conv(2), List.of(add), x(16, 9, 11), w(4, 16, 3, 3), x(4, 7, 9)),
        fused("hardswish", conv(2).padding(1), activate(HARDSWISH), image, w(8, 16, 3, 3)),
        fused("hardsigmoid", conv(2), activate(HARDSIGMOID), image, w(8, 16, 1, 1)),
        fused("leaky-relu", conv(2), activate(LEAKY_RELU, 0.1), image, w(8, 16, 3, 3)),
        fused("elu", conv(2), activate(ELU, 0.7), image, w(8, 16, 3, 3)),
        fused("mish", conv(2), activate(MISH), image, w(8, 16, 3, 3)),
        fused("gelu-sigmoid", conv(2), activate(GELU_SIGMOID), image, w(8, 16, 3, 3)),
        fused("hardtanh", conv(2), activate(HARDTANH, -0.5, 2.5), image, w(8, 16, 3, 3)),
        fused("relu6", conv(2).groups(16), activate(RELU6), image, w(16, 1, 3, 3)),
        fused("softplus", conv(2), activate(SOFTPLUS, 1, 20), image, w(8, 16, 3, 3)),
        fused(
            "add-clamp",
            conv(2),
            List.of(add, new Fused.Step.Activate(new Unary(UnaryFunction.CLAMP, -1, 1.5))),
            image,
            w(16, 16, 1, 1),
            x(2, 16, 9, 11)),
        fused("transposed-relu", transpose(2).stride(2), List.of(relu), image, w(16, 8, 2, 2)),
        fused("transposed-one", transpose(2).stride(2), List.of(relu), image, w(16, 1, 2, 2)),
        fused(
            "transposed-add-relu",
            transpose(2).stride(2),
            List.of(add, relu),
            x(1, 16, 5, 5),
            w(16, 8, 2, 2),
            x(1, 8, 10, 10)),
        fused(
                "3x3-64@56-add-relu",
                conv(2).padding(1),
                List.of(add, relu),
                x(1, 64, 56, 56),
                w(64, 64, 3, 3),
                x(1, 64, 56, 56))
            .bench(2.0 * 64 * 64 * 9 * 56 * 56));
  }

  private static List<Fused.Step> activate(ActivationFunction function, double... numbers) {
    return List.of(new Fused.Step.Activate(function, numbers));
  }

  /** The shapes of ResNet-50, MobileNetV2, ResNeXt, U-Net and DCGAN. */
  private static List<Case> models() {
    return List.of(
        bench("7x7s2-3to64@224", conv(2).stride(2).padding(3), x(1, 3, 224, 224), w(64, 3, 7, 7)),
        bench("1x1-64to256@56", conv(2), x(1, 64, 56, 56), w(256, 64, 1, 1)),
        bench("3x3-64@56", conv(2).padding(1), x(1, 64, 56, 56), w(64, 64, 3, 3)),
        bench("3x3-128@28", conv(2).padding(1), x(1, 128, 28, 28), w(128, 128, 3, 3)),
        bench("3x3-256@14", conv(2).padding(1), x(1, 256, 14, 14), w(256, 256, 3, 3)),
        bench("3x3-512@7", conv(2).padding(1), x(1, 512, 7, 7), w(512, 512, 3, 3)),
        bench("3x3-128@28-b8", conv(2).padding(1), x(8, 128, 28, 28), w(128, 128, 3, 3)),
        bench("1x1-64to256@56-b8", conv(2), x(8, 64, 56, 56), w(256, 64, 1, 1)),
        bench("dw3x3-144@56", conv(2).padding(1).groups(144), x(1, 144, 56, 56), w(144, 1, 3, 3)),
        bench("dw3x3-960@7", conv(2).padding(1).groups(960), x(1, 960, 7, 7), w(960, 1, 3, 3)),
        bench(
            "grouped3x3-128g4@28",
            conv(2).padding(1).groups(4),
            x(1, 128, 28, 28),
            w(128, 32, 3, 3)),
        bench(
            "dilated3x3-64d2@28",
            conv(2).padding(2).dilation(2),
            x(1, 64, 28, 28),
            w(64, 64, 3, 3)),
        bench("2x2s2-256to128@28", transpose(2).stride(2), x(1, 256, 28, 28), w(256, 128, 2, 2)),
        bench(
            "4x4s2p1-64@32", transpose(2).stride(2).padding(1), x(1, 64, 32, 32), w(64, 64, 4, 4)));
  }

  private static Operand x(long... shape) {
    return Operand.of(shape);
  }

  private static Operand w(long... shape) {
    return Operand.of(shape).asConstant();
  }

  private static Arguments conv(int spatialRank) {
    return Arguments.of(spatialRank, false);
  }

  private static Arguments transpose(int spatialRank) {
    return Arguments.of(spatialRank, true);
  }

  private static Case of(String name, Arguments arguments, Operand x, Operand weights) {
    Convolution op = arguments.op();
    return Case.of(
        op.name() + "/" + name,
        op,
        tolerance(op, weights),
        arguments.operands(x, weights).toArray(Operand[]::new));
  }

  /**
   * Winograd's filtering, where it is asked for, multiplies elements of a window with weights that
   * are not theirs too, and takes those products away again: what they are rounded by stays. Where
   * many elements are 0, that of few products alone is less: 2.13 of the tolerance of a plain sum
   * was seen.
   */
  private static Tolerance tolerance(Convolution op, Operand weights) {
    Shape shape = weights.shape();
    boolean filtered =
        System.getProperty("gatun.winograd") != null
            && op instanceof Conv
            && op.groups() == 1
            && shape.rank() == 4
            && shape.dim(0) % 16 == 0
            && shape.dim(1) % 16 == 0
            && shape.dim(2) == 3
            && shape.dim(3) == 3
            && op.stride().equals(Ints.repeat(1, 2))
            && op.dilation().equals(Ints.repeat(1, 2));
    return filtered ? new Tolerance.Sum(4) : Tolerance.sum();
  }

  private static Case bench(String name, Arguments arguments, Operand x, Operand weights) {
    double elements = arguments.transposed() ? x.shape().size() : positions(arguments, x, weights);
    double perElement =
        arguments.transposed()
            ? (double) weights.shape().size() / weights.shape().dim(0)
            : (double) weights.shape().size();
    return of(name, arguments, x, weights).bench(2 * elements * perElement);
  }

  /** Returns the number of times that the whole of the weights is applied. */
  private static double positions(Arguments arguments, Operand x, Operand weights) {
    Convolution op = arguments.op();
    double positions = x.shape().dim(0);
    for (int i = 0; i < op.spatialRank(); i++) {
      long padded = x.shape().dim(2 + i) + op.paddingBefore().get(i) + op.paddingAfter().get(i);
      long reach = (weights.shape().dim(2 + i) - 1) * op.dilation().get(i) + 1;
      positions *= (padded - reach) / op.stride().get(i) + 1;
    }
    return positions;
  }

  private static Case fused(
      String name,
      Arguments arguments,
      List<Fused.Step> steps,
      Operand x,
      Operand weights,
      Operand... added) {
    Operand[] operands =
        Stream.concat(arguments.operands(x, weights).stream(), Stream.of(added))
            .toArray(Operand[]::new);
    Fused op = new Fused(arguments.op(), steps);
    Tolerance tolerance = tolerance(arguments.op(), weights);
    return Case.of("fused/" + op.base().name() + "-" + name, op, tolerance, operands);
  }

  /** The arguments of a convolution; each one given is for all dimensions, or one for each. */
  private record Arguments(
      int spatialRank,
      boolean transposed,
      Ints stride,
      Ints before,
      Ints after,
      Ints dilation,
      Ints outputPadding,
      int groups,
      boolean bias) {
    static Arguments of(int rank, boolean transposed) {
      Ints zero = Ints.repeat(0, rank);
      Ints one = Ints.repeat(1, rank);
      return new Arguments(rank, transposed, one, zero, zero, one, zero, 1, true);
    }

    Arguments stride(int... values) {
      return new Arguments(
          spatialRank,
          transposed,
          all(values),
          before,
          after,
          dilation,
          outputPadding,
          groups,
          bias);
    }

    Arguments padding(int... values) {
      return new Arguments(
          spatialRank,
          transposed,
          stride,
          all(values),
          all(values),
          dilation,
          outputPadding,
          groups,
          bias);
    }

    Arguments after(int... values) {
      return new Arguments(
          spatialRank,
          transposed,
          stride,
          before,
          all(values),
          dilation,
          outputPadding,
          groups,
          bias);
    }

    Arguments dilation(int... values) {
      return new Arguments(
          spatialRank, transposed, stride, before, after, all(values), outputPadding, groups, bias);
    }

    Arguments outputPadding(int... values) {
      return new Arguments(
          spatialRank, transposed, stride, before, after, dilation, all(values), groups, bias);
    }

    Arguments groups(int count) {
      return new Arguments(
          spatialRank, transposed, stride, before, after, dilation, outputPadding, count, bias);
    }

    Arguments noBias() {
      return new Arguments(
          spatialRank, transposed, stride, before, after, dilation, outputPadding, groups, false);
    }

    private Ints all(int... values) {
      return values.length == 1 ? Ints.repeat(values[0], spatialRank) : Ints.of(values);
    }

    Convolution op() {
      return transposed
          ? new ConvTranspose(stride, before, after, outputPadding, dilation, groups, bias)
          : new Conv(stride, before, after, dilation, groups, bias);
    }

    List<Operand> operands(Operand x, Operand weights) {
      long out = transposed ? weights.shape().dim(1) * groups : weights.shape().dim(0);
      return bias ? List.of(x, weights, w(out)) : List.of(x, weights);
    }
  }
}
