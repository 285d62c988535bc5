package org.gatun.safety.programs;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.gatun.DType;
import org.gatun.op.Fused;
import org.gatun.op.Loss;
import org.gatun.op.Op;
import org.gatun.op.Pointwise;
import org.gatun.op.ScaledDotProductAttention;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;
import org.gatun.reference.NdArray;
import org.gatun.testkit.Case;
import org.gatun.testkit.Tolerance;
import org.gatun.testkit.cases.Cases;

/**
 * How far an operator's result may be from the reference: as far as in the cases of the operator
 * and function, of which the loosest rule holds whatever the arguments.
 */
final class Rules {
  /** The floor, in units of epsilon, of functions whose parts cancel. */
  private static final double CANCELS = 4;

  private static final Fused.Step GELU = new Fused.Step.Activate(UnaryFunction.GELU);

  private static final Map<Object, Tolerance> LOOSEST = loosest();

  private Rules() {}

  private static Map<Object, Tolerance> loosest() {
    Map<Object, Tolerance> rules = new HashMap<>();
    for (Case test : Cases.all()) {
      rules.merge(key(test.op()), test.tolerance(), (a, b) -> looseness(a) < looseness(b) ? b : a);
    }
    return Map.copyOf(rules);
  }

  private static double looseness(Tolerance tolerance) {
    return switch (tolerance) {
      case Tolerance.Exact _ -> 0;
      case Tolerance.Ulps(double ulps, double floor) -> 1 + ulps + floor;
      case Tolerance.Sum(double factor) -> 1e6 + factor;
    };
  }

  /** The operator's type and its functions; of a fused one those of what it begins with. */
  private static Object key(Op op) {
    if (op instanceof Fused fused) {
      return key(fused.base());
    }
    List<Object> key = new ArrayList<>(List.of(op.getClass()));
    for (RecordComponent component : op.getClass().getRecordComponents()) {
      Class<?> type = component.getType();
      if (type.isEnum() && type.getPackage().equals(Op.class.getPackage())) {
        try {
          key.add(component.getAccessor().invoke(op));
        } catch (ReflectiveOperationException e) {
          throw new LinkageError(component + " of " + op, e);
        }
      }
    }
    return key;
  }

  /**
   * Returns the rule of an operator on these operands. Where parts of a function cancel, the cases
   * allow what parts of about 1 are rounded by; others are rounded by as much more as they are
   * larger.
   *
   * @throws IllegalStateException if it has no case
   */
  static Tolerance of(Op op, List<NdArray> operands) {
    Tolerance tolerance = LOOSEST.get(key(op));
    if (tolerance == null) {
      throw new IllegalStateException(op.name() + ": no case says how exact it is");
    }
    if (op instanceof Unary(UnaryFunction function, var _)
        && function == UnaryFunction.GELU
        && operands.getFirst().dtype() == DType.F64) {
      // As in the cases of the error function, of which the reference loses some units itself.
      return Tolerance.ulps(10);
    }
    if (op instanceof Fused fused && tolerance instanceof Tolerance.Sum(double factor)) {
      // oneDNN's error function is a polynomial: it is off by up to 1.5e-7 relative to 1, and what
      // is left of 1 - 1 by as much, times the sum.
      return new Tolerance.Sum(factor + fused.steps().stream().filter(GELU::equals).count());
    }
    if (op instanceof Loss
        && tolerance instanceof Tolerance.Sum(double factor)
        && operands.getFirst().dtype() == DType.F64) {
      // Losses are added up in f64: of these themselves each addition rounds.
      return new Tolerance.Sum(factor * Math.sqrt(Math.max(1, operands.getFirst().size())));
    }
    if (op instanceof Pointwise
        && tolerance instanceof Tolerance.Ulps(double ulps, double floor)
        && floor >= CANCELS) {
      double parts = 1;
      for (NdArray operand : operands) {
        parts *= largest(operand);
      }
      return new Tolerance.Ulps(ulps, floor * Math.min(parts, Double.MAX_VALUE / floor));
    }
    if (op instanceof ScaledDotProductAttention attention
        && tolerance instanceof Tolerance.Sum(double factor)) {
      // Exponentials are off by as much as what they are taken of, relative to 1.
      double size = operands.getFirst().shape().dim(-1);
      double products =
          size
              * Math.abs(attention.scaleFor((long) size))
              * largest(operands.get(0))
              * largest(operands.get(1));
      return new Tolerance.Sum(factor * Math.max(1, products));
    }
    return tolerance;
  }

  private static double largest(NdArray array) {
    double largest = 1;
    for (double x : array.values()) {
      if (Double.isFinite(x)) {
        largest = Math.max(largest, Math.abs(x));
      }
    }
    return largest;
  }
}
