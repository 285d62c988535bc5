package org.gatun.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Tensor;
import org.gatun.op.Fused;
import org.gatun.op.Op;
import org.gatun.op.Pointwise;
import org.gatun.op.View;
import org.gatun.reference.Elements;
import org.gatun.reference.NdArray;
import org.gatun.runtime.Engine;
import org.gatun.runtime.Runner;

/**
 * Runs cases on an engine and holds the results against the reference. Beside the numbers it checks
 * that dtype and shape are what the operator says, that inputs are as they were, and that nothing
 * is written around an output.
 */
public final class CaseRunner {
  private static final long MOST_OF_16_BITS = 5000;

  private CaseRunner() {}

  /**
   * Returns the settings that tell something about a case: all of them for a small one, one for a
   * benchmark's shape.
   */
  public static List<Setting> settings(Case c) {
    List<DType> dtypes = c.dtypes().stream().sorted().toList();
    if (c.benchmark()) {
      return List.of(Setting.plain(dtypes.getFirst()));
    }
    List<Setting> settings = new ArrayList<>();
    for (DType dtype : dtypes) {
      for (ValueClass values : ValueClass.values()) {
        if (values != ValueClass.RANDOM && !Generator.hasSpecialValues(c, dtype)) {
          continue;
        }
        for (Arrangement arrangement : Arrangement.values()) {
          for (Mode mode : Mode.values()) {
            if (tells(c, arrangement, mode)) {
              settings.add(new Setting(dtype, values, arrangement, mode));
            }
          }
        }
      }
    }
    return settings;
  }

  /**
   * Returns settings of f16 and bf16, few of each kind, since f32's tell the rest: none for large
   * operands and the shape of a benchmark, for an operator that does not run with f32, and for one
   * that has an operand of a floating-point dtype of its own.
   */
  public static List<Setting> halfPrecisionSettings(Case c) {
    boolean runs =
        !c.benchmark()
            && c.operands().stream().allMatch(operand -> operand.shape().size() <= MOST_OF_16_BITS)
            && c.dtypes().contains(DType.F32)
            && c.operands().stream()
                .map(operand -> operand.dtype(DType.BF16))
                .allMatch(dtype -> dtype == DType.BF16 || !dtype.isFloating())
            && c.operands().stream().anyMatch(operand -> operand.dtype(DType.BF16).isFloating());
    if (!runs) {
      return List.of();
    }
    boolean special = Generator.hasSpecialValues(c, DType.BF16);
    return Stream.of(
            Setting.plain(DType.BF16),
            new Setting(DType.BF16, ValueClass.RANDOM, Arrangement.CONTIGUOUS, Mode.BOUND),
            new Setting(DType.BF16, ValueClass.RANDOM, Arrangement.TRANSPOSED, Mode.INTO),
            new Setting(DType.BF16, ValueClass.RANDOM, Arrangement.OFFSET_VIEW, Mode.INTO_STRIDED),
            new Setting(DType.BF16, ValueClass.RANDOM, Arrangement.OFFSET_VIEW, Mode.IN_PLACE),
            new Setting(DType.BF16, ValueClass.RANDOM, Arrangement.BROADCAST, Mode.EAGER),
            new Setting(DType.BF16, ValueClass.NAN, Arrangement.CONTIGUOUS, Mode.EAGER),
            new Setting(DType.BF16, ValueClass.INFINITE, Arrangement.TRANSPOSED, Mode.EAGER),
            Setting.plain(DType.F16),
            new Setting(DType.F16, ValueClass.RANDOM, Arrangement.TRANSPOSED, Mode.BOUND),
            new Setting(DType.F16, ValueClass.NAN, Arrangement.OFFSET_VIEW, Mode.EAGER))
        .filter(setting -> setting.values() == ValueClass.RANDOM || special)
        .filter(setting -> tells(c, setting.arrangement(), setting.mode()))
        .toList();
  }

  private static boolean tells(Case c, Arrangement arrangement, Mode mode) {
    boolean repeats =
        IntStream.range(0, c.operands().size())
            .anyMatch(i -> Placement.repeatedAxis(c.operands().get(i), arrangement, i) >= 0);
    if (arrangement == Arrangement.BROADCAST && !repeats) {
      return false;
    }
    return switch (mode) {
      case EAGER, INTO, INTO_STRIDED -> true;
      case BOUND -> constants(c) > 0;
      case IN_PLACE ->
          Placement.repeatedAxis(c.operands().getFirst(), arrangement, 0) < 0 && fitsFirstInput(c);
    };
  }

  /** Whether a pointwise operator's result has the shape and dtype of its first input. */
  private static boolean fitsFirstInput(Case c) {
    if (!(c.op() instanceof Pointwise)) {
      return false;
    }
    DType running = c.dtypes().iterator().next();
    List<Layout> inputs =
        c.operands().stream().map(x -> Layout.of(x.dtype(running), x.shape())).toList();
    return c.op().infer(inputs).getFirst().equals(inputs.getFirst());
  }

  /** The number of constants that a runner takes: the last inputs of the operator itself. */
  private static int constants(Case c) {
    int end = end(c);
    int count = 0;
    while (count < end && c.operands().get(end - 1 - count).constant()) {
      count++;
    }
    return c.op() instanceof View ? 0 : count;
  }

