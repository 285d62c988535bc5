package org.gatun.runtime;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Scope;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.op.Copy;
import org.gatun.op.Op;
import org.gatun.op.Stochastic;
import org.jspecify.annotations.Nullable;

/**
 * Notes what operators a function runs on its inputs, while it runs them, so that they can be
 * replayed on other inputs of the same layouts: faster, since plans are found and memory is laid
 * out once.
 *
 * <pre>{@code
 * try (Weights weights = new Weights(engine);
 *     Recording recording = Recording.start(engine, weights, List.of(x))) {
 *   Tensor y = recording.run(() -> x.matmul(w).relu());
 *   Program program = recording.finish(List.of(y));
 *   List<Tensor> outputs = program.run(List.of(other));
 * }
 * }</pre>
 *
 * <p>A tensor that depends on no input is a constant, and an operator on constants runs now and
 * never again. Products and convolutions pack those of their operands that are constant, once for
 * all recordings with the same {@link Weights}. Views are not steps: operators read and write where
 * they look.
 *
 * <p>A replay repeats what operators did, not what Java did between them. So a recording is given
 * up, and has a {@link #reason}, where Java code reads elements that depend on the inputs, or
 * writes to them, where an operator writes into an input or into a tensor from outside, where one
 * fails or draws random numbers from a constant seed. The function then has run as ever, but there
 * is no program. Constants must not be modified once an operator has read them, but by operators
 * and methods of tensors while the recording runs.
 *
 * <p>A recording is its thread's: what other threads run meanwhile is not noted.
 */
public final class Recording implements AutoCloseable {
  /** What most calls look at and no more: how many recordings are running, in all threads. */
  private static final AtomicInteger RUNNING = new AtomicInteger();

  /** Models have some thousands; a loop that is unrolled has any number. */
  private static final int MOST_STEPS = 100_000;

  private static final ThreadLocal<@Nullable Recording> CURRENT = new ThreadLocal<>();

  private final TensorAccess access = TensorAccess.get();
  private final Engine engine;
  private final Weights weights;
  private final int threads = Threads.count();
  private final List<Layout> layouts;
  private final List<Tensor> inputs = new ArrayList<>();
  private final List<Tensor> copies = new ArrayList<>();

  private final RecordedMemory memory = new RecordedMemory();
  private final List<RecordedStep> steps = new ArrayList<>();
  private final Owned owned;
  private @Nullable String reason;
  private boolean closed;

  /** The thread in which the function runs; null while none does. */
  private volatile @Nullable Thread runner;

  private Recording(Engine engine, Weights weights, List<Tensor> inputs) {
    this.engine = engine;
    this.weights = weights;
    this.layouts = inputs.stream().map(Tensor::layout).toList();
    this.owned = new Owned(weights, steps, memory, copies);
    owned.guard(this);
  }

  /** What was noted, until it is a program's, and a share of the weights. */
  private static final class Owned extends Ownership {
    private final Weights weights;
    private final List<RecordedStep> steps;
    private final RecordedMemory memory;
    private final List<Tensor> copies;
    private final AtomicBoolean open = new AtomicBoolean(true);

    Owned(Weights weights, List<RecordedStep> steps, RecordedMemory memory, List<Tensor> copies) {
      this.weights = weights;
      this.steps = steps;
      this.memory = memory;
      this.copies = copies;
    }

    void dropSteps() {
      steps.forEach(RecordedStep::close);
      steps.clear();
      memory.close();
    }

    @Override
    protected boolean letGo() {
      boolean first = open.compareAndSet(true, false);
      if (first) {
        dropSteps();
        copies.forEach(Tensor::close);
        weights.leave();
      }
      return first;
    }

    @Override
    protected String what() {
      return "a recording";
    }
  }

  /**
   * Returns a new recording for inputs of these layouts.
   *
   * @param engine runs the function
   * @param weights what is packed, of the same engine
   * @param inputs what the results depend on
   * @throws IllegalArgumentException if the weights are those of another engine
   * @throws IllegalStateException if an input is closed, or the weights are
   */
  public static Recording start(Engine engine, Weights weights, List<Tensor> inputs) {
    if (weights.engine() != engine) {
      throw new IllegalArgumentException(
          "recording: weights of another engine, expected those of the one that runs");
    }
    weights.enter();
    Recording recording = new Recording(engine, weights, inputs);
    boolean done = false;
    try {
      recording.take(inputs);
      done = true;
      return recording;
    } finally {
      if (!done) {
        recording.close();
      }
    }
  }

