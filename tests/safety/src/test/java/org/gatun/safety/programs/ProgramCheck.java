package org.gatun.safety.programs;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.gatun.Layout;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.op.Op;
import org.gatun.op.View;
import org.gatun.reference.Elements;
import org.gatun.reference.NdArray;
import org.gatun.runtime.Engine;
import org.gatun.runtime.Program;
import org.gatun.runtime.Recording;
import org.gatun.runtime.Threads;
import org.gatun.runtime.Weights;
import org.gatun.testkit.Case;
import org.gatun.testkit.Expectation;
import org.gatun.testkit.LeakCheck;
import org.gatun.testkit.Operand;
import org.gatun.testkit.Setting;
import org.jspecify.annotations.Nullable;

/**
 * What holds for every program:
 *
 * <ul>
 *   <li>Each operator gives what the reference makes of the same operands, or both refuse them.
 *   <li>Nothing else changes: operands, other tensors, what lies between the elements of outputs.
 *   <li>Recorded and replayed it gives the same bits, on other numbers too.
 *   <li>When all is closed, no memory and no object of a native library is left.
 * </ul>
 */
final class ProgramCheck {
  /** What was compared, over all programs. */
  static final class Tally {
    long programs;
    long compared;
    long excused;
    long refused;
    long unsupported;
    long replayed;
    long others;
    final Map<Class<?>, Long> operators = new HashMap<>();

    private Tally() {}

    /** Returns the counts. */
    @Override
    public String toString() {
      return programs
          + " programs, "
          + compared
          + " results compared, "
          + excused
          + " beyond the dtype, "
          + refused
          + " operators refused, "
          + unsupported
          + " without a kernel, "
          + replayed
          + " programs replayed, "
          + others
          + " of them on other numbers";
    }
  }

  static final Tally TALLY = new Tally();

  private ProgramCheck() {}

  /**
   * Runs a program in every way.
   *
   * @throws AssertionError if something does not hold, with the source of the program
   */
  static void check(RandomProgram program) {
    TALLY.programs++;
    try {
      LeakCheck leaks = LeakCheck.start();
      Engine engine = program.engine().engine();
      try {
        Threads.with(
            program.threads(),
            () ->
                engine.with(
                    () -> {
                      new Checked(program).run();
                      return true;
                    }));
      } finally {
        engine.close();
      }
      leaks
          .leak()
          .ifPresent(
              leak -> {
                throw new AssertionError(leak);
              });
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(e + "\n" + program, e);
    }
  }

  /** Runs one program, step by step, and then as a recording. */
  private static final class Checked implements ProgramRun.Observer {
    private final RandomProgram program;
    private final Engine engine;
    private final Map<Tensor, NdArray> known = new HashMap<>();
    private List<NdArray> inputs = List.of();
    private boolean closedOperand;

    Checked(RandomProgram program) {
      this.program = program;
      this.engine = program.engine().engine();
    }

    void run() {
      Map<Integer, byte[]> results;
      boolean refused;
      try (ProgramRun run = new ProgramRun(engine, this)) {
        run.run(program.steps(), Map.of());
        results = bits(run.open());
        refused = run.refused();
        unchanged(run);
      }
      known.clear();
      if (program.recorded() && !refused) {
        TALLY.replayed++;
        replay(results);
      }
    }

    private void unchanged(ProgramRun run) {
      run.open()
          .forEach(
              (number, tensor) -> {
                NdArray before = known.get(tensor);
                if (before != null && !same(before, Elements.read(tensor))) {
                  throw new AssertionError("t" + number + " changed behind the operators' backs");
                }
              });
    }

    // Step by step.

    @Override
    public void before(Step.Compute step, List<Tensor> operands, @Nullable Tensor target) {
      boolean closedOperands = operands.stream().anyMatch(Tensor::isClosed);
      closedOperand = closedOperands || (target != null && target.isClosed());
      inputs = closedOperands ? List.of() : operands.stream().map(this::look).toList();
    }

    private NdArray look(Tensor tensor) {
      NdArray now = Elements.read(tensor);
      NdArray before = known.put(tensor, now);
      if (before != null && !same(before, now)) {
        throw new AssertionError("an operand " + tensor.layout() + " changed since it was made");
      }
      return now;
    }

