package org.gatun.onnx.pass;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.TensorData;
import org.jspecify.annotations.Nullable;

/**
 * Puts a BatchNormalization, and products, quotients and sums with a number for each channel, into
 * the weights and the bias of the Conv, ConvTranspose or Gemm before it, and those behind a
 * BatchNormalization that stands alone into that. The new weights are computed in double precision
 * and rounded once.
 *
 * <p>Where the convolution overflows and the factor would bring its result back into range, or the
 * other way round, the result differs from the one in two steps.
 */
final class FoldBatchNorm extends Rewrite {
  FoldBatchNorm() {
    super("fold-batch-norm", "puts batch normalization into the weights of the node before it");
  }

  /** What is done with each channel: {@code y = factor x + term}. */
  private record Affine(double[] factor, double[] term) {}

  @Override
  void rewrite(GraphEdit graph) {
    graph.forEach(
        node -> {
          if (!GraphEdit.is(node, "BatchNormalization", "Mul", "Div", "Add", "Sub")) {
            return;
          }
          for (String input : node.inputs()) {
            Node layer = graph.soleProducer(input, "Conv", "ConvTranspose", "Gemm");
            if (layer != null && fold(graph, node, input, layer)) {
              return;
            }
            Node norm = graph.soleProducer(input, "BatchNormalization");
            if (norm != null && join(graph, node, input, norm)) {
              return;
            }
          }
        });
  }

  /** Puts what follows a BatchNormalization that stands alone into its scale and bias. */
  private static boolean join(GraphEdit graph, Node node, String input, Node norm) {
    TensorData scale = graph.constant(norm.inputs().get(1));
    int spatial = graph.shapes().rank(input) - 2;
    if (scale == null || scale.shape().size() != 1 || spatial < 0) {
      return false;
    }
    int channels = Math.toIntExact(scale.size());
    // What it does on its own must be as simple: constant, and not training.
    Affine before = batchNorm(graph, norm, norm.inputs().getFirst(), channels);
    Affine after =
        GraphEdit.is(node, "BatchNormalization")
            ? batchNorm(graph, node, input, channels)
            : arithmetic(graph, node, input, channels, spatial);
    TensorData bias = graph.constant(norm.inputs().get(2));
    if (before == null || after == null || bias == null || bias.type() != scale.type()) {
      return false;
    }
    double[] scales = ConstantData.numbers(scale);
    double[] biases = ConstantData.numbers(bias);
    for (int c = 0; c < channels; c++) {
      scales[c] *= after.factor()[c];
      biases[c] = biases[c] * after.factor()[c] + after.term()[c];
    }
    List<String> inputs = new ArrayList<>(norm.inputs());
    inputs.set(1, constant(graph, scale, scales));
    inputs.set(2, constant(graph, bias, biases));
    graph.replace(node, norm.withInputs(inputs).withOutputs(node.outputs()));
    return true;
  }

  private static String constant(GraphEdit graph, TensorData like, double[] values) {
    String name = graph.fresh(like.name());
    return graph.addConstant(ConstantData.numbers(name, like.type(), like.shape(), values));
  }

  private static boolean fold(GraphEdit graph, Node node, String input, Node layer) {
    Weights weights = Weights.of(graph, layer);
    Affine affine = weights == null ? null : affine(graph, node, input, weights.channels(), layer);
    if (weights == null || affine == null) {
      return false;
    }
    fold(graph, node, layer, weights, affine);
    return true;
  }

  private static @Nullable Affine affine(
      GraphEdit graph, Node node, String input, int channels, Node layer) {
    if (GraphEdit.is(node, "BatchNormalization")) {
      return batchNorm(graph, node, input, channels);
    }
    return arithmetic(graph, node, input, channels, spatial(graph, layer));
  }

  private static @Nullable Affine arithmetic(
      GraphEdit graph, Node node, String input, int channels, int spatial) {
    String other = GraphEdit.other(node, input);
    boolean isSecond = other != null && other.equals(node.inputs().getFirst());
    if (other == null || (isSecond && GraphEdit.is(node, "Div", "Sub"))) {
      return null;
    }
    double[] numbers = perChannel(graph, other, channels, spatial);
    if (numbers == null) {
      return null;
    }
    double[] ones = new double[channels];
    Arrays.fill(ones, 1);
    return switch (node.operator()) {
      case "Mul" -> new Affine(numbers, new double[channels]);
      case "Div" -> new Affine(map(numbers, n -> 1 / n), new double[channels]);
      case "Add" -> new Affine(ones, numbers);
      default -> new Affine(ones, map(numbers, n -> -n));
    };
  }

  private static double[] map(double[] numbers, DoubleUnaryOperator function) {
    return Arrays.stream(numbers).map(function).toArray();
  }

  private static int spatial(GraphEdit graph, Node layer) {
    TensorData weights = graph.constant(layer.inputs().get(1));
    return weights == null ? -1 : weights.shape().size() - 2;
  }

