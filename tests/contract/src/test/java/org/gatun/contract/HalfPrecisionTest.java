package org.gatun.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.op.Binary;
import org.gatun.op.BinaryFunction;
import org.gatun.testkit.Case;
import org.gatun.testkit.CaseRunner;
import org.gatun.testkit.Setting;
import org.gatun.testkit.Trial;
import org.gatun.testkit.cases.Cases;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every operator takes f16 and bf16, whether a kernel does or f32 stands in, and rounds its results
 * once. With {@code -Dgatun.cases=conv2d} only the cases whose name starts so.
 */
class HalfPrecisionTest {
  private static final int SHOWN = 20;

  @TestFactory
  Stream<DynamicTest> cases() {
    String prefix = System.getProperty("gatun.cases", "");
    return Cases.all().stream()
        .filter(c -> c.name().startsWith(prefix))
        .filter(c -> !CaseRunner.halfPrecisionSettings(c).isEmpty())
        .map(c -> DynamicTest.dynamicTest(c.name(), () -> check(c)));
  }

  private static void check(Case c) {
    List<Setting> settings = CaseRunner.halfPrecisionSettings(c);
    Trial.Report report = new Trial(c, settings).run(Engines.NATIVE);
    List<String> wrong =
        Stream.concat(report.failures().stream(), report.unsupported().stream()).toList();
    if (!wrong.isEmpty()) {
      fail(
          wrong.size()
              + " of "
              + settings.size()
              + " failed:\n  "
              + String.join("\n  ", wrong.stream().limit(SHOWN).toList()));
    }
  }

  @Test
  void anOperatorInF32SaysSo() {
    Engines.NATIVE.with(
        () -> {
          try (Scope scope = Scope.open()) {
            Tensor a = Tensor.full(DType.F16, 1, 3, 4);
            String implementation =
                Engines.NATIVE.implementation(new Binary(BinaryFunction.ADD), a, a);
            assertTrue(implementation.startsWith("f32+java:"), implementation);
          }
          return null;
        });
  }

  /** 70,007 elements: more than are computed at a time, and not a multiple of those. */
  @Test
  void largeTensorsAreComputedInPieces() {
    float[] values = new float[7 * 73 * 137];
    for (int i = 0; i < values.length; i++) {
      values[i] = i * 1e-3f - 31;
    }
    Engines.NATIVE.with(
        () -> {
          for (DType dtype : List.of(DType.BF16, DType.F16)) {
            try (Scope scope = Scope.open()) {
              Tensor x = Tensor.of(values, 7, 73, 137).to(dtype);
              Tensor wide = x.to(DType.F32);
              same(wide.relu().to(dtype), x.relu());
              same(wide.mul(wide).to(dtype), x.mul(x));
              Tensor one = Tensor.full(dtype, 1.5, 1);
              same(wide.add(one.to(DType.F32)).to(dtype), x.add(one));
              same(wide.permute(2, 0, 1).relu().to(dtype), x.permute(2, 0, 1).relu());
              Tensor sum = x.add(one);
              Engines.NATIVE.run(new Binary(BinaryFunction.ADD), List.of(x, one), List.of(x));
              same(sum, x);
            }
          }
          return null;
        });
  }

  private static void same(Tensor expected, Tensor actual) {
    assertEquals(expected.dtype(), actual.dtype());
    assertArrayEquals(expected.to(DType.F32).toFloatArray(), actual.to(DType.F32).toFloatArray());
  }

  @Test
  void theTwoMeetInF32() {
    Engines.NATIVE.with(
        () -> {
          try (Scope scope = Scope.open()) {
            Tensor a = Tensor.full(DType.BF16, 1.5, 2);
            Tensor b = Tensor.full(DType.F16, 0.25, 2);
            Tensor sum = a.add(b);
            assertEquals(DType.F32, sum.dtype());
            assertEquals(1.75, sum.get(1));
          }
          return null;
        });
  }
}
