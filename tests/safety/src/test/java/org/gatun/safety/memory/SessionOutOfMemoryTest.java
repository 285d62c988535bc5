package org.gatun.safety.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.OnnxModel;
import org.gatun.onnx.OnnxSession;
import org.gatun.runtime.Engine;
import org.gatun.runtime.FailingMemory;
import org.gatun.runtime.NativeBackend;
import org.gatun.testkit.LeakCheck;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A model with each request for memory failing in turn: while it is read and rewritten, while the
 * session is made, in the first run, which plans, packs and records, and in the second, which
 * replays. Each ends in an {@link OnnxException} that says what asked for how much, nothing is left
 * behind, and the session runs afterwards.
 */
class SessionOutOfMemoryTest {
  @TempDir private static Path folder;

  private static Path file() {
    return folder.resolve("small.onnx");
  }

  @BeforeAll
  static void write() throws IOException {
    Files.write(file(), SmallModel.bytes());
  }

  @Test
  void eachRequestOfAModelMayFail() throws IOException {
    try (Tensor x = input()) {
      List<float[]> expected = new ArrayList<>();
      long requests = requests(x, expected);
      assertTrue(requests > 40, requests + " requests are too few to tell");
      List<String> wrong = new ArrayList<>();
      int refused = 0;
      for (long request = 1; request <= requests; request++) {
        LeakCheck check = LeakCheck.start();
        try (Engine engine = Engine.of(NativeBackend.create())) {
          long number = request;
          String problem = engine.with(() -> problem(x, expected, number));
          if (problem == null) {
            refused++;
          } else if (!problem.equals(WENT_ON)) {
            wrong.add("request " + request + " of " + requests + ": " + problem);
          }
        }
        Optional<String> leak = check.leak();
        if (leak.isPresent()) {
          wrong.add("request " + request + " of " + requests + ": " + leak.get());
        }
      }
      assertEquals(List.of(), wrong);
      // A rewrite that lacks memory is left out, and the model runs as it was written.
      assertTrue(refused > requests * 3 / 4, refused + " of " + requests + " were told of");
    }
  }

  private static final String WENT_ON = "it went on";

  private static Tensor input() {
    float[] values = new float[2 * 3 * 16 * 16];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(i);
    }
    assertEquals(DType.F32.byteSize(), Float.BYTES);
    return Tensor.of(values, SmallModel.INPUT);
  }

  private static long requests(Tensor x, List<float[]> expected) throws IOException {
    try (FailingMemory memory = FailingMemory.never();
        Engine engine = Engine.of(NativeBackend.create())) {
      return engine.with(
          () -> {
            try (OnnxSession session = load().session()) {
              run(session, x).forEach(expected::add);
              run(session, x);
              return memory.requests();
            }
          });
    }
  }

  private static OnnxModel load() {
    try {
      return OnnxModel.load(file());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns what is wrong where a request fails, null for nothing. */
  private static @Nullable String problem(Tensor x, List<float[]> expected, long request) {
    OnnxSession session = null;
    try {
      OnnxException thrown = null;
      boolean failed;
      try (FailingMemory memory = FailingMemory.at(request)) {
        try {
          session = load().session();
          run(session, x);
          run(session, x);
        } catch (OnnxException e) {
          thrown = e;
        } catch (RuntimeException | Error e) {
          return "thrown was " + e;
        }
        failed = memory.hasFailed();
      }
      if (thrown != null && !thrown.getMessage().matches("(?s).*memory: .+ needs \\d+ bytes.*")) {
        return "it says " + thrown.getMessage();
      }
      if (session == null) {
        session = load().session();
      }
      for (int i = 0; i < 2; i++) {
        List<float[]> actual = run(session, x);
        for (int k = 0; k < actual.size(); k++) {
          assertArrayEquals(expected.get(k), actual.get(k), 1e-4f);
        }
      }
      return failed && thrown == null ? WENT_ON : null;
    } finally {
      if (session != null) {
        session.close();
      }
    }
  }

  private static List<float[]> run(OnnxSession session, Tensor x) {
    Map<String, Tensor> outputs = session.run(Map.of("x", x));
    try {
      return outputs.values().stream().map(Tensor::toFloatArray).toList();
    } finally {
      outputs.values().forEach(Tensor::close);
    }
  }
}
