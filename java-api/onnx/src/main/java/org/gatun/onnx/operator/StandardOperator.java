package org.gatun.onnx.operator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.gatun.Tensor;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Node;

/** Operators of ONNX's own domain, for those of other domains that are defined by them. */
final class StandardOperator {
  private StandardOperator() {}

  /**
   * Returns the first output of an operator of ONNX on tensors.
   *
   * @param call of the node that is computed so, whose name stands in messages
   * @param version of ONNX's operators
   * @throws org.gatun.onnx.OnnxException if the operator gives no tensor
   */
  static Tensor run(
      Call call,
      String operator,
      long version,
      List<Tensor> inputs,
      Map<String, Attribute> attributes) {
    Value[] values = inputs.stream().map(Value::of).toArray(Value[]::new);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      names.add("input" + i);
    }
    Node node =
        new Node(call.node().name(), "", operator, "", names, List.of("output"), attributes);
    Call.Bodies none =
        (name, _) -> {
          throw call.failure("attribute " + name + ", expected no graph");
        };
    Value result =
        OperatorTable.get()
            .find(node, version)
            .function()
            .run(new Call(node, version, values, none))
            .getFirst();
    if (result instanceof Value.Dense dense) {
      return dense.tensor();
    }
    throw call.failure(operator + " gave no tensor");
  }
}
