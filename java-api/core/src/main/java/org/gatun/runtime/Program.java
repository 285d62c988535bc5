package org.gatun.runtime;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.gatun.Layout;
import org.gatun.Tensor;
import org.gatun.kernel.Plan;
import org.gatun.kernel.ScratchMemory;
import org.gatun.kernel.Spares;
import org.gatun.op.Copy;
import org.gatun.op.Op;
import org.jspecify.annotations.Nullable;

/**
 * The operators that a {@link Recording} noted, ready to run on other inputs of the same layouts:
 * their plans are found, and what lies between them has its place in one block of memory.
 *
 * <p>Safe for use by many threads at a time, of which each has a block of its own while it runs. On
 * another number of threads than that of the recording, plans are made for it at the first run.
 * Runs that go on at the same time share the number of threads, and change from plans to plans as
 * others come and go, unless {@link Threads#with} says it. Operators that the recording ran on a
 * number of their own keep it, and so do those whose packed constants were closed since, and those
 * whose bits depend on the number.
 */
public final class Program implements AutoCloseable {
  private static final String NAME = "program";
  private static final Supplier<String> RUN = () -> "a run of a program";

  /** After so many steps a run asks again whether it is crowded: the clock takes 20 ns. */
  private static final int LOOK = 8;

  /**
   * A step, for listings and profiles.
   *
   * @param name the operator's or function's name
   * @param op the operator, null where it is none
   * @param inputs the layouts of the inputs
   * @param outputs the layouts of the outputs
   * @param implementation which code runs
   */
  public record Step(
      String name,
      @Nullable Op op,
      List<Layout> inputs,
      List<Layout> outputs,
      String implementation) {
    /** Checks that nothing is null. */
    public Step {
      Objects.requireNonNull(name, "program step: name is null");
      Objects.requireNonNull(inputs, "program step: inputs is null");
      Objects.requireNonNull(outputs, "program step: outputs is null");
      Objects.requireNonNull(implementation, "program step: implementation is null");
    }
  }

  /** Hears of each step that has run. */
  @FunctionalInterface
  public interface StepListener {
    /**
     * Is told the time of a step, in the thread that runs the program.
     *
     * @param step its index in {@link #steps}
     * @param nanos how long it took
     */
    void ran(int step, long nanos);
  }

  private final Engine engine;
  private final int threads;
  private final List<Layout> inputs;
  private final List<Layout> outputs;
  private final List<RecordedStep> steps;
  private final Schedule schedule;

  /** Constants in memory that the caller may close. */
  private final Tensor[] foreign;

  private final long sumBytes;
  private final Layout[] outputLayouts;
  private final Plan[] plans;

  /**
   * For each step whether its bits depend on the number of threads, which it does not share then.
   */
  private final boolean[] roundsByThreads;

  /** The plans by number of threads, of those that others than the recording's asked for. */
  private final Map<Integer, Replanned> replanned = new ConcurrentHashMap<>();

  /** The plans for a number of threads, of which the program is a user. */
  private record Replanned(Planned[] planned, Plan[] plans) {
    void release() {
      for (Planned plan : planned) {
        plan.release();
      }
    }
  }

  private final AtomicBoolean replanning = new AtomicBoolean();
  private final Plan unheard = new Whole(null);
  private final Owned owned;
  private final Spares<Frame> frames;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** The open program and every run: the last one out lets go of the plans. */
  private final AtomicInteger users = new AtomicInteger(1);

