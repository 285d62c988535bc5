package org.gatun.runtime;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.gatun.Layout;
import org.gatun.op.Op;
import org.jspecify.annotations.Nullable;

/** Plans by operator, layouts and number of threads: bounded, those unused for longest go first. */
final class PlanCache implements AutoCloseable {
  /**
   * What a plan depends on.
   *
   * @param inputs not to be modified
   * @param outputs likewise; empty where the operator chooses them
   * @param constants for each input what is constant for the life of the plan, null where it is
   *     not; empty where none is. Not to be modified
   */
  static final class Key {
    private static final @Nullable Object[] NONE = {};

    private final Op op;
    private final Layout[] inputs;
    private final Layout[] outputs;
    private final int threads;
    private final @Nullable Object[] constants;
    private final int hash;

    Key(Op op, Layout[] inputs, Layout[] outputs, int threads) {
      this(op, inputs, outputs, threads, NONE);
    }

    Key(Op op, Layout[] inputs, Layout[] outputs, int threads, @Nullable Object[] constants) {
      this.constants = constants;
      this.op = op;
      this.inputs = inputs;
      this.outputs = outputs;
      this.threads = threads;
      int h = op.hashCode() * 31 + threads;
      for (Layout input : inputs) {
        h = h * 31 + input.hashCode();
      }
      for (Layout output : outputs) {
        h = h * 31 + output.hashCode();
      }
      for (Object constant : constants) {
        h = h * 31 + System.identityHashCode(constant);
      }
      this.hash = h;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key that
          && hash == that.hash
          && threads == that.threads
          && op.equals(that.op)
          && Arrays.equals(inputs, that.inputs)
          && Arrays.equals(outputs, that.outputs)
          && same(constants, that.constants);
    }

    private static boolean same(@Nullable Object[] a, @Nullable Object[] b) {
      boolean same = a.length == b.length;
      for (int i = 0; same && i < a.length; i++) {
        same = a[i] == b[i];
      }
      return same;
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  private final ConcurrentHashMap<Key, Planned> plans = new ConcurrentHashMap<>();
  private final int capacity;
  private volatile boolean closed;

  PlanCache(int capacity) {
    this.capacity = capacity;
  }

  /** Returns the plan of the key, made if there is none, with the caller counted in as a user. */
  Planned hold(Key key, Supplier<Planned> maker) {
    while (true) {
      Planned planned = plans.get(key);
      if (planned == null) {
        Planned made = maker.get();
        made.hold(); // Before others see it, so that making room does not close it.
        planned = plans.putIfAbsent(key, made);
        if (planned == null) {
          evict();
          if (closed && plans.remove(key, made)) {
            made.release(); // Its last user closes it.
          }
          return made;
        }
        made.release();
        made.release();
      }
      if (planned.hold()) {
        return planned;
      }
      plans.remove(key, planned); // Evicted, and closed by its last user, since it was found.
    }
  }

  /** Drops plans that were not used since the last time; a second chance for those that were. */
  private synchronized void evict() {
    for (int round = 0; round < 2 && plans.size() > capacity; round++) {
      for (var entry : plans.entrySet()) {
        if (plans.size() <= capacity * 3 / 4) {
          return;
        }
        if (!entry.getValue().untouch() && plans.remove(entry.getKey(), entry.getValue())) {
          entry.getValue().release();
        }
      }
    }
  }

  /** Returns the number of plans. */
  int size() {
    return plans.size();
  }

  /** Drops all plans. Returns whether there were any. */
  boolean clear() {
    boolean any = false;
    for (var entry : plans.entrySet()) {
      if (plans.remove(entry.getKey(), entry.getValue())) {
        entry.getValue().release();
        any = true;
      }
    }
    return any;
  }

  /** Drops all plans, and keeps none that is made from now on. */
  @Override
  public void close() {
    closed = true;
    clear();
  }
}
