package org.gatun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.gatun.op.MatMul;
import org.gatun.testkit.Case;
import org.gatun.testkit.Operand;
import org.gatun.testkit.Tolerance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which cases patterns choose. */
class CaseSelectionTest {
  private static final List<Case> CASES =
      Stream.of("matmul/8x8", "matmul/64", "conv2d/3x3", "conv_transpose2d/3x3.s2")
          .map(
              name ->
                  Case.of(name, new MatMul(), Tolerance.sum(), Operand.of(2, 2), Operand.of(2, 2)))
          .toList();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          *               | matmul/8x8 matmul/64 conv2d/3x3 conv_transpose2d/3x3.s2
          matmul          | matmul/8x8 matmul/64
          MatMul          | matmul/8x8 matmul/64
          matmul/64       | matmul/64
          mat*            | matmul/8x8 matmul/64
          conv*           | conv2d/3x3 conv_transpose2d/3x3.s2
          conv?d          | conv2d/3x3
          */3x3*          | conv2d/3x3 conv_transpose2d/3x3.s2
          conv2d, */64    | matmul/64 conv2d/3x3
          *3x3.s2         | conv_transpose2d/3x3.s2
          """)
  void patternsNameOperatorsOrCases(String globs, String names) {
    assertEquals(
        List.of(names.split(" ")),
        CaseSelection.of(globs).of(CASES).stream().map(Case::name).toList());
  }

  @ParameterizedTest
  @CsvSource({"8x8", "mat", "*3x3xs2", "''", "matmul/"})
  void aPatternThatNamesNothingIsRejected(String globs) {
    var e = assertThrows(IllegalArgumentException.class, () -> CaseSelection.of(globs).of(CASES));

    assertTrue(
        e.getMessage().endsWith("there are cases of conv2d, conv_transpose2d, matmul"),
        e.getMessage());
  }

  @Test
  void caseOrderIsKept() {
    assertEquals(CASES, CaseSelection.of("conv*,matmul").of(CASES));
  }
}
