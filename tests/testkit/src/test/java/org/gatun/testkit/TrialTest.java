package org.gatun.testkit;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.gatun.DType;
import org.gatun.kernel.ScratchMemory;
import org.gatun.op.Linear;
import org.gatun.op.MatMul;
import org.gatun.reference.ReferenceBackend;
import org.gatun.runtime.Engine;
import org.junit.jupiter.api.Test;

/** The reference passes, and each thing that a kernel can do wrong is found. */
class TrialTest {
  private static final Case MATMUL =
      Case.of("matmul/testkit", new MatMul(), Tolerance.sum(), Operand.of(5, 13), Operand.of(13, 7))
          .with(DType.F32);
  private static final Case LINEAR =
      Case.of(
              "linear/testkit",
              new Linear(true),
              Tolerance.sum(),
              Operand.of(5, 13),
              Operand.of(7, 13).asConstant(),
              Operand.of(7).asConstant())
          .with(DType.F32);

  private static Trial.Report run(Case c, BrokenBackend.Flaw flaw) {
    return new Trial(c).run(Engine.of(new BrokenBackend(flaw)));
  }

  private static void assertFound(Trial.Report report, String message) {
    assertTrue(
        report.failures().stream().anyMatch(failure -> failure.contains(message)),
        () -> "not found: " + message + " in " + report);
  }

  @Test
  void theReferenceAgreesWithItself() {
    for (Case c : List.of(MATMUL, LINEAR)) {
      Trial.Report report = new Trial(c).run(Engine.of(new ReferenceBackend()));
      assertEquals(List.of(), report.failures());
      assertEquals(CaseRunner.settings(c).size(), report.passed());
      assertTrue(report.worst() < 0.1);
    }
  }

  @Test
  void findsAWrongElement() {
    assertFound(
        run(MATMUL, (request, in, out) -> add(out[0], 0, 1e-2f)), "1 of 35 elements are wrong");
  }

  @Test
  void findsNaNThatWasLost() {
    assertFound(
        run(
            MATMUL,
            (request, in, out) -> {
              for (long i = 0; i < out[0].byteSize() / 4; i++) {
                if (Float.isNaN(out[0].getAtIndex(JAVA_FLOAT, i))) {
                  out[0].setAtIndex(JAVA_FLOAT, i, 0);
                }
              }
            }),
        "expected NaN");
  }

  @Test
  void findsAnInfinityThatBecameFinite() {
    assertFound(
        run(
            MATMUL,
            (request, in, out) -> {
              for (long i = 0; i < out[0].byteSize() / 4; i++) {
                float value = out[0].getAtIndex(JAVA_FLOAT, i);
                if (Float.isInfinite(value)) {
                  out[0].setAtIndex(JAVA_FLOAT, i, Math.copySign(Float.MAX_VALUE, value));
                }
              }
            }),
        "expected Infinity");
  }

  @Test
  void findsAModifiedInput() {
    assertFound(run(MATMUL, (request, in, out) -> add(in[1], 0, 1)), "input 1 was modified");
  }

  @Test
  void findsAWriteBetweenTheRowsOfAnOutput() {
    assertFound(
        run(
            MATMUL,
            (request, in, out) -> {
              long row = request.output(0).dim(1);
              if (request.output(0).stride(0) > row) {
                out[0].setAtIndex(JAVA_FLOAT, row, 1);
              }
            }),
        "something was written around output 0");
  }

  @Test
  void findsAKernelThatIgnoresStrides() {
    assertFound(
        run(
            LINEAR,
            (request, in, out) -> {
              if (!request.input(0).isContiguous()) {
                add(out[0], 0, in[0].getAtIndex(JAVA_FLOAT, 1));
              }
            }),
        "transposed");
  }

  @Test
  void findsALeak() {
    List<ScratchMemory.Block> kept = new ArrayList<>();
    try {
      assertFound(
          run(MATMUL, (request, in, out) -> kept.add(request.context().memory().allocate(64))),
          "leak: ");
    } finally {
      kept.forEach(ScratchMemory.Block::close);
    }
  }

  @Test
  void reportsWhatTheKernelThrows() {
    assertFound(
        run(
            MATMUL,
            (request, in, out) -> {
              throw new IllegalStateException("out of order");
            }),
        "out of order");
  }

  private static void add(MemorySegment memory, long index, float value) {
    memory.setAtIndex(JAVA_FLOAT, index, memory.getAtIndex(JAVA_FLOAT, index) + value);
  }
}
