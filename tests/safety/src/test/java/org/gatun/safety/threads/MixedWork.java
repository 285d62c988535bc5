package org.gatun.safety.threads;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.gatun.Tensor;
import org.gatun.onnx.OnnxSession;
import org.gatun.runtime.Engine;
import org.gatun.runtime.NativeBackend;
import org.gatun.runtime.Threads;
import org.gatun.testkit.Case;

/**
 * What many threads do at a time: models in sessions that they share and in their own, operators on
 * a shared engine and on their own. Each piece of work knows the bits that it gave when it ran
 * alone.
 */
final class MixedWork implements AutoCloseable {
  /**
   * A piece of work.
   *
   * @param name what it is
   * @param threads how many it may be told to run on; 1 where its bits depend on the number
   * @param run does it and returns the bits of the results
   * @param expected the bits
   */
  record Piece(String name, int threads, Supplier<Long> run, long expected) {
    /** Returns the largest number that it is told; 0 where it runs on as many as there are. */
    int most() {
      return threads > 1 ? threads : 0;
    }
  }

  private static final int[] EXAMPLES = {1, 2, 5};

  private final List<Piece> pieces = new ArrayList<>();
  private final List<AutoCloseable> open = new ArrayList<>();

  /** Makes the work, and does all of it once, alone. */
  MixedWork(int everyCase) {
    for (SmallNetworks.Network network : SmallNetworks.all()) {
      addNetwork(network);
    }
    List<Case> cases = CaseRun.small().toList();
    for (int i = 0; i < cases.size(); i += everyCase) {
      addCase(cases.get(i));
    }
  }

  private void addNetwork(SmallNetworks.Network network) {
    OnnxSession session = network.model().session();
    open.add(session);
    int threads = network.name().equals("upscaling") ? 1 : 3;
    for (int examples : EXAMPLES) {
      Tensor x = network.input(examples, examples);
      open.add(x);
      String name = network + " of " + examples;
      long alone = bits(session, x);
      // The recorded run, and the replay of it.
      add(name, threads, () -> bits(session, x), alone);
      add(name + " in a session of its own", threads, () -> ownSession(network, x), alone);
    }
  }

  private void addCase(Case test) {
    CaseRun run = CaseRun.of(test, CaseRun.dtypes(test).getFirst());
    open.add(run);
    int threads = ThreadDependence.isNamed(run.implementation()) ? 1 : 3;
    long alone = run.bits();
    add(run.toString(), threads, run::bits, alone);
    add(run + " on an engine of its own", threads, () -> ownEngine(run::bits), alone);
    if (run.canBind()) {
      long bound = run.boundBits();
      add(run + " with constants", threads, run::boundBits, bound);
    }
  }

  private void add(String name, int threads, Supplier<Long> run, long expected) {
    pieces.add(new Piece(name, threads, run, expected));
  }

  private static long bits(OnnxSession session, Tensor x) {
    try (Tensor y = session.run(x)) {
      return Bits.of(y);
    }
  }

  private static long ownSession(SmallNetworks.Network network, Tensor x) {
    try (OnnxSession session = network.model().session()) {
      long first = bits(session, x);
      long second = bits(session, x);
      return first == second ? first : ~first;
    }
  }

  private static long ownEngine(Supplier<Long> run) {
    try (Engine engine = Engine.of(NativeBackend.create())) {
      return engine.with(run);
    }
  }

  /** Returns the number of pieces. */
  int size() {
    return pieces.size();
  }

  /** Does a piece that is drawn, and returns what is wrong with it, or an empty text. */
  String doOne(SplittableRandom random) {
    Piece piece = pieces.get(random.nextInt(pieces.size()));
    return done(piece, random.nextInt(piece.most() + 1));
  }

  /**
   * Does all of it on each number of threads that it may be drawn for, so that all plans are made
   * that are kept. Returns what is wrong, or an empty text.
   */
  String doAll() {
    for (Piece piece : pieces) {
      for (int threads = 0; threads <= piece.most(); threads++) {
        String wrong = done(piece, threads);
        if (!wrong.isEmpty()) {
          return wrong;
        }
      }
    }
    return "";
  }

  /** Does a piece on a number of threads, or on as many as there are for 0. */
  private static String done(Piece piece, int threads) {
    long bits = threads == 0 ? piece.run().get() : Threads.with(threads, piece.run());
    return bits == piece.expected()
        ? ""
        : piece.name() + (threads == 0 ? "" : " on " + threads + " threads");
  }

  @Override
  public void close() {
    for (AutoCloseable one : open) {
      switch (one) {
        case OnnxSession session -> session.close();
        case Tensor tensor -> tensor.close();
        case CaseRun run -> run.close();
        default -> throw new AssertionError("what is opened here: " + Arrays.asList(one));
      }
    }
    Engine.current().close();
  }
}
