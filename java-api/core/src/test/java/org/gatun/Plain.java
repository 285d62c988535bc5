package org.gatun;

import java.lang.foreign.MemorySegment;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.gatun.kernel.KernelContext;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;
import org.gatun.op.Cast;
import org.gatun.op.Copy;
import org.gatun.runtime.Backend;
import org.gatun.runtime.Engine;
import org.gatun.runtime.MemoryPool;
import org.jspecify.annotations.Nullable;

/**
 * A backend that copies and converts, and nothing else: what tensors need to be moved about, so
 * that these tests stand without the native libraries.
 */
public final class Plain implements Backend {
  /** Names of the operators that were planned. */
  final Set<String> planned = ConcurrentHashMap.newKeySet();

  Plain() {}

  /** Runs the action on a new engine of such a backend. */
  public static <T> T run(Supplier<T> action) {
    try (Engine engine = Engine.of(new Plain())) {
      return engine.with(action);
    }
  }

  /** Runs the action on a new engine of such a backend. */
  public static void run(Runnable action) {
    run(
        () -> {
          action.run();
          return true;
        });
  }

  @Override
  public String name() {
    return "plain";
  }

  @Override
  public KernelContext context() {
    return new KernelContext(new Alone(), MemoryPool.shared(), false);
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    planned.add(request.op().name());
    return switch (request.op()) {
      case Copy _, Cast _ -> new Moving(request.input(0), request.output(0));
      default -> null;
    };
  }

  private record Moving(Layout from, Layout to) implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      for (long i = 0; i < from.size(); i++) {
        double value = Elements.get(inputs[0], from.dtype(), position(from, i));
        Elements.set(outputs[0], to.dtype(), position(to, i), value);
      }
    }

    private static long position(Layout layout, long index) {
      long position = 0;
      for (int axis = layout.rank() - 1; axis >= 0; axis--) {
        position += index % layout.dim(axis) * layout.stride(axis);
        index /= layout.dim(axis);
      }
      return position;
    }

    @Override
    public String implementation() {
      return "plain";
    }
  }

  private static final class Alone implements Workers {
    @Override
    public void parallel(int threads, long count, long grain, Part part) {
      part.run(0, count);
    }

    @Override
    public String name() {
      return "caller";
    }
  }
}
