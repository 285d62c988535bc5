package org.gatun.benchmarks.peers;

import static org.gatun.benchmarks.peers.PeerCase.product;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.gatun.benchmarks.peers.PeerCase.Operand;
import org.gatun.op.Activation;
import org.gatun.op.ActivationFunction;
import org.gatun.op.AveragePool;
import org.gatun.op.BatchNorm;
import org.gatun.op.Binary;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Concat;
import org.gatun.op.Conv;
import org.gatun.op.ConvTranspose;
import org.gatun.op.Embedding;
import org.gatun.op.GlobalAveragePool;
import org.gatun.op.GroupNorm;
import org.gatun.op.InstanceNorm;
import org.gatun.op.Ints;
import org.gatun.op.LayerNorm;
import org.gatun.op.Linear;
import org.gatun.op.Longs;
import org.gatun.op.MatMul;
import org.gatun.op.MaxPool;
import org.gatun.op.Op;
import org.gatun.op.Permute;
import org.gatun.op.Reduce;
import org.gatun.op.ReduceFunction;
import org.gatun.op.RmsNorm;
import org.gatun.op.Softmax;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;
import org.gatun.op.Variance;

/** The operators that are compared, at sizes as models have them. */
final class PeerCases {
  private static final int SMALL = 16 << 10;
  private static final int LARGE = 1 << 20;
  private static final double EPS = 1e-5;

  private final List<PeerCase> cases = new ArrayList<>();

  private PeerCases() {}

  /** Returns all cases. */
  static List<PeerCase> all() {
    PeerCases made = new PeerCases();
    made.convolutions();
    made.transposed();
    made.products();
    made.normalizations();
    made.pools();
    made.activations();
    made.reductions();
    made.binaries();
    made.moves();
    return List.copyOf(made.cases);
  }

  private void add(String name, double flops, Op op, Operand... operands) {
    cases.add(new PeerCase(name, op, List.of(operands), flops));
  }

  /** An image of n x channels x size x size, and a convolution of it. */
  private record Image(int batch, int channels, int size) {}

  private void convolutions() {
    Image first = new Image(1, 3, 224);
    convolution("7x7s2-3to64@224", first, 64, 7, 2, 3, 1, 1);
    convolution("1x1-64to256@56", new Image(1, 64, 56), 256, 1, 1, 0, 1, 1);
    convolution("3x3-64@56", new Image(1, 64, 56), 64, 3, 1, 1, 1, 1);
    convolution("3x3-128@28", new Image(1, 128, 28), 128, 3, 1, 1, 1, 1);
    convolution("3x3-256@14", new Image(1, 256, 14), 256, 3, 1, 1, 1, 1);
    convolution("3x3-512@7", new Image(1, 512, 7), 512, 3, 1, 1, 1, 1);
    convolution("3x3-128@28-b8", new Image(8, 128, 28), 128, 3, 1, 1, 1, 1);
    convolution("1x1-64to256@56-b8", new Image(8, 64, 56), 256, 1, 1, 0, 1, 1);
    convolution("dw3x3-144@56", new Image(1, 144, 56), 144, 3, 1, 1, 1, 144);
    convolution("dw3x3-960@7", new Image(1, 960, 7), 960, 3, 1, 1, 1, 960);
    convolution("grouped3x3-128g4@28", new Image(1, 128, 28), 128, 3, 1, 1, 1, 4);
    convolution("dilated3x3-64d2@28", new Image(1, 64, 28), 64, 3, 1, 2, 2, 1);
  }

  private void convolution(
      String name, Image x, int out, int kernel, int stride, int pad, int dilation, int groups) {
    long size = (x.size + 2L * pad - (long) dilation * (kernel - 1) - 1) / stride + 1;
    Conv op =
        new Conv(
            Ints.repeat(stride, 2),
            Ints.repeat(pad, 2),
            Ints.repeat(pad, 2),
            Ints.repeat(dilation, 2),
            groups,
            true);
    add(
        "conv/" + name,
        2.0 * product(x.batch, out, size, size, x.channels / groups, kernel, kernel),
        op,
        Operand.of(x.batch, x.channels, x.size, x.size),
        Operand.of(out, x.channels / groups, kernel, kernel).asConstant(),
        Operand.of(out).asConstant());
  }

