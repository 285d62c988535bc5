package org.gatun.benchmarks.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.gatun.Tensor;
import org.gatun.onnx.OnnxModel;
import org.gatun.onnx.OnnxSession;
import org.gatun.runtime.Threads;

/**
 * A program that loads a model, runs it once, and prints the first element of its first output:
 * what {@link StartBenchmark} starts. It is an application's whole use of a library, and no more.
 */
final class FirstResult {
  private FirstResult() {}

  /** An input: its name, whether it has integers, its dimensions. */
  private record Input(String name, boolean integer, long[] dims) {
    /** Returns an input from the word that {@link #word} made of it. */
    static Input of(String word) {
      int equals = word.lastIndexOf('=');
      String[] parts = word.substring(equals + 1).split(":", -1);
      long[] dims =
          parts[1].isEmpty()
              ? new long[0]
              : Arrays.stream(parts[1].split("x")).mapToLong(Long::parseLong).toArray();
      return new Input(word.substring(0, equals), parts[0].equals("i"), dims);
    }

    int count() {
      return (int) LongStream.of(dims).reduce(1, (a, b) -> a * b);
    }

    long[] integers() {
      long[] values = new long[count()];
      Arrays.fill(values, 1);
      return values;
    }

    float[] floats() {
      float[] values = new float[count()];
      for (int i = 0; i < values.length; i++) {
        values[i] = i % 17 / 17f;
      }
      return values;
    }
  }

  /** Returns an input of a case as an argument of this program. */
  static String word(ModelCase.Input input) {
    StringBuilder word = new StringBuilder(input.name());
    word.append('=').append(input.operand().integer() ? 'i' : 'f').append(':');
    String separator = "";
    for (long dim : input.operand().dims()) {
      word.append(separator).append(dim);
      separator = "x";
    }
    return word.toString();
  }

  /**
   * Runs the program.
   *
   * <p>Its signature names no class of either library: the JVM loads those at once.
   *
   * @param arguments {@code gatun} or {@code ort}, the number of threads, the model's file, its
   *     inputs
   */
  public static void main(String[] arguments) throws Exception {
    int threads = Integer.parseInt(arguments[1]);
    Input[] inputs = Arrays.stream(arguments).skip(3).map(Input::of).toArray(Input[]::new);
    System.out.println(
        arguments[0].equals("gatun")
            ? Gatun.run(threads, Path.of(arguments[2]), inputs)
            : OnnxRuntime.run(threads, arguments[2], inputs));
    System.out.flush();
  }

  /** Apart from the other's: neither loads classes of the other. */
  private static final class Gatun {
    static float run(int threads, Path file, Input[] inputs) throws IOException {
      Threads.set(threads);
      try (OnnxSession session = OnnxModel.load(file).session()) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Input input : inputs) {
          tensors.put(
              input.name(),
              input.integer()
                  ? Tensor.of(input.integers(), input.dims())
                  : Tensor.of(input.floats(), input.dims()));
        }
        return session.run(tensors).values().iterator().next().toFloatArray()[0];
      }
    }
  }

  private static final class OnnxRuntime {
    static float run(int threads, String file, Input[] inputs) throws OrtException {
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      OrtSession.SessionOptions options = new OrtSession.SessionOptions();
      options.setIntraOpNumThreads(threads);
      try (OrtSession session = environment.createSession(file, options)) {
        Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
        for (Input input : inputs) {
          tensors.put(
              input.name(),
              input.integer()
                  ? OnnxTensor.createTensor(
                      environment, LongBuffer.wrap(input.integers()), input.dims())
                  : OnnxTensor.createTensor(
                      environment, FloatBuffer.wrap(input.floats()), input.dims()));
        }
        try (OrtSession.Result result = session.run(tensors)) {
          return ((OnnxTensor) result.get(0)).getFloatBuffer().get(0);
        }
      }
    }
  }
}