  private static int end(Case c) {
    return c.operands().size() - (c.op() instanceof Fused fused ? fused.extraInputs() : 0);
  }

  /** Runs a case in a setting. */
  public static Verdict run(Case c, Setting setting, Engine engine) {
    return run(Expectation.of(c, setting), setting, engine);
  }

  /**
   * Runs a case whose reference is there already.
   *
   * @param expectation of the setting's dtype, values and arrangement
   */
  public static Verdict run(Expectation expectation, Setting setting, Engine engine) {
    try {
      return engine.with(() -> new Run(expectation, setting, engine).verdict());
    } catch (UnsupportedOperationException e) {
      return new Verdict.Unsupported(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      return new Verdict.Failed(e.toString(), e);
    }
  }

  /** One run, with the tensors that it makes. */
  private static final class Run {
    private final Expectation expectation;
    private final Setting setting;
    private final Engine engine;
    private final Op op;
    private final List<Placement> inputs = Placement.list();
    private final List<Placement> outputs = Placement.list();
    private final List<Tensor> results = new ArrayList<>();

    Run(Expectation expectation, Setting setting, Engine engine) {
      this.expectation = expectation;
      this.setting = setting;
      this.engine = engine;
      this.op = expectation.test().op();
    }

    Verdict verdict() {
      try {
        place();
        List<Tensor> produced = produce();
        return check(produced);
      } finally {
        Placement.close(inputs);
        Placement.close(outputs);
        results.forEach(Tensor::close);
      }
    }

    private void place() {
      List<Operand> operands = expectation.test().operands();
      for (int i = 0; i < operands.size(); i++) {
        int repeated = Placement.repeatedAxis(operands.get(i), setting.arrangement(), i);
        inputs.add(Placement.of(expectation.inputs().get(i), setting.arrangement(), i, repeated));
      }
    }

    private List<Tensor> produce() {
      List<Tensor> operands = tensors(inputs);
      return switch (setting.mode()) {
        case EAGER -> {
          results.addAll(engine.runAll(op, operands.toArray(Tensor[]::new)));
          yield results;
        }
        case BOUND -> bound(operands);
        case INTO, INTO_STRIDED -> {
          allocate(operands);
          engine.run(op, operands, tensors(outputs));
          yield tensors(outputs);
        }
        case IN_PLACE -> {
          engine.run(op, operands, List.of(operands.getFirst()));
          yield List.of(operands.getFirst());
        }
      };
    }

    /** The second run is the one that is checked: its weights were packed in the first. */
    private List<Tensor> bound(List<Tensor> operands) {
      int end = end(expectation.test());
      int start = end - constants(expectation.test());
      List<Tensor> variable = new ArrayList<>(operands.subList(0, start));
      variable.addAll(operands.subList(end, operands.size()));
      Tensor[] constants = operands.subList(start, end).toArray(Tensor[]::new);
      try (Runner runner = engine.bind(op, constants)) {
        if (expectation.outputs().size() == 1) {
          Tensor[] in = variable.toArray(Tensor[]::new);
          runner.run(in).close();
          results.add(runner.run(in));
          return results;
        }
        allocate(operands);
        runner.run(variable, tensors(outputs));
        runner.run(variable, tensors(outputs));
        return tensors(outputs);
      }
    }

    private void allocate(List<Tensor> operands) {
      Arrangement arrangement =
          setting.mode() == Mode.INTO_STRIDED ? Arrangement.OFFSET_VIEW : Arrangement.CONTIGUOUS;
      for (Layout layout : op.infer(operands.stream().map(Tensor::layout).toList())) {
        outputs.add(Placement.output(layout.dtype(), layout.shape(), arrangement));
      }
    }

    private static List<Tensor> tensors(List<Placement> placements) {
      return placements.stream().map(Placement::tensor).toList();
    }

    private Verdict check(List<Tensor> produced) {
      if (produced.size() != expectation.outputs().size()) {
        return new Verdict.Failed(
            produced.size() + " outputs, expected " + expectation.outputs().size(), null);
      }
      double worst = 0;
      for (int i = 0; i < produced.size(); i++) {
        NdArray actual = Elements.read(produced.get(i));
        Comparison comparison = expectation.compare(i, actual);
        if (!comparison.passed()) {
          return new Verdict.Failed(
              "output "
                  + i
                  + ": "
                  + comparison.wrong()
                  + " of "
                  + comparison.elements()
                  + " elements are wrong, worst "
                  + comparison.message(),
              null);
        }
        worst = Math.max(worst, comparison.worst());
      }
      for (int i = 0; i < inputs.size(); i++) {
        boolean output = setting.mode() == Mode.IN_PLACE && i == 0;
        if (!(output ? inputs.get(i).isUntouchedAround() : inputs.get(i).isUntouched())) {
          return new Verdict.Failed("input " + i + " was modified", null);
        }
      }
      for (int i = 0; i < outputs.size(); i++) {
        if (!outputs.get(i).isUntouchedAround()) {
          return new Verdict.Failed("something was written around output " + i, null);
        }
      }
      return new Verdict.Passed(worst);
    }
  }
}