  private void take(List<Tensor> tensors) {
    for (int i = 0; i < tensors.size(); i++) {
      Tensor tensor = tensors.get(i);
      Execution.hold(access, tensor, () -> "recording", "input", i);
      try {
        boolean shared = overlapsAnother(tensors, i);
        Tensor own = shared ? copy(tensor) : tensor;
        inputs.add(own);
        memory.put(own, Buffer.input(own, i));
        if (shared) {
          memory.put(tensor, Buffer.unknown());
        }
      } finally {
        access.release(tensor);
      }
    }
  }

  private static boolean overlapsAnother(List<Tensor> tensors, int index) {
    for (int i = 0; i < tensors.size(); i++) {
      if (i != index && tensors.get(i).overlaps(tensors.get(index))) {
        return true;
      }
    }
    return false;
  }

  /** The same bytes in the same layout, whatever it is. */
  private Tensor copy(Tensor tensor) {
    Tensor copy = Scope.detach(engine.allocate(tensor.layout()));
    copies.add(copy);
    Tensor[] from = {tensor};
    Tensor[] to = {copy};
    Execution.run(new ByteCopy(), () -> "recording", from, to);
    return copy;
  }

  /**
   * Returns what the function is to compute with: the inputs, and in place of those that share
   * memory, as the same tensor given twice does, copies that tell them apart. They are closed with
   * the recording.
   */
  public List<Tensor> inputs() {
    return Collections.unmodifiableList(inputs);
  }

  /**
   * Returns the result of the action, run on this recording's engine while what this thread does is
   * noted. It may be called several times; what runs between is not noted.
   *
   * @throws IllegalStateException if this is closed
   */
  public <T> T run(Supplier<T> action) {
    Objects.requireNonNull(action, "recording: action is null");
    if (closed) {
      throw new IllegalStateException("recording: it is closed");
    }
    Recording outer = CURRENT.get();
    if (outer != null && outer != this) {
      outer.giveUp("another recording ran inside it");
    }
    if (runner != null && runner != Thread.currentThread()) {
      throw new IllegalStateException("recording: it runs in another thread");
    }
    Thread before = runner;
    runner = Thread.currentThread();
    CURRENT.set(this);
    RUNNING.incrementAndGet();
    try {
      return engine.with(action);
    } finally {
      RUNNING.decrementAndGet();
      restore(outer);
      runner = before;
    }
  }

  private static void restore(@Nullable Recording outer) {
    if (outer == null) {
      CURRENT.remove();
    } else {
      CURRENT.set(outer);
    }
  }

  /** Runs the action with nothing noted: it is a step itself. */
  static void suspended(Runnable action) {
    Recording recording = here();
    if (recording == null) {
      action.run();
      return;
    }
    CURRENT.remove();
    try {
      action.run();
    } finally {
      CURRENT.set(recording);
    }
  }

  /** Returns the recording that runs in this thread, or null. */
  static @Nullable Recording here() {
    return RUNNING.get() == 0 ? null : CURRENT.get();
  }

  /** Returns whether the tensor's elements do not depend on the inputs. */
  public boolean isConstant(Tensor tensor) {
    return !memory.depends(tensor);
  }

  /**
   * Gives the recording up; the first reason stays. The function may go on, with what is constant
   * still known and packed, but for what it makes of constants itself: that would be for this run
   * alone.
   */
  public void giveUp(String reason) {
    Objects.requireNonNull(reason, "recording: reason is null");
    if (this.reason == null) {
      this.reason = reason;
      owned.dropSteps();
    }
  }

  /** Returns why there is no program, or null where nothing speaks against one. */
  public @Nullable String reason() {
    return reason;
  }

  /**
   * Says that Java code is about to read elements of the tensor, which a recording of this thread
   * cannot repeat where they depend on its inputs. The methods of {@link Tensor} call it.
   *
   * @param operation what reads them
   */
  public static void reading(Tensor tensor, String operation) {
    Objects.requireNonNull(tensor, "recording: tensor is null");
    Objects.requireNonNull(operation, "recording: operation is null");
    Recording recording = here();
    if (recording != null && recording.memory.depends(tensor)) {
      recording.giveUp(
          operation + ": Java code read " + tensor.layout() + ", which depends on the inputs");
    }
  }

