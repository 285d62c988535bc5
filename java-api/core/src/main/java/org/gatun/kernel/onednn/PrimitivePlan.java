package org.gatun.kernel.onednn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
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
  /**
   * oneDNN's code for the gradient of a convolution with a stride, which transposed convolutions
   * are: it cuts the sums over channels and window by the number of threads.
   */
  private static final String STRIDED = "brgconv_strided";

  /**
   * Executions that are kept between runs, beside the first: as many as processors run. More
   * callers than that at a time are rare, and for each plan there would be as many kept as ever
   * met.
   */
  private static final int MOST_IDLE = Runtime.getRuntime().availableProcessors();

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
  private final AtomicInteger idleCount = new AtomicInteger();

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
        try (ScratchMemory.Block block = memory.borrow(scratchBytes)) {
          execution.run(inputs, outputs, block.segment().address());
        }
      }
    } finally {
      giveBack(execution);
    }
  }

  @Override
  public boolean roundsByThreads() {
    return implementation.contains(STRIDED);
  }

  @Override
  public boolean reads(int input) {
    Operand read = new Operand.Input(input);
    return steps.stream()
        .flatMap(step -> step.arguments().stream())
        .anyMatch(argument -> argument.operand().equals(read));
  }

  private Execution take() {
    Execution first = idle.getAndSet(null);
    if (first != null) {
      return first;
    }
    Execution other = moreIdle.pollFirst();
    if (other == null) {
      return new Execution(steps);
    }
    idleCount.decrementAndGet();
    return other;
  }

  private void giveBack(Execution execution) {
    if (idle.compareAndSet(null, execution)) {
      return;
    }
    if (idleCount.incrementAndGet() <= MOST_IDLE) {
      moreIdle.addFirst(execution);
    } else {
      idleCount.decrementAndGet();
      execution.close();
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
    private final Call[] calls;
    private final List<Handle> handles = new ArrayList<>();
    private final MemorySegment stream;

    /** A primitive with memory objects of this execution as arguments. */
    private record Call(
        MemorySegment primitive,
        MemorySegment arguments,
        Operand[] operands,
        long[] memories,
        long[] addresses) {}

    Execution(List<Step> steps) {
      this.calls = new Call[steps.size()];
      // Not confined: whichever thread takes the execution reads the argument lists.
      Arena arena = Arena.ofAuto();
      MemorySegment out = arena.allocate(OneDnn.C_POINTER);
      boolean made = false;
      try {
        Status.check(
            OneDnn.dnnl_stream_create(out, Cpu.engine(), OneDnn.dnnl_stream_default_flags()),
            "stream_create");
        stream = kept(Handle.Kind.STREAM, out);
        for (int i = 0; i < calls.length; i++) {
          calls[i] = call(steps.get(i), arena, out);
        }
        made = true;
      } finally {
        if (!made) {
          closeAll(handles);
        }
      }
    }

    private MemorySegment kept(Handle.Kind kind, MemorySegment out) {
      Handle handle = new Handle(kind, out.get(OneDnn.C_POINTER, 0));
      handles.add(handle);
      return handle.address();
    }

    private Call call(Step step, Arena arena, MemorySegment out) {
      List<Argument> arguments = step.arguments();
      MemorySegment list = dnnl_exec_arg_t.allocateArray(arguments.size(), arena);
      Operand[] operands = new Operand[arguments.size()];
      long[] memories = new long[operands.length];
      for (int i = 0; i < operands.length; i++) {
        Argument argument = arguments.get(i);
        operands[i] = argument.operand();
        MemorySegment data =
            operands[i] instanceof Operand.Constant(MemorySegment segment)
                ? segment
                : MemorySegment.NULL;
        Status.check(
            OneDnn.dnnl_memory_create(out, argument.descriptor(), Cpu.engine(), data),
            "memory_create");
        MemorySegment object = kept(Handle.Kind.MEMORY, out);
        memories[i] = object.address();
        MemorySegment entry = dnnl_exec_arg_t.asSlice(list, i);
        dnnl_exec_arg_t.arg(entry, argument.number());
        dnnl_exec_arg_t.memory(entry, object);
      }
      return new Call(step.primitive(), list, operands, memories, new long[operands.length]);
    }

    void run(MemorySegment[] inputs, MemorySegment[] outputs, long scratch) {
      for (Call call : calls) {
        Operand[] operands = call.operands();
        for (int i = 0; i < operands.length; i++) {
          switch (operands[i]) {
            case Operand.Input(int index) -> point(call, i, inputs[index].address());
            case Operand.Output(int index) -> point(call, i, outputs[index].address());
            case Operand.Constant _ -> {}
            case Operand.Scratch(long offset, long _) -> point(call, i, scratch + offset);
          }
        }
        Status.check(
            OneDnn.dnnl_primitive_execute(
                call.primitive(), stream, operands.length, call.arguments()),
            "primitive_execute");
      }
      Status.check(OneDnn.dnnl_stream_wait(stream), "stream_wait");
    }

    /** Has a memory object lie at an address, which it mostly does from the last time. */
    private static void point(Call call, int index, long address) {
      if (call.addresses()[index] != address) {
        DataHandle.set(call.memories()[index], address);
        call.addresses()[index] = address;
      }
    }

    @Override
    public void close() {
      closeAll(handles);
    }
  }
}
