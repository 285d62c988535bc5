package org.gatun.contract;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.op.Op;
import org.gatun.op.View;
import org.gatun.reference.Reference;
import org.gatun.testkit.Case;
import org.gatun.testkit.CaseRunner;
import org.gatun.testkit.Expectation;
import org.gatun.testkit.Setting;
import org.gatun.testkit.Verdict;
import org.gatun.testkit.cases.Cases;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every operator of the sealed hierarchy, with every constant of the functions that it takes, has a
 * case, a benchmark, a reference and a kernel. Views are neither measured nor computed: they need a
 * case and a reference alone.
 */
class CompletenessTest {
  @TestFactory
  Stream<DynamicContainer> operators() {
    return records(Op.class).flatMap(CompletenessTest::operators);
  }

  /** The records that implement a sealed interface. */
  private static Stream<Class<?>> records(Class<?> type) {
    return type.isRecord()
        ? Stream.of(type)
        : Arrays.stream(type.getPermittedSubclasses()).flatMap(CompletenessTest::records);
  }

  /** An operator; one for each function where it takes one. */
  private static Stream<DynamicContainer> operators(Class<?> operator) {
    for (RecordComponent component : operator.getRecordComponents()) {
      Class<?> type = component.getType();
      if (type.isEnum() && type.getPackage().equals(Op.class.getPackage())) {
        return Arrays.stream(type.getEnumConstants())
            .map(
                constant ->
                    operator(
                        operator,
                        operator.getSimpleName() + " " + constant,
                        op -> value(component, op).equals(constant)));
      }
    }
    return Stream.of(operator(operator, operator.getSimpleName(), _ -> true));
  }

  private static Object value(RecordComponent component, Op op) {
    try {
      return component.getAccessor().invoke(op);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(component + " of " + op, e);
    }
  }

  private static DynamicContainer operator(Class<?> type, String name, Predicate<Op> constant) {
    List<Case> cases =
        Cases.all().stream()
            .filter(c -> type.isInstance(c.op()) && constant.test(c.op()))
            .sorted(Comparator.comparingLong(CompletenessTest::elements))
            .toList();
    Stream<DynamicTest> needed =
        Stream.of(
            DynamicTest.dynamicTest(
                name + " has a case",
                () -> assertTrue(cases.stream().anyMatch(c -> !c.benchmark()))),
            DynamicTest.dynamicTest(name + " has a reference", () -> evaluate(cases)));
    Stream<DynamicTest> computed =
        View.class.isAssignableFrom(type)
            ? Stream.of()
            : Stream.of(
                DynamicTest.dynamicTest(
                    name + " has a benchmark",
                    () -> assertTrue(cases.stream().anyMatch(Case::benchmark))),
                kernel(name, cases, DType.F32, DType.I32),
                kernel(name, cases, DType.F64, DType.I64));
    return DynamicContainer.dynamicContainer(name, Stream.concat(needed, computed));
  }

  /** Bitwise functions take integers alone: a kernel for those is asked for then. */
  private static DynamicTest kernel(
      String name, List<Case> cases, DType floating, DType otherwise) {
    boolean takesFloats =
        cases.stream().anyMatch(c -> c.dtypes().stream().anyMatch(DType::isFloating));
    DType dtype = takesFloats ? floating : otherwise;
    return DynamicTest.dynamicTest(
        name + " has a kernel for " + dtype.spelling(), () -> run(cases, dtype));
  }

  private static long elements(Case c) {
    return c.operands().stream().mapToLong(operand -> operand.shape().size()).sum();
  }

  private static boolean hasEmptyOperand(Case c) {
    return c.operands().stream().anyMatch(operand -> operand.shape().isEmpty());
  }

  private static void evaluate(List<Case> cases) {
    Case c = cases.getFirst();
    DType dtype = c.dtypes().iterator().next();
    Reference.evaluate(c.op(), Expectation.of(c, Setting.plain(dtype)).inputs());
  }

  private static void run(List<Case> cases, DType dtype) {
    Case c =
        cases.stream()
            .filter(x -> x.dtypes().contains(dtype) && !hasEmptyOperand(x))
            .findFirst()
            .orElseThrow();
    Verdict verdict = CaseRunner.run(c, Setting.plain(dtype), Engines.NATIVE);
    assertInstanceOf(Verdict.Passed.class, verdict, verdict::toString);
  }
}
