package org.gatun.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.gatun.DType;
import org.gatun.op.Linear;
import org.gatun.op.MatMul;
import org.gatun.testkit.Case;
import org.gatun.testkit.Operand;
import org.gatun.testkit.Tolerance;
import org.gatun.testkit.bench.Contender;
import org.junit.jupiter.api.Test;

/** That results are checked before they are timed, and which contenders there are. */
class BenchmarkTest {
  private static Row only(Case test) {
    try (Benchmark benchmark = new Benchmark(List.of(test), 0.01)) {
      List<Row> rows = benchmark.run(_ -> {}, _ -> {});
      assertEquals(1, rows.size());
      return rows.getFirst();
    }
  }

  @Test
  void weightsMakeABoundContender() {
    Row row =
        only(
            Case.of(
                "linear/small",
                new Linear(true),
                Tolerance.sum(),
                Operand.of(3, 4),
                Operand.of(2, 4).asConstant(),
                Operand.of(2).asConstant()));

    assertInstanceOf(Outcome.Measured.class, row.outcome(Contender.NATIVE));
    assertInstanceOf(Outcome.Measured.class, row.outcome(Contender.BOUND));
    assertInstanceOf(Outcome.Measured.class, row.outcome(Contender.REFERENCE));
    assertEquals("f32", row.dtype());
    assertEquals(4L * (3 * 4 + 2 * 4 + 2 + 3 * 2), row.bytes());
  }

  @Test
  void withoutWeightsThereIsNone() {
    Row row =
        only(
            Case.of(
                "matmul/small", new MatMul(), Tolerance.sum(), Operand.of(3, 4), Operand.of(4, 2)));

    assertEquals(new Outcome.Absent("no constant inputs"), row.outcome(Contender.BOUND));
  }

  @Test
  void aResultOutOfToleranceIsWrongAndNotTimed() {
    Row row =
        only(
            new Case(
                "matmul/inexact",
                new MatMul(),
                List.of(Operand.of(5, 333), Operand.of(333, 7)),
                Tolerance.exact(),
                EnumSet.of(DType.F32),
                true,
                0));

    assertInstanceOf(Outcome.Wrong.class, row.outcome(Contender.NATIVE));
    assertInstanceOf(Outcome.Measured.class, row.outcome(Contender.REFERENCE));
  }

  @Test
  void aSlowSubjectIsRunOnceToWarmUpAndOnceToMeasure() {
    AtomicInteger runs = new AtomicInteger();
    List<Timing> timings =
        Stopwatch.time(
            List.of(
                () -> {
                  runs.incrementAndGet();
                  long end = System.nanoTime() + 30_000_000;
                  while (System.nanoTime() < end) {
                    Thread.onSpinWait();
                  }
                }),
            0.01);

    assertEquals(2, runs.get());
    assertEquals(1, timings.getFirst().runs());
  }
}
