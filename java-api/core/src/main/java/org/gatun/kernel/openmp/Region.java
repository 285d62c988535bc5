package org.gatun.kernel.openmp;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.gatun.kernel.Workers.Part;
import org.gatun.kernel.Workers.PlanPart;
import org.jspecify.annotations.Nullable;

/**
 * A parallel loop that is running. Those that several threads run have a slot, by which the threads
 * find them, and are used again, so that a loop makes no garbage.
 */
final class Region {
  /** Shared regions at a time, over all calling threads; more of them run on their caller alone. */
  private static final int REGIONS = 4096;

  /** The number of no slot. */
  private static final int NONE = -1;

  private static final AtomicReferenceArray<@Nullable Region> TABLE =
      new AtomicReferenceArray<>(REGIONS);

  /** For each free slot the one below it on the stack of free slots. */
  private static final int[] BELOW = new int[REGIONS];

  /**
   * The topmost free slot in the lower half, {@link #NONE} if there is none. The upper half counts
   * changes: a slot that was taken and given back meanwhile is not one that lay there.
   */
  private static final AtomicLong TOP = new AtomicLong();

  static {
    for (int slot = 0; slot < REGIONS; slot++) {
      BELOW[slot] = slot + 1 < REGIONS ? slot + 1 : NONE;
    }
  }

  private final int slot;
  private final MemorySegment address;
  private final AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
  private @Nullable Part part;
  private @Nullable PlanPart<Object> planPart;
  private @Nullable Object plan;
  private MemorySegment @Nullable [] inputs;
  private MemorySegment @Nullable [] outputs;
  private long count;
  private long chunk;

  /** Written after the others and read before them: workers see what the caller set. */
  private volatile int parts;

  private Region(int slot) {
    this.slot = slot;
    this.address = MemorySegment.ofAddress(slot);
  }

  /** Returns a region for the calling thread alone. */
  static Region alone() {
    return new Region(NONE);
  }

  /** Returns a region that other threads find, or one for the calling thread alone. */
  static Region shared() {
    long top = TOP.get();
    while ((int) top != NONE) {
      int slot = (int) top;
      if (TOP.compareAndSet(top, changed(top, BELOW[slot]))) {
        Region region = TABLE.get(slot);
        if (region == null) {
          region = new Region(slot);
          TABLE.set(slot, region);
        }
        return region;
      }
      top = TOP.get();
    }
    return alone();
  }

  private static long changed(long top, int slot) {
    return ((top >>> Integer.SIZE) + 1) << Integer.SIZE | Integer.toUnsignedLong(slot);
  }

  /** Returns the region that runs in a slot. */
  static Region at(MemorySegment address) {
    Region region = TABLE.get((int) address.address());
    if (region == null) {
      throw new AssertionError("no region in slot " + address.address());
    }
    return region;
  }

  /** Returns the number of the slot, as workers get it. */
  MemorySegment address() {
    return address;
  }

  /** Returns whether other threads find it. */
  boolean isShared() {
    return slot != NONE;
  }

  /** Returns how many parts are to be run. */
  int parts() {
    return parts;
  }

  /** Has it run a part on so many elements, a chunk at a time. */
  void set(Part part, long count, long chunk) {
    this.part = part;
    set(count, chunk);
  }

  /** Has it run a part of a plan on so many elements, a chunk at a time. */
  @SuppressWarnings("unchecked") // The plan is of the type that its part takes.
  <P> void set(
      P plan,
      MemorySegment[] inputs,
      MemorySegment[] outputs,
      PlanPart<P> part,
      long count,
      long chunk) {
    this.plan = plan;
    this.inputs = inputs;
    this.outputs = outputs;
    this.planPart = (PlanPart<Object>) part;
    set(count, chunk);
  }

  private void set(long count, long chunk) {
    this.count = count;
    this.chunk = chunk;
    this.parts = (int) ((count + chunk - 1) / chunk);
  }

  void run(int index) {
    long from = index * chunk;
    long to = Math.min(count, from + chunk);
    try {
      if (part != null) {
        part.run(from, to);
      } else if (planPart != null && plan != null && inputs != null && outputs != null) {
        planPart.run(plan, inputs, outputs, from, to);
      }
    } catch (Throwable t) {
      // It must not leave an upcall, which would end the JVM; the caller throws it.
      if (!thrown.compareAndSet(null, t)) {
        Throwable first = thrown.get();
        if (first != null && first != t) {
          first.addSuppressed(t);
        }
      }
    }
  }

  void rethrow() {
    switch (thrown.get()) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable t -> throw new AssertionError("a part throws nothing checked", t);
    }
  }

  /** Forgets what it ran; its slot is free. */
  void giveBack() {
    part = null;
    planPart = null;
    plan = null;
    inputs = null;
    outputs = null;
    thrown.setPlain(null);
    parts = 0;
    if (slot != NONE) {
      long top = TOP.get();
      BELOW[slot] = (int) top;
      while (!TOP.compareAndSet(top, changed(top, slot))) {
        top = TOP.get();
        BELOW[slot] = (int) top;
      }
    }
  }
}
