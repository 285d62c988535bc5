package org.gatun.nn;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.StampedLock;
import org.gatun.DType;
import org.gatun.Precision;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.op.Contraction;
import org.gatun.op.Convolution;
import org.gatun.op.Op;
import org.gatun.runtime.Engine;
import org.gatun.runtime.PrecisionSupport;
import org.gatun.runtime.Runner;

/**
 * The parameters of a layer, packed by each engine for each operator that it first runs on them.
 * Safe for use by many threads.
 */
final class Bound implements AutoCloseable {
  /**
   * What parameters are packed for.
   *
   * @param rounded whether those of f32 are rounded to bf16
   */
  private record Key(Engine engine, Op op, boolean rounded) {}

  private final String layer;
  private final Map<String, Tensor> parameters;
  private final Map<Key, Runner> runners = new ConcurrentHashMap<>();

  /** Taken for reading by calls, for writing by what changes the parameters. */
  private final StampedLock lock = new StampedLock();

  private volatile Precision precision = Precision.F32;
  private volatile boolean closed;

  /**
   * Makes it.
   *
   * @param layer its name, for messages
   * @param parameters the last inputs of the operators, by name and in order
   */
  Bound(String layer, Map<String, Tensor> parameters) {
    this.layer = layer;
    this.parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    parameters.values().forEach(Scope::detach);
  }

  Map<String, Tensor> parameters() {
    return parameters;
  }

  /** Does what {@link Layer#computeIn} does. */
  void computeIn(Precision other) {
    precision = Objects.requireNonNull(other, layer + ": precision is null");
  }

  /** Returns the result of the operator for x and the parameters. */
  Tensor run(Op op, Tensor x) {
    boolean rounds = precision == Precision.BF16 && hasParametersOf(DType.F32);
    if (!rounds || x.dtype() != DType.F32 || !isProduct(op)) {
      return run(op, x, rounds && x.dtype() == DType.BF16);
    }
    if (PrecisionSupport.possible(Engine.current(), precision) == Precision.F32) {
      return run(op, x, false);
    }
    try (Tensor narrow = x.to(DType.BF16);
        Tensor result = run(op, narrow, true)) {
      return result.to(DType.F32);
    }
  }

  private boolean hasParametersOf(DType dtype) {
    return parameters.values().stream().allMatch(tensor -> tensor.dtype() == dtype);
  }

  private static boolean isProduct(Op op) {
    return op instanceof Contraction || op instanceof Convolution;
  }

  private Tensor run(Op op, Tensor x, boolean rounded) {
    long stamp = lock.readLock();
    try {
      if (closed) {
        throw new IllegalStateException(layer + ": the layer is closed");
      }
      Key key = new Key(Engine.current(), op, rounded);
      Runner runner = runners.get(key);
      if (runner == null) {
        runner = runners.computeIfAbsent(key, this::bind);
      }
      if (closed) {
        runner.close(); // Bound while the layer was being closed, perhaps after its runners were.
        throw new IllegalStateException(layer + ": the layer is closed");
      }
      return runner.run(x);
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /** Does what {@link Layer#load} does for a layer whose state are these parameters. */
  void load(Map<String, Tensor> state) {
    LayerState.check(parameters, state);
    long stamp = lock.writeLock();
    try {
      LayerState.copy(parameters, state);
      // What was packed holds the old values.
      runners.values().forEach(Runner::close);
      runners.clear();
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  private Runner bind(Key key) {
    if (key.rounded) {
      try (Scope scope = Scope.open()) {
        return key.engine.with(
            () ->
                key.engine.bind(
                    key.op,
                    parameters.values().stream()
                        .map(tensor -> tensor.to(DType.BF16))
                        .toArray(Tensor[]::new)));
      }
    }
    return key.engine.bind(key.op, parameters.values().toArray(Tensor[]::new));
  }

  @Override
  public void close() {
    closed = true;
    runners.values().forEach(Runner::close);
    parameters.values().forEach(Tensor::close);
  }
}
