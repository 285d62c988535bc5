package example;

import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Configuration;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.gatun.DType;
import org.gatun.OutOfNativeMemoryException;
import org.gatun.Tensor;
import org.gatun.runtime.Engine;
import org.gatun.runtime.Program;
import org.gatun.runtime.Recording;
import org.gatun.runtime.Weights;

/** An application that is looked at with the JDK's Flight Recorder. */
public final class Recorded {
  private Recorded() {}

  /**
   * Does what there are events for, before and while it is recorded, and prints Gatun's events.
   *
   * @param arguments a file for the recording
   */
  public static void main(String[] arguments) throws Exception {
    act(8); // Nobody records: nothing of it is an event.
    Path file = Path.of(arguments[0]);
    try (jdk.jfr.Recording flight =
        new jdk.jfr.Recording(Configuration.getConfiguration("default"))) {
      flight.enable("org.gatun.Memory").withPeriod(java.time.Duration.ofMillis(100));
      flight.enable("org.gatun.Plan").withoutThreshold();
      flight.start();
      act(9);
      Thread.sleep(500);
      flight.stop();
      flight.dump(file);
    }
    for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
      if (event.getEventType().getName().startsWith("org.gatun.")) {
        System.out.println(event);
      }
    }
  }

  private static void act(int size) throws InterruptedException {
    try {
      Tensor.empty(DType.F32, 1L << 50).close();
    } catch (OutOfNativeMemoryException expected) {
      System.out.println(expected.getMessage());
    }
    Thread thread = Thread.ofPlatform().start(() -> Tensor.zeros(DType.F32, size * 1000L));
    thread.join();
    Engine engine = Engine.current();
    try (Weights weights = new Weights(engine);
        Tensor x = Tensor.full(DType.F32, 1, size, size);
        Recording recording = Recording.start(engine, weights, List.of(x));
        Tensor product = recording.run(() -> x.matmul(x));
        Tensor y = recording.run(product::exp);
        Program program = recording.finish(List.of(y))) {
      program.run(List.of(x)).getFirst().close();
    }
    for (int i = 0; i < 10; i++) {
      System.gc();
      Thread.sleep(20);
    }
  }
}
