package org.gatun.safety.threads;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Tensor;
import org.gatun.onnx.OnnxSession;

/** Ends the JVM in one of several ways while threads compute. */
final class ExitWhileComputing {
  /** How it ends. */
  enum Way {
    /** By {@code System.exit}. */
    EXIT,
    /** By the end of the main method, with daemons alone left. */
    RETURN,
    /** By {@code Runtime.halt}. */
    HALT,
    /** By {@code System.exit}, with a hook that computes. */
    HOOK,
    /** By an exception that nobody catches. */
    THROW
  }

  private ExitWhileComputing() {}

  /**
   * Ends.
   *
   * @param arguments the way, and after how many milliseconds
   */
  public static void main(String[] arguments) throws InterruptedException {
    Way way = Way.valueOf(arguments[0]);
    // Not closed: whoever ends a process in the middle of things closes nothing.
    Tensor x = new Generator(1).randn(DType.F32, 256, 512);
    Tensor w = new Generator(2).randn(DType.F32, 512, 512);
    SmallNetworks.Network network = SmallNetworks.all().getFirst();
    OnnxSession session = network.model().session();
    CountDownLatch running = new CountDownLatch(4);
    List<Runnable> works = new ArrayList<>();
    works.add(() -> x.matmul(w).gelu().close());
    works.add(() -> session.run(network.input(1, 2)).close());
    for (int i = 0; i < 4; i++) {
      Runnable work = works.get(i % 2);
      Runnable loop =
          () -> {
            work.run();
            running.countDown();
            while (true) {
              work.run();
            }
          };
      if (i < 3) {
        Thread.ofPlatform().daemon().start(loop);
      } else {
        Thread.startVirtualThread(loop);
      }
    }
    running.await();
    if (way == Way.HOOK) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> works.forEach(Runnable::run)));
    }
    Thread.sleep(Long.parseLong(arguments[1]));
    System.out.println("ends");
    System.out.flush();
    switch (way) {
      case EXIT, HOOK -> System.exit(0);
      case RETURN -> {}
      case HALT -> Runtime.getRuntime().halt(0);
      case THROW -> throw new IllegalStateException("as asked for");
    }
  }
}
