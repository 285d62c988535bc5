package org.gatun.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.gatun.DType;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.reference.Elements;
import org.gatun.reference.NdArray;
import org.gatun.runtime.Engine;
import org.gatun.runtime.Threads;
import org.gatun.testkit.Case;
import org.gatun.testkit.Expectation;
import org.gatun.testkit.LeakCheck;
import org.gatun.testkit.Setting;
import org.gatun.testkit.cases.Cases;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One engine in the hands of several callers. */
class ConcurrencyTest {
  private static final int CALLERS = 4;
  private static final int ROUNDS = 5;

  private record Expected(Case test, List<NdArray> inputs, List<NdArray> outputs) {}

  @ParameterizedTest(name = "{0} threads for each")
  @ValueSource(ints = {1, 2})
  void fourCallersGetWhatOneGets(int threads) throws Exception {
    Engine engine = Engines.NATIVE;
    LeakCheck leaks = LeakCheck.start();
    List<Expected> expected = new ArrayList<>();
    for (Case c : Cases.all()) {
      if (!c.benchmark() && c.dtypes().contains(DType.F32)) {
        List<NdArray> inputs = Expectation.of(c, Setting.plain(DType.F32)).inputs();
        expected.add(new Expected(c, inputs, run(engine, c, inputs, threads)));
      }
    }
    engine.close(); // So that the callers make the plans, at the same time.
    try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
      List<Future<?>> done = new ArrayList<>();
      for (int caller = 0; caller < CALLERS; caller++) {
        long seed = caller;
        done.add(callers.submit(() -> runAll(engine, expected, threads, new Random(seed))));
      }
      for (Future<?> future : done) {
        future.get();
      }
    }
    engine.close();
    assertEquals(Optional.empty(), leaks.leak());
  }

  private static void runAll(Engine engine, List<Expected> expected, int threads, Random random) {
    List<Expected> order = new ArrayList<>(expected);
    for (int round = 0; round < ROUNDS; round++) {
      Collections.shuffle(order, random);
      for (Expected one : order) {
        assertEquals(
            one.outputs(), run(engine, one.test(), one.inputs(), threads), one.test().name());
      }
    }
  }

  private static List<NdArray> run(Engine engine, Case c, List<NdArray> inputs, int threads) {
    return Threads.with(
        threads,
        () ->
            engine.with(
                () -> {
                  try (Scope scope = Scope.open()) {
                    Tensor[] in = inputs.stream().map(Elements::tensor).toArray(Tensor[]::new);
                    return engine.runAll(c.op(), in).stream().map(Elements::read).toList();
                  }
                }));
  }
}
