package org.gatun.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.gatun.DType;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.io.Safetensors;
import org.gatun.nn.BatchNorm2d;
import org.gatun.nn.Conv2d;
import org.gatun.nn.ConvOptions;
import org.gatun.nn.Flatten;
import org.gatun.nn.Linear;
import org.gatun.nn.Sequential;
import org.gatun.runtime.Engine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layers, their state and its files. */
class LayerFilesTest {
  private final Scope scope = Scope.open();

  @TempDir Path folder;

  @AfterEach
  void close() {
    scope.close();
  }

  /** {@code nn.Sequential(Conv2d(1, 2, 1), BatchNorm2d(2), ReLU(), Flatten(), Linear(4, 1))}. */
  private static Sequential net() {
    return new Sequential(
        new Conv2d(1, 2, 1, ConvOptions.defaults(), 1),
        new BatchNorm2d(2),
        Tensor::relu,
        new Flatten(),
        new Linear(4, 1, 2));
  }

  /**
   * The bytes that safetensors.torch.save_file writes for that: wide dtypes first, then by name,
   * the header filled up with blanks to a multiple of 8.
   */
  private static byte[] saved() {
    String header =
        """
        {"__metadata__":{"format":"pt"},\
        "1.num_batches_tracked":{"dtype":"I64","shape":[],"data_offsets":[0,8]},\
        "0.bias":{"dtype":"F32","shape":[2],"data_offsets":[8,16]},\
        "0.weight":{"dtype":"F32","shape":[2,1,1,1],"data_offsets":[16,24]},\
        "1.bias":{"dtype":"F32","shape":[2],"data_offsets":[24,32]},\
        "1.running_mean":{"dtype":"F32","shape":[2],"data_offsets":[32,40]},\
        "1.running_var":{"dtype":"F32","shape":[2],"data_offsets":[40,48]},\
        "1.weight":{"dtype":"F32","shape":[2],"data_offsets":[48,56]},\
        "4.bias":{"dtype":"F32","shape":[1],"data_offsets":[56,60]},\
        "4.weight":{"dtype":"F32","shape":[1,4],"data_offsets":[60,76]}}\
        """;
    header += " ".repeat(Math.floorMod(-header.length(), 8));
    ByteBuffer file = ByteBuffer.allocate(8 + header.length() + 76).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(header.length()).put(header.getBytes(StandardCharsets.UTF_8));
    file.putLong(7);
    for (float value : new float[] {1, 1, 2, -3, 1, 2, 3, -4, 4, 9, 6, 3, 100, 1, 10, 1, 1}) {
      file.putFloat(value);
    }
    return file.array();
  }

  /**
   * Of pixels 1 and 2 the convolution makes 3, 5 and -2, -5; less the means 3 and -4, over the
   * deviations 2 and 3, times 6 and 3, plus 1 and 2: 1, 7 and 4, 1.
   */
  private static final float RESULT = 100 + 1 + 10 * 7 + 4 + 1;

  @Test
  void aFileSavedByPyTorchLoads() throws IOException {
    Path file = Files.write(folder.resolve("net.safetensors"), saved());
    for (Map.Entry<String, Engine> engine : Engines.all().entrySet()) {
      try (Sequential net = net();
          Tensor x = Tensor.of(new float[] {1, 2}, 1, 1, 1, 2)) {
        net.eval();
        // What this packs is of other values.
        engine.getValue().with(() -> net.forward(x)).close();
        Map<String, Tensor> state = Safetensors.read(file);
        net.load(state);
        state.values().forEach(Tensor::close);
        try (Tensor y = engine.getValue().with(() -> net.forward(x))) {
          assertArrayEquals(new float[] {RESULT}, y.toFloatArray(), 1e-2f, engine.getKey());
        }
        assertEquals(7, net.state().get("1.num_batches_tracked").item());
      }
    }
  }

  @Test
  void whatWasSavedLoadsIntoAnother() throws IOException {
    Path file = folder.resolve("net.safetensors");
    try (Sequential net = net();
        Sequential other = net();
        Tensor x = Tensor.of(new float[] {1, 2, 5, -3}, 2, 1, 1, 2)) {
      net.forward(x).close();
      Safetensors.write(file, net.state());
      other.load(Safetensors.read(file));
      net.eval();
      other.eval();
      try (Tensor expected = net.forward(x);
          Tensor y = other.forward(x)) {
        assertArrayEquals(expected.toFloatArray(), y.toFloatArray());
      }
      assertEquals(1, other.state().get("1.num_batches_tracked").item());
    }
  }

  private static Map<String, Tensor> filled(double value) {
    return Map.of("weight", Tensor.full(DType.F32, value, 64, 64));
  }

  @Test
  void aCallBesideALoadUsesOneStateOrTheOther() throws Exception {
    Map<String, Tensor> ones = filled(1);
    Map<String, Tensor> twos = filled(2);
    try (Linear layer = new Linear(Tensor.full(DType.F32, 1, 64, 64), null);
        Tensor x = Tensor.ones(DType.F32, 3, 64);
        ExecutorService caller = Executors.newSingleThreadExecutor()) {
      Future<?> calls =
          caller.submit(
              () -> {
                for (int call = 0; call < 300; call++) {
                  try (Tensor y = layer.forward(x)) {
                    float[] values = y.toFloatArray();
                    float first = values[0];
                    assertTrue(first == 64 || first == 128, () -> "result " + first);
                    for (float value : values) {
                      assertEquals(first, value);
                    }
                  }
                }
              });
      while (!calls.isDone()) {
        layer.load(twos);
        layer.load(ones);
      }
      calls.get();
      layer.load(twos);
      try (Tensor y = layer.forward(x)) {
        assertEquals(128, y.get(2, 63));
      }
    }
  }
}
