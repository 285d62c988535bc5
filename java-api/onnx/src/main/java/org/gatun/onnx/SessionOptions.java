package org.gatun.onnx;

import java.util.Set;
import java.util.TreeSet;
import org.gatun.onnx.pass.Passes;

/**
 * How a session is made.
 *
 * @param disabledPasses the names of the rewrites of the graph that are not to be done
 * @param plans for how many shapes of the inputs the session keeps what it worked out; those unused
 *     for longest go first
 * @param reuseMemory whether values that are not needed at the same time share memory
 */
public record SessionOptions(Set<String> disabledPasses, int plans, boolean reuseMemory) {
  /** Checks the number and copies the set. */
  public SessionOptions {
    disabledPasses = Set.copyOf(disabledPasses);
    for (String name : disabledPasses) {
      if (!Passes.names().contains(name)) {
        throw new IllegalArgumentException(
            "session options: no pass '" + name + "', expected one of " + Passes.names());
      }
    }
    if (plans < 1) {
      throw new IllegalArgumentException(
          "session options: plans " + plans + ", expected 1 or more");
    }
  }

  /**
   * Returns the options of {@link OnnxModel#session()}: all passes, plans for 16 shapes, memory
   * reused.
   */
  public static SessionOptions defaults() {
    return new SessionOptions(Set.of(), 16, true);
  }

  /**
   * Returns these options with a rewrite of the graph turned off.
   *
   * @param name one of {@link Passes#names}, such as {@code fuse-attention}
   * @throws IllegalArgumentException if there is none of this name
   */
  public SessionOptions withoutPass(String name) {
    Set<String> names = new TreeSet<>(disabledPasses);
    names.add(name);
    return new SessionOptions(names, plans, reuseMemory);
  }

  /** Returns these options with all rewrites of the graph turned off: it runs as it is written. */
  public SessionOptions withoutPasses() {
    return new SessionOptions(Set.copyOf(Passes.names()), plans, reuseMemory);
  }

  /** Returns these options with another number of shapes. */
  public SessionOptions withPlans(int count) {
    return new SessionOptions(disabledPasses, count, reuseMemory);
  }

  /** Returns these options with memory of its own for each value: more of it, and the same bits. */
  public SessionOptions withoutMemoryReuse() {
    return new SessionOptions(disabledPasses, plans, false);
  }
}
