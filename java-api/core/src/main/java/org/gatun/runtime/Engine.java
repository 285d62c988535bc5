package org.gatun.runtime;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.OutOfNativeMemoryException;
import org.gatun.Tensor;
import org.gatun.kernel.KernelContext;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.ScratchMemory;
import org.gatun.op.Copy;
import org.gatun.op.Op;
import org.gatun.op.Pointwise;
import org.gatun.op.View;
import org.jspecify.annotations.Nullable;

/**
 * Runs operators: checks them, finds or makes their plan, and executes it on tensors that it keeps
 * alive meanwhile.
 *
 * <p>Safe for use by many threads. {@link #current()} is what the methods of {@link Tensor} and
 * {@code Functional} use.
 */
public final class Engine implements AutoCloseable {
  private static final int PLANS = 4096;
  static final Layout[] CHOSEN_BY_OP = {};
  private static final Tensor[] NO_TENSORS = {};
  private static final ScopedValue<Engine> HERE = ScopedValue.newInstance();

  private final Backend backend;
  private final Planner planner;
  private final PlanCache cache = new PlanCache(PLANS);
  private final Binding unbound;

  private static volatile @Nullable Engine shared;

  private Engine(Backend backend) {
    this.backend = backend;
    this.planner = new Planner(backend);
    this.unbound = new Binding(cache, backend.context(), null);
    new OwnedPlans(backend.name(), cache).guard(this);
  }

  /** The plans, which an engine that was forgotten gives back. */
  private static final class OwnedPlans extends Ownership {
    private final String backend;
    private final PlanCache plans;

    OwnedPlans(String backend, PlanCache plans) {
      this.backend = backend;
      this.plans = plans;
    }

    @Override
    protected boolean letGo() {
      return plans.clear();
    }

    @Override
    protected String what() {
      return "an engine of the " + backend + " backend";
    }
  }

  /** Returns a new engine on a backend, with plans of its own. */
  public static Engine of(Backend backend) {
    return new Engine(Objects.requireNonNull(backend, "engine: backend is null"));
  }

  /** Returns the engine in use here: the one given to {@link #with}, else the shared native one. */
  public static Engine current() {
    if (HERE.isBound()) {
      return HERE.get();
    }
    Engine engine = shared;
    return engine != null ? engine : makeShared();
  }

  /**
   * Not a static initializer: each caller is told what is wrong with the libraries, not the first.
   */
  private static synchronized Engine makeShared() {
    Engine engine = shared;
    if (engine == null) {
      engine = new Engine(NativeBackend.create());
      shared = engine;
    }
    return engine;
  }

  /** Returns the result of {@code action}, run with this engine as the current one. */
  public <T> T with(Supplier<T> action) {
    Objects.requireNonNull(action, "engine: action is null");
    return ScopedValue.where(HERE, this).call(action::get);
  }

  /** Returns the backend that computes. */
  public Backend backend() {
    return backend;
  }

  /**
   * Returns whether products of this floating-point dtype are computed in it, and not by way of a
   * wider one: {@code bf16} and {@code f16} where the processor has instructions for it.
   */
  public boolean multiplies(DType dtype) {
    return backend.multiplies(dtype);
  }

  /** Returns the number of plans kept. */
  public int plans() {
    return cache.size();
  }

  /** Drops all plans; they are made again when they are needed. */
  @Override
  public void close() {
    cache.clear();
  }

  /**
   * Returns a new tensor with elements of no particular value.
   *
   * @throws org.gatun.OutOfNativeMemoryException if there is no memory for it
   */
  public Tensor allocate(Layout layout) {
    ScratchMemory.Block block =
        MemoryPool.shared()
            .allocate(layout.byteSpan(), MemoryOwner.TENSORS, () -> "tensor " + layout);
    Tensor tensor = TensorAccess.get().create(block, layout);
    Recording recording = Recording.here();
    if (recording != null) {
      recording.made(tensor);
    }
    return tensor;
  }

  /**
   * Returns the one output of an operator.
   *
   * @throws IllegalArgumentException if the operator does not take the inputs or has several
   *     outputs
   * @throws IllegalStateException if an input is closed
   * @throws UnsupportedOperationException if there is no kernel for the dtypes
   */
  public Tensor run(Op op, Tensor... inputs) {
    List<Tensor> outputs = runAll(op, inputs);
    if (outputs.size() != 1) {
      outputs.forEach(Tensor::close);
      throw new IllegalArgumentException(
          op.name() + ": " + outputs.size() + " outputs, expected one; call runAll");
    }
    return outputs.getFirst();
  }

