package org.gatun.sbom;

import java.util.List;
import java.util.Map;

/** What is known of the things that Gatun is made of, and is written in none of them. */
final class Origins {
  /**
   * A native library.
   *
   * @param name by which its authors call it
   * @param version empty where it is that of the package that the library came in
   * @param licence an expression of SPDX's identifiers
   * @param repository at GitHub, where the source is
   * @param contains libraries that are linked into this one
   */
  record Library(
      String name, String version, String licence, String repository, List<Library> contains) {}

  private static final String GCC_LICENCE = "GPL-3.0-or-later WITH GCC-exception-3.1";

  private static final Library LAPACK =
      new Library("LAPACK", "", "BSD-3-Clause", "Reference-LAPACK/lapack", List.of());

  private static final Library ONEDNN =
      new Library("oneDNN", "", "Apache-2.0", "uxlfoundation/oneDNN", List.of());

  private static final Library OPENBLAS =
      new Library("OpenBLAS", "", "BSD-3-Clause", "OpenMathLib/OpenBLAS", List.of(LAPACK));

  /** The newest symbols of the three on Linux are GFORTRAN_12, GOMP_5.1 and QUADMATH_1.2. */
  private static Library gcc(String name, String version, String licence) {
    return new Library(name, version, licence, "gcc-mirror/gcc", List.of());
  }

  private static final Map<String, Library> LIBRARIES =
      Map.ofEntries(
          Map.entry("libdnnl.so.3", ONEDNN),
          Map.entry("libdnnl.3.dylib", ONEDNN),
          Map.entry("dnnl.dll", ONEDNN),
          Map.entry("libopenblas.so.0", OPENBLAS),
          Map.entry("libopenblas.0.dylib", OPENBLAS),
          // Its own text says which compiler linked its run-time libraries into it.
          Map.entry(
              "libopenblas.dll",
              new Library(
                  "OpenBLAS",
                  "",
                  "BSD-3-Clause",
                  "OpenMathLib/OpenBLAS",
                  List.of(
                      LAPACK,
                      gcc("libgfortran", "14.1.0", GCC_LICENCE),
                      gcc("libquadmath", "14.1.0", "LGPL-2.1-or-later")))),
          Map.entry("libgomp.so.1", gcc("libgomp", "12", GCC_LICENCE)),
          Map.entry("libgfortran.so.5", gcc("libgfortran", "12", GCC_LICENCE)),
          Map.entry("libquadmath.so.0", gcc("libquadmath", "12", "LGPL-2.1-or-later")),
          // What the library says of itself; it tells no release of LLVM.
          Map.entry(
              "libomp.dylib",
              new Library(
                  "LLVM OpenMP",
                  "5.0.20140926",
                  "Apache-2.0 WITH LLVM-exception",
                  "llvm/llvm-project",
                  List.of())));

  /** Jars of others, with the licence that their poms name. */
  private static final Map<String, String> LICENCES =
      Map.of(
          "com.fasterxml.jackson.core:jackson-core", "Apache-2.0",
          "com.google.protobuf:protobuf-java", "BSD-3-Clause",
          "info.picocli:picocli", "Apache-2.0",
          "me.tongfei:progressbar", "MIT",
          "org.jline:jline-native", "BSD-3-Clause",
          "org.jline:jline-terminal", "BSD-3-Clause",
          "org.jspecify:jspecify", "Apache-2.0");

  private Origins() {}

  /** Returns what is known of a file of a natives jar. */
  static Library library(String file) {
    Library library = LIBRARIES.get(file);
    if (library == null) {
      throw new IllegalStateException(
          "sbom: " + file + " is in a natives jar, and Origins does not say what it is");
    }
    return library;
  }

  /** Returns the licence of a jar. */
  static String licence(Dependencies.Artifact artifact) {
    if (artifact.group().equals("org.gatun")) {
      return "Apache-2.0";
    }
    String licence = LICENCES.get(artifact.group() + ":" + artifact.name());
    if (licence == null) {
      throw new IllegalStateException(
          "sbom: %s is a dependency, and Origins does not say its licence"
              .formatted(artifact.purl()));
    }
    return licence;
  }
}
