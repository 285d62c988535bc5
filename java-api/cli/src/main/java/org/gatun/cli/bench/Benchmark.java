package org.gatun.cli.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Tensor;
import org.gatun.kernel.Library;
import org.gatun.op.Movement;
import org.gatun.op.Pointwise;
import org.gatun.op.View;
import org.gatun.reference.NdArray;
import org.gatun.runtime.Engine;
import org.gatun.runtime.NativeBackend;
import org.gatun.runtime.VectorSupport;
import org.gatun.testkit.Case;
import org.gatun.testkit.Expectation;
import org.gatun.testkit.Setting;
import org.gatun.testkit.bench.Contender;
import org.gatun.testkit.bench.Subject;
import org.jspecify.annotations.Nullable;

/** Runs cases on all contenders: verifies each result, then times those that were right. */
public final class Benchmark implements AutoCloseable {
  /** A case in one layout. */
  private record Heat(Case test, DType dtype, boolean channelsLast, boolean bothLayouts) {
    String layout() {
      return channelsLast ? "channels-last" : bothLayouts ? "nchw" : "";
    }

    String title() {
      return layout().isEmpty() ? test.name() : test.name() + " " + layout();
    }
  }

  /** What the reference makes of a case; the same for both layouts, and slow to compute. */
  private record Known(Case test, @Nullable Expectation expectation, double nanos, String error) {}

  /** A subject whose result was right. */
  private record Ready(Contender contender, Subject subject, String implementation) {}

  private final Engine nativeEngine = Engine.of(NativeBackend.create());
  private final @Nullable Engine vectorEngine =
      VectorSupport.isAvailable()
          ? Engine.of(NativeBackend.of(EnumSet.of(Library.JAVA), true))
          : null;
  private final Engine scalarEngine = Engine.of(NativeBackend.of(EnumSet.of(Library.JAVA), false));
  private final List<Heat> heats;
  private final double seconds;
  private @Nullable Known known;

  /**
   * Makes a benchmark.
   *
   * @param cases what to run
   * @param seconds what to spend on timing the contenders of one row, all together
   * @throws org.gatun.bindings.NativeLibraryException if the native libraries cannot be loaded
   */
  public Benchmark(List<Case> cases, double seconds) {
    this.heats = cases.stream().flatMap(Benchmark::heats).toList();
    this.seconds = seconds;
  }

  /** Returns the number of rows that cases make. */
  public static int rows(List<Case> cases) {
    return (int) cases.stream().flatMap(Benchmark::heats).count();
  }

  private static Stream<Heat> heats(Case test) {
    DType dtype = test.dtypes().stream().sorted().findFirst().orElseThrow();
    return keepsChannelsLast(test, dtype)
        ? Stream.of(new Heat(test, dtype, false, true), new Heat(test, dtype, true, true))
        : Stream.of(new Heat(test, dtype, false, false));
  }

  /** Whether the operator works on images, whose channels may come last. */
  private static boolean keepsChannelsLast(Case test, DType dtype) {
    boolean images = test.operands().getFirst().shape().rank() >= 4;
    return images
        && !(test.op() instanceof Pointwise
            || test.op() instanceof Movement
            || test.op() instanceof View)
        && test.op().infer(layouts(test, dtype, true)).getFirst().isChannelsLast();
  }

  private static List<Layout> layouts(Case test, DType dtype, boolean channelsLast) {
    int rank = test.operands().getFirst().shape().rank();
    return test.operands().stream()
        .map(
            operand ->
                channelsLast && !operand.constant() && operand.shape().rank() == rank
                    ? Layout.channelsLast(operand.dtype(dtype), operand.shape())
                    : Layout.of(operand.dtype(dtype), operand.shape()))
        .toList();
  }

  /**
   * Returns the rows.
   *
   * @param begins is told the name of each row before it is run
   * @param ends is told its times, in a line, afterwards
   */
  public List<Row> run(Consumer<String> begins, Consumer<String> ends) {
    List<Row> rows = new ArrayList<>();
    for (Heat heat : heats) {
      begins.accept(heat.title());
      Row row = run(heat);
      rows.add(row);
      ends.accept(TextTable.line(row));
    }
    return rows;
  }

  private Row run(Heat heat) {
    List<Layout> layouts = layouts(heat.test(), heat.dtype(), heat.channelsLast());
    long bytes =
        Stream.concat(layouts.stream(), heat.test().op().infer(layouts).stream())
            .mapToLong(Layout::byteSpan)
            .sum();
    return new Row(
        heat.test().name(),
        Row.family(heat.test().op()),
        heat.dtype().spelling(),
        heat.layout(),
        heat.test().flops(),
        bytes,
        outcomes(heat, layouts));
  }

