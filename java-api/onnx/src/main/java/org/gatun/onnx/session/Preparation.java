package org.gatun.onnx.session;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.gatun.DType;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.op.Conv;
import org.gatun.op.Fused;
import org.gatun.op.GlobalAveragePool;
import org.gatun.op.Ints;
import org.gatun.op.Linear;
import org.gatun.op.MaxPool;
import org.gatun.op.UnaryFunction;
import org.gatun.runtime.Engine;
import org.gatun.runtime.Libraries;
import org.gatun.runtime.Program;
import org.gatun.runtime.Recording;
import org.gatun.runtime.Threads;
import org.gatun.runtime.Weights;

/**
 * What the first model of a process waits for, done beside reading it where there is a second
 * processor: the native libraries are loaded, and the operators of a small network are run, which
 * has most of core's classes loaded and the calls into the libraries linked.
 */
public final class Preparation {
  private static final AtomicBoolean STARTED = new AtomicBoolean();
  private static final long CHANNELS = 16;
  private static final long SIDE = 8;

  private Preparation() {}

  /** Starts a thread that prepares, unless this was called before. */
  public static void start() {
    if (Runtime.getRuntime().availableProcessors() > 1 && STARTED.compareAndSet(false, true)) {
      Thread.ofPlatform().name("gatun-preparation").daemon().start(Preparation::run);
    }
  }

  private static void run() {
    try {
      Libraries.report();
      // On one thread: a team of workers for this thread would stay.
      Threads.with(1, Preparation::runOperators);
    } catch (RuntimeException | LinkageError e) {
      // Whatever is wrong with the libraries, the operators that need them say it.
      System.getLogger("org.gatun.onnx").log(System.Logger.Level.DEBUG, "preparation failed", e);
    }
  }

  /**
   * Runs what most networks are made of, on a few elements and as a session does: recorded, with
   * constants that are packed, then replayed. What reads and rewrites models is not here: the model
   * that is waited for has those classes loaded at the same time.
   */
  private static boolean runOperators() {
    Engine engine = Engine.current();
    try (Scope scope = Scope.open();
        Weights weights = new Weights(engine)) {
      Tensor image = Tensor.zeros(DType.F32, 1, CHANNELS, SIDE, SIDE);
      try (Recording recording = Recording.start(engine, weights, List.of(image))) {
        Tensor y = recording.run(() -> network(engine, recording.inputs().get(0)));
        try (Program program = recording.finish(List.of(y))) {
          program.run(List.of(image));
        }
      }
    }
    return true;
  }

  /** A block of a convolutional network and a classifier. */
  private static Tensor network(Engine engine, Tensor image) {
    Tensor bias = Tensor.zeros(DType.F32, CHANNELS);
    Tensor filter = Tensor.zeros(DType.F32, CHANNELS, CHANNELS, 3, 3);
    Tensor point = Tensor.zeros(DType.F32, CHANNELS, CHANNELS, 1, 1);
    Tensor matrix = Tensor.zeros(DType.F32, CHANNELS, CHANNELS);
    Fused.Step relu = new Fused.Step.Activate(UnaryFunction.RELU);
    Ints one = Ints.of(1, 1);
    Ints none = Ints.of(0, 0);
    Tensor a =
        engine.run(
            new Fused(new Conv(one, one, one, one, 1, true), List.of(relu)),
            image.channelsLast(),
            filter,
            bias);
    Tensor b = engine.run(new MaxPool(Ints.of(3, 3), one, one, one, false, false), a);
    Tensor c =
        engine.run(
            new Fused(new Conv(one, none, none, one, 1, true), List.of(new Fused.Step.Add(), relu)),
            b,
            point,
            bias,
            a);
    Tensor d = engine.run(new GlobalAveragePool(), c).reshape(1, CHANNELS);
    return engine.run(new Linear(true), d, matrix, bias).softmax(-1);
  }
}
