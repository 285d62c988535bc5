package org.gatun.safety.models;

import java.util.LinkedHashMap;
import java.util.Map;
import org.gatun.Precision;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.OnnxModel;
import org.gatun.onnx.OnnxSession;
import org.gatun.onnx.SessionOptions;
import org.gatun.onnx.Value;
import org.gatun.reference.ReferenceBackend;
import org.gatun.runtime.Engine;

/** Loads a mutant, makes a session of it, and runs it as callers do. */
final class MutantRun {
  private static final Engine REFERENCE = Engine.of(new ReferenceBackend());

  /** What took longer takes the reference, which computes in plain loops, very long. */
  private static final long MOST_NANOS = 3_000_000;

  /** How a mutant ended: each is as documented. */
  enum Outcome {
    REFUSED_MODEL,
    REFUSED_SESSION,
    REFUSED_RUN,
    INTERRUPTED,
    RAN,
    COMPARED
  }

  /** A result that is not the one that it should be. */
  static final class Lie extends RuntimeException {
    private static final long serialVersionUID = 1;

    Lie(String message) {
      super(message);
    }
  }

  private final Mutant mutant;

  MutantRun(Mutant mutant) {
    this.mutant = mutant;
  }

  /** Returns how the mutant ended; whatever this throws must not be. */
  Outcome run() {
    OnnxModel model;
    try {
      model = mutant.load();
    } catch (OnnxException _) {
      return Outcome.REFUSED_MODEL;
    }
    SessionOptions options = mutant.options();
    OnnxSession session;
    try {
      session = model.session(options);
    } catch (OnnxException _) {
      return Outcome.REFUSED_SESSION;
    }
    try (session;
        Scope scope = Scope.open()) {
      return run(model, session, options);
    }
  }

  private Outcome run(OnnxModel model, OnnxSession session, SessionOptions options) {
    DrawnInputs drawn = new DrawnInputs(mutant.random());
    Map<String, Value> inputs = drawn.of(model, mutant.inputs());
    if (Hostile.once(mutant.random(), 10)) {
      return runSpoiled(session, drawn, inputs);
    }
    Map<String, Value> first;
    try {
      first = session.runValues(inputs);
    } catch (OnnxException _) {
      return interrupted(Outcome.REFUSED_RUN);
    }
    long start = System.nanoTime();
    Map<String, Value> second;
    try {
      second = session.runValues(inputs);
    } catch (OnnxException e) {
      if (interrupted(Outcome.RAN) == Outcome.INTERRUPTED) {
        return Outcome.INTERRUPTED;
      }
      throw new Lie("the second run threw and the first did not: " + e);
    }
    long nanos = System.nanoTime() - start;
    if (Unsteady.draws(model)) {
      return Outcome.RAN;
    }
    check("run again", Results.notIdentical(first, second));
    runInto(session, inputs, first);
    if (nanos > MOST_NANOS || options.precision() == Precision.BF16) {
      return Outcome.RAN;
    }
    return compare(model, options, inputs, first);
  }

  private Outcome runSpoiled(OnnxSession session, DrawnInputs drawn, Map<String, Value> inputs) {
    boolean closed = drawn.spoil(inputs);
    try {
      session.runValues(inputs);
      return Outcome.RAN;
    } catch (OnnxException _) {
      return interrupted(Outcome.REFUSED_RUN);
    } catch (IllegalStateException e) {
      if (!closed) {
        throw e;
      }
      return Outcome.REFUSED_RUN;
    }
  }

  /** Runs into tensors of the caller: some that fit, and some that do not. */
  private void runInto(OnnxSession session, Map<String, Value> inputs, Map<String, Value> results) {
    Map<String, Tensor> given = new LinkedHashMap<>();
    inputs.forEach((name, value) -> put(given, name, value));
    if (given.size() < inputs.size() || !Hostile.once(mutant.random(), 4)) {
      return;
    }
    Map<String, Tensor> into = new LinkedHashMap<>();
    boolean misfits = mutant.random().nextBoolean();
    results.forEach((name, value) -> put(into, name, value));
    into.replaceAll(
        (_, tensor) ->
            misfits && mutant.random().nextBoolean()
                ? Tensor.zeros(tensor.dtype(), 1, 2)
                : Tensor.zeros(tensor.dtype(), tensor.shape().dims()));
    try {
      session.run(given, into);
    } catch (OnnxException e) {
      if (interrupted(Outcome.RAN) != Outcome.INTERRUPTED) {
        throw new Lie("the run into given tensors threw and others did not: " + e);
      }
      return;
    } catch (IllegalArgumentException e) {
      if (!misfits) {
        throw e;
      }
      return;
    }
    Map<String, Value> expected = new LinkedHashMap<>(results);
    expected.keySet().retainAll(into.keySet());
    Map<String, Value> values = new LinkedHashMap<>();
    into.forEach((name, tensor) -> values.put(name, Value.of(tensor)));
    check("run into given tensors", Results.notIdentical(expected, values));
  }

  private static void put(Map<String, Tensor> tensors, String name, Value value) {
    if (value instanceof Value.Dense dense && dense.type().isNative()) {
      tensors.put(name, dense.tensor());
    }
  }

  /** Runs the model as it is written on the reference, which must give the same. */
  private Outcome compare(
      OnnxModel model,
      SessionOptions options,
      Map<String, Value> inputs,
      Map<String, Value> results) {
    if (Unsteady.isUnsteady(model, inputs, results)) {
      return Outcome.RAN;
    }
    Map<String, Value> reference;
    try {
      reference = reference(model, SessionOptions.defaults().withoutPasses(), inputs);
    } catch (OnnxException _) {
      // A pass may have removed what could not run, since nobody needs it.
      try {
        reference = reference(model, options, inputs);
      } catch (OnnxException e) {
        if (interrupted(Outcome.RAN) == Outcome.INTERRUPTED) {
          return Outcome.INTERRUPTED;
        }
        throw new Lie("the reference refuses what ran natively: " + e);
      }
    }
    // What is large between may be small again natively, where integers wrap.
    if (Unsteady.isUnsteady(model, inputs, reference)) {
      return Outcome.RAN;
    }
    check("reference", Results.notClose(reference, results));
    return Outcome.COMPARED;
  }

  private static Map<String, Value> reference(
      OnnxModel model, SessionOptions options, Map<String, Value> inputs) {
    return REFERENCE.with(
        () -> {
          try (OnnxSession session = model.session(options)) {
            return session.runValues(inputs);
          }
        });
  }

  private static void check(String what, String problem) {
    if (problem != null) {
      throw new Lie(what + ": " + problem);
    }
  }

  private static Outcome interrupted(Outcome otherwise) {
    return Thread.currentThread().isInterrupted() ? Outcome.INTERRUPTED : otherwise;
  }
}
