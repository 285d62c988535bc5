package example;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.onnx.OnnxModel;
import org.gatun.onnx.OnnxSession;
import org.gatun.op.MatMul;
import org.gatun.runtime.Engine;
import org.gatun.runtime.MemoryReport;
import org.gatun.runtime.NativeBackend;
import org.gatun.runtime.Program;
import org.gatun.runtime.Recording;
import org.gatun.runtime.Runner;
import org.gatun.runtime.Weights;

/** An application that closes nothing; outside Gatun's packages, as all applications are. */
public final class Forgetful {
  private static final int MADE = 7;

  private Forgetful() {}

  /**
   * Makes one of each, waits until the garbage collector has found them, and prints how many.
   *
   * @param arguments the file of a model with an input x of 2 x 3 x 16 x 16
   */
  public static void main(String[] arguments) throws Exception {
    byte[] model = Files.readAllBytes(Path.of(arguments[0]));
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  tensor();
                  operator();
                  runner();
                  engine();
                  program();
                  session(model);
                });
    thread.join();
    MemoryReport report = MemoryReport.now();
    for (int attempt = 0; attempt < 500 && report.forgotten() < MADE; attempt++) {
      System.gc();
      Thread.sleep(10);
      report = MemoryReport.now();
    }
    Thread.sleep(300); // The log follows the release.
    System.out.println(MemoryReport.now());
    System.out.println("forgotten " + MemoryReport.now().forgotten());
    System.out.println("bytes " + MemoryReport.now().forgottenBytes());
  }

  private static Tensor small() {
    return Tensor.full(DType.F32, 2, 16, 16);
  }

  private static void tensor() {
    Tensor.zeros(DType.F32, 1000);
  }

  private static void operator() {
    try (Tensor a = small()) {
      a.exp();
    }
  }

  private static void runner() {
    try (Tensor a = small();
        Tensor w = small()) {
      Runner runner = Engine.current().bind(new MatMul(), w);
      runner.run(a).close();
    }
  }

  private static void engine() {
    try (Tensor a = small()) {
      Engine engine = Engine.of(NativeBackend.create());
      engine.run(new MatMul(), a, a).close();
    }
  }

  private static void program() {
    Engine engine = Engine.current();
    Weights weights = new Weights(engine);
    try (Tensor a = small();
        Tensor w = small()) {
      Recording recording = Recording.start(engine, weights, List.of(a));
      try (Tensor y = recording.run(() -> a.matmul(w))) {
        Program program = recording.finish(List.of(y));
        program.run(List.of(a)).getFirst().close();
      }
    }
  }

  private static void session(byte[] bytes) {
    try (Tensor x = Tensor.full(DType.F32, 0.5, 2, 3, 16, 16)) {
      OnnxSession session = OnnxModel.load(bytes).session();
      session.run(Map.of("x", x)).values().forEach(Tensor::close);
    }
  }
}
