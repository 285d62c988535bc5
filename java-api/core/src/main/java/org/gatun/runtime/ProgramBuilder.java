package org.gatun.runtime;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gatun.Layout;
import org.gatun.Tensor;
import org.gatun.op.Copy;
import org.gatun.op.Pointwise;
import org.gatun.runtime.RecordedStep.Operand;
import org.gatun.runtime.Schedule.Part;
import org.gatun.runtime.Schedule.Place;
import org.gatun.runtime.Schedule.Slot;
import org.gatun.runtime.Schedule.Source;
import org.jspecify.annotations.Nullable;

/**
 * Makes a program of what was noted: drops what no result depends on, has the last steps write to
 * the outputs, and lays the rest out in one block of memory.
 */
final class ProgramBuilder {
  private final Engine engine;
  private final Weights weights;
  private final int threads;
  private final List<Layout> inputs;
  private final List<RecordedStep> recorded;
  private final List<Operand> results;
  private final boolean reuse;

  private final List<RecordedStep> steps = new ArrayList<>();
  private final List<RecordedStep> copies = new ArrayList<>();
  private final List<Layout> outputs = new ArrayList<>();

  /** The buffers that are outputs. */
  private final Map<Buffer, Integer> outputOf = new IdentityHashMap<>();

  /** The buffers that lie in memory of the run, and where; several may be in one place. */
  private final Map<Buffer, Integer> uses = new IdentityHashMap<>();

  private final List<MemoryPlan.Use> lifetimes = new ArrayList<>();

  /** Constants that steps read, each kept by a tensor of the program. */
  private final Map<Buffer, Tensor> kept = new LinkedHashMap<>();

  ProgramBuilder(
      Engine engine,
      Weights weights,
      int threads,
      List<Layout> inputs,
      List<RecordedStep> recorded,
      List<Operand> results,
      boolean reuse) {
    this.engine = engine;
    this.weights = weights;
    this.threads = threads;
    this.inputs = inputs;
    this.recorded = recorded;
    this.results = results;
    this.reuse = reuse;
  }

  /** Returns the program, which the steps and a share of the weights belong to from now on. */
  Program build() {
    boolean done = false;
    try {
      for (int i = 0; i < results.size(); i++) {
        assign(i);
      }
      keepNeeded();
      findLifetimes();
      MemoryPlan memory = MemoryPlan.of(lifetimes);
      Schedule schedule = schedule(memory);
      Program program =
          new Program(
              engine,
              weights,
              threads,
              inputs,
              List.copyOf(outputs),
              steps,
              schedule,
              List.copyOf(kept.values()),
              uses.keySet().stream()
                  .mapToLong(buffer -> MemoryPlan.aligned(buffer.byteSize()))
                  .sum());
      done = true;
      dropped().forEach(RecordedStep::close);
      return program;
    } finally {
      if (!done) {
        copies.forEach(RecordedStep::close);
        kept.values().forEach(Tensor::close);
      }
    }
  }

  /** Has a step write to an output, or copies to it what is not a step's alone. */
  private void assign(int index) {
    Operand result = results.get(index);
    Buffer buffer = result.buffer();
    if (buffer.kind() == Buffer.Kind.MADE && result.isWhole() && !outputOf.containsKey(buffer)) {
      outputOf.put(buffer, index);
      outputs.add(result.layout());
      return;
    }
    Layout from = result.layout();
    Layout to = from.isDense() ? from : Layout.of(from.dtype(), from.shape());
    Buffer output = Buffer.made(to.byteSpan());
    outputOf.put(output, index);
    outputs.add(to);
    if (to.size() > 0) {
      Copy copy = new Copy(false);
      Layout[] in = {from};
      Layout[] out = {to};
      Task task =
          new Task(
              copy::name,
              copy,
              in,
              engine.plan(engine.unbound(), copy, in, out, threads),
              other -> engine.plan(engine.unbound(), copy, in, out, other));
      copies.add(
          new RecordedStep(
              task, new Operand[] {result}, new Operand[] {new Operand(output, 0, to)}));
    }
  }

  /** Goes backwards from the outputs: a step is needed if what it writes is. */
  private void keepNeeded() {
    List<RecordedStep> all = new ArrayList<>(recorded);
    all.addAll(copies);
    Set<Buffer> needed = Collections.newSetFromMap(new IdentityHashMap<>());
    needed.addAll(outputOf.keySet());
    for (RecordedStep step : all.reversed()) {
      boolean writes = false;
      for (Operand output : step.outputs()) {
        writes = writes || needed.contains(output.buffer());
      }
      if (writes) {
        for (Operand input : step.inputs()) {
          needed.add(input.buffer());
        }
        steps.add(step);
      }
    }
    Collections.reverse(steps);
  }

  private List<RecordedStep> dropped() {
    Set<RecordedStep> used = Collections.newSetFromMap(new IdentityHashMap<>());
    used.addAll(steps);
    return recorded.stream().filter(step -> !used.contains(step)).toList();
  }

  // Memory.

  private boolean isOfRun(Buffer buffer) {
    return buffer.kind() == Buffer.Kind.MADE && !outputOf.containsKey(buffer);
  }