  /** Returns the outputs of an operator. Throws as {@link #run} does. */
  public List<Tensor> runAll(Op op, Tensor... inputs) {
    if (op instanceof View view) {
      return views(view, inputs);
    }
    return runAll(unbound, op, inputs);
  }

  /**
   * Returns what a function written in Java computes. In a recording it is a step like an
   * operator's; the function is run again at each replay.
   *
   * @param outputs the layouts of its results
   * @throws IllegalArgumentException if an output's layout repeats elements
   * @throws IllegalStateException if an input is closed
   */
  public List<Tensor> call(HostFunction function, List<Layout> outputs, Tensor... inputs) {
    Objects.requireNonNull(function, "call: function is null");
    Layout[] out = outputs.toArray(Layout[]::new);
    for (int i = 0; i < out.length; i++) {
      if (out[i].overlaps()) {
        throw new IllegalArgumentException(
            function.name()
                + ": output "
                + i
                + " is to be "
                + out[i]
                + ", whose elements share memory; expected a layout that is not expanded");
      }
    }
    HostPlan plan = new HostPlan(function, layouts(function.name(), inputs), out);
    try (Task task =
        Task.of(function::name, layouts(function.name(), inputs), new Planned(plan, out))) {
      return runAll(task, inputs);
    }
  }

  /**
   * Computes an operator into the caller's tensors, of the shapes and dtypes that the operator
   * gives, in whatever layout. An output may share memory with an input.
   *
   * @throws IllegalArgumentException as {@link #run} does, and if an output has another shape or
   *     dtype or repeats elements, as expanded tensors do
   * @throws IllegalStateException if an input or an output is closed
   */
  public void run(Op op, List<Tensor> inputs, List<Tensor> outputs) {
    Tensor[] in = inputs.toArray(Tensor[]::new);
    if (op instanceof View view) {
      List<Tensor> views = views(view, in);
      try {
        checkOutputs(op, views.stream().map(Tensor::layout).toArray(Layout[]::new), outputs);
        for (int i = 0; i < views.size(); i++) {
          run(new Copy(false), List.of(views.get(i)), List.of(outputs.get(i)));
        }
      } finally {
        views.forEach(Tensor::close);
      }
      return;
    }
    runInto(unbound, op, in, outputs);
  }

  /**
   * Returns which code computes the operator for these inputs, such as {@code
   * onednn:brgemm:avx512}. Throws as {@link #run} does.
   */
  public String implementation(Op op, Tensor... inputs) {
    if (op instanceof View) {
      layouts(op, inputs); // None of which is null.
      return "view";
    }
    return implementation(unbound, op, inputs);
  }

  /**
   * Returns a runner of the operator whose last inputs are constant: weights, which are packed
   * once.
   *
   * @param constants the last inputs of the operator, of a fused one those before what its steps
   *     add; not to be modified while the runner is open, which keeps their memory alive
   */
  public Runner bind(Op op, Tensor... constants) {
    return new Runner(this, Objects.requireNonNull(op, "bind: op is null"), constants);
  }

  // What runners, recordings and programs share with the engine.

  /**
   * What plans are made with and kept in.
   *
   * @param plans where they are kept
   * @param context what they run with
   * @param constants for each input its memory where it is constant for the life of the plans, else
   *     null; null where none is
   */
  record Binding(
      PlanCache plans, KernelContext context, @Nullable MemorySegment @Nullable [] constants) {}

  Binding unbound() {
    return unbound;
  }

  List<Tensor> runAll(Binding binding, Op op, Tensor[] inputs) {
    Recording recording = Recording.here();
    if (recording != null) {
      try (Task task = recording.task(this, op, inputs, CHOSEN_BY_OP, NO_TENSORS)) {
        return runAll(task, inputs);
      }
    }
    Planned planned = plan(binding, op, layouts(op, inputs), CHOSEN_BY_OP);
    try {
      return computed(
          planned.outputs(), outputs -> Execution.run(planned.plan(), op::name, inputs, outputs));
    } finally {
      planned.release();
    }
  }

  /** Returns the outputs of a task, which is noted where this thread records. */
  List<Tensor> runAll(Task task, Tensor[] inputs) {
    return computed(task.planned().outputs(), outputs -> run(task, inputs, outputs));
  }