    @Override
    public void after(Step.Compute step, List<Tensor> operands, List<Tensor> results) {
      String name = step.op().name();
      if (closedOperand) {
        throw new AssertionError(name + ": took a closed tensor");
      }
      TALLY.operators.merge(step.op().getClass(), 1L, Long::sum);
      Expectation expectation = expectation(step.op());
      List<NdArray> given = results.stream().map(Elements::read).toList();
      if (given.size() != expectation.outputs().size()) {
        throw new AssertionError(
            name + ": " + given.size() + " outputs, expected " + expectation.outputs().size());
      }
      for (int i = 0; i < given.size(); i++) {
        compare(step.op(), expectation, i, given.get(i));
      }
      for (int i = 0; i < operands.size(); i++) {
        Tensor operand = operands.get(i);
        boolean written =
            step.door() instanceof Step.Door.Over && operand.overlaps(results.getFirst());
        if (!written && !same(inputs.get(i), Elements.read(operand))) {
          throw new AssertionError(name + ": operand " + i + " was modified");
        }
      }
      if (step.door() instanceof Step.Door.Over) {
        known.keySet().removeIf(tensor -> tensor.isClosed() || overlaps(tensor, results));
      }
      for (int i = 0; i < given.size(); i++) {
        known.put(results.get(i), given.get(i));
      }
    }

    private static boolean overlaps(Tensor tensor, List<Tensor> results) {
      return results.stream().anyMatch(tensor::overlaps);
    }

    /** The reference of an operator on the operands as they were. */
    private Expectation expectation(Op op) {
      Operand[] operands =
          inputs.stream()
              .map(
                  x ->
                      new Operand(
                          x.shape(), new Operand.Values.Given(x.dtype(), x.values()), false))
              .toArray(Operand[]::new);
      Case test = Case.of("a step", op, Rules.of(op, inputs), operands);
      return Expectation.of(test, Setting.plain(org.gatun.DType.F32));
    }

    private void compare(Op op, Expectation expectation, int output, NdArray given) {
      TALLY.compared++;
      NdArray expected = expectation.outputs().get(output);
      if (given.dtype() == expected.dtype()
          && given.shape().equals(expected.shape())
          && expected.scale() == null
          && expectation.test().tolerance() instanceof org.gatun.testkit.Tolerance.Sum) {
        // A reference that gives no scale rounds no sum.
        expectation = exact(expectation);
      }
      if (given.shape().equals(expected.shape()) && Reach.isScaledInfinitely(op, inputs)) {
        double[] values = expected.values();
        // 0 times infinity where an element is its mean, and infinity where that was rounded.
        Arrays.setAll(
            values,
            i ->
                Double.isFinite(values[i]) || Double.isFinite(given.values()[i])
                    ? values[i]
                    : given.values()[i]);
      }
      String problem = problem(expectation, output, given);
      if (problem.isEmpty()) {
        return;
      }
      if (given.dtype() == expected.dtype()
          && given.shape().equals(expected.shape())
          && (Reach.isLeft(op, inputs, expected) || Reach.isOnEdge(op, inputs, given))) {
        TALLY.excused++;
        return;
      }
      throw new AssertionError(op.name() + " output " + output + ": " + problem);
    }

    private static String problem(Expectation expectation, int output, NdArray given) {
      org.gatun.testkit.Comparison comparison = expectation.compare(output, given);
      return comparison.passed() ? "" : comparison.wrong() + " wrong, " + comparison.message();
    }

    private static Expectation exact(Expectation e) {
      Case c = e.test();
      return new Expectation(
          Case.of(
              c.name(),
              c.op(),
              org.gatun.testkit.Tolerance.ulps(1),
              c.operands().toArray(Operand[]::new)),
          e.dtype(),
          e.values(),
          e.repeated(),
          e.inputs(),
          e.outputs(),
          e.otherwise());
    }

