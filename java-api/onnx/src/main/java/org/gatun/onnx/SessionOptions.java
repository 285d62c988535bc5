package org.gatun.onnx;

import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.gatun.Precision;
import org.gatun.onnx.pass.Passes;

/**
 * How a session is made.
 *
 * @param disabledPasses the names of the rewrites of the graph that are not to be done
 * @param plans for how many shapes of the inputs the session keeps what it worked out; those unused
 *     for longest go first
 * @param reuseMemory whether values that are not needed at the same time share memory
 * @param precision what products, and what lies between them, are computed in
 */
public record SessionOptions(
    Set<String> disabledPasses, int plans, boolean reuseMemory, Precision precision) {
  /** Checks the number and copies the set. */
  public SessionOptions {
    Objects.requireNonNull(disabledPasses, "session options: disabledPasses is null");
    Objects.requireNonNull(precision, "session options: precision is null");
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
   * reused, in the precision that the model has.
   */
  public static SessionOptions defaults() {
    return new SessionOptions(Set.of(), 16, true, Precision.F32);
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
    return new SessionOptions(names, plans, reuseMemory, precision);
  }

  /** Returns these options with all rewrites of the graph turned off: it runs as it is written. */
  public SessionOptions withoutPasses() {
    return new SessionOptions(Set.copyOf(Passes.names()), plans, reuseMemory, precision);
  }

  /** Returns these options with another number of shapes. */
  public SessionOptions withPlans(int count) {
    return new SessionOptions(disabledPasses, count, reuseMemory, precision);
  }

  /** Returns these options with memory of its own for each value: more of it, and the same bits. */
  public SessionOptions withoutMemoryReuse() {
    return new SessionOptions(disabledPasses, plans, false, precision);
  }

  /**
   * Returns these options with another precision. In {@link Precision#BF16} weights and activations
   * of {@code f32} are rounded to {@code bf16}; inputs and outputs keep the types that the model
   * declares, and the rewrite {@code compute-in-bf16} says which nodes do. How much is lost depends
   * on the model: {@code gatun models --precision bf16} measures it.
   */
  public SessionOptions withPrecision(Precision other) {
    return new SessionOptions(disabledPasses, plans, reuseMemory, other);
  }
}
