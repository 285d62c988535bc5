package org.gatun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.gatun.kernel.KernelContext;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.MatMul;
import org.gatun.reference.ReferenceBackend;
import org.gatun.runtime.Backend;
import org.gatun.runtime.Engine;
import org.gatun.testkit.Case;
import org.gatun.testkit.Operand;
import org.gatun.testkit.Tolerance;
import org.junit.jupiter.api.Test;

/** What verification says of backends that are right, wrong or have no kernel. */
class VerifyCommandTest {
  private static final List<Case> CASES =
      List.of(
          Case.of(
              "matmul/small", new MatMul(), Tolerance.sum(), Operand.of(3, 2), Operand.of(2, 4)));

  private final StringWriter out = new StringWriter();

  private int verify(Backend backend) {
    try (Engine engine = Engine.of(backend)) {
      return VerifyCommand.verify(
          CASES, engine, new PrintWriter(out, true), new PrintWriter(new StringWriter()));
    }
  }

  @Test
  void theReferenceAgreesWithItself() {
    assertEquals(0, verify(new ReferenceBackend()));
    assertTrue(out.toString().strip().matches("[1-9]\\d* passed, 0 failed"), out.toString());
  }

  /** The reference, but for the last element of each result. */
  private record OffByOne(ReferenceBackend right) implements Backend {
    @Override
    public String name() {
      return "off by one";
    }

    @Override
    public KernelContext context() {
      return right.context();
    }

    @Override
    public Plan plan(PlanRequest request) {
      Plan plan = right.plan(request);
      return new Plan() {
        @Override
        public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
          plan.execute(inputs, outputs);
          MemorySegment last = outputs[0];
          last.asSlice(last.byteSize() - request.output(0).dtype().byteSize()).fill((byte) 1);
        }

        @Override
        public String implementation() {
          return "off by one";
        }
      };
    }
  }

  @Test
  void aWrongElementIsNamed() {
    assertEquals(1, verify(new OffByOne(new ReferenceBackend())));
    assertTrue(
        out.toString()
            .startsWith("FAILED matmul/small, f32 random contiguous eager: output 0: 1 of 12"),
        out.toString());
    assertTrue(out.toString().contains("at [2, 3]"), out.toString());
    assertTrue(
        out.toString().strip().matches("(?s).*\\n0 passed, [1-9]\\d* failed"), out.toString());
  }
}
