package org.gatun.bindings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComponentTest {
  private static final Path PATH = Path.of("lib.so");
  private static final int OPENMP = 2;
  private static final String REMEDY = "use another";

  @Test
  void acceptsTheVersionOfTheHeadersAndLaterMinors() {
    assertEquals("3.11.0", Component.requireOneDnn(3, 11, 0, OPENMP, PATH, REMEDY));
    assertEquals("3.13.2", Component.requireOneDnn(3, 13, 2, OPENMP, PATH, REMEDY));
  }

  @ParameterizedTest
  @CsvSource({"2, 7, 5", "3, 10, 9", "4, 0, 0"})
  void refusesOtherVersionsOfOneDnn(int major, int minor, int patch) {
    var e =
        assertThrows(
            NativeLibraryException.class,
            () -> Component.requireOneDnn(major, minor, patch, OPENMP, PATH, REMEDY));
    assertEquals(
        "oneDNN: lib.so is version %d.%d.%d, expected 3.11 or a later 3.x; use another"
            .formatted(major, minor, patch),
        e.getMessage());
  }

  @Test
  void refusesOneDnnWithoutOpenMp() {
    var e =
        assertThrows(
            NativeLibraryException.class, () -> Component.requireOneDnn(3, 11, 0, 1, PATH, REMEDY));
    assertEquals(
        "oneDNN: lib.so was built for threading runtime 1, expected 2 (OpenMP); use another",
        e.getMessage());
  }

  @Test
  void readsTheVersionOutOfOpenBlasConfiguration() {
    assertEquals(
        "0.3.31",
        Component.requireOpenBlas(
            "OpenBLAS 0.3.31 DYNAMIC_ARCH NO_AFFINITY Haswell MAX_THREADS=24", PATH, REMEDY));
    assertEquals("0.3.29.dev", Component.requireOpenBlas("OpenBLAS 0.3.29.dev ", PATH, REMEDY));
  }

  @ParameterizedTest
  @ValueSource(strings = {"OpenBLAS 0.2.20 NO_AFFINITY", "OpenBLAS 0.30.1", "OpenBLAS 1.0", "MKL"})
  void refusesOtherVersionsOfOpenBlas(String config) {
    var e =
        assertThrows(
            NativeLibraryException.class, () -> Component.requireOpenBlas(config, PATH, REMEDY));
    assertEquals(
        "OpenBLAS: lib.so is \"%s\", expected version 0.3; use another".formatted(config),
        e.getMessage());
  }

  @Test
  void refusesOpenBlasWith64BitIntegers() {
    var e =
        assertThrows(
            NativeLibraryException.class,
            () ->
                Component.requireOpenBlas(
                    "OpenBLAS 0.3.31 USE64BITINT DYNAMIC_ARCH", PATH, REMEDY));
    assertEquals(
        "OpenBLAS: lib.so was built with 64-bit integers (USE64BITINT), expected 32-bit ones;"
            + " use another",
        e.getMessage());
  }
}