  private void transposed() {
    transposed("2x2s2-256to128@28", new Image(1, 256, 28), 128, 2, 2, 0);
    transposed("4x4s2p1-64@32", new Image(1, 64, 32), 64, 4, 2, 1);
  }

  private void transposed(String name, Image x, int out, int kernel, int stride, int pad) {
    ConvTranspose op =
        new ConvTranspose(
            Ints.repeat(stride, 2),
            Ints.repeat(pad, 2),
            Ints.repeat(pad, 2),
            Ints.repeat(0, 2),
            Ints.repeat(1, 2),
            1,
            true);
    add(
        "convT/" + name,
        2.0 * product(x.batch, x.channels, x.size, x.size, out, kernel, kernel),
        op,
        Operand.of(x.batch, x.channels, x.size, x.size),
        Operand.of(x.channels, out, kernel, kernel).asConstant(),
        Operand.of(out).asConstant());
  }

  private void products() {
    linear(128, 384, 1536);
    linear(1, 1024, 1024);
    linear(8, 4096, 4096);
    for (int n : new int[] {512, 2048}) {
      add("matmul/" + n, 2.0 * n * n * n, new MatMul(), Operand.of(n, n), Operand.of(n, n));
    }
    batched(12, 128, 32, 128);
    batched(12, 128, 128, 32);
  }

  private void linear(int rows, int in, int out) {
    add(
        "linear/%dx%dto%d".formatted(rows, in, out),
        2.0 * rows * in * out,
        new Linear(true),
        Operand.of(rows, in),
        Operand.of(out, in).asConstant(),
        Operand.of(out).asConstant());
  }

  private void batched(int batch, int m, int k, int n) {
    add(
        "matmul/%dx%dx%dx%d".formatted(batch, m, k, n),
        2.0 * batch * m * k * n,
        new MatMul(),
        Operand.of(batch, m, k),
        Operand.of(batch, k, n));
  }

  private void normalizations() {
    Operand weight = Operand.of(64).asConstant();
    Operand image = Operand.of(32, 64, 56, 56);
    add(
        "norm/batchnorm-eval-32x64x56x56",
        0,
        new BatchNorm(false, true, true, true, 0.1, EPS),
        image,
        weight,
        weight.positive(),
        weight,
        weight);
    add(
        "norm/batchnorm-train-32x64x56x56",
        0,
        new BatchNorm(true, true, true, true, 0.1, EPS),
        image,
        weight,
        weight.positive(),
        weight,
        weight);
    Operand rows = Operand.of(128, 768);
    Operand row = Operand.of(768).asConstant();
    add("norm/layernorm-128x768", 0, new LayerNorm(Longs.of(768), true, true, EPS), rows, row, row);
    Operand channels = Operand.of(256).asConstant();
    add(
        "norm/groupnorm32-8x256x28x28",
        0,
        new GroupNorm(32, true, true, EPS),
        Operand.of(8, 256, 28, 28),
        channels,
        channels);
    add(
        "norm/instancenorm-8x64x56x56",
        0,
        new InstanceNorm(false, true, true, 0.1, EPS),
        Operand.of(8, 64, 56, 56),
        weight,
        weight);
    add(
        "norm/rmsnorm-128x768",
        0,
        new RmsNorm(Longs.of(768), true, OptionalDouble.of(EPS)),
        rows,
        row);
  }

  private void pools() {
    for (int batch : new int[] {1, 32}) {
      Operand image = Operand.of(batch, 64, 112, 112);
      String shape = "-%dx64x112x112".formatted(batch);
      Ints three = Ints.repeat(3, 2);
      Ints two = Ints.repeat(2, 2);
      Ints one = Ints.repeat(1, 2);
      add("pool/max3x3s2" + shape, 0, new MaxPool(three, two, one, one, false, false), image);
      add("pool/avg3x3s2" + shape, 0, new AveragePool(three, two, one, false, true, 0), image);
      add("pool/global" + shape, 0, new GlobalAveragePool(), image);
    }
  }