  Program(
      Engine engine,
      Weights weights,
      int threads,
      List<Layout> inputs,
      List<Layout> outputs,
      List<RecordedStep> steps,
      Schedule schedule,
      List<Tensor> constants,
      long sumBytes) {
    this.engine = engine;
    this.threads = threads;
    this.inputs = inputs;
    this.outputs = outputs;
    this.outputLayouts = outputs.toArray(Layout[]::new);
    this.steps = steps;
    this.schedule = schedule;
    this.sumBytes = sumBytes;
    this.plans = steps.stream().map(step -> step.task().planned().plan()).toArray(Plan[]::new);
    this.roundsByThreads = new boolean[plans.length];
    for (int i = 0; i < plans.length; i++) {
      roundsByThreads[i] = plans[i].roundsByThreads();
    }
    TensorAccess access = TensorAccess.get();
    this.foreign =
        constants.stream()
            .filter(constant -> access.foreign(constant) != null)
            .toArray(Tensor[]::new);
    this.frames = new Spares<>(() -> new Frame(schedule, inputs.size(), outputs.size()));
    this.owned = new Owned(weights, steps, constants, replanned);
    owned.guard(this);
  }

  /** What a program has of plans, constants and weights. */
  private static final class Owned extends Ownership {
    private final Weights weights;
    private final List<RecordedStep> steps;
    private final List<Tensor> constants;
    private final Map<Integer, Replanned> replanned;
    private final AtomicBoolean open = new AtomicBoolean(true);

    Owned(
        Weights weights,
        List<RecordedStep> steps,
        List<Tensor> constants,
        Map<Integer, Replanned> replanned) {
      this.weights = weights;
      this.steps = steps;
      this.constants = constants;
      this.replanned = replanned;
    }

    @Override
    protected boolean letGo() {
      boolean first = open.compareAndSet(true, false);
      if (first) {
        replanned.values().forEach(Replanned::release);
        steps.forEach(RecordedStep::close);
        constants.forEach(Tensor::close);
        weights.leave();
      }
      return first;
    }

    @Override
    protected String what() {
      return "a program of " + steps.size() + " steps";
    }
  }

  /** Returns the layouts that the inputs must have. */
  public List<Layout> inputs() {
    return inputs;
  }

  /** Returns the layouts of the outputs that {@link #run(List)} makes, without gaps. */
  public List<Layout> outputs() {
    return outputs;
  }

  /** Returns the number of threads that the recording ran on. */
  public int threads() {
    return threads;
  }

  /** Returns the bytes of memory that a run takes beside inputs, outputs, constants and scratch. */
  public long peakBytes() {
    return schedule.byteSize();
  }

  /** Returns the bytes that it would take if no memory were used twice. */
  public long sumBytes() {
    return sumBytes;
  }

  /** Returns the number of steps. */
  int size() {
    return steps.size();
  }

  /** Returns the steps in the order in which they run. */
  public List<Step> steps() {
    List<Step> list = new ArrayList<>();
    for (RecordedStep step : steps) {
      Task task = step.task();
      list.add(
          new Step(
              task.name().get(),
              task.op(),
              List.of(task.inputs()),
              List.of(task.planned().outputs()),
              task.planned().plan().implementation()));
    }
    return List.copyOf(list);
  }

  /**
   * Returns new tensors with the outputs for these inputs.
   *
   * @throws IllegalArgumentException if there are not as many inputs as there were, or one has
   *     another layout
   * @throws IllegalStateException if an input or this program is closed
   */
  public List<Tensor> run(List<Tensor> inputs) {
    return run(inputs, unheard);
  }

  /** Returns what {@link #run(List)} does, and tells how long each step took. */
  public List<Tensor> run(List<Tensor> inputs, StepListener listener) {
    return run(inputs, new Whole(listener));
  }

  private List<Tensor> run(List<Tensor> given, Plan whole) {
    Tensor[] in = checked(given);
    enter();
    try {
      return engine.computed(outputLayouts, out -> compute(whole, in, out));
    } finally {
      leave();
    }
  }

