package org.gatun.testkit.onnx;

import java.util.Set;
import java.util.stream.DoubleStream;
import org.gatun.onnx.OnnxModel;
import org.gatun.onnx.model.Node;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of outputs that depend on random numbers, which every library draws otherwise:
 * besides their types and shapes, whether their elements are some that can be drawn.
 */
final class RandomOutputs {
  /** Why such outputs are not compared element by element. */
  static final String REASON = "draws random numbers: types, shapes and what can be drawn checked";

  private static final Set<String> OPERATORS =
      Set.of(
          "Bernoulli",
          "Multinomial",
          "RandomNormal",
          "RandomNormalLike",
          "RandomUniform",
          "RandomUniformLike");

  private RandomOutputs() {}

  /** Returns whether a model draws random numbers. */
  static boolean drawnBy(OnnxModel model) {
    return model.definition().graph().nodes().stream()
        .anyMatch(node -> OPERATORS.contains(node.operator()) || isTraining(node));
  }

  /** Dropout drops elements only where an input says that the model is trained. */
  private static boolean isTraining(Node node) {
    return node.operator().equals("Dropout") && node.inputs().size() > 2;
  }

  /** Returns what is wrong with the elements of an output, or null where they can be drawn. */
  static @Nullable String problem(OnnxModel model, double[] expected, double[] actual) {
    boolean bits = DoubleStream.of(expected).allMatch(x -> x == 0 || x == 1);
    boolean dropped =
        model.definition().graph().nodes().stream().anyMatch(RandomOutputs::isTraining);
    for (int i = 0; i < expected.length; i++) {
      double x = actual[i];
      boolean drawn =
          bits
              ? x == 0 || x == 1
              : dropped
                  ? x == 0 || expected[i] == 0 || OnnxConformance.close(expected[i], x)
                  : Double.isFinite(x);
      if (!drawn) {
        return "element " + i + " is " + x + ", which cannot be drawn";
      }
    }
    return null;
  }
}
