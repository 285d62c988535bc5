package org.gatun.bindings;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** A library that Gatun calls, and which versions of it the bindings fit. */
enum Component {
  ONEDNN("oneDNN") {
    @Override
    String requireVersion(SymbolLookup lookup, Path path) {
      MemorySegment version = call(lookup, path, "dnnl_version").reinterpret(VERSION_BYTES);
      return requireOneDnn(
          version.get(JAVA_INT, 0),
          version.get(JAVA_INT, 4),
          version.get(JAVA_INT, 8),
          version.get(JAVA_INT, CPU_RUNTIME_OFFSET),
          path);
    }
  },

  OPENBLAS("OpenBLAS") {
    @Override
    String requireVersion(SymbolLookup lookup, Path path) {
      MemorySegment config = call(lookup, path, "openblas_get_config");
      return requireOpenBlas(config.reinterpret(MAX_CONFIG_BYTES).getString(0), path);
    }
  };

  /** The version of the headers that the bindings were made from. */
  static final int ONEDNN_MAJOR = 3;

  static final int ONEDNN_MINOR = 11;
  static final String OPENBLAS_MAJOR_MINOR = "0.3";

  // dnnl_version_t: int major, minor, patch; const char *hash; unsigned cpu_runtime, gpu_runtime.
  private static final long CPU_RUNTIME_OFFSET = 24;
  private static final long VERSION_BYTES = 32;

  /** DNNL_RUNTIME_OMP. */
  private static final int OPENMP_RUNTIME = 2;

  // OpenBLAS composes its configuration in a static buffer of 256 bytes.
  private static final long MAX_CONFIG_BYTES = 256;

  private static final Pattern OPENBLAS_CONFIG =
      Pattern.compile("OpenBLAS (?<majorMinor>\\d+\\.\\d+)(?<rest>\\S*)(?<options>.*)");

  private final String title;

  Component(String title) {
    this.title = title;
  }

  /** Returns the name as its authors spell it. */
  String title() {
    return title;
  }

  /** Returns the name in manifests and properties. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the system property that names a library of the user's own. */
  String property() {
    return "gatun." + key() + ".library";
  }

  /**
   * Returns the version that the loaded library reports.
   *
   * @throws NativeLibraryException if it is another library, or in a version that the bindings do
   *     not fit
   */
  abstract String requireVersion(SymbolLookup lookup, Path path);

  /** Returns the version {@code major.minor.patch} of oneDNN, built for OpenMP, if it fits. */
  static String requireOneDnn(int major, int minor, int patch, int cpuRuntime, Path path) {
    String version = major + "." + minor + "." + patch;
    // Minor versions of oneDNN add to the interface and take nothing away.
    if (major != ONEDNN_MAJOR || minor < ONEDNN_MINOR) {
      throw new NativeLibraryException(
          "oneDNN: %s is version %s, expected %d.%d or a later %d.x; %s"
              .formatted(path, version, ONEDNN_MAJOR, ONEDNN_MINOR, ONEDNN_MAJOR, ONEDNN.remedy()));
    }
    if (cpuRuntime != OPENMP_RUNTIME) {
      throw new NativeLibraryException(
          "oneDNN: %s was built for threading runtime %d, expected %d (OpenMP); %s"
              .formatted(path, cpuRuntime, OPENMP_RUNTIME, ONEDNN.remedy()));
    }
    return version;
  }

  /** Returns the version inside what {@code openblas_get_config} returned, if it fits. */
  static String requireOpenBlas(String config, Path path) {
    var matcher = OPENBLAS_CONFIG.matcher(config.strip());
    if (!matcher.matches() || !matcher.group("majorMinor").equals(OPENBLAS_MAJOR_MINOR)) {
      throw new NativeLibraryException(
          "OpenBLAS: %s is \"%s\", expected version %s; %s"
              .formatted(path, config.strip(), OPENBLAS_MAJOR_MINOR, OPENBLAS.remedy()));
    }
    if (List.of(matcher.group("options").split(" ")).contains("USE64BITINT")) {
      throw new NativeLibraryException(
          "OpenBLAS: %s was built with 64-bit integers (USE64BITINT), expected 32-bit ones; %s"
              .formatted(path, OPENBLAS.remedy()));
    }
    return matcher.group("majorMinor") + matcher.group("rest");
  }

  private String remedy() {
    return "correct the system property " + property() + ", or unset it to use Gatun's own library";
  }

  /** Calls a function that takes nothing and returns an address. */
  MemorySegment call(SymbolLookup lookup, Path path, String function) {
    Optional<MemorySegment> address = lookup.find(function);
    if (address.isEmpty()) {
      throw new NativeLibraryException(
          "%s: %s has no function %s, so it is another library; %s"
              .formatted(title, path, function, remedy()));
    }
    var handle =
        Linker.nativeLinker().downcallHandle(address.get(), FunctionDescriptor.of(ADDRESS));
    try {
      return (MemorySegment) handle.invokeExact();
    } catch (Throwable e) {
      throw new AssertionError("a downcall throws nothing", e);
    }
  }
}