  private void activations() {
    Map<String, Op> functions = new LinkedHashMap<>();
    functions.put("relu", new Unary(UnaryFunction.RELU));
    functions.put("sigmoid", new Unary(UnaryFunction.SIGMOID));
    functions.put("tanh", new Unary(UnaryFunction.TANH));
    functions.put("gelu", new Unary(UnaryFunction.GELU));
    functions.put("gelu_tanh", new Unary(UnaryFunction.GELU_TANH));
    functions.put("silu", new Unary(UnaryFunction.SILU));
    functions.put("hardswish", new Activation(ActivationFunction.HARDSWISH));
    functions.put("mish", new Activation(ActivationFunction.MISH));
    functions.put("elu", new Activation(ActivationFunction.ELU, 1));
    functions.put("selu", new Activation(ActivationFunction.SELU));
    functions.put("leaky_relu", new Activation(ActivationFunction.LEAKY_RELU, 0.01));
    functions.put("prelu", new Activation(ActivationFunction.PRELU));
    for (int size : new int[] {SMALL, LARGE}) {
      functions.forEach(
          (name, op) -> {
            List<Operand> operands = new ArrayList<>(List.of(Operand.of(1, 64, size / 64)));
            if (name.equals("prelu")) {
              operands.add(Operand.of(64, 1).asConstant());
            }
            add("act/" + name + named(size), 0, op, operands.toArray(Operand[]::new));
          });
    }
    add("act/softmax-128x1000", 0, new Softmax(-1), Operand.of(128, 1000));
    add("act/softmax-1536x128", 0, new Softmax(-1), Operand.of(1536, 128));
  }

  private static String named(int size) {
    return size >= LARGE ? "-%dM".formatted(size >> 20) : "-%dK".formatted(size >> 10);
  }

  private void reductions() {
    Map<String, Ints> axes = new LinkedHashMap<>();
    axes.put("last", Ints.of(1));
    axes.put("first", Ints.of(0));
    axes.put("all", Ints.of(0, 1));
    Operand input = Operand.of(1024, 1024);
    for (ReduceFunction function :
        List.of(ReduceFunction.SUM, ReduceFunction.MEAN, ReduceFunction.MAX)) {
      axes.forEach(
          (name, over) ->
              add(
                  "reduce/%s-%s-1024x1024".formatted(named(function), name),
                  0,
                  new Reduce(function, over, false),
                  input));
    }
    axes.forEach(
        (name, over) ->
            add(
                "reduce/var-%s-1024x1024".formatted(name),
                0,
                new Variance(over, 1, false, false, false),
                input));
  }

  private static String named(ReduceFunction function) {
    return function == ReduceFunction.MAX ? "max" : function.spelling();
  }

  private void binaries() {
    add(
        "binary/add-64x256x56x56+256x1x1",
        0,
        new Binary(BinaryFunction.ADD),
        Operand.of(64, 256, 56, 56),
        Operand.of(256, 1, 1));
    for (int size : new int[] {LARGE, SMALL}) {
      Operand operand = Operand.of(size);
      if (size == LARGE) {
        add("binary/add" + named(size), 0, new Binary(BinaryFunction.ADD), operand, operand);
      }
      add("binary/mul" + named(size), 0, new Binary(BinaryFunction.MUL), operand, operand);
    }
  }

  private void moves() {
    add(
        "move/nchw2nhwc-8x64x56x56",
        0,
        new Permute(Ints.of(0, 2, 3, 1)),
        Operand.of(8, 64, 56, 56));
    add("move/transpose-1024x1024", 0, new Permute(Ints.of(1, 0)), Operand.of(1024, 1024));
    add("move/heads-128x12x32", 0, new Permute(Ints.of(1, 0, 2)), Operand.of(128, 12, 32));
    Operand[] parts = new Operand[4];
    Arrays.fill(parts, Operand.of(1, 64, 56, 56));
    add("move/concat-c-4x(1x64x56x56)", 0, new Concat(1), parts);
    Operand half = Operand.of(1024, 512);
    add("move/concat-last-2x(1024x512)", 0, new Concat(1), half, half);
    add(
        "move/embed-30522x384-ids128",
        0,
        new Embedding(),
        Operand.of(30522, 384).asConstant(),
        Operand.of(128).indices(30522));
  }
}
