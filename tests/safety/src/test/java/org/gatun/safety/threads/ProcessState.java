package org.gatun.safety.threads;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gatun.runtime.MemoryPool;
import org.gatun.runtime.NativeHandles;

/**
 * What this process has taken.
 *
 * @param resident bytes of memory, as the system counts, 0 where it does not say
 * @param compiled of these what the JVM's compiler has made, which is more for as long as it finds
 *     methods that are worth it
 * @param classes that are loaded, those among them that the JVM makes for method handles
 * @param libraries bytes that native libraries and the pool had of {@code malloc}, 0 where {@link
 *     MallocedMemory} does not know
 * @param pool bytes of the memory pool, in use and kept
 * @param handles objects of native libraries
 * @param threads of the system, those of native libraries among them; 0 where it does not say
 */
record ProcessState(
    long resident,
    long compiled,
    long classes,
    long libraries,
    long pool,
    long handles,
    int threads) {
  private static final Path STATUS = Path.of("/proc/self/status");

  /** Returns what is taken now. */
  static ProcessState now() {
    MemoryPool.Report report = MemoryPool.shared().report();
    return new ProcessState(
        1024 * status("VmRSS:"),
        codeBytes(),
        ManagementFactory.getClassLoadingMXBean().getLoadedClassCount(),
        MallocedMemory.ofLibraries(),
        report.liveBytes() + report.pooledBytes(),
        NativeHandles.live(),
        (int) status("Threads:"));
  }

  /** Returns the bytes of compiled code, which lies in one area of the JVM or in several. */
  private static long codeBytes() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(area -> area.getName().startsWith("Code"))
        .mapToLong(area -> area.getUsage().getUsed())
        .sum();
  }

  private static long status(String key) {
    if (!Files.exists(STATUS)) {
      return 0;
    }
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith(key))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
