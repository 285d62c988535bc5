package org.gatun.kernel.openmp;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.gatun.bindings.openmp.GOMP_parallel$fn;
import org.gatun.bindings.openmp.OpenMp;
import org.gatun.kernel.Workers;

/**
 * The workers of the OpenMP runtime that oneDNN runs on: a second pool of threads would fight with
 * them for the cores. Where the runtime is not GNU's, and has no {@code GOMP_parallel}, the common
 * fork-join pool serves.
 */
public final class OpenMpWorkers implements Workers {
  /** The function that every worker enters; it lives as long as the JVM does. */
  private static final class Entry {
    static final boolean GNU = hasGompParallel();
    static final MemorySegment FUNCTION =
        GNU ? GOMP_parallel$fn.allocate(OpenMpWorkers::enter, Arena.global()) : MemorySegment.NULL;

    private static boolean hasGompParallel() {
      return java.lang.foreign.SymbolLookup.loaderLookup().find("GOMP_parallel").isPresent();
    }
  }

  @Override
  public void parallel(int threads, long count, long grain, Part part) {
    long chunk = chunk(threads, count, grain);
    if (chunk >= count) {
      if (count > 0) {
        part.run(0, count);
      }
      return;
    }
    Region region = region();
    try {
      region.set(part, count, chunk);
      run(region);
    } finally {
      region.giveBack();
    }
  }

  @Override
  public <P> void parallel(
      int threads,
      long count,
      long grain,
      P plan,
      MemorySegment[] inputs,
      MemorySegment[] outputs,
      PlanPart<P> part) {
    long chunk = chunk(threads, count, grain);
    if (chunk >= count) {
      if (count > 0) {
        part.run(plan, inputs, outputs, 0, count);
      }
      return;
    }
    Region region = region();
    try {
      region.set(plan, inputs, outputs, part, count, chunk);
      run(region);
    } finally {
      region.giveBack();
    }
  }

  /** Returns how many elements each thread runs; no less than the count where one runs them all. */
  private static long chunk(int threads, long count, long grain) {
    long grains = (count + grain - 1) / grain;
    long parts = Math.min(threads, grains);
    return parts <= 1 ? count : (grains + parts - 1) / parts * grain;
  }

  private static Region region() {
    return !Entry.GNU || OpenMp.omp_in_parallel() != 0 ? Region.alone() : Region.shared();
  }

  private static void run(Region region) {
    if (!Entry.GNU) {
      IntStream.range(0, region.parts()).parallel().forEach(region::run);
    } else if (region.isShared()) {
      OpenMp.GOMP_parallel(Entry.FUNCTION, region.address(), region.parts(), 0);
    } else {
      for (int index = 0; index < region.parts(); index++) {
        region.run(index);
      }
    }
    region.rethrow();
  }

  /** Runs the parts of one worker; the team may be smaller than what was asked for. */
  private static void enter(MemorySegment slot) {
    Region region = Region.at(slot);
    int team = OpenMp.omp_get_num_threads();
    for (int index = OpenMp.omp_get_thread_num(); index < region.parts(); index += team) {
      region.run(index);
    }
  }

  @Override
  public String name() {
    return Entry.GNU ? "gomp" : "fork-join (" + ForkJoinPool.getCommonPoolParallelism() + ")";
  }
}