  /** Runs a task, which is noted where this thread records. */
  static void run(Task task, Tensor[] inputs, Tensor[] outputs) {
    Recording recording = Recording.here();
    if (recording != null) {
      recording.perform(task, inputs, outputs);
    } else {
      Execution.run(task.planned().plan(), task.name(), inputs, outputs);
    }
  }

  /** Returns new tensors that an action fills; closed again where it fails. */
  List<Tensor> computed(Layout[] layouts, Consumer<Tensor[]> action) {
    Tensor[] outputs = new Tensor[layouts.length];
    int made = 0;
    boolean done = false;
    try {
      for (; made < outputs.length; made++) {
        outputs[made] = allocate(layouts[made]);
      }
      action.accept(outputs);
      done = true;
      return List.of(outputs);
    } finally {
      if (!done) {
        for (int i = 0; i < made; i++) {
          outputs[i].close();
        }
      }
    }
  }

  String implementation(Binding binding, Op op, Tensor[] inputs) {
    Planned planned = plan(binding, op, layouts(op, inputs), CHOSEN_BY_OP);
    try {
      return planned.plan().implementation();
    } finally {
      planned.release();
    }
  }

  void runInto(Binding binding, Op op, Tensor[] inputs, List<Tensor> outputs) {
    Tensor[] out = outputs.toArray(Tensor[]::new);
    if (out.length == 0) {
      throw new IllegalArgumentException(op.name() + ": no outputs given, expected one or more");
    }
    Recording recording = Recording.here();
    if (recording != null) {
      try (Task task = recording.task(this, op, inputs, layouts(op, out), out)) {
        if (mayRunInto(op, inputs, out)) {
          recording.perform(task, inputs, out);
          return;
        }
      }
      runBeside(op, inputs, out);
      return;
    }
    Planned planned = plan(binding, op, layouts(op, inputs), layouts(op, out));
    try {
      if (mayRunInto(op, inputs, out)) {
        Execution.run(planned.plan(), op::name, inputs, out);
      } else {
        runBeside(op, inputs, out);
      }
    } finally {
      planned.release();
    }
  }

  /** The outputs overlap the inputs: computes beside them, then copies. */
  private void runBeside(Op op, Tensor[] inputs, Tensor[] outputs) {
    List<Tensor> results = runAll(op, inputs);
    try {
      for (int i = 0; i < outputs.length; i++) {
        run(new Copy(false), List.of(results.get(i)), List.of(outputs[i]));
      }
    } finally {
      results.forEach(Tensor::close);
    }
  }

  /** A pointwise operator reads each element before it writes there, if all lie the same way. */
  private static boolean mayAlias(Op op, Tensor[] inputs, Tensor[] outputs) {
    if (!(op instanceof Pointwise)) {
      return false;
    }
    for (Tensor input : inputs) {
      if (input.overlaps(outputs[0])
          && !(input.layout().equals(outputs[0].layout()) && input.startsWith(outputs[0]))) {
        return false;
      }
    }
    return true;
  }

  private static boolean mayRunInto(Op op, Tensor[] inputs, Tensor[] outputs) {
    return mayAlias(op, inputs, outputs) || !overlap(inputs, outputs);
  }

  private static boolean overlap(Tensor[] inputs, Tensor[] outputs) {
    for (Tensor output : outputs) {
      for (Tensor input : inputs) {
        if (input.overlaps(output)) {
          return true;
        }
      }
    }
    return false;
  }

  private Planned plan(Binding binding, Op op, Layout[] inputs, Layout[] outputs) {
    return plan(binding, op, inputs, outputs, Threads.count());
  }

  Planned plan(Binding binding, Op op, Layout[] inputs, Layout[] outputs, int threads) {
    PlanCache.Key key = new PlanCache.Key(op, inputs, outputs, threads);
    return binding.plans.hold(key, () -> make(binding, op, inputs, outputs, threads));
  }

  /** Returns a new plan, which is in no cache. */
  Planned make(Binding binding, Op op, Layout[] inputs, Layout[] given, int threads) {
    List<Layout> in = List.of(inputs);
    List<Layout> inferred = op.infer(in);
    List<Layout> out = inferred;
    if (given.length > 0) {
      checkLayouts(op.name(), inferred.toArray(Layout[]::new), given);
      out = List.of(given);
    }
    @Nullable MemorySegment[] constants = binding.constants;
    @Nullable MemorySegment[] fixed =
        constants == null ? new @Nullable MemorySegment[in.size()] : constants;
    PlanRequest request =
        new PlanRequest(op, in, out, Arrays.asList(fixed), threads, binding.context);
    return new Planned(planned(request), out.toArray(Layout[]::new));
  }

