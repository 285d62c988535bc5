package org.gatun.safety.models;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.gatun.Scope;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.OnnxModel;
import org.gatun.onnx.OnnxSession;
import org.gatun.onnx.Value;
import org.junit.jupiter.api.Test;

/** What mutants are made of is sound: of models that are refused anyway they would tell little. */
class SmallModelsTest {
  @Test
  void allRun() {
    List<String> refused = new ArrayList<>();
    SmallModels.all()
        .forEach(
            (name, definition) -> {
              OnnxModel model = OnnxModel.of(definition);
              try (Scope scope = Scope.open();
                  OnnxSession session = model.session()) {
                Map<String, Value> inputs =
                    new DrawnInputs(new SplittableRandom(1)).of(model, List.of());
                session.runValues(inputs);
              } catch (OnnxException e) {
                refused.add(name + ": " + e.getMessage());
              }
            });
    assertEquals(List.of(), refused);
  }
}
