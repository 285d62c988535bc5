package org.gatun.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Scope;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.runtime.Engine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The state of layers by name, and how values get into it. */
class LayerStateTest {
  /** What layers hold that has a load of its own. */
  private static final Set<Class<?>> LOADING = Set.of(Bound.class, StateLock.class);

  private final Engine engine = Engine.of(new JavaKernels());
  private final Scope scope = Scope.open();

  @AfterEach
  void close() {
    scope.close();
    engine.close();
  }

  private void here(Runnable action) {
    boolean unused =
        engine.with(
            () -> {
              action.run();
              return true;
            });
  }

  private static void refuses(String message, Layer layer, Map<String, Tensor> state) {
    Map<String, String> before = values(layer);
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> layer.load(state)).getMessage());
    assertEquals(before, values(layer), "a state that was refused is not written");
  }

  private static Map<String, String> values(Layer layer) {
    Map<String, String> values = new LinkedHashMap<>();
    layer.state().forEach((name, tensor) -> values.put(name, tensor.toString()));
    return values;
  }

  private static Map<String, Tensor> linear(float weight) {
    Map<String, Tensor> state = new LinkedHashMap<>();
    state.put("weight", Tensor.full(DType.F32, weight, 1, 1));
    state.put("bias", Tensor.zeros(DType.F32, 1));
    return state;
  }

  @Test
  void namesAndOrderArePyTorchs() {
    here(
        () -> {
          try (Layer inner = new Sequential(Tensor::relu, new Linear(3, 2, 1));
              Layer net =
                  new Sequential(
                      new Conv2d(1, 2, 3, ConvOptions.defaults(), 1),
                      new BatchNorm2d(2),
                      new Flatten(),
                      inner)) {
            assertEquals(
                List.of(
                    "0.weight",
                    "0.bias",
                    "1.weight",
                    "1.bias",
                    "1.running_mean",
                    "1.running_var",
                    "1.num_batches_tracked",
                    "3.1.weight",
                    "3.1.bias"),
                List.copyOf(net.state().keySet()));
            assertEquals(
                List.of("0.weight", "0.bias", "1.weight", "1.bias", "3.1.weight", "3.1.bias"),
                List.copyOf(net.parameters().keySet()));
            assertEquals(
                List.of("1.running_mean", "1.running_var", "1.num_batches_tracked"),
                List.copyOf(net.buffers().keySet()));
            Tensor batches = net.buffers().get("1.num_batches_tracked");
            assertEquals(DType.I64, batches.dtype());
            assertEquals(Shape.of(), batches.shape());
          }
        });
  }

  @Test
  void layersMayBeNamed() {
    here(
        () -> {
          Map<String, Layer> named = new LinkedHashMap<>();
          named.put("norm", new LayerNorm(3));
          named.put("head", new Linear(3, 2, 1));
          try (Sequential net = new Sequential(named)) {
            assertEquals(
                List.of("norm.weight", "norm.bias", "head.weight", "head.bias"),
                List.copyOf(net.state().keySet()));
          }
          IllegalArgumentException e =
              assertThrows(
                  IllegalArgumentException.class,
                  () -> new Sequential(Map.of("a.b", new Identity())));
          assertEquals(
              "sequential: layer named 'a.b', expected a name without a dot", e.getMessage());
        });
  }

  @Test
  void whatWasLoadedIsCopiedIntoTheLayersOwnTensors() {
    here(
        () -> {
          try (Linear layer = new Linear(1, 1, 1)) {
            Tensor own = layer.parameters().get("weight");
            Map<String, Tensor> state = linear(5);
            layer.load(state);
            state.get("weight").fill(7);
            assertSame(own, layer.parameters().get("weight"));
            assertArrayEquals(new float[] {5}, own.toFloatArray());
            layer.load(layer.state());
            assertArrayEquals(new float[] {5}, own.toFloatArray());
          }
        });
  }

  @Test
  void theNextForwardUsesWhatWasLoaded() {
    here(
        () -> {
          try (LayerNorm norm = new LayerNorm(2);
              Layer net = new Sequential(new Identity(), norm);
              Tensor x = Tensor.of(new float[] {1, 3}, 1, 2)) {
            net.forward(x).close();
            net.load(
                Map.of(
                    "1.weight", Tensor.of(new float[] {2, 3}, 2),
                    "1.bias", Tensor.of(new float[] {10, 20}, 2)));
            try (Tensor y = net.forward(x)) {
              assertArrayEquals(new float[] {8, 23}, y.toFloatArray(), 1e-4f);
            }
          }
        });
  }

  /** The default would leave them with what was packed of the old values, or not wait for calls. */
  @Test
  void layersThatMindTheirParametersLoadThemselves() throws Exception {
    Path classes = Path.of(Layer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<String> forgetful = new ArrayList<>();
    int packing = 0;
    try (Stream<Path> files = Files.list(classes.resolve("org/gatun/nn"))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = file.getFileName().toString().replace(".class", "");
        Class<?> type = Class.forName("org.gatun.nn." + name);
        if (Layer.class.isAssignableFrom(type)
            && Stream.of(type.getDeclaredFields()).anyMatch(f -> LOADING.contains(f.getType()))) {
          packing++;
          if (type.getMethod("load", Map.class).getDeclaringClass() == Layer.class) {
            forgetful.add(name);
          }
        }
      }
    }
    assertEquals(List.of(), forgetful);
    assertTrue(packing > 2, "such layers were found");
  }

  @Test
  void theNumberOfBatchesIsLoaded() {
    here(
        () -> {
          NormOptions options = NormOptions.BATCH.withCumulativeAverage().withAffine(false);
          try (BatchNorm1d norm = new BatchNorm1d(1, options);
              Tensor x = Tensor.of(new float[] {8, 12}, 2, 1)) {
            norm.load(
                Map.of(
                    "running_mean", Tensor.of(new float[] {2}),
                    "running_var", Tensor.of(new float[] {4}),
                    "num_batches_tracked", Tensor.of(new long[] {3}).reshape()));
            assertEquals(3, norm.numBatchesTracked());
            norm.forward(x).close();
            assertEquals(4, norm.numBatchesTracked());
            // Three quarters of the old one and a quarter of the new one.
            assertArrayEquals(
                new float[] {4}, norm.buffers().get("running_mean").toFloatArray(), 1e-6f);
            assertArrayEquals(
                new float[] {5}, norm.buffers().get("running_var").toFloatArray(), 1e-6f);
          }
        });
  }

  @Test
  void statesThatDoNotFitAreRefused() {
    here(
        () -> {
          try (Linear layer = new Linear(1, 1, 1);
              Layer net = new Sequential(layer)) {
            Map<String, Tensor> state = linear(5);
            Tensor bias = state.remove("bias");
            refuses("load: state lacks bias, expected the layer's own names", layer, state);
            state.put("beta", bias);
            refuses(
                "load: state lacks bias and has beta, expected the layer's own names",
                layer,
                state);
            refuses(
                "load: state lacks 0.weight, 0.bias and has weight, beta, expected the layer's own"
                    + " names",
                net,
                state);
            state.put("bias", bias);
            refuses("load: state has beta, expected the layer's own names", layer, state);
            refuses(
                "load: 0.bias has shape [], expected [1]",
                net,
                Map.of("0.weight", state.get("weight"), "0.bias", Tensor.scalar(1f)));
            refuses(
                "load: 0.bias has dtype f64, expected f32",
                net,
                Map.of("0.weight", state.get("weight"), "0.bias", Tensor.zeros(DType.F64, 1)));
          }
        });
  }

  @Test
  void aClosedLayerRefusesAState() {
    here(
        () -> {
          Linear layer = new Linear(1, 1, 1);
          layer.close();
          assertThrows(IllegalStateException.class, () -> layer.load(linear(1)));
          try (BatchNorm2d norm = new BatchNorm2d(1)) {
            Map<String, Tensor> state = new LinkedHashMap<>();
            norm.state().forEach((name, tensor) -> state.put(name, tensor.copy()));
            state.get("running_var").close();
            IllegalStateException e =
                assertThrows(IllegalStateException.class, () -> norm.load(state));
            assertEquals("load: running_var of the state is closed", e.getMessage());
          }
        });
  }

  @Test
  void theModeReachesTheLayersInside() {
    here(
        () -> {
          try (BatchNorm2d norm = new BatchNorm2d(1);
              Sequential net = new Sequential(new Identity(), new Sequential(norm))) {
            assertTrue(net.isTraining());
            net.eval();
            assertFalse(norm.isTraining());
            assertFalse(net.isTraining());
            net.train();
            assertTrue(norm.isTraining());
          }
        });
  }

  @Test
  void aSequenceGivesATensorOfItsOwn() {
    here(
        () -> {
          try (Tensor x = Tensor.of(new float[] {1, 2}, 1, 2);
              Sequential none = new Sequential();
              Sequential same = new Sequential(t -> t, new Identity(), new Flatten())) {
            none.forward(x).close();
            same.forward(x).close();
            assertFalse(x.isClosed());
          }
        });
  }

  @Test
  void closingASequenceClosesItsLayers() {
    here(
        () -> {
          BatchNorm2d norm = new BatchNorm2d(1);
          Sequential net = new Sequential(norm);
          net.close();
          net.close();
          assertTrue(norm.parameters().get("weight").isClosed());
          assertTrue(norm.buffers().get("num_batches_tracked").isClosed());
        });
  }
}