  private Plan planned(PlanRequest request) {
    EventSink events = Telemetry.events();
    EventSink.Span<PlanRequest, Plan> planning = events == null ? null : events.planning();
    try {
      Plan plan = planner.plan(request);
      if (planning != null) {
        planning.made(request, plan);
      }
      return plan;
    } catch (ArithmeticException e) {
      throw new UnsupportedOperationException(
          request.op().name()
              + ": no kernel for dimensions as long as those of "
              + request.inputs()
              + " and "
              + request.outputs(),
          e);
    } catch (OutOfMemoryError e) {
      // Plans of pooling and the like have tables as long as a dimension.
      throw new OutOfNativeMemoryException(
          request.op().name()
              + ": no room on the heap for the plan of "
              + request.outputs()
              + " ("
              + e.getMessage()
              + ")");
    }
  }

  private static void checkOutputs(Op op, Layout[] expected, List<Tensor> outputs) {
    checkLayouts(op.name(), expected, outputs.stream().map(Tensor::layout).toArray(Layout[]::new));
  }

  static void checkLayouts(String name, Layout[] expected, Layout[] given) {
    if (given.length != expected.length) {
      throw new IllegalArgumentException(
          name + ": " + given.length + " outputs given, expected " + expected.length);
    }
    for (int i = 0; i < given.length; i++) {
      if (given[i].dtype() != expected[i].dtype()
          || !given[i].shape().equals(expected[i].shape())) {
        throw new IllegalArgumentException(
            name
                + ": output "
                + i
                + " given is "
                + given[i]
                + ", expected "
                + expected[i].dtype().spelling()
                + expected[i].shape());
      }
      if (given[i].overlaps()) {
        throw new IllegalArgumentException(
            name
                + ": output "
                + i
                + " given is "
                + given[i]
                + ", whose elements share memory; expected a tensor that is not expanded");
      }
    }
  }

  /** Returns the layouts of an operator's tensors. */
  static Layout[] layouts(Op op, Tensor[] tensors) {
    Layout[] layouts = new Layout[tensors.length];
    for (int i = 0; i < tensors.length; i++) {
      layouts[i] = isGiven(tensors, i) ? tensors[i].layout() : missing(op.name(), i);
    }
    return layouts;
  }

  /**
   * Returns the layouts of some tensors.
   *
   * @param name of what they are for, for messages
   */
  static Layout[] layouts(String name, Tensor[] tensors) {
    Layout[] layouts = new Layout[tensors.length];
    for (int i = 0; i < tensors.length; i++) {
      layouts[i] = isGiven(tensors, i) ? tensors[i].layout() : missing(name, i);
    }
    return layouts;
  }

  private static boolean isGiven(@Nullable Tensor[] tensors, int index) {
    return tensors[index] != null;
  }

  private static Layout missing(String name, int index) {
    throw new NullPointerException(name + ": tensor " + index + " is null");
  }

  private List<Tensor> views(View view, Tensor[] inputs) {
    if (inputs.length != 1) {
      throw new IllegalArgumentException(
          view.name() + ": " + inputs.length + " inputs, expected 1");
    }
    Tensor base = inputs[0];
    List<View.Placement> placed = view.place(base.layout());
    if (placed != null) {
      return place(view, base, placed);
    }
    try (Tensor copy = run(new Copy(false), base)) {
      List<View.Placement> again = view.place(copy.layout());
      if (again == null) {
        throw new AssertionError(view.name() + ": no view of a contiguous tensor");
      }
      return place(view, copy, again);
    }
  }

  private static List<Tensor> place(View view, Tensor base, List<View.Placement> placed) {
    TensorAccess access = TensorAccess.get();
    Execution.hold(access, base, view::name, "input", 0);
    try {
      List<Tensor> views = new ArrayList<>(placed.size());
      for (View.Placement placement : placed) {
        views.add(access.view(base, placement.layout(), placement.offset()));
      }
      return Collections.unmodifiableList(views);
    } finally {
      access.release(base);
    }
  }
}