  /**
   * Computes into the caller's outputs, of the shapes and dtypes of {@link #outputs}, in whatever
   * layout. They may share memory with inputs. Where a step fails they have no particular values.
   *
   * @throws IllegalArgumentException as {@link #run(List)} does, and if an output has another shape
   *     or dtype, repeats elements, or is read-only
   * @throws IllegalStateException if an input, an output or this program is closed
   */
  public void run(List<Tensor> inputs, List<Tensor> outputs) {
    Tensor[] in = checked(inputs);
    Tensor[] given = outputs.toArray(Tensor[]::new);
    Engine.checkLayouts(NAME, outputLayouts, Engine.layouts(NAME, given));
    enter();
    try {
      TensorAccess access = TensorAccess.get();
      int held = 0;
      try {
        for (; held < given.length; held++) {
          Execution.holdToWrite(access, given[held], () -> NAME, held);
        }
        runInto(in, given);
      } finally {
        for (int i = 0; i < held; i++) {
          access.release(given[i]);
        }
      }
    } finally {
      leave();
    }
  }

  private void runInto(Tensor[] in, Tensor[] given) {
    Tensor[] out = given.clone();
    try {
      for (int i = 0; i < out.length; i++) {
        if (!isDirect(in, given, i)) {
          out[i] = engine.allocate(outputLayouts[i]);
        }
      }
      compute(unheard, in, out);
      for (int i = 0; i < out.length; i++) {
        if (out[i] != given[i]) {
          engine.run(new Copy(false), List.of(out[i]), List.of(given[i]));
        }
      }
    } finally {
      for (int i = 0; i < out.length; i++) {
        if (out[i] != given[i]) {
          out[i].close();
        }
      }
    }
  }

  /** Steps may write there at any time: where they do, nobody reads anything else. */
  private boolean isDirect(Tensor[] in, Tensor[] given, int index) {
    Tensor output = given[index];
    boolean direct = output.layout().sameArrangement(outputLayouts[index]);
    for (Tensor input : in) {
      direct = direct && !input.overlaps(output);
    }
    for (int i = 0; i < given.length; i++) {
      direct = direct && (i == index || !given[i].overlaps(output));
    }
    return direct;
  }

  private Tensor[] checked(List<Tensor> given) {
    if (given.size() != inputs.size()) {
      throw new IllegalArgumentException(
          NAME + ": " + given.size() + " inputs given, expected " + inputs.size());
    }
    Tensor[] in = given.toArray(Tensor[]::new);
    for (int i = 0; i < in.length; i++) {
      Layout layout = in[i].layout();
      Layout expected = inputs.get(i);
      if (layout.dtype() != expected.dtype() || !layout.sameArrangement(expected)) {
        throw new IllegalArgumentException(
            NAME + ": input " + i + " is " + layout + ", expected " + expected);
      }
    }
    return in;
  }

  /** In another recording the whole program is one step. */
  private void compute(Plan whole, Tensor[] in, Tensor[] out) {
    if (Recording.here() == null) {
      Execution.run(whole, () -> NAME, in, out);
      return;
    }
    enter(); // Left when the plan of the step is closed.
    try (Task task =
        Task.of(
            () -> NAME,
            Engine.layouts(NAME, in),
            new Planned(new Part(whole), Engine.layouts(NAME, out)))) {
      Engine.run(task, in, out);
    }
  }

  // Running.

  /** The steps as one plan. */
  private final class Whole implements Plan {
    private final @Nullable StepListener listener;

    Whole(@Nullable StepListener listener) {
      this.listener = listener;
    }

    @Override
    public void execute(MemorySegment[] in, MemorySegment[] out) {
      if (foreign.length == 0) {
        executeSteps(in, out, listener);
      } else {
        Plan pinned = new Pinned(() -> executeSteps(in, out, listener));
        Execution.run(pinned, () -> NAME + ": constants", foreign, new Tensor[0]);
      }
    }

    @Override
    public String implementation() {
      return NAME + " of " + steps.size() + " steps";
    }
  }

  /** The steps as a part of another program, which keeps this one open. */
  private final class Part implements Plan {
    private final Plan whole;

    Part(Plan whole) {
      this.whole = whole;
    }

    @Override
    public void execute(MemorySegment[] in, MemorySegment[] out) {
      whole.execute(in, out);
    }

    @Override
    public String implementation() {
      return whole.implementation();
    }

    @Override
    public void close() {
      leave();
    }
  }