  private void findLifetimes() {
    Map<Buffer, Integer> last = new IdentityHashMap<>();
    for (int i = 0; i < steps.size(); i++) {
      for (Operand input : steps.get(i).inputs()) {
        last.put(input.buffer(), i);
      }
      for (Operand output : steps.get(i).outputs()) {
        last.put(output.buffer(), i);
      }
    }
    for (int i = 0; i < steps.size(); i++) {
      for (Operand output : steps.get(i).outputs()) {
        Buffer buffer = output.buffer();
        if (isOfRun(buffer) && !uses.containsKey(buffer)) {
          place(buffer, i, last);
        }
      }
    }
  }

  /** A buffer that a step writes first: in place of an input that ends here, or in its own. */
  private void place(Buffer buffer, int step, Map<Buffer, Integer> last) {
    if (!reuse) {
      uses.put(buffer, lifetimes.size());
      lifetimes.add(new MemoryPlan.Use(buffer.byteSize(), 0, steps.size()));
      return;
    }
    int end = last.getOrDefault(buffer, step);
    Buffer replaced = replaced(buffer, step, last);
    if (replaced == null) {
      uses.put(buffer, lifetimes.size());
      lifetimes.add(new MemoryPlan.Use(buffer.byteSize(), step, end));
      return;
    }
    int use = uses.getOrDefault(replaced, 0);
    uses.put(buffer, use);
    MemoryPlan.Use before = lifetimes.get(use);
    lifetimes.set(use, new MemoryPlan.Use(before.byteSize(), before.first(), end));
  }

  /**
   * Returns a buffer that a pointwise step reads for the last time, element by element where it
   * writes; null where there is none.
   */
  private @Nullable Buffer replaced(Buffer buffer, int index, Map<Buffer, Integer> last) {
    RecordedStep step = steps.get(index);
    Operand output = step.outputs()[0];
    if (!step.is(Pointwise.class) || !output.isWhole()) {
      return null;
    }
    for (Operand input : step.inputs()) {
      Buffer candidate = input.buffer();
      if (isOfRun(candidate)
          && uses.containsKey(candidate)
          && last.getOrDefault(candidate, -1) == index
          && candidate.byteSize() == buffer.byteSize()
          && isReadAs(candidate, output.layout(), step)) {
        return candidate;
      }
    }
    return null;
  }

  private static boolean isReadAs(Buffer buffer, Layout layout, RecordedStep step) {
    for (Operand input : step.inputs()) {
      if (input.buffer() == buffer && !(input.offset() == 0 && input.layout().equals(layout))) {
        return false;
      }
    }
    return true;
  }

  // Operands.

  private Schedule schedule(MemoryPlan memory) {
    Map<Part, List<Slot>> moving = new LinkedHashMap<>();
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      RecordedStep step = steps.get(i);
      for (int k = 0; k < step.inputs().length; k++) {
        Operand input = step.inputs()[k];
        Slot slot = new Slot(i, false, k);
        if (input.buffer().kind() == Buffer.Kind.CONSTANT) {
          places.add(new Place.Fixed(constant(step, k), slot));
        } else {
          moving.computeIfAbsent(part(input, memory), _ -> new ArrayList<>()).add(slot);
        }
      }
      for (int k = 0; k < step.outputs().length; k++) {
        moving
            .computeIfAbsent(part(step.outputs()[k], memory), _ -> new ArrayList<>())
            .add(new Slot(i, true, k));
      }
    }
    moving.forEach((part, slots) -> places.add(new Place.Moving(part, List.copyOf(slots))));
    return new Schedule(
        steps.stream().mapToInt(step -> step.inputs().length).toArray(),
        steps.stream().mapToInt(step -> step.outputs().length).toArray(),
        List.copyOf(places),
        memory.byteSize());
  }

  private Part part(Operand operand, MemoryPlan memory) {
    Buffer buffer = operand.buffer();
    long byteSize = operand.layout().byteSpan();
    if (buffer.kind() == Buffer.Kind.INPUT) {
      return new Part(Source.INPUT, buffer.input(), operand.offset(), byteSize);
    }
    Integer output = outputOf.get(buffer);
    if (output != null) {
      return new Part(Source.OUTPUT, output, operand.offset(), byteSize);
    }
    Integer use = uses.get(buffer);
    if (use == null) {
      throw new AssertionError("program: a step reads what none has written: " + operand.layout());
    }
    return new Part(Source.RUN, 0, memory.offset(use) + operand.offset(), byteSize);
  }

  /** Returns the memory of a constant; none where the plan has packed it. */
  private MemorySegment constant(RecordedStep step, int index) {
    if (!step.task().planned().plan().reads(index)) {
      return MemorySegment.NULL;
    }
    Operand operand = step.inputs()[index];
    TensorAccess access = TensorAccess.get();
    Tensor keeper =
        kept.computeIfAbsent(
            operand.buffer(),
            buffer -> {
              Tensor alias = access.alias(buffer.keeper());
              if (alias == null) {
                throw new AssertionError("program: the recording keeps its constants open");
              }
              return alias;
            });
    return access.storageMemory(keeper).asSlice(operand.offset(), operand.layout().byteSpan());
  }
}
