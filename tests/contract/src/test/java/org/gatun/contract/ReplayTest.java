package org.gatun.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.reference.Elements;
import org.gatun.reference.NdArray;
import org.gatun.reference.ReferenceBackend;
import org.gatun.runtime.Engine;
import org.gatun.runtime.Program;
import org.gatun.runtime.Recording;
import org.gatun.runtime.Weights;
import org.gatun.testkit.Case;
import org.gatun.testkit.Expectation;
import org.gatun.testkit.LeakCheck;
import org.gatun.testkit.Setting;
import org.gatun.testkit.cases.Cases;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What was recorded computes what it computed, to the last bit, on these inputs and on others. */
class ReplayTest {
  private static Stream<Map.Entry<String, Engine>> engines() {
    return Stream.concat(
        Engines.all().entrySet().stream(),
        Stream.of(Map.entry("reference", Engine.of(new ReferenceBackend()))));
  }

  @TestFactory
  Stream<DynamicTest> replaysEqualTheRecordedRun() {
    return engines()
        .flatMap(
            engine ->
                Stream.of(RecordedFunctions.values())
                    .map(
                        function ->
                            DynamicTest.dynamicTest(
                                function + " " + engine.getKey(),
                                () -> replay(function, engine.getValue()))));
  }

  private static void replay(RecordedFunctions function, Engine engine) {
    LeakCheck leaks = LeakCheck.start();
    try (Scope scope = Scope.open();
        Weights weights = new Weights(engine)) {
      RecordedFunctions.Constants constants = engine.with(RecordedFunctions.Constants::make);
      List<Tensor> first = function.inputs(1);
      List<Tensor> others = function.inputs(2);
      List<Tensor> results = new ArrayList<>();
      try (Program program = program(function, engine, weights, first, constants, results);
          Program other =
              program(function, engine, weights, others, constants, new ArrayList<>())) {
        List<byte[]> recorded = bytes(results);
        List<Tensor> again = new ArrayList<>();
        program(function, engine, weights, others, constants, again).close();
        for (int i = 0; i < 3; i++) {
          assertSame(recorded, program.run(first));
          assertSame(bytes(again), program.run(others));
          assertSame(recorded, other.run(first));
        }
        if (function.exact()) {
          List<Tensor> eager = engine.with(() -> function.apply(others, constants));
          assertSame(bytes(eager), program.run(others));
        }
      }
    }
    engine.close();
    Engines.SCALAR.close();
    assertEquals(Optional.empty(), leaks.leak());
  }

  private static Program program(
      RecordedFunctions function,
      Engine engine,
      Weights weights,
      List<Tensor> inputs,
      RecordedFunctions.Constants constants,
      List<Tensor> results) {
    try (Recording recording = Recording.start(engine, weights, inputs)) {
      results.addAll(recording.run(() -> function.apply(inputs, constants)));
      assertNull(recording.reason());
      return recording.finish(results);
    }
  }

  private static void assertSame(List<byte[]> expected, List<Tensor> actual) {
    List<byte[]> bytes = bytes(actual);
    assertEquals(expected.size(), bytes.size());
    for (int i = 0; i < bytes.size(); i++) {
      assertArrayEquals(expected.get(i), bytes.get(i), "output " + i);
    }
  }

  private static List<byte[]> bytes(List<Tensor> tensors) {
    List<byte[]> all = new ArrayList<>();
    for (Tensor tensor : tensors) {
      tensor.contiguous().read(memory -> all.add(memory.toArray(ValueLayout.JAVA_BYTE)));
    }
    return all;
  }

  @Test
  void everyOperatorReplays() {
    Engine engine = Engines.NATIVE;
    LeakCheck leaks = LeakCheck.start();
    try (Weights weights = new Weights(engine)) {
      for (Case test : Cases.all()) {
        if (!test.benchmark() && test.dtypes().contains(DType.F32)) {
          replay(test, engine, weights);
        }
      }
    }
    engine.close();
    assertEquals(Optional.empty(), leaks.leak());
  }

  private static void replay(Case test, Engine engine, Weights weights) {
    List<NdArray> inputs = Expectation.of(test, Setting.plain(DType.F32)).inputs();
    try (Scope scope = Scope.open()) {
      Tensor[] in = inputs.stream().map(Elements::tensor).toArray(Tensor[]::new);
      List<NdArray> eager = read(engine.runAll(test.op(), in));
      try (Recording recording = Recording.start(engine, weights, List.of(in))) {
        List<Tensor> results = recording.run(() -> engine.runAll(test.op(), in));
        assertNull(recording.reason(), test.name());
        try (Program program = recording.finish(results)) {
          assertEquals(eager, read(program.run(List.of(in))), test.name());
        }
      }
    }
  }

  private static List<NdArray> read(List<Tensor> tensors) {
    return tensors.stream().map(Elements::read).toList();
  }
}
