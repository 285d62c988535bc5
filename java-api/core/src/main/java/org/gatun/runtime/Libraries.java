package org.gatun.runtime;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.gatun.bindings.NativeLibraries;
import org.gatun.kernel.onednn.InstructionSet;
import org.gatun.kernel.openblas.Configuration;

/** The native libraries that compute here, for those who want to know what they run on. */
public final class Libraries {
  private Libraries() {}

  /**
   * A loaded library.
   *
   * @param name {@code oneDNN}, {@code OpenBLAS}, or the file name of a runtime library
   * @param version what the library reports, or the version of the package that it came in
   * @param path the file
   * @param origin {@code jar} if it was unpacked into the cache just now, {@code cache} if earlier,
   *     {@code property} if a system property names it
   */
  public record Loaded(String name, String version, Path path, String origin) {
    /** Checks that nothing is null. */
    public Loaded {
      Objects.requireNonNull(name, "libraries: name is null");
      Objects.requireNonNull(version, "libraries: version is null");
      Objects.requireNonNull(path, "libraries: path is null");
      Objects.requireNonNull(origin, "libraries: origin is null");
    }
  }

  /**
   * What is loaded, and what it makes of the processor.
   *
   * @param platform the operating system and processor, such as {@code linux-x86_64}
   * @param libraries in the order in which they were loaded
   * @param oneDnnInstructions the instructions that oneDNN uses, such as {@code avx512_core_bf16}
   * @param openBlasCore the processor that OpenBLAS's kernels were written for
   * @param openBlasBuild the version and options that OpenBLAS was built with
   * @param openBlasThreads the threads that OpenBLAS runs on by itself
   */
  public record Report(
      String platform,
      List<Loaded> libraries,
      String oneDnnInstructions,
      String openBlasCore,
      String openBlasBuild,
      int openBlasThreads) {
    /** Makes the list unmodifiable. */
    public Report {
      Objects.requireNonNull(platform, "libraries: platform is null");
      Objects.requireNonNull(libraries, "libraries: libraries is null");
      Objects.requireNonNull(oneDnnInstructions, "libraries: oneDnnInstructions is null");
      Objects.requireNonNull(openBlasCore, "libraries: openBlasCore is null");
      Objects.requireNonNull(openBlasBuild, "libraries: openBlasBuild is null");
      libraries = List.copyOf(libraries);
    }
  }

  /**
   * Does nothing where the JVM lets this module call native code.
   *
   * @throws org.gatun.bindings.NativeLibraryException where it denies that
   */
  static void requireNativeAccess() {
    try {
      MemorySegment unused = MemorySegment.NULL.reinterpret(0);
    } catch (IllegalCallerException e) {
      throw NativeLibraries.denied(Libraries.class.getModule(), e);
    }
  }

  /** Returns the platform of this JVM, without loading anything. */
  public static String platform() {
    return NativeLibraries.platform();
  }

  /**
   * Returns what is loaded, after loading it if need be.
   *
   * @throws org.gatun.bindings.NativeLibraryException if the libraries cannot be loaded
   */
  public static Report report() {
    NativeLibraries.load();
    List<Loaded> libraries =
        NativeLibraries.loaded().stream()
            .map(
                library ->
                    new Loaded(
                        library.name(),
                        library.version(),
                        library.path(),
                        library.origin().name().toLowerCase(Locale.ROOT)))
            .toList();
    return new Report(
        platform(),
        libraries,
        InstructionSet.effective(),
        Configuration.core(),
        Configuration.build(),
        Configuration.threads());
  }
}
