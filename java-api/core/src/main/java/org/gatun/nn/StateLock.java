package org.gatun.nn;

import java.util.Map;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Supplier;
import org.gatun.Tensor;

/**
 * Keeps a layer's parameters as they are while calls use them: {@link Layer#load} waits for these,
 * and calls that come meanwhile wait for it. Layers that keep runners have it from {@link Bound}.
 */
final class StateLock {
  /** Not reentrant: a call is not to be made inside another of the same layer. */
  private final StampedLock lock = new StampedLock();

  /** Returns the result of a call that uses the parameters. */
  <T> T use(Supplier<T> call) {
    long stamp = lock.readLock();
    try {
      return call.get();
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /** Copies a state into parameters, as {@link Layer#load} does. */
  void load(Map<String, Tensor> parameters, Map<String, Tensor> state) {
    LayerState.check(parameters, state);
    write(() -> LayerState.copy(parameters, state));
  }

  /** Runs what changes the parameters. */
  void write(Runnable change) {
    long stamp = lock.writeLock();
    try {
      change.run();
    } finally {
      lock.unlockWrite(stamp);
    }
  }
}
