package org.gatun.testkit;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.gatun.DType;
import org.gatun.op.Op;

/**
 * An operator with operands to run it on, and how exact its result has to be.
 *
 * @param name unique, {@code operator/what is special about it}, such as {@code conv2d/3x3s2-64@56}
 * @param op the operator
 * @param operands its inputs, in order
 * @param tolerance how far the result may be from the reference
 * @param dtypes the dtypes it runs with: those of the operands that do not say their own
 * @param benchmark whether its shape is one that benchmarks measure; the contract tests run these
 *     too unless the reference would take too long
 * @param flops floating-point operations of one run, 0 where bytes say more
 */
public record Case(
    String name,
    Op op,
    List<Operand> operands,
    Tolerance tolerance,
    Set<DType> dtypes,
    boolean benchmark,
    double flops) {
  /** Returns a case of both floating-point dtypes for the contract tests. */
  public static Case of(String name, Op op, Tolerance tolerance, Operand... operands) {
    return new Case(
        name, op, List.of(operands), tolerance, EnumSet.of(DType.F32, DType.F64), false, 0);
  }

  /** Returns this case with other dtypes. */
  public Case with(DType first, DType... others) {
    return new Case(name, op, operands, tolerance, EnumSet.of(first, others), benchmark, flops);
  }

  /** Returns this case as one to benchmark, by bytes moved. */
  public Case bench() {
    return new Case(name, op, operands, tolerance, dtypes, true, 0);
  }

  /** Returns this case as one to benchmark, by floating-point operations. */
  public Case bench(double flops) {
    return new Case(name, op, operands, tolerance, dtypes, true, flops);
  }

  /** Returns the name. */
  @Override
  public String toString() {
    return name;
  }
}
