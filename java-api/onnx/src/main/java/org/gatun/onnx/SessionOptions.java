package org.gatun.onnx;

import java.util.Set;
import java.util.TreeSet;

/**
 * How a session is made.
 *
 * @param disabledPasses the names of the rewrites of the graph that are not to be done
 * @param plans for how many shapes of the inputs the session keeps what it worked out; those unused
 *     for longest go first
 */
public record SessionOptions(Set<String> disabledPasses, int plans) {
  /** Checks the number and copies the set. */
  public SessionOptions {
    disabledPasses = Set.copyOf(disabledPasses);
    if (plans < 1) {
      throw new IllegalArgumentException(
          "session options: plans " + plans + ", expected 1 or more");
    }
  }

  /** Returns the options of {@link OnnxModel#session()}: all passes, plans for 16 shapes. */
  public static SessionOptions defaults() {
    return new SessionOptions(Set.of(), 16);
  }

  /** Returns these options with a rewrite of the graph turned off. */
  public SessionOptions withoutPass(String name) {
    Set<String> names = new TreeSet<>(disabledPasses);
    names.add(name);
    return new SessionOptions(names, plans);
  }

  /** Returns these options with another number of shapes. */
  public SessionOptions withPlans(int count) {
    return new SessionOptions(disabledPasses, count);
  }
}
