package org.gatun.bindings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativesManifestTest {
  private static final String SHA = "0123456789abcdef".repeat(4);
  private static final String TEXT =
      """
      platform linux-x86_64
      version onednn 3.11-1.5.13
      version openblas 0.3.31-1.5.13
      library onednn libgomp.so.1 298776 %1$s
      library onednn libdnnl.so.3 89662848 %1$s
      library openblas libopenblas.so.0 37539016 %1$s
      """
          .formatted(SHA);

  @Test
  void keepsTheOrder() {
    NativesManifest manifest = NativesManifest.parse(TEXT, "here");
    assertEquals("linux-x86_64", manifest.platform());
    assertEquals("3.11-1.5.13", manifest.versions().get(Component.ONEDNN));
    assertEquals(
        "[libgomp.so.1, libdnnl.so.3]",
        manifest.libraries(Component.ONEDNN).stream()
            .map(NativesManifest.Entry::file)
            .toList()
            .toString());
    assertEquals(
        new NativesManifest.Entry(Component.OPENBLAS, "libopenblas.so.0", 37539016, SHA),
        manifest.libraries().getLast());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "library onednn ../evil.so 1 SHA",
        "library onednn a/evil.so 1 SHA",
        "library onednn .. 1 SHA",
        "library onednn lib.so 0 SHA",
        "library onednn lib.so one SHA",
        "library onednn lib.so 1 00",
        "library onednn lib.so 1",
        "library other lib.so 1 SHA",
        "something else",
      })
  void refusesALine(String line) {
    String bad = line.replace("SHA", SHA);
    var e =
        assertThrows(
            NativeLibraryException.class, () -> NativesManifest.parse(TEXT + bad + "\n", "here"));
    assertTrue(
        e.getMessage().startsWith("natives: here has the line \"" + bad + "\", expected platform"),
        e.getMessage());
  }

  @Test
  void refusesAManifestWithoutAComponent() {
    String text = TEXT.replaceAll("(?m)^library openblas.*\n", "");
    var e = assertThrows(NativeLibraryException.class, () -> NativesManifest.parse(text, "here"));
    assertEquals(
        "natives: here has no OpenBLAS, expected its version and its libraries", e.getMessage());
  }

  @Test
  void thePackagedLibrariesAreTheOnesThatTheBindingsWereMadeFor() {
    NativesManifest manifest = Natives.find(Platform.current()).manifest();
    assertEquals(Platform.current(), manifest.platform());
    String oneDnn = Component.ONEDNN_MAJOR + "." + Component.ONEDNN_MINOR + "-";
    assertTrue(manifest.versions().get(Component.ONEDNN).startsWith(oneDnn), manifest.toString());
    assertTrue(
        manifest
            .versions()
            .get(Component.OPENBLAS)
            .startsWith(Component.OPENBLAS_MAJOR_MINOR + "."),
        manifest.toString());
  }
}
