package org.gatun.runtime;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.gatun.Layout;
import org.gatun.Storage;
import org.gatun.Tensor;
import org.gatun.kernel.KernelContext;
import org.gatun.kernel.Plan;
import org.gatun.op.Op;
import org.jspecify.annotations.Nullable;

/**
 * The constants that recordings and programs of one engine share: weights, packed once for all
 * shapes that want them packed the same way. Tensors are the same constant if they look at the same
 * elements of the same storage in the same way; the elements are not to be modified.
 *
 * <p>What is packed lives as long as a plan that uses it: at most until this and all programs are
 * closed. A tensor whose elements all plans have packed may be closed. Safe for use by many
 * threads.
 */
public final class Weights implements AutoCloseable {
  /** As many as an engine keeps: a node of a model has one for each shape of its input. */
  private static final int PLANS = 4096;

  private final Engine engine;
  private final PackedConstants packed;
  private final KernelContext context;
  private final PlanCache plans = new PlanCache(PLANS);
  private final Owned owned = new Owned(plans);

  /** Weak: a storage that was forgotten may be collected, and its constants with it. */
  private final Map<Storage, List<Constant>> constants = new WeakHashMap<>();

  private final AtomicBoolean closed = new AtomicBoolean();

  /** The owner, and every recording and program: the last one out drops the plans. */
  private final AtomicInteger users = new AtomicInteger(1);

  /** Makes an empty store for an engine. */
  public Weights(Engine engine) {
    this.engine = engine;
    KernelContext given = engine.backend().context();
    this.packed = new PackedConstants(given.memory());
    this.context = new KernelContext(given.workers(), packed, given.vector());
    owned.guard(this);
  }

  /** The plans, and with them what they packed. */
  private static final class Owned extends Ownership {
    private final PlanCache plans;
    private final AtomicBoolean open = new AtomicBoolean(true);

    Owned(PlanCache plans) {
      this.plans = plans;
    }

    @Override
    protected boolean letGo() {
      boolean first = open.compareAndSet(true, false);
      if (first) {
        plans.close();
      }
      return first;
    }

    @Override
    protected String what() {
      return "weights";
    }
  }

  /** Returns the engine that packs them. */
  public Engine engine() {
    return engine;
  }

  /** Returns the bytes that packed constants take now, beside the constants themselves. */
  public long packedBytes() {
    return packed.byteSize();
  }

  /** Returns the number of plans kept. */
  public int plans() {
    return plans.size();
  }

  /** Returns the identity of what a tensor that the caller holds looks at. */
  synchronized Constant constant(Tensor tensor) {
    List<Constant> known =
        constants.computeIfAbsent(TensorAccess.get().storage(tensor), _ -> new ArrayList<>(1));
    for (Constant constant : known) {
      if (constant.is(tensor)) {
        return constant;
      }
    }
    Constant constant = Constant.of(tensor);
    known.add(constant);
    return constant;
  }

  /** Says that the elements of a storage are about to be written to. */
  synchronized void change(Storage storage) {
    List<Constant> known = constants.remove(storage);
    if (known != null) {
      known.forEach(Constant::change);
    }
  }

  /**
   * Returns the plan of an operator some of whose inputs are constant, with the caller counted in
   * as a user.
   *
   * @param fixed for each input the constant, whose memory the caller holds, or null
   * @param kept whether the plan is kept for others that ask for it
   */
  Planned plan(
      Op op,
      Layout[] inputs,
      Layout[] outputs,
      int threads,
      @Nullable Constant[] fixed,
      boolean kept) {
    @Nullable MemorySegment[] memory = new MemorySegment[fixed.length];
    for (int i = 0; i < fixed.length; i++) {
      Constant constant = fixed[i];
      memory[i] = constant == null ? null : constant.memory();
    }
    Engine.Binding binding = new Engine.Binding(plans, context, memory);
    Supplier<Planned> maker =
        () -> {
          Planned made = engine.make(binding, op, inputs, outputs, threads);
          unloadPacked(fixed, made.plan());
          return made;
        };
    return kept
        ? plans.hold(new PlanCache.Key(op, inputs, outputs, threads, fixed), maker)
        : maker.get();
  }

  private static void unloadPacked(@Nullable Constant[] fixed, Plan plan) {
    for (int i = 0; i < fixed.length; i++) {
      Constant constant = fixed[i];
      if (constant != null && !plan.reads(i)) {
        constant.unload();
      }
    }
  }

  /**
   * Counts a recording or a program in.
   *
   * @throws IllegalStateException if this is closed
   */
  void enter() {
    int seen = closed.get() ? 0 : users.get();
    while (seen > 0) {
      int witness = users.compareAndExchange(seen, seen + 1);
      if (witness == seen) {
        return;
      }
      seen = witness;
    }
    throw new IllegalStateException("weights: they are closed");
  }

  void leave() {
    if (users.decrementAndGet() == 0) {
      owned.close();
    }
  }

  /**
   * Frees what was packed, when the recordings and programs that use it are closed. Closing twice
   * does nothing.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      leave();
    }
  }
}
