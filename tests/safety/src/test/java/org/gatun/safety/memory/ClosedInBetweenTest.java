package org.gatun.safety.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.kernel.KernelContext;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.runtime.Backend;
import org.gatun.runtime.NativeBackend;
import org.gatun.safety.memory.Subjects.Subject;
import org.gatun.testkit.LeakCheck;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is closed between two operators of a call that uses it, at each place in turn, as another
 * thread may close it at any time. The call ends in a result or in the exception that says what is
 * closed, and leaves nothing to the garbage collector.
 */
class ClosedInBetweenTest {
  /** Those whose use reads what is there: no operator runs. */
  private static final Set<String> READ =
      Set.of("Tensor", "ValuesAndIndices", "SpreadAndMean", "MinAndMax", "Safetensors");

  @TempDir private static Path folder;

  static Stream<Subject<?>> all() {
    return Stream.concat(Subjects.all().stream(), Subjects.moreLayers().stream())
        .filter(Subject::isShared);
  }

  @ParameterizedTest
  @MethodSource("all")
  <T extends AutoCloseable> void nothingIsLeft(Subject<T> subject) throws Exception {
    ClosingBackend backend = new ClosingBackend(NativeBackend.create());
    int place = 0;
    for (boolean reached = true; reached; place++) {
      LeakCheck check = LeakCheck.start();
      reached = useAndCloseAt(subject, backend, place);
      assertEquals(Optional.empty(), check.leak(), "closed at place " + place);
    }
    assertEquals(READ.contains(subject.name()), place == 1, place + " places");
  }

  /** Returns whether there was such a place. */
  private static <T extends AutoCloseable> boolean useAndCloseAt(
      Subject<T> subject, ClosingBackend backend, int place) throws Exception {
    try (Subjects subjects = Subjects.in(folder, backend);
        T used = subjects.engine().with(() -> made(subject, subjects))) {
      backend.closeAt(place, used);
      subjects.engine().with(() -> use(subject, used));
      return !backend.waits();
    }
  }

  private static <T extends AutoCloseable> T made(Subject<T> subject, Subjects subjects) {
    try {
      return subject.maker().apply(subjects);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns whether it was not closed too early for that. */
  private static <T extends AutoCloseable> boolean use(Subject<T> subject, T used) {
    try {
      subject.use().apply(used);
      return true;
    } catch (IllegalStateException e) {
      assertTrue(e.getMessage().contains("closed"), e.getMessage());
      return false;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Closes something before or after one of the operators that it computes. */
  private static final class ClosingBackend implements Backend {
    private final Backend backend;
    private int left;
    private @Nullable AutoCloseable closed;

    ClosingBackend(Backend backend) {
      this.backend = backend;
    }

    /** The places are counted from now on: before and after the first operator 0 and 1. */
    void closeAt(int place, AutoCloseable which) {
      left = place;
      closed = which;
    }

    /** Returns whether there were not as many places. */
    boolean waits() {
      return closed != null;
    }

    private void pass() {
      AutoCloseable which = closed;
      if (which == null || left-- > 0) {
        return;
      }
      closed = null;
      try {
        which.close();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public String name() {
      return backend.name();
    }

    @Override
    public KernelContext context() {
      return backend.context();
    }

    @Override
    public boolean multiplies(DType dtype) {
      return backend.multiplies(dtype);
    }

    @Override
    public @Nullable Plan plan(PlanRequest request) {
      Plan plan = backend.plan(request);
      return plan == null ? null : new ClosingPlan(plan, this);
    }
  }

  /** A plan that is such an operator. */
  private record ClosingPlan(Plan plan, ClosingBackend backend) implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      backend.pass();
      plan.execute(inputs, outputs);
      backend.pass();
    }

    @Override
    public String implementation() {
      return plan.implementation();
    }

    @Override
    public boolean reads(int input) {
      return plan.reads(input);
    }

    @Override
    public boolean roundsByThreads() {
      return plan.roundsByThreads();
    }

    @Override
    public void close() {
      plan.close();
    }
  }
}
