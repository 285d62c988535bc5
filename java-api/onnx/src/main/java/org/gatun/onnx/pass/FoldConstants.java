package org.gatun.onnx.pass;

import java.util.List;
import java.util.Set;
import org.gatun.Scope;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.TensorData;
import org.gatun.onnx.operator.Call;
import org.gatun.onnx.operator.Constants;
import org.gatun.onnx.operator.Operator;
import org.gatun.onnx.operator.OperatorTable;
import org.jspecify.annotations.Nullable;

/**
 * Computes what depends on constants alone, by the operators that would compute it in a run.
 *
 * <p>Results of more than a megabyte are left to the run, as are those whose size is not known
 * before: a transposed weight is a view there, and a zero tensor of any size costs a file nothing.
 * Tensors of one number are made up to the size of a convolution's weights: models without their
 * weights have such in their place, and other passes are to know them.
 */
final class FoldConstants extends Rewrite {
  private static final long MOST_BYTES = 1 << 20;

  /** As much as the weights of a large convolution take. */
  private static final long MOST_FILLED_BYTES = 1 << 26;

  /** These give other numbers each time, or are patterns that other passes look for. */
  private static final Set<String> LEFT_ALONE =
      Set.of(
          "RandomNormal",
          "RandomUniform",
          "RandomNormalLike",
          "RandomUniformLike",
          "Bernoulli",
          "Multinomial",
          "Dropout",
          "QuantizeLinear",
          "DequantizeLinear");

  FoldConstants() {
    super("fold-constants", "computes what depends on constants alone");
  }

  @Override
  void rewrite(GraphEdit graph) {
    graph.forEach(
        node -> {
          TensorData data = constant(graph, node);
          if (data != null) {
            graph.replaceByConstant(node, data);
          }
        });
  }

  private static @Nullable TensorData constant(GraphEdit graph, Node node) {
    TensorData given = ConstantData.of(node);
    if (given != null) {
      return given;
    }
    if (node.inputs().isEmpty()
        || node.outputs().size() != 1
        || LEFT_ALONE.contains(node.operator())
        || !isSmall(graph, node)
        || node.attributes().values().stream().anyMatch(FoldConstants::isGraph)) {
      return null;
    }
    @Nullable TensorData[] inputs = new TensorData[node.inputs().size()];
    for (int i = 0; i < inputs.length; i++) {
      String input = node.inputs().get(i);
      inputs[i] = graph.constant(input);
      if (!input.isEmpty() && (inputs[i] == null || !inputs[i].type().isNative())) {
        return null;
      }
    }
    // Looked up last: the table writes its lines when names are asked for.
    Operator operator = OperatorTable.get().find(node.domain(), node.operator(), graph.opset(node));
    return operator == null ? null : compute(operator, node, graph.opset(node), inputs);
  }

  private static boolean isGraph(Attribute attribute) {
    return attribute instanceof Attribute.OfGraph || attribute instanceof Attribute.OfGraphs;
  }

  private static boolean isSmall(GraphEdit graph, Node node) {
    List<Dimension> shape = graph.shapes().of(node.outputs().getFirst());
    if (shape == null) {
      return false;
    }
    long most = GraphEdit.is(node, "ConstantOfShape") ? MOST_FILLED_BYTES : MOST_BYTES;
    long elements = 1;
    for (Dimension dim : shape) {
      long size = Dims.size(dim);
      if (size < 0 || (size > 0 && elements > most / size)) {
        return false;
      }
      elements *= size;
    }
    return elements * 8 <= most;
  }

  /** Returns the result, or null where the operator fails: the run will say so. */
  private static @Nullable TensorData compute(
      Operator operator, Node node, long opset, @Nullable TensorData[] inputs) {
    try (Scope _ = Scope.open()) {
      @Nullable Value[] values = new Value[inputs.length];
      for (int i = 0; i < values.length; i++) {
        TensorData input = inputs[i];
        values[i] = input == null ? null : Constants.value(input);
      }
      Call call =
          new Call(
              node,
              opset,
              values,
              (attribute, _) -> {
                throw new OnnxException(node.label() + ": no graph " + attribute);
              });
      List<? extends @Nullable Value> results = operator.function().run(call);
      return results.getFirst() instanceof Value.Dense dense && dense.type().isNative()
          ? ConstantData.of(node.outputs().getFirst(), dense)
          : null;
    } catch (OnnxException
        | IllegalArgumentException
        | IndexOutOfBoundsException
        | UnsupportedOperationException
        | ArithmeticException _) {
      return null;
    }
  }
}
