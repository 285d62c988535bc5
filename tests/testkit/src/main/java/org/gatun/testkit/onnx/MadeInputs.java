package org.gatun.testkit.onnx;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.onnx.OnnxModel;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.model.ValueType;

/**
 * Inputs for the models that ONNX's tests have outputs of but no inputs for: element i of n is
 * {@code i / n}, and a dimension that is not told is 1.
 *
 * <p>Source: <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/backend/test/runner/__init__.py">ONNX, the test
 * runner's generate_dummy_data</a>.
 */
final class MadeInputs {
  private MadeInputs() {}

  /**
   * Returns a value for each input of the model.
   *
   * @throws IllegalArgumentException if an input is no tensor of floats
   */
  static Map<String, Value> of(OnnxModel model) {
    Map<String, Value> inputs = new LinkedHashMap<>();
    for (ValueInfo input : model.inputs()) {
      if (!(input.type() instanceof ValueType.OfTensor(ElementType element, List<Dimension> shape))
          || element != ElementType.FLOAT
          || shape == null) {
        throw new IllegalArgumentException(
            "input " + input.name() + " is " + input.type() + ", expected a tensor of float");
      }
      inputs.put(input.name(), Value.of(steps(dims(shape))));
    }
    return inputs;
  }

  private static long[] dims(List<Dimension> shape) {
    return shape.stream()
        .mapToLong(dimension -> dimension instanceof Dimension.Known(long size) ? size : 1)
        .toArray();
  }

  private static Tensor steps(long[] dims) {
    float[] values = new float[Math.toIntExact(Shape.of(dims).size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (i / (double) values.length);
    }
    return Tensor.of(values, dims);
  }
}
