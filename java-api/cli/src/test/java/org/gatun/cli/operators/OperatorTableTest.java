package org.gatun.cli.operators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.op.Concat;
import org.gatun.op.MatMul;
import org.gatun.reference.ReferenceBackend;
import org.gatun.runtime.Engine;
import org.gatun.runtime.NativeBackend;
import org.gatun.testkit.Case;
import org.gatun.testkit.Operand;
import org.gatun.testkit.Tolerance;
import org.gatun.testkit.cases.Cases;
import org.junit.jupiter.api.Test;

/** The table says what there is, in the README too. */
class OperatorTableTest {
  private static final Case PRODUCT =
      Case.of("matmul/small", new MatMul(), Tolerance.sum(), Operand.of(3, 2), Operand.of(2, 4));
  private static final Case JOINED =
      Case.of("concat/two", new Concat(0), Tolerance.exact(), Operand.of(3), Operand.of(2))
          .with(DType.F64, DType.I8, DType.BOOL);

  @Test
  void operatorsAreGroupedByFamilyAndName() {
    List<Operator> operators = Operator.of(List.of(JOINED, PRODUCT));
    assertEquals(List.of("matmul", "concat"), operators.stream().map(Operator::name).toList());
    assertEquals("contraction", operators.getFirst().familyInWords());
    assertEquals("f32, f64", operators.getFirst().dtypesInWords());
    assertEquals("f64, i8, bool", operators.getLast().dtypesInWords());
  }

  @Test
  void aLineTellsWhatItsCasesShow() {
    try (Engine engine = Engine.of(new ReferenceBackend())) {
      OperatorTable.Line line = OperatorTable.line(Operator.of(List.of(JOINED)).getFirst(), engine);
      assertTrue(line.passed());
      assertEquals("exact", line.worst());
      assertEquals(1, line.cases());
    }
  }

  @Test
  void aWrongResultIsTold() {
    // Sums of two products are not exact.
    Case strict =
        new Case(
            "matmul/strict",
            new MatMul(),
            List.of(Operand.of(30, 70), Operand.of(70, 40)),
            Tolerance.exact(),
            PRODUCT.dtypes(),
            false,
            0);
    try (Engine engine = Engine.of(NativeBackend.create())) {
      OperatorTable.Line line = OperatorTable.line(Operator.of(List.of(strict)).getFirst(), engine);
      assertFalse(line.passed());
      assertTrue(line.worst().endsWith("FAILED"), line.worst());
    }
  }

  /** Kernels and errors depend on the machine; the rest of the README's table does not. */
  @Test
  void theReadmeHasTheTable() throws IOException {
    List<List<String>> told =
        Files.readAllLines(readme()).stream()
            .dropWhile(line -> !line.startsWith("<!-- operators: written"))
            .takeWhile(line -> !line.startsWith("<!-- operators: end"))
            .filter(line -> line.startsWith("| ") && !line.startsWith("| **"))
            .skip(1)
            .map(line -> Arrays.stream(line.split("\\|")).map(String::strip).toList())
            .map(cells -> List.of(cells.get(1), cells.get(2), cells.get(6)))
            .toList();
    List<List<String>> expected =
        Operator.of(Cases.all()).stream()
            .map(
                operator ->
                    List.of(
                        operator.name(),
                        operator.dtypesInWords(),
                        Integer.toString(operator.cases().size())))
            .toList();
    assertEquals(
        expected, told, "scripts/gatun operators --write README.md brings the README up to date");
  }

  private static Path readme() {
    Path here = Path.of("").toAbsolutePath();
    return Stream.iterate(here, folder -> folder != null, Path::getParent)
        .map(folder -> folder.resolve("README.md"))
        .filter(Files::exists)
        .findFirst()
        .orElseThrow();
  }
}