  private static double @Nullable [] perChannel(
      GraphEdit graph, String value, int channels, int spatial) {
    TensorData data = graph.constant(value);
    if (data == null || !data.type().isFloat() || data.shape().size() > spatial + 2) {
      return null;
    }
    if (data.size() == 1) {
      double[] all = new double[channels];
      Arrays.fill(all, ConstantData.numbers(data)[0]);
      return all;
    }
    boolean fits = data.size() == channels && FuseGroupNorm.isPerChannel(data, spatial);
    return fits ? ConstantData.numbers(data) : null;
  }

  private static @Nullable Affine batchNorm(
      GraphEdit graph, Node node, String input, int channels) {
    boolean trains =
        Attributes.integer(node, "training_mode", 0) != 0
            || node.outputs().stream().filter(name -> !name.isEmpty()).count() > 1;
    boolean perElement = Attributes.integer(node, "spatial", 1) == 0;
    if (trains
        || perElement
        || node.inputs().size() != 5
        || !input.equals(node.inputs().getFirst())) {
      return null;
    }
    double[][] numbers = new double[4][];
    for (int i = 0; i < 4; i++) {
      TensorData data = graph.constant(node.inputs().get(i + 1));
      if (data == null || data.size() != channels || !data.type().isFloat()) {
        return null;
      }
      numbers[i] = ConstantData.numbers(data);
    }
    double epsilon = Attributes.number(node, "epsilon", 1e-5f);
    double[] factor = new double[channels];
    double[] term = new double[channels];
    for (int c = 0; c < channels; c++) {
      factor[c] = numbers[0][c] / Math.sqrt(numbers[3][c] + epsilon);
      term[c] = numbers[1][c] - numbers[2][c] * factor[c];
    }
    return new Affine(factor, term);
  }

  /**
   * The weights of a layer: {@code outer} blocks of {@code channels} rows of {@code inner} numbers.
   *
   * @param data the weights
   * @param bias the bias, or null where there is none
   * @param channels of the result
   * @param outer blocks, in each group of channels
   * @param groups of channels
   * @param inner numbers in a row
   */
  private record Weights(
      TensorData data, @Nullable TensorData bias, int channels, int outer, int groups, int inner) {
    static @Nullable Weights of(GraphEdit graph, Node layer) {
      TensorData data = graph.constant(layer.inputs().get(1));
      String biasName = layer.inputs().size() > 2 ? layer.inputs().get(2) : "";
      TensorData bias = biasName.isEmpty() ? null : graph.constant(biasName);
      if (data == null
          || !data.type().isFloat()
          || (!biasName.isEmpty() && bias == null)
          || data.size() == 0
          || data.shape().size() < 2) {
        return null;
      }
      int first = Math.toIntExact(data.shape().getFirst());
      int second = Math.toIntExact(data.shape().get(1));
      int rest = Math.toIntExact(data.size() / first / second);
      int groups = Math.toIntExact(Attributes.integer(layer, "group", 1));
      return switch (layer.operator()) {
        case "Conv" -> new Weights(data, bias, first, 1, 1, second * rest).checked();
        case "ConvTranspose" ->
            groups < 1 || first % groups != 0
                ? null
                : new Weights(data, bias, second * groups, first / groups, groups, rest).checked();
        default -> {
          boolean plain =
              Attributes.number(layer, "alpha", 1) == 1 && Attributes.number(layer, "beta", 1) == 1;
          boolean rows = Attributes.integer(layer, "transB", 0) != 0;
          yield !plain
              ? null
              : (rows
                      ? new Weights(data, bias, first, 1, 1, second)
                      : new Weights(data, bias, second, first, 1, 1))
                  .checked();
        }
      };
    }

    private @Nullable Weights checked() {
      boolean fits =
          bias == null
              || (bias.shape().size() == 1
                  && bias.size() == channels
                  && bias.type() == data.type());
      return fits ? this : null;
    }

    /** The weights lie as (groups, outer, channels of a group, inner). */
    TensorData scaled(String name, double[] factor) {
      int each = channels / groups;
      return ConstantData.scaled(
          name, data, row -> factor[row / each / outer * each + row % each], inner);
    }
  }

  private static void fold(GraphEdit graph, Node node, Node layer, Weights weights, Affine affine) {
    ElementType type = weights.data().type();
    String output = node.outputs().getFirst();
    TensorData before = weights.bias();
    double[] bias = before == null ? new double[weights.channels()] : ConstantData.numbers(before);
    for (int c = 0; c < bias.length; c++) {
      bias[c] = bias[c] * affine.factor()[c] + affine.term()[c];
    }
    List<String> inputs = new ArrayList<>(layer.inputs().subList(0, 2));
    if (Arrays.stream(affine.factor()).anyMatch(factor -> factor != 1)) {
      String name = graph.fresh(weights.data().name());
      inputs.set(1, graph.addConstant(weights.scaled(name, affine.factor())));
    }
    inputs.add(
        graph.addConstant(
            ConstantData.numbers(
                graph.fresh(output + "_bias"), type, List.of((long) bias.length), bias)));
    graph.replace(node, layer.withInputs(inputs).withOutputs(List.of(output)));
  }
}
