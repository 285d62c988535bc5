package org.gatun.kernel.onednn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicReference;
import org.gatun.bindings.onednn.OneDnn;
import org.gatun.bindings.onednn.dnnl_exec_arg_t;
import org.gatun.bindings.openmp.OpenMp;
import org.gatun.kernel.Plan;
import org.gatun.kernel.ScratchMemory;
import org.jspecify.annotations.Nullable;

/**
 * Primitives that run one after the other. All threads share them; what oneDNN does not let threads
 * share (memory objects, the stream, scratch) each execution takes for itself.
 */
final class PrimitivePlan implements Plan {
  /** Where an argument's memory comes from. */
  sealed interface Operand {
    /** An input of the operator. */
    record Input(int index) implements Operand {}

    /** An output of the operator. */
    record Output(int index) implements Operand {}

    /** Memory that stays the same for the life of the plan: packed weights. */
    record Constant(MemorySegment segment) implements Operand {}

    /** Scratch memory, at an offset of the execution's block. */
    record Scratch(long offset, long byteSize) implements Operand {}
  }

  /**
   * An argument of a primitive.
   *
   * @param number oneDNN's, such as {@code DNNL_ARG_SRC}
   * @param operand where its memory comes from
   * @param descriptor how it lies there
   */
  record Argument(int number, Operand operand, MemorySegment descriptor) {}

  /** A primitive with its arguments. */
  record Step(MemorySegment primitive, List<Argument> arguments) {}

  private final String implementation;
  private final List<Step> steps;
  private final List<AutoCloseable> kept;
  private final long scratchBytes;
  private final int threads;
  private final ScratchMemory memory;
  // One execution at a time is the rule: the first slot costs no node of a queue.
  private final AtomicReference<@Nullable Execution> idle = new AtomicReference<>();
  private final ConcurrentLinkedDeque<Execution> moreIdle = new ConcurrentLinkedDeque<>();

  PrimitivePlan(
      String implementation,
      List<Step> steps,
      List<AutoCloseable> kept,
      long scratchBytes,
      int threads,
      ScratchMemory memory) {
    this.implementation = implementation;
    this.steps = steps;
    this.kept = kept;
    this.scratchBytes = scratchBytes;
    this.threads = threads;
    this.memory = memory;
  }

  @Override
  public String implementation() {
    return implementation;
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    Execution execution = take();
    try {
      OpenMp.omp_set_num_threads(threads);
      if (scratchBytes == 0) {
        execution.run(inputs, outputs, 0);
      } else {
        try (ScratchMemory.Block block = memory.allocate(scratchBytes)) {
          execution.run(inputs, outputs, block.segment().address());
        }
      }
    } finally {
      giveBack(execution);
    }
  }

  private Execution take() {
    Execution first = idle.getAndSet(null);
    if (first != null) {
      return first;
    }
    Execution other = moreIdle.pollFirst();
    return other != null ? other : new Execution(steps);
  }

  private void giveBack(Execution execution) {
    if (!idle.compareAndSet(null, execution)) {
      moreIdle.addFirst(execution);
    }
  }

  @Override
  public void close() {
    Execution first = idle.getAndSet(null);
    if (first != null) {
      first.close();
    }
    moreIdle.forEach(Execution::close);
    moreIdle.clear();
    closeAll(kept);
  }

  /** Closes handles and blocks, which throw nothing checked. */
  static void closeAll(List<? extends AutoCloseable> resources) {
    for (AutoCloseable resource : resources) {
      switch (resource) {
        case Handle handle -> handle.close();
        case ScratchMemory.Block block -> block.close();
        default -> throw new AssertionError("neither a handle nor a block: " + resource);
      }
    }
  }

  /** The memory objects, arguments and stream of one thread at a time. */
  private static final class Execution implements AutoCloseable {
    private final Arena arena = Arena.ofAuto();
    private final List<Step> steps;
    private final MemorySegment[] argumentLists;
    private final Handle[][] memories;
    private final Handle stream;

    Execution(List<Step> steps) {
      this.steps = steps;
      this.argumentLists = new MemorySegment[steps.size()];
      this.memories = new Handle[steps.size()][];
      MemorySegment out = arena.allocate(OneDnn.C_POINTER);
      Status.check(
          OneDnn.dnnl_stream_create(out, Cpu.engine(), OneDnn.dnnl_stream_default_flags()),
          "stream_create");
      stream = new Handle(Handle.Kind.STREAM, out.get(OneDnn.C_POINTER, 0));
      for (int i = 0; i < memories.length; i++) {
        List<Argument> arguments = steps.get(i).arguments();
        argumentLists[i] = dnnl_exec_arg_t.allocateArray(arguments.size(), arena);
        memories[i] = new Handle[arguments.size()];
        for (int j = 0; j < arguments.size(); j++) {
          Argument argument = arguments.get(j);
          MemorySegment data =
              argument.operand() instanceof Operand.Constant(MemorySegment segment)
                  ? segment
                  : MemorySegment.NULL;
          Status.check(
              OneDnn.dnnl_memory_create(out, argument.descriptor(), Cpu.engine(), data),
              "memory_create");
          MemorySegment created = out.get(OneDnn.C_POINTER, 0);
          memories[i][j] = new Handle(Handle.Kind.MEMORY, created);
          MemorySegment entry = dnnl_exec_arg_t.asSlice(argumentLists[i], j);
          dnnl_exec_arg_t.arg(entry, argument.number());
          dnnl_exec_arg_t.memory(entry, created);
        }
      }
    }

    void run(MemorySegment[] inputs, MemorySegment[] outputs, long scratch) {
      for (int i = 0; i < memories.length; i++) {
        Step step = steps.get(i);
        List<Argument> arguments = step.arguments();
        for (int j = 0; j < memories[i].length; j++) {
          MemorySegment data =
              switch (arguments.get(j).operand()) {
                case Operand.Input(int index) -> inputs[index];
                case Operand.Output(int index) -> outputs[index];
                case Operand.Constant _ -> null;
                case Operand.Scratch(long offset, long _) ->
                    MemorySegment.ofAddress(scratch + offset);
              };
          if (data != null) {
            Status.check(
                OneDnn.dnnl_memory_set_data_handle(memories[i][j].address(), data),
                "memory_set_data_handle");
          }
        }
        Status.check(
            OneDnn.dnnl_primitive_execute(
                step.primitive(), stream.address(), memories[i].length, argumentLists[i]),
            "primitive_execute");
      }
      Status.check(OneDnn.dnnl_stream_wait(stream.address()), "stream_wait");
    }

    @Override
    public void close() {
      for (Handle[] ofStep : memories) {
        for (Handle memory : ofStep) {
          memory.close();
        }
      }
      stream.close();
    }
  }
}