    @Override
    public void failed(Step.Compute step, List<Tensor> operands, RuntimeException problem) {
      TALLY.refused++;
      if (closedOperand) {
        if (!(problem instanceof IllegalStateException
            || problem instanceof IllegalArgumentException)) {
          throw new AssertionError(step.op().name() + " of a closed tensor: " + problem, problem);
        }
        return;
      }
      if (problem instanceof UnsupportedOperationException) {
        TALLY.unsupported++;
        if (program.engine() == Engines.NATIVE) {
          throw new AssertionError(step.op().name() + ": " + problem, problem);
        }
        return;
      }
      if (!(problem instanceof IllegalArgumentException)) {
        throw new AssertionError(step.op().name() + ": " + problem, problem);
      }
      if (step.door() instanceof Step.Door.Over || step.door() instanceof Step.Door.Bound) {
        return; // The target or the constants may be what is wrong.
      }
      try {
        if (step.op() instanceof View view && operands.size() == 1) {
          // Strides decide.
          view.place(operands.getFirst().layout());
        } else {
          expectation(step.op());
        }
      } catch (IllegalArgumentException e) {
        return;
      }
      throw new AssertionError(
          step.op().name() + ": refused what the reference takes: " + problem, problem);
    }

    // Recorded.

    private void replay(Map<Integer, byte[]> eager) {
      Map<Integer, Step.Leaf> leaves = new TreeMap<>();
      for (Step step : program.steps()) {
        if (step instanceof Step.Leaf leaf) {
          leaves.put(leaf.result(), leaf);
        }
      }
      Map<Integer, Step.Leaf> constants = new TreeMap<>(leaves);
      constants.keySet().retainAll(program.constants());
      Map<Integer, Step.Leaf> inputs = new TreeMap<>(leaves);
      inputs.keySet().removeAll(program.constants());
      try (Scope scope = Scope.open();
          Weights weights = new Weights(engine);
          Recording recording = Recording.start(engine, weights, tensors(inputs));
          ProgramRun run = new ProgramRun(engine, null)) {
        record(recording, run, inputs, constants);
        if (run.refused()) {
          throw new AssertionError("recorded: an operator was refused that ran before");
        }
        if (recording.reason() != null) {
          return;
        }
        Map<Integer, Tensor> open = run.open();
        open.keySet().removeAll(leaves.keySet());
        if (open.isEmpty()) {
          return;
        }
        Map<Integer, byte[]> recorded = bits(open);
        if (constants.isEmpty()) {
          assertSame("recorded", eager, recorded);
        }
        List<Integer> numbers = List.copyOf(open.keySet());
        try (Program replayed = recording.finish(List.copyOf(open.values()))) {
          List<Tensor> again = tensors(inputs);
          assertReplays("replay", replayed, numbers, again, recorded);
          Map<Integer, Step.Leaf> others = others(inputs);
          Map<Integer, byte[]> expected = onOthers(weights, others, constants);
          if (expected != null) {
            TALLY.others++;
            assertReplays("replay on others", replayed, numbers, tensors(others), expected);
            assertReplays("replay after others", replayed, numbers, again, recorded);
          }
        }
      }
    }

    /** New tensors: what a program closed of those that it was given is closed. */
    private static List<Tensor> tensors(Map<Integer, Step.Leaf> leaves) {
      return leaves.values().stream().map(Leaves::tensor).toList();
    }

    /** Runs the program on a recording's inputs; none but what writes over tensors ends it. */
    private void record(
        Recording recording,
        ProgramRun run,
        Map<Integer, Step.Leaf> inputs,
        Map<Integer, Step.Leaf> constants) {
      Map<Integer, Tensor> in = new HashMap<>();
      constants.forEach((number, leaf) -> in.put(number, Leaves.tensor(leaf)));
      List<Integer> numbers = List.copyOf(inputs.keySet());
      for (int i = 0; i < numbers.size(); i++) {
        in.put(numbers.get(i), recording.inputs().get(i));
      }
      recording.run(
          () -> {
            run.run(program.steps(), in);
            return true;
          });
      if (recording.reason() != null && !run.wroteOver() && !run.refused()) {
        throw new AssertionError("recording given up: " + recording.reason());
      }
    }

