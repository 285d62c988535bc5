package org.gatun.safety.threads;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gatun.runtime.MemoryPool;
import org.gatun.runtime.NativeHandles;

/**
 * What this process has taken.
 *
 * @param resident bytes of memory, as the system counts, 0 where it does not say
 * @param pool bytes of the memory pool, in use and kept
 * @param handles objects of native libraries
 * @param threads of the system, those of native libraries among them; 0 where it does not say
 */
record ProcessState(long resident, long pool, long handles, int threads) {
  private static final Path STATUS = Path.of("/proc/self/status");

  /** Returns what is taken now. */
  static ProcessState now() {
    MemoryPool.Report report = MemoryPool.shared().report();
    return new ProcessState(
        1024 * status("VmRSS:"),
        report.liveBytes() + report.pooledBytes(),
        NativeHandles.live(),
        (int) status("Threads:"));
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
