package org.gatun.bindings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformTest {
  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, linux-x86_64",
    "Linux, aarch64, linux-arm64",
    "Mac OS X, aarch64, macosx-arm64",
    "Windows 11, amd64, windows-x86_64",
    "Windows Server 2025, amd64, windows-x86_64",
    "Linux, riscv64, linux-riscv64",
    "Mac OS X, x86_64, macosx-x86_64",
  })
  void namesPlatformsAsTheClassifiers(String osName, String osArch, String expected) {
    assertEquals(expected, Platform.of(osName, osArch));
  }

  @Test
  void unsupportedPlatformIsNamedWithTheWayOut() {
    var e = assertThrows(NativeLibraryException.class, () -> Natives.find("linux-riscv64"));
    assertEquals(
        "platform: linux-riscv64, expected a 64-bit JVM on one of "
            + "[linux-x86_64, linux-arm64, macosx-arm64, windows-x86_64]; elsewhere set the system "
            + "properties gatun.onednn.library and gatun.openblas.library to the paths of "
            + "libraries of your own",
        e.getMessage());
  }
}
