package org.gatun.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.nn.Bilinear;
import org.gatun.nn.Embedding;
import org.gatun.nn.EmbeddingBag;
import org.gatun.nn.Layer;
import org.gatun.nn.LayerNorm;
import org.gatun.nn.Linear;
import org.gatun.nn.MultiheadAttention;
import org.gatun.nn.PRelu;
import org.gatun.nn.Swish;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A call uses the parameters from before a load or those from after it, and never some of each. */
class LoadWhileCallingTest {
  private static final int LOADS = 300;

  /** A layer, by the name of its class, and what it is called with. */
  private record Subject(Layer layer, Tensor x) {
    @Override
    public String toString() {
      return layer.getClass().getSimpleName();
    }
  }

  private static Stream<Subject> subjects() {
    Tensor rows = Tensor.full(DType.F32, 0.5, 64, 32);
    Tensor indices = Tensor.arange(64).reshape(8, 8);
    return Stream.of(
        new Subject(new Bilinear(32, 32, 8, 1), rows),
        new Subject(new Embedding(64, 512, 1), indices),
        new Subject(new EmbeddingBag(64, 512, 1), indices),
        new Subject(new LayerNorm(32), Tensor.linspace(DType.F32, 0, 1, 64 * 32).reshape(64, 32)),
        new Subject(new Linear(32, 64, 1), rows),
        new Subject(new MultiheadAttention(32, 4, 1), rows),
        new Subject(new PRelu(32), rows.neg()),
        new Subject(new Swish(), rows));
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void callsUseOneState(Subject subject) throws Exception {
    Layer layer = subject.layer();
    try (Scope scope = Scope.open();
        ExecutorService loader = Executors.newSingleThreadExecutor()) {
      Map<String, Tensor> before = filled(layer, 1);
      Map<String, Tensor> after = filled(layer, 2);
      layer.load(after);
      Tensor second = layer.forward(subject.x());
      layer.load(before);
      Tensor first = layer.forward(subject.x());
      Future<?> loads =
          loader.submit(
              () -> {
                for (int i = 0; i < LOADS; i++) {
                  layer.load(i % 2 == 0 ? after : before);
                }
              });
      while (!loads.isDone()) {
        try (Tensor y = layer.forward(subject.x())) {
          assertTrue(y.equal(first) || y.equal(second), () -> "some of each state: " + y);
        }
      }
      loads.get();
    } finally {
      layer.close();
    }
  }

  private static Map<String, Tensor> filled(Layer layer, double value) {
    Map<String, Tensor> state = new LinkedHashMap<>();
    layer
        .state()
        .forEach(
            (name, own) -> state.put(name, Tensor.full(own.dtype(), value, own.shape().dims())));
    return state;
  }
}
