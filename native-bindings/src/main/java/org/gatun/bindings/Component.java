package org.gatun.bindings;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** A library that Gatun calls, and which versions of it the bindings fit. */
enum Component {
  ONEDNN("oneDNN") {
    @Override
    String requireVersion(SymbolLookup lookup, Path path, String remedy) {
      MemorySegment version = call(lookup, path, "dnnl_version", remedy).reinterpret(VERSION_BYTES);
      String name =
          requireOneDnn(
              version.get(JAVA_INT, 0),
              version.get(JAVA_INT, 4),
              version.get(JAVA_INT, 8),
              version.get(JAVA_INT, CPU_RUNTIME_OFFSET),
              path,
              remedy);
      Processor.requireInstructions(
          Platform.current(), callInt(lookup, path, "dnnl_get_effective_cpu_isa", remedy));
      return name;
    }
  },

  OPENBLAS("OpenBLAS") {
    @Override
    String requireVersion(SymbolLookup lookup, Path path, String remedy) {
      MemorySegment config = call(lookup, path, "openblas_get_config", remedy);
      return requireOpenBlas(config.reinterpret(MAX_CONFIG_BYTES).getString(0), path, remedy);
    }
  };

  /** The version of the headers that the bindings were made from. */
  static final int ONEDNN_MAJOR = 3;

  static final int ONEDNN_MINOR = 11;
  static final String OPENBLAS_MAJOR_MINOR = "0.3";

  /** What to do about a library that does not fit and came in a natives jar. */
  static final String REPLACE_NATIVES =
      "use the org.gatun:gatun-natives of the same version as org.gatun:gatun";

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
   * @param remedy what to do about a library that does not fit
   * @throws NativeLibraryException if it is another library, or in a version that the bindings do
   *     not fit, or one that does not run on this processor
   */
  abstract String requireVersion(SymbolLookup lookup, Path path, String remedy);

  /** Returns the version {@code major.minor.patch} of oneDNN, built for OpenMP, if it fits. */
  static String requireOneDnn(
      int major, int minor, int patch, int cpuRuntime, Path path, String remedy) {
    String version = major + "." + minor + "." + patch;
    // Minor versions of oneDNN add to the interface and take nothing away.
    if (major != ONEDNN_MAJOR || minor < ONEDNN_MINOR) {
      throw new NativeLibraryException(
          "oneDNN: %s is version %s, expected %d.%d or a later %d.x; %s"
              .formatted(path, version, ONEDNN_MAJOR, ONEDNN_MINOR, ONEDNN_MAJOR, remedy));
    }
    if (cpuRuntime != OPENMP_RUNTIME) {
      throw new NativeLibraryException(
          "oneDNN: %s was built for threading runtime %d, expected %d (OpenMP); %s"
              .formatted(path, cpuRuntime, OPENMP_RUNTIME, remedy));
    }
    return version;
  }

  /** Returns the version inside what {@code openblas_get_config} returned, if it fits. */
  static String requireOpenBlas(String config, Path path, String remedy) {
    var matcher = OPENBLAS_CONFIG.matcher(config.strip());
    if (!matcher.matches() || !matcher.group("majorMinor").equals(OPENBLAS_MAJOR_MINOR)) {
      throw new NativeLibraryException(
          "OpenBLAS: %s is \"%s\", expected version %s; %s"
              .formatted(path, config.strip(), OPENBLAS_MAJOR_MINOR, remedy));
    }
    if (List.of(matcher.group("options").split(" ")).contains("USE64BITINT")) {
      throw new NativeLibraryException(
          "OpenBLAS: %s was built with 64-bit integers (USE64BITINT), expected 32-bit ones; %s"
              .formatted(path, remedy));
    }
    return matcher.group("majorMinor") + matcher.group("rest");
  }

  /** Returns what to do about a library that the user's property named. */
  String correctProperty() {
    return "correct the system property " + property() + ", or unset it to use Gatun's own library";
  }

  MemorySegment call(SymbolLookup lookup, Path path, String function, String remedy) {
    MethodHandle handle = handle(lookup, path, function, FunctionDescriptor.of(ADDRESS), remedy);
    try {
      return (MemorySegment) handle.invokeExact();
    } catch (Throwable e) {
      throw new AssertionError("a downcall throws nothing", e);
    }
  }

  int callInt(SymbolLookup lookup, Path path, String function, String remedy) {
    MethodHandle handle = handle(lookup, path, function, FunctionDescriptor.of(JAVA_INT), remedy);
    try {
      return (int) handle.invokeExact();
    } catch (Throwable e) {
      throw new AssertionError("a downcall throws nothing", e);
    }
  }

  private MethodHandle handle(
      SymbolLookup lookup,
      Path path,
      String function,
      FunctionDescriptor descriptor,
      String remedy) {
    Optional<MemorySegment> address = lookup.find(function);
    if (address.isEmpty()) {
      throw new NativeLibraryException(
          "%s: %s has no function %s, so it is another library; %s"
              .formatted(title, path, function, remedy));
    }
    return Linker.nativeLinker().downcallHandle(address.get(), descriptor);
  }
}
