package org.gatun.cli.model;

import java.lang.foreign.MemorySegment;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.gatun.DType;
import org.gatun.kernel.KernelContext;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.runtime.Backend;
import org.jspecify.annotations.Nullable;

/** A backend that keeps count of what its kernels do, and for how long. */
public final class TimedBackend implements Backend {
  private final Backend backend;
  private final Map<Kernel, Count> counts = new ConcurrentHashMap<>();

  /**
   * A kernel.
   *
   * @param operator what it computes
   * @param implementation which code
   */
  private record Kernel(String operator, String implementation) {}

  private record Count(LongAdder calls, LongAdder nanoseconds) {}

  /**
   * What came together for a kernel.
   *
   * @param operator what it computes, by Gatun's name
   * @param implementation which code ran, such as {@code onednn:jit:avx512_core}
   * @param calls how often
   * @param nanoseconds how long, together
   */
  public record KernelTime(String operator, String implementation, long calls, long nanoseconds) {}

  /** Makes a backend that computes by another one. */
  public TimedBackend(Backend backend) {
    this.backend = backend;
  }

  /** Forgets what ran so far. */
  public void reset() {
    counts
        .values()
        .forEach(
            count -> {
              count.calls.reset();
              count.nanoseconds.reset();
            });
  }

  /** Returns the kernels that ran since {@link #reset}, slowest first. */
  public List<KernelTime> times() {
    return counts.entrySet().stream()
        .map(
            entry ->
                new KernelTime(
                    entry.getKey().operator,
                    entry.getKey().implementation,
                    entry.getValue().calls.sum(),
                    entry.getValue().nanoseconds.sum()))
        .filter(time -> time.calls > 0)
        .sorted(Comparator.comparingLong(KernelTime::nanoseconds).reversed())
        .toList();
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
    if (plan == null) {
      return null;
    }
    Kernel kernel = new Kernel(request.op().name(), plan.implementation());
    return new Timed(
        plan, counts.computeIfAbsent(kernel, _ -> new Count(new LongAdder(), new LongAdder())));
  }

  /** A plan that adds to the count of its kernel. */
  private record Timed(Plan plan, Count count) implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      long start = System.nanoTime();
      plan.execute(inputs, outputs);
      count.nanoseconds.add(System.nanoTime() - start);
      count.calls.increment();
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
