package org.gatun.kernel.openmp;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.gatun.bindings.openmp.GOMP_parallel$fn;
import org.gatun.bindings.openmp.OpenMp;
import org.gatun.kernel.Workers;
import org.jspecify.annotations.Nullable;

/**
 * The workers of the OpenMP runtime that oneDNN runs on: a second pool of threads would fight with
 * them for the cores. Where the runtime is not GNU's, and has no {@code GOMP_parallel}, the common
 * fork-join pool serves.
 */
public final class OpenMpWorkers implements Workers {
  /**
   * Regions that run at a time, over all calling threads; more of them run on their caller alone.
   */
  private static final int REGIONS = 4096;

  private static final AtomicReferenceArray<Region> TABLE = new AtomicReferenceArray<>(REGIONS);
  private static final ConcurrentLinkedDeque<Integer> FREE = new ConcurrentLinkedDeque<>();

  static {
    for (int slot = 1; slot < REGIONS; slot++) {
      FREE.add(slot);
    }
  }

  /** The function that every worker enters; it lives as long as the JVM does. */
  private static final class Entry {
    static final boolean GNU = hasGompParallel();
    static final MemorySegment FUNCTION =
        GNU ? GOMP_parallel$fn.allocate(OpenMpWorkers::enter, Arena.global()) : MemorySegment.NULL;

    private static boolean hasGompParallel() {
      return java.lang.foreign.SymbolLookup.loaderLookup().find("GOMP_parallel").isPresent();
    }
  }

  /** A parallel loop that is running. */
  private static final class Region {
    final Part part;
    final long count;
    final long chunk;
    final int parts;
    final AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();

    Region(Part part, long count, long chunk, int parts) {
      this.part = part;
      this.count = count;
      this.chunk = chunk;
      this.parts = parts;
    }

    void run(int index) {
      long from = index * chunk;
      try {
        part.run(from, Math.min(count, from + chunk));
      } catch (Throwable t) {
        // It must not leave an upcall, which would end the JVM; the caller throws it.
        if (!thrown.compareAndSet(null, t)) {
          Throwable first = thrown.get();
          if (first != null && first != t) {
            first.addSuppressed(t);
          }
        }
      }
    }

    void rethrow() {
      switch (thrown.get()) {
        case null -> {}
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable t -> throw new AssertionError("a part throws nothing checked", t);
      }
    }
  }

  @Override
  public void parallel(int threads, long count, long grain, Part part) {
    if (count <= 0) {
      return;
    }
    long grains = (count + grain - 1) / grain;
    int parts = (int) Math.min(threads, grains);
    if (parts <= 1) {
      part.run(0, count);
      return;
    }
    long chunk = (grains + parts - 1) / parts * grain;
    parts = (int) ((count + chunk - 1) / chunk);
    Region region = new Region(part, count, chunk, parts);
    if (!Entry.GNU) {
      IntStream.range(0, parts).parallel().forEach(region::run);
    } else {
      runOnTeam(region);
    }
    region.rethrow();
  }

  private static void runOnTeam(Region region) {
    Integer slot = OpenMp.omp_in_parallel() != 0 ? null : FREE.pollFirst();
    if (slot == null) {
      for (int index = 0; index < region.parts; index++) {
        region.run(index);
      }
      return;
    }
    TABLE.set(slot, region);
    try {
      OpenMp.GOMP_parallel(Entry.FUNCTION, MemorySegment.ofAddress(slot), region.parts, 0);
    } finally {
      TABLE.set(slot, null);
      FREE.addFirst(slot);
    }
  }

  /** Runs the parts of one worker; the team may be smaller than what was asked for. */
  private static void enter(MemorySegment slot) {
    Region region = TABLE.get((int) slot.address());
    int team = OpenMp.omp_get_num_threads();
    for (int index = OpenMp.omp_get_thread_num(); index < region.parts; index += team) {
      region.run(index);
    }
  }

  @Override
  public String name() {
    return Entry.GNU ? "gomp" : "fork-join (" + ForkJoinPool.getCommonPoolParallelism() + ")";
  }
}