  /** An action that runs while the inputs are kept. */
  private record Pinned(Runnable action) implements Plan {
    @Override
    public void execute(MemorySegment[] in, MemorySegment[] out) {
      action.run();
    }

    @Override
    public String implementation() {
      return NAME;
    }
  }

  private void executeSteps(
      MemorySegment[] in, MemorySegment[] out, @Nullable StepListener listener) {
    int count = Threads.count();
    boolean shared = Callers.SHARED && count > 1 && !Threads.isGiven();
    Plan[] alone = plans(count);
    Plan[] chosen = alone;
    int callers = 1;
    boolean crowded = false;
    Frame frame = frames.take();
    Callers.enter();
    try (ScratchMemory.Block block =
        MemoryPool.shared().borrow(schedule.byteSize(), MemoryOwner.PROGRAMS, RUN)) {
      frame.point(block.segment(), in, out);
      for (int i = 0; i < chosen.length; i++) {
        // Others come and go while this runs; but what a step computes is not to depend on them.
        if (shared) {
          crowded = i % LOOK == 0 ? Crowding.here() : crowded;
          int now = Callers.active() + (crowded ? 1 : 0);
          if (now != callers) {
            callers = now;
            chosen = plansOrElse(Callers.share(count, callers), chosen);
          }
        }
        Plan plan = roundsByThreads[i] ? alone[i] : chosen[i];
        long start = listener == null ? 0 : System.nanoTime();
        plan.execute(frame.inputs(i), frame.outputs(i));
        if (listener != null) {
          listener.ran(i, System.nanoTime() - start);
        }
      }
    } finally {
      Callers.leave();
      frames.giveBack(frame);
    }
  }

  private Plan[] plans(int count) {
    if (count == threads) {
      return plans;
    }
    Replanned others = replanned.get(count);
    if (others == null) {
      others = replanned.computeIfAbsent(count, this::replan);
    }
    return others.plans();
  }

  /** Returns the plans for a number of threads, or others while another caller is making them. */
  private Plan[] plansOrElse(int count, Plan[] others) {
    if (count == threads || replanned.containsKey(count)) {
      return plans(count);
    }
    if (!replanning.compareAndSet(false, true)) {
      return others;
    }
    try {
      return plans(count);
    } finally {
      replanning.set(false);
    }
  }

  private Replanned replan(int count) {
    Planned[] others = new Planned[steps.size()];
    int made = 0;
    boolean done = false;
    try {
      for (; made < others.length; made++) {
        others[made] = replan(steps.get(made), count);
      }
      done = true;
      return new Replanned(others, Arrays.stream(others).map(Planned::plan).toArray(Plan[]::new));
    } finally {
      if (!done) {
        for (int i = 0; i < made; i++) {
          others[i].release();
        }
      }
    }
  }

  private static Planned replan(RecordedStep step, int count) {
    Planned recorded = step.task().planned();
    var replanner = step.task().replanner();
    Planned other = replanner == null ? null : replanner.apply(count);
    if (other != null && readsMore(step, other.plan(), recorded.plan())) {
      other.release();
      other = null;
    }
    if (other == null) {
      recorded.hold();
      return recorded;
    }
    return other;
  }

  /** Whether a plan reads a constant that the recorded one has packed, and that is not kept. */
  private static boolean readsMore(RecordedStep step, Plan other, Plan recorded) {
    for (int i = 0; i < step.inputs().length; i++) {
      if (other.reads(i) && !recorded.reads(i)) {
        return true;
      }
    }
    return false;
  }

  // Closing.

  private void enter() {
    int seen = closed.get() ? 0 : users.get();
    while (seen > 0) {
      int witness = users.compareAndExchange(seen, seen + 1);
      if (witness == seen) {
        return;
      }
      seen = witness;
    }
    throw new IllegalStateException(NAME + ": it is closed");
  }

  private void leave() {
    if (users.decrementAndGet() == 0) {
      owned.close();
    }
  }

  /**
   * Lets go of plans and constants, when the runs that are going on have ended. Closing twice does
   * nothing.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      leave();
    }
  }
}
