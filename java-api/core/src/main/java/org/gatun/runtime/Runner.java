package org.gatun.runtime;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.gatun.Tensor;
import org.gatun.kernel.KernelContext;
import org.gatun.op.Fused;
import org.gatun.op.Op;
import org.jspecify.annotations.Nullable;

/**
 * An operator whose last inputs are constant: weights, packed once into the layout that the library
 * likes best. What the steps of a fused operator add is not constant and comes after them. Made by
 * {@link Engine#bind}; safe for use by many threads.
 */
public final class Runner implements AutoCloseable {
  /** Shapes that a runner is called with at a time; an image or a sequence has a few. */
  private static final int PLANS = 64;

  private final Engine engine;
  private final Op op;
  private final Tensor[] constants;
  private final MemorySegment[] memory;
  private final PlanCache cache = new PlanCache(PLANS);
  private final KernelContext context;

  /** What nobody else gives back where the runner was forgotten. */
  private final Owned owned;

  private final AtomicBoolean closed = new AtomicBoolean();

  /** The open runner and every call that it is in: the last one out releases the memory. */
  private final AtomicInteger users = new AtomicInteger(1);

  Runner(Engine engine, Op op, Tensor[] constants) {
    this.engine = engine;
    this.op = op;
    KernelContext given = engine.backend().context();
    // Plans for several shapes share what they pack.
    this.context =
        new KernelContext(given.workers(), new PackedConstants(given.memory()), given.vector());
    // Views of our own: the caller may close the tensors that were given.
    this.constants = new Tensor[constants.length];
    this.memory = new MemorySegment[constants.length];
    TensorAccess access = TensorAccess.get();
    int held = 0;
    try {
      for (; held < constants.length; held++) {
        Execution.hold(access, constants[held], op::name, "constant", held);
        try {
          this.constants[held] = access.share(constants[held]);
        } finally {
          access.release(constants[held]);
        }
        Execution.hold(access, this.constants[held], op::name, "constant", held);
        memory[held] = access.memory(this.constants[held]);
      }
    } finally {
      if (held < constants.length) {
        release(this.constants, held);
      }
    }
    this.owned = new Owned(op.name(), cache, this.constants);
    owned.guard(this);
  }

  /** The plans, and the constants that they were made of. */
  private static final class Owned extends Ownership {
    private final String op;
    private final PlanCache plans;
    private final Tensor[] constants;
    private final AtomicBoolean open = new AtomicBoolean(true);

    Owned(String op, PlanCache plans, Tensor[] constants) {
      this.op = op;
      this.plans = plans;
      this.constants = constants;
    }

    @Override
    protected boolean letGo() {
      boolean first = open.compareAndSet(true, false);
      if (first) {
        plans.close();
        release(constants, constants.length);
      }
      return first;
    }

    @Override
    protected String what() {
      return "a runner of " + op;
    }
  }

  /** Returns the operator. */
  public Op op() {
    return op;
  }

  /**
   * Returns which code computes the operator for these inputs. Throws as {@link #run(Tensor...)}
   * does.
   */
  public String implementation(Tensor... inputs) {
    enter();
    try {
      return engine.implementation(binding(inputs.length), op, all(inputs));
    } finally {
      leave();
    }
  }

  /**
   * Returns the output for the inputs that are not constant.
   *
   * @throws IllegalStateException if this runner or an input is closed
   * @throws IllegalArgumentException if the operator does not take the inputs
   */
  public Tensor run(Tensor... inputs) {
    List<Tensor> outputs;
    enter();
    try {
      outputs = engine.runAll(binding(inputs.length), op, all(inputs));
    } finally {
      leave();
    }
    if (outputs.size() != 1) {
      outputs.forEach(Tensor::close);
      throw new IllegalArgumentException(
          op.name() + ": " + outputs.size() + " outputs, expected one; pass them in");
    }
    return outputs.getFirst();
  }

  /** Computes into the caller's outputs. Throws as {@link Engine#run(Op, List, List)} does. */
  public void run(List<Tensor> inputs, List<Tensor> outputs) {
    Tensor[] in = inputs.toArray(Tensor[]::new);
    enter();
    try {
      engine.runInto(binding(in.length), op, all(in), outputs);
    } finally {
      leave();
    }
  }

  /** Counts a call in: it may read the constants, to pack them, before it holds them as inputs. */
  private void enter() {
    int seen = closed.get() ? 0 : users.get();
    while (seen > 0) {
      int witness = users.compareAndExchange(seen, seen + 1);
      if (witness == seen) {
        return;
      }
      seen = witness;
    }
    throw new IllegalStateException(op.name() + ": the runner is closed");
  }

  private void leave() {
    if (users.decrementAndGet() == 0) {
      owned.close();
    }
  }

  private static void release(Tensor[] constants, int count) {
    TensorAccess access = TensorAccess.get();
    for (int i = 0; i < count; i++) {
      access.release(constants[i]);
      constants[i].close();
    }
  }

  private Tensor[] all(Tensor[] inputs) {
    int at = position(inputs.length);
    Tensor[] all = new Tensor[inputs.length + constants.length];
    System.arraycopy(inputs, 0, all, 0, at);
    System.arraycopy(constants, 0, all, at, constants.length);
    System.arraycopy(inputs, at, all, at + constants.length, inputs.length - at);
    return all;
  }

  private Engine.Binding binding(int inputs) {
    @Nullable MemorySegment[] all = new MemorySegment[inputs + memory.length];
    System.arraycopy(memory, 0, all, position(inputs), memory.length);
    return new Engine.Binding(cache, context, all);
  }

  /** Where the constants stand: last, but for what the steps of a fused operator add. */
  private int position(int inputs) {
    int after = op instanceof Fused fused ? fused.extraInputs() : 0;
    return Math.max(0, inputs - after);
  }

  /**
   * Releases the packed weights and the constants, when the calls that are running have ended.
   * Closing twice does nothing.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      leave();
    }
  }
}
