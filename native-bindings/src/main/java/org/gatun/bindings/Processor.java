package org.gatun.bindings;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the libraries need of the processor. Both choose their code by what they find, oneDNN from
 * SSE4.1 on and OpenBLAS from SSE3; on ARM, what every processor of 64 bits has is enough.
 */
final class Processor {
  /** The lowest bit of what {@code dnnl_get_effective_cpu_isa} returns on x86-64. */
  private static final int SSE41 = 1;

  private static final String CORE = "OPENBLAS_CORETYPE";

  /**
   * What the kernels of OpenBLAS's cores execute, in Linux's names; OpenBLAS runs the ones that its
   * variable names without a look at the processor. Cores that need no more than every processor
   * that oneDNN runs on are left out.
   */
  private static final Map<String, Set<String>> CORES =
      Map.ofEntries(
          Map.entry("barcelona", Set.of("sse4a")),
          Map.entry("bobcat", Set.of("sse4a")),
          Map.entry("nehalem", Set.of("sse4_2")),
          Map.entry("sandybridge", Set.of("avx")),
          Map.entry("bulldozer", Set.of("avx", "fma4")),
          Map.entry("piledriver", Set.of("avx", "fma", "fma4")),
          Map.entry("steamroller", Set.of("avx", "fma", "fma4")),
          Map.entry("excavator", Set.of("avx2", "fma", "fma4")),
          Map.entry("haswell", Set.of("avx2", "fma")),
          Map.entry("zen", Set.of("avx2", "fma")),
          Map.entry(
              "skylakex", Set.of("avx2", "fma", "avx512f", "avx512bw", "avx512dq", "avx512vl")),
          Map.entry(
              "cooperlake",
              Set.of("avx2", "fma", "avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512_bf16")),
          Map.entry(
              "sapphirerapids",
              Set.of("avx2", "fma", "avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512_bf16")));

  private Processor() {}

  /**
   * Refuses a choice of OpenBLAS's kernels that this processor cannot execute: the first product
   * would end the process.
   *
   * @throws NativeLibraryException if the environment says so
   */
  static void requireCore(String platform, Map<String, String> environment) {
    String core = environment.getOrDefault(CORE, "");
    // Who has not chosen pays nothing: some kernels take milliseconds to write this file.
    if (!core.isEmpty() && platform.equals("linux-x86_64")) {
      requireCore(core, flags(Path.of("/proc/cpuinfo")));
    }
  }

  /** Refuses a core that needs what is not among the flags; no flags mean that nothing is known. */
  static void requireCore(String core, Set<String> flags) {
    var missing =
        new TreeSet<>(CORES.getOrDefault(core.strip().toLowerCase(Locale.ROOT), Set.of()));
    missing.removeAll(flags);
    if (!flags.isEmpty() && !missing.isEmpty()) {
      throw new NativeLibraryException(
          "environment: %s=%s makes OpenBLAS use instructions that this processor does not have %s; unset it, and OpenBLAS chooses by itself"
              .formatted(CORE, core, missing));
    }
  }

  /** Returns the flags of the first processor; none where they are not told. */
  static Set<String> flags(Path cpuinfo) {
    try (BufferedReader lines = Files.newBufferedReader(cpuinfo)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("flags")) {
          return Set.of(line.substring(line.indexOf(':') + 1).strip().split(" +"));
        }
      }
    } catch (IOException e) {
      // Without /proc the user's choice stands.
    }
    return Set.of();
  }

  /**
   * Refuses an x86-64 processor that oneDNN has no fast code for.
   *
   * @param instructions what {@code dnnl_get_effective_cpu_isa} returned
   */
  static void requireInstructions(String platform, int instructions) {
    if (platform.endsWith("-x86_64") && (instructions & SSE41) == 0) {
      throw new NativeLibraryException(
          "processor: it has no SSE4.1, expected an x86-64 processor that has, as those since 2008"
              + " do; oneDNN has no fast code for others");
    }
  }
}
