package org.gatun.runtime;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.gatun.Tensor;

/**
 * What Gatun holds outside the Java heap at a moment: a set of numbers to read, to log, or to hand
 * to a library of metrics. Taking one costs microseconds.
 *
 * <pre>{@code
 * System.out.println(MemoryReport.now());
 * Gauge.builder("gatun.memory.live", () -> MemoryReport.now().liveBytes()).register(registry);
 * }</pre>
 *
 * <p>The same numbers are attributes of {@link MemoryMXBean} and of the event {@code
 * org.gatun.Memory} of the JDK's Flight Recorder. They are read one after the other, and may
 * disagree by what other threads do meanwhile.
 *
 * @param liveBytes bytes of the pool that are in use
 * @param liveBlocks the number of blocks that these are
 * @param pooledBytes bytes kept for reuse
 * @param pooledBlocks the number of blocks that these are
 * @param peakBytes the most bytes that were in use at a time
 * @param limit the most bytes that may be in use
 * @param owners what of it is in use by whom, for each owner
 * @param exportedSegments segments that {@link Tensor#segment} gave and that are still reachable
 * @param exportedBytes bytes of the pool that these keep, whether or not their tensors are closed
 * @param nativeHandles objects of native libraries, which plans are made of
 * @param mappedFiles files that are mapped into memory, as those of models are
 * @param mappedBytes the bytes of these, which the system reads, and drops, as it sees fit
 * @param forgotten how many tensors, sessions and other owners of memory nobody closed and the
 *     garbage collector found; {@code -Dgatun.leaks=trace} tells of each
 * @param forgottenBytes bytes of the tensors among them
 */
public record MemoryReport(
    long liveBytes,
    long liveBlocks,
    long pooledBytes,
    long pooledBlocks,
    long peakBytes,
    long limit,
    Map<MemoryOwner, Usage> owners,
    long exportedSegments,
    long exportedBytes,
    long nativeHandles,
    long mappedFiles,
    long mappedBytes,
    long forgotten,
    long forgottenBytes) {

  /**
   * What is in use by one owner.
   *
   * @param liveBytes bytes in use
   * @param liveBlocks the number of blocks that these are
   * @param peakBytes the most bytes that were in use at a time
   */
  public record Usage(long liveBytes, long liveBlocks, long peakBytes) {}

  /** Makes the map unmodifiable. */
  public MemoryReport {
    Map<MemoryOwner, Usage> copy = new EnumMap<>(MemoryOwner.class);
    for (Map.Entry<MemoryOwner, Usage> entry : owners.entrySet()) {
      copy.put(
          entry.getKey(),
          Objects.requireNonNull(entry.getValue(), "memory report: the usage of an owner is null"));
    }
    owners = Collections.unmodifiableMap(copy);
  }

  /** Returns what Gatun holds now. */
  public static MemoryReport now() {
    MemoryPool.Report pool = MemoryPool.shared().report();
    TensorAccess.Held exported = TensorAccess.get().exported();
    TensorAccess.Held mapped = TensorAccess.get().mapped();
    return new MemoryReport(
        pool.liveBytes(),
        pool.liveBlocks(),
        pool.pooledBytes(),
        pool.pooledBlocks(),
        pool.peakBytes(),
        pool.limit(),
        pool.owners(),
        exported.count(),
        exported.bytes(),
        NativeHandles.live(),
        mapped.count(),
        mapped.bytes(),
        Forgotten.count(),
        Forgotten.bytes());
  }

  static long liveBytes(Map<MemoryOwner, Usage> owners, MemoryOwner owner) {
    Usage usage = owners.get(owner);
    return usage == null ? 0 : usage.liveBytes();
  }

  /** Returns the numbers on one line, for logs. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("memory: ");
    text.append(liveBytes).append(" bytes live in ").append(liveBlocks).append(" blocks (");
    String separator = "";
    for (Map.Entry<MemoryOwner, Usage> entry : owners.entrySet()) {
      text.append(separator)
          .append(entry.getKey().title())
          .append(' ')
          .append(entry.getValue().liveBytes());
      separator = ", ";
    }
    return text.append("), ")
        .append(pooledBytes)
        .append(" kept for reuse, peak ")
        .append(peakBytes)
        .append(", limit ")
        .append(limit)
        .append("; ")
        .append(exportedSegments)
        .append(" exported segments, ")
        .append(nativeHandles)
        .append(" native handles, ")
        .append(mappedFiles)
        .append(" mapped files of ")
        .append(mappedBytes)
        .append(" bytes; ")
        .append(forgotten)
        .append(" forgotten")
        .toString();
  }
}