  private Map<Contender, Outcome> outcomes(Heat heat, List<Layout> layouts) {
    Map<Contender, Outcome> outcomes = new EnumMap<>(Contender.class);
    Known reference = known(heat);
    Expectation expectation = reference.expectation();
    if (expectation == null) {
      for (Contender contender : Contender.values()) {
        outcomes.put(contender, new Outcome.Absent("no reference to check against"));
      }
      outcomes.put(Contender.REFERENCE, new Outcome.Wrong(reference.error()));
      return outcomes;
    }
    List<Tensor> inputs = new ArrayList<>();
    List<Ready> ready = new ArrayList<>();
    try {
      for (int i = 0; i < layouts.size(); i++) {
        inputs.add(Subject.place(expectation.inputs().get(i), layouts.get(i)));
      }
      for (Contender contender : Contender.values()) {
        prepare(contender, inputs, reference, expectation, ready, outcomes);
      }
      List<Runnable> subjects = ready.stream().map(r -> (Runnable) r.subject()::run).toList();
      List<Timing> timings = Stopwatch.time(subjects, share());
      for (int i = 0; i < ready.size(); i++) {
        outcomes.put(
            ready.get(i).contender(),
            new Outcome.Measured(timings.get(i), ready.get(i).implementation()));
      }
      return outcomes;
    } finally {
      ready.forEach(r -> r.subject().close());
      inputs.forEach(Tensor::close);
    }
  }

  private Known known(Heat heat) {
    Known last = known;
    if (last != null && last.test() == heat.test()) {
      return last;
    }
    long before = System.nanoTime();
    Known now;
    try {
      Expectation expectation = Expectation.of(heat.test(), Setting.plain(heat.dtype()));
      now = new Known(heat.test(), expectation, System.nanoTime() - before, "");
    } catch (RuntimeException e) {
      now = new Known(heat.test(), null, 0, e.toString());
    }
    known = now;
    return now;
  }

  /** Puts the contender among those that are ready, or its outcome among the outcomes. */
  private void prepare(
      Contender contender,
      List<Tensor> inputs,
      Known reference,
      Expectation expectation,
      List<Ready> ready,
      Map<Contender, Outcome> outcomes) {
    if (contender == Contender.REFERENCE && reference.nanos() > 1e9 * share()) {
      // Slow enough that the run that made the expectation says it.
      Timing once = Timing.of(new double[] {reference.nanos()}, 1);
      outcomes.put(contender, new Outcome.Measured(once, "reference"));
      return;
    }
    Subject subject = null;
    boolean kept = false;
    try {
      subject = subject(contender, inputs, expectation);
      if (subject == null) {
        outcomes.put(contender, new Outcome.Absent(absence(contender)));
        return;
      }
      long before = System.nanoTime();
      List<NdArray> results = subject.results();
      double first = System.nanoTime() - before;
      Optional<String> complaint =
          contender == Contender.REFERENCE ? Optional.empty() : expectation.complaint(results);
      String implementation = subject.implementation();
      if (complaint.isPresent()) {
        outcomes.put(contender, new Outcome.Wrong(complaint.get()));
      } else if (first > 4e9 * share()) {
        outcomes.put(
            contender, new Outcome.Measured(Timing.of(new double[] {first}, 1), implementation));
      } else {
        ready.add(new Ready(contender, subject, implementation));
        kept = true;
      }
    } catch (UnsupportedOperationException e) {
      outcomes.put(contender, new Outcome.Absent(String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      outcomes.put(contender, new Outcome.Wrong(e.toString()));
    } finally {
      if (subject != null && !kept) {
        subject.close();
      }
    }
  }

  /** The seconds for one contender; a run that takes longer is not repeated, or not often. */
  private double share() {
    return seconds / Contender.values().length;
  }

  private @Nullable Subject subject(
      Contender contender, List<Tensor> inputs, Expectation expectation) {
    Engine engine =
        switch (contender) {
          case NATIVE, BOUND, REFERENCE -> nativeEngine;
          case VECTOR -> vectorEngine;
          case SCALAR -> scalarEngine;
        };
    return engine == null ? null : Subject.of(contender, engine, inputs, expectation);
  }

  private static String absence(Contender contender) {
    return contender == Contender.BOUND
        ? "no constant inputs"
        : "module jdk.incubator.vector is not resolved";
  }

  @Override
  public void close() {
    nativeEngine.close();
    scalarEngine.close();
    if (vectorEngine != null) {
      vectorEngine.close();
    }
  }
}
