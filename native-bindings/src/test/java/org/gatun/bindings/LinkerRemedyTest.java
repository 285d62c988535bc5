package org.gatun.bindings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a user is told when the system's linker refuses a library. */
class LinkerRemedyTest {
  private static final String LINUX = "linux-x86_64";

  @Test
  void oldGlibc() {
    String reason = "version `GLIBC_2.34' not found (required by libgomp.so.1)";
    assertEquals(
        "; glibc 2.34 or newer is needed, and this system has 2.31",
        NativeLibraries.remedy(reason, LINUX, () -> Optional.of("2.31")));
    assertEquals(
        "; glibc 2.34 or newer is needed, and this system has 2.9",
        NativeLibraries.remedy(reason, LINUX, () -> Optional.of("2.9")));
  }

  @Test
  void anotherCLibrary() {
    assertEquals(
        "; glibc 2.34 or newer is needed, and this system's C library is another one",
        NativeLibraries.remedy("Error relocating", LINUX, Optional::empty));
  }

  @Test
  void noCxxRuntime() {
    assertEquals(
        "; install the system's C++ runtime (package libstdc++6 or libstdc++)",
        NativeLibraries.remedy(
            "libstdc++.so.6: cannot open shared object file", LINUX, () -> Optional.of("2.36")));
  }

  @Test
  void missingDependency() {
    assertEquals(
        "; it needs libgomp.so.1: install that, put it beside the library, or name its folder in"
            + " LD_LIBRARY_PATH",
        NativeLibraries.remedy(
            "/x/libdnnl.so: libgomp.so.1: cannot open shared object file: No such file or"
                + " directory",
            LINUX,
            () -> Optional.of("2.36")));
  }

  @Test
  void noExec() {
    assertEquals(
        "; if its folder is mounted noexec, set the system property gatun.cache to another",
        NativeLibraries.remedy(
            "failed to map segment from shared object", LINUX, () -> Optional.of("2.36")));
  }

  @Test
  void secondClassLoader() {
    assertEquals(
        "; a JVM loads a library for one class loader: put Gatun's jars where all that use them"
            + " share one, such as the class path of the server, or restart the JVM",
        NativeLibraries.remedy(
            "Native Library a already loaded in another classloader", LINUX, Optional::empty));
  }

  @Test
  void visualCRuntime() {
    assertEquals(
        "; install the Microsoft Visual C++ Redistributable 2015-2022 (x64), which has the OpenMP"
            + " runtime VCOMP140.DLL",
        NativeLibraries.remedy(
            "dnnl.dll: Can't find dependent libraries", "windows-x86_64", Optional::empty));
  }

  @Test
  void nothingIsInventedForTheUnknown() {
    assertEquals(
        "", NativeLibraries.remedy("invalid ELF header", LINUX, () -> Optional.of("2.36")));
    assertEquals("", NativeLibraries.remedy("no such image", "macosx-arm64", Optional::empty));
  }
}
