package org.gatun.safety.threads;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.op.Fused;
import org.gatun.op.View;
import org.gatun.reference.Elements;
import org.gatun.runtime.Engine;
import org.gatun.runtime.Runner;
import org.gatun.testkit.Arrangement;
import org.gatun.testkit.Case;
import org.gatun.testkit.Expectation;
import org.gatun.testkit.Mode;
import org.gatun.testkit.Setting;
import org.gatun.testkit.ValueClass;
import org.gatun.testkit.cases.Cases;

/** A case with its operands in memory, to be run on whatever engine and thread. */
final class CaseRun implements AutoCloseable {
  private final Case test;
  private final DType dtype;
  private final Tensor[] operands;
  private final int firstConstant;

  private CaseRun(Case test, DType dtype, Tensor[] operands, int firstConstant) {
    this.test = test;
    this.dtype = dtype;
    this.operands = operands;
    this.firstConstant = firstConstant;
  }

  /** Returns a case with random values. */
  static CaseRun of(Case test, DType dtype) {
    return of(test, dtype, ValueClass.RANDOM);
  }

  /** Returns a case with values of a class. */
  static CaseRun of(Case test, DType dtype, ValueClass values) {
    Setting setting = new Setting(dtype, values, Arrangement.CONTIGUOUS, Mode.EAGER);
    Tensor[] operands =
        Expectation.inputs(test, setting).stream().map(Elements::tensor).toArray(Tensor[]::new);
    int first = operands.length;
    while (first > 0 && test.operands().get(first - 1).constant()) {
      first--;
    }
    return new CaseRun(test, dtype, operands, first);
  }

  /** Returns the cases that are not too large for all of them to be run often. */
  static Stream<Case> small() {
    return Cases.all().stream().filter(test -> !test.benchmark());
  }

  /** Returns the dtypes that a case runs with, in the order of the declaration. */
  static List<DType> dtypes(Case test) {
    return test.dtypes().stream().sorted().toList();
  }

  /** Returns the bits of the results; the engine is the current one. */
  long bits() {
    List<Tensor> results = Engine.current().runAll(test.op(), operands);
    try {
      return Bits.of(results);
    } finally {
      results.forEach(Tensor::close);
    }
  }

  /** Returns whether there are constants to be packed, and one result. */
  boolean canBind() {
    return firstConstant < operands.length
        && !(test.op() instanceof View)
        && !(test.op() instanceof Fused)
        && test.op().infer(Stream.of(operands).map(Tensor::layout).toList()).size() == 1;
  }

  /** Returns the bits of the result of a runner that has packed the constants. */
  long boundBits() {
    Tensor[] constants =
        IntStream.range(firstConstant, operands.length)
            .mapToObj(i -> operands[i])
            .toArray(Tensor[]::new);
    Tensor[] variable =
        IntStream.range(0, firstConstant).mapToObj(i -> operands[i]).toArray(Tensor[]::new);
    try (Runner runner = Engine.current().bind(test.op(), constants);
        Tensor result = runner.run(variable)) {
      return Bits.of(result);
    }
  }

  /** Returns which code computes the case here. */
  String implementation() {
    return Engine.current().implementation(test.op(), operands);
  }

  @Override
  public void close() {
    new ArrayList<>(List.of(operands)).forEach(Tensor::close);
  }

  /** Returns the name of the case and the dtype. */
  @Override
  public String toString() {
    return test.name() + " " + dtype.spelling();
  }
}