    /** Inputs of the same layouts with other numbers, of the same kinds. */
    private static Map<Integer, Step.Leaf> others(Map<Integer, Step.Leaf> inputs) {
      Map<Integer, Step.Leaf> others = new TreeMap<>();
      inputs.forEach(
          (number, x) ->
              others.put(
                  number,
                  new Step.Leaf(
                      number, x.dtype(), x.shape(), x.values(), x.arrangement(), x.seed() + 1)));
      return others;
    }

    /**
     * Returns what the operators give of other inputs, run one by one; where there are constants,
     * whose packing may round otherwise, recorded anew. Null where they refuse these numbers.
     */
    private @Nullable Map<Integer, byte[]> onOthers(
        Weights weights, Map<Integer, Step.Leaf> others, Map<Integer, Step.Leaf> constants) {
      try (ProgramRun run = new ProgramRun(engine, null)) {
        if (constants.isEmpty()) {
          Map<Integer, Tensor> in = new HashMap<>();
          others.forEach((number, leaf) -> in.put(number, Leaves.tensor(leaf)));
          run.run(program.steps(), in);
        } else {
          try (Recording recording = Recording.start(engine, weights, tensors(others))) {
            record(recording, run, others, constants);
          }
        }
        return run.refused() ? null : bits(run.open());
      }
    }

    private static void assertReplays(
        String what,
        Program program,
        List<Integer> numbers,
        List<Tensor> inputs,
        Map<Integer, byte[]> expected) {
      for (int i = 0; i < 2; i++) {
        List<Tensor> results = program.run(inputs);
        assertSame(what + " " + i, expected, bits(numbers, results));
        results.forEach(Tensor::close);
      }
    }

    private static void assertSame(
        String what, Map<Integer, byte[]> expected, Map<Integer, byte[]> given) {
      given.forEach(
          (number, bits) -> {
            int at = Arrays.mismatch(expected.get(number), bits);
            if (at >= 0) {
              throw new AssertionError(
                  what + ": t" + number + " differs from byte " + at + " of its elements on");
            }
          });
    }
  }

  private static boolean same(NdArray a, NdArray b) {
    for (int i = 0; i < a.size(); i++) {
      if (Double.doubleToLongBits(a.values()[i]) != Double.doubleToLongBits(b.values()[i])) {
        return false;
      }
    }
    return true;
  }

  private static Map<Integer, byte[]> bits(Map<Integer, Tensor> tensors) {
    return bits(List.copyOf(tensors.keySet()), List.copyOf(tensors.values()));
  }

  private static Map<Integer, byte[]> bits(List<Integer> numbers, List<Tensor> tensors) {
    Map<Integer, byte[]> bits = new TreeMap<>();
    List<Tensor> list = new ArrayList<>(tensors);
    for (int i = 0; i < list.size(); i++) {
      bits.put(numbers.get(i), bits(list.get(i)));
    }
    return bits;
  }

  /**
   * Returns the elements' bytes in row-major order, of NaN those of one: which it is may differ.
   */
  private static byte[] bits(Tensor tensor) {
    if (tensor.dtype().isFloating()) {
      NdArray elements = Elements.read(tensor);
      ByteBuffer bits = ByteBuffer.allocate(Double.BYTES * elements.size());
      for (double x : elements.values()) {
        bits.putLong(Double.doubleToLongBits(x));
      }
      return bits.array();
    }
    Layout layout = tensor.layout();
    int size = layout.dtype().byteSize();
    byte[] bits = new byte[Math.toIntExact(layout.size() * size)];
    tensor.read(
        memory -> {
          long[] index = new long[layout.rank()];
          for (int at = 0; at < bits.length; at += size) {
            long from = 0;
            for (int axis = 0; axis < index.length; axis++) {
              from += index[axis] * layout.stride(axis);
            }
            MemorySegment.copy(memory, from * size, MemorySegment.ofArray(bits), at, size);
            for (int axis = index.length - 1; axis >= 0; axis--) {
              if (++index[axis] < layout.dim(axis)) {
                break;
              }
              index[axis] = 0;
            }
          }
        });
    return bits;
  }
}