  /**
   * Says that Java code is about to write elements of the tensor; see {@link #reading}.
   *
   * @param operation what writes them
   */
  public static void writing(Tensor tensor, String operation) {
    Objects.requireNonNull(tensor, "recording: tensor is null");
    Objects.requireNonNull(operation, "recording: operation is null");
    Recording recording = here();
    if (recording == null) {
      return;
    }
    if (recording.memory.depends(tensor)) {
      recording.giveUp(
          operation + ": Java code wrote to " + tensor.layout() + ", which depends on the inputs");
    } else {
      recording.change(tensor, operation);
    }
  }

  /** Returns whether the tensor depends on the inputs of a recording that this thread runs. */
  public static boolean varies(Tensor tensor) {
    Objects.requireNonNull(tensor, "recording: tensor is null");
    Recording recording = here();
    return recording != null && recording.memory.depends(tensor);
  }

  /**
   * Returns the program of what was noted. The recording is closed then.
   *
   * @param outputs the results, of which those that are constant are copied at each run
   * @throws IllegalStateException if the recording was given up or is closed
   */
  public Program finish(List<Tensor> outputs) {
    return finish(outputs, true);
  }

  /**
   * Returns what {@link #finish(List)} does.
   *
   * @param reuseMemory whether buffers that are not in use at the same time share memory; without,
   *     each has its own, as is good for finding out whether that matters
   */
  public Program finish(List<Tensor> outputs, boolean reuseMemory) {
    if (closed) {
      throw new IllegalStateException("recording: it is closed");
    }
    List<RecordedStep.Operand> results = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      Execution.hold(access, outputs.get(i), () -> "recording", "output", i);
      try {
        results.add(operand(outputs.get(i)));
      } finally {
        access.release(outputs.get(i));
      }
    }
    if (reason != null) {
      throw new IllegalStateException("recording: given up: " + reason);
    }
    weights.enter(); // The program's own share.
    EventSink events = Telemetry.events();
    EventSink.Span<Integer, Program> building = events == null ? null : events.building();
    int recorded = steps.size();
    boolean done = false;
    try {
      Program program =
          new ProgramBuilder(engine, weights, threads, layouts, steps, results, reuseMemory)
              .build();
      steps.clear();
      done = true;
      if (building != null) {
        building.made(recorded, program);
      }
      return program;
    } finally {
      if (!done) {
        weights.leave();
      }
      close();
      // The program takes one block; nobody asks for those again that the recording used.
      MemoryPool.shared().trim();
    }
  }

  /**
   * Lets go of what was noted, unless it became a program's. Closing twice does nothing. The
   * function that runs may close its recording, of which nothing is noted from then on.
   *
   * @throws IllegalStateException if the function runs in another thread
   */
  @Override
  public void close() {
    Thread running = runner;
    if (running != null && running != Thread.currentThread()) {
      throw new IllegalStateException(
          "recording: closed while it runs in thread " + running.getName());
    }
    if (!closed) {
      closed = true;
      if (running != null) {
        giveUp("it was closed"); // Else what runs on would be noted, and nobody let go of it.
      }
      owned.close();
    }
  }

  // What the engine tells it.

  /** A tensor was made. */
  void made(Tensor tensor) {
    memory.made(tensor);
  }

  /**
   * Returns the task of an operator, with a plan that has packed what is constant.
   *
   * @param layouts those of the outputs; none where the operator chooses them
   * @param outputs the caller's, if there are
   */
  Task task(Engine from, Op op, Tensor[] inputs, Layout[] layouts, Tensor[] outputs) {
    Layout[] in = Engine.layouts(op, inputs);
    int count = Threads.count();
    @Nullable Constant[] fixed = fixed(from, op, inputs, outputs);
    if (fixed == null) {
      Planned planned = from.plan(from.unbound(), op, in, layouts, count);
      return new Task(
          op::name,
          op,
          in,
          planned,
          count == threads ? other -> from.plan(from.unbound(), op, in, layouts, other) : null);
    }
    boolean kept = true;
    List<Tensor> open = new ArrayList<>();
    for (int i = 0; i < fixed.length; i++) {
      if (fixed[i] != null) {
        kept = kept && !memory.isMade(inputs[i]);
        open.add(inputs[i]);
      }
    }
    ConstantPlanning planning = new ConstantPlanning(weights, op, in, layouts, fixed, kept);
    return new Task(
        op::name, op, in, planning.plan(count, open), count == threads ? planning::replan : null);
  }

  private @Nullable Constant @Nullable [] fixed(
      Engine from, Op op, Tensor[] inputs, Tensor[] outputs) {
    if (from != engine || !ConstantPlanning.packs(op, inputs)) {
      return null;
    }
    @Nullable Constant[] fixed = new Constant[inputs.length];
    boolean any = false;
    for (int i = 0; i < inputs.length; i++) {
      boolean stays = reason == null || !memory.isMade(inputs[i]);
      if (stays && !memory.depends(inputs[i]) && !memory.isShared(inputs[i], outputs)) {
        fixed[i] = weights.constant(inputs[i]);
        any = true;
      }
    }
    return any ? fixed : null;
  }

  /** Runs a task, and notes it if it depends on the inputs. */
  void perform(Task task, Tensor[] in, Tensor[] out) {
    boolean varies = memory.anyDepends(in);
    if (task.op() instanceof Stochastic op && !memory.depends(in[in.length - 1])) {
      giveUp(op.name() + ": it drew random numbers from a seed that is constant");
    }
    for (Tensor output : out) {
      beforeWrite(task, in, output, varies);
    }
    boolean done = false;
    try {
      Execution.run(task.planned().plan(), task.name(), in, out);
      done = true;
    } finally {
      if (!done) {
        giveUp(task.name().get() + ": it failed");
      }
    }
    if (reason == null && (varies || memory.anyDepends(out))) {
      note(task, operands(in), operands(out));
    }
  }

  private void note(Task task, RecordedStep.Operand[] in, RecordedStep.Operand[] out) {
    if (steps.size() == MOST_STEPS) {
      giveUp("it has more than " + MOST_STEPS + " steps, as those of a long loop");
    }
    if (reason == null) {
      task.planned().hold();
      steps.add(new RecordedStep(task, in, out));
    }
  }

  private RecordedStep.Operand[] operands(Tensor[] tensors) {
    RecordedStep.Operand[] operands = new RecordedStep.Operand[tensors.length];
    for (int i = 0; i < tensors.length; i++) {
      operands[i] = operand(tensors[i]);
    }
    return operands;
  }

  private RecordedStep.Operand operand(Tensor tensor) {
    RecordedStep.Operand operand = memory.operand(tensor);
    if (operand.buffer().kind() == Buffer.Kind.UNKNOWN) {
      giveUp(
          "a tensor "
              + tensor.layout()
              + " lies in the memory of several inputs, or around that of one");
    }
    return operand;
  }

  private void beforeWrite(Task task, Tensor[] in, Tensor output, boolean varies) {
    Buffer buffer = memory.find(output);
    if (buffer != null && buffer.kind() != Buffer.Kind.CONSTANT) {
      if (buffer.kind() != Buffer.Kind.MADE) {
        giveUp(task.name().get() + ": it wrote into the memory of an input");
      }
    } else if (!varies || reason != null || !memory.isMade(output)) {
      change(output, task.name().get());
      if (varies) {
        memory.replace(output);
      }
    } else {
      makeVary(in, output, buffer);
    }
  }

  /** The elements of a constant change, to others that are constant too. */
  private void change(Tensor tensor, String operation) {
    weights.change(access.storage(tensor));
    Buffer buffer = memory.forget(tensor);
    if (!memory.isMade(tensor)) {
      giveUp(operation + ": it wrote to a tensor from outside, " + tensor.layout());
    } else if (buffer != null && reason == null) {
      buffer.keep(access.snapshot(tensor));
    }
  }

  /** A step writes into a constant: what reads it from now on reads memory of the run. */
  private void makeVary(Tensor[] in, Tensor output, @Nullable Buffer constant) {
    weights.change(access.storage(output));
    if (constant != null) {
      constant.keep(access.snapshot(output));
    }
    Buffer run = memory.replace(output);
    boolean whole = new RecordedStep.Operand(run, run.offsetOf(output), output.layout()).isWhole();
    if (run.byteSize() > 0 && !(whole && !memory.isShared(output, in))) {
      noteCopy(constant != null ? constant : memory.constant(access.snapshot(output)), run);
    }
  }

  private void noteCopy(Buffer from, Buffer to) {
    Layout bytes = Layout.of(DType.I8, Shape.of(to.byteSize()));
    Layout[] layouts = {bytes};
    Copy copy = new Copy(false);
    Engine maker = engine; // A task that knew the recording would keep it reachable for ever.
    Planned planned = maker.plan(maker.unbound(), copy, layouts, layouts, threads);
    try (Task task =
        new Task(
            copy::name,
            copy,
            layouts,
            planned,
            other -> maker.plan(maker.unbound(), copy, layouts, layouts, other))) {
      note(
          task,
          new RecordedStep.Operand[] {new RecordedStep.Operand(from, 0, bytes)},
          new RecordedStep.Operand[] {new RecordedStep.Operand(to, 0, bytes)});
    }
  }
}
