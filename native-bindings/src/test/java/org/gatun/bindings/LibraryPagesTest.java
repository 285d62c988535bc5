package org.gatun.bindings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.gatun.bindings.onednn.OneDnn;
import org.gatun.bindings.onednn.dnnl_version_t;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What loading has touched leaves memory, and comes back. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class LibraryPagesTest {
  private static final long MEGABYTE = 1 << 20;

  @Test
  void tablesOfTheLinkerLeaveMemoryAndTheLibraryGoesOn() throws IOException {
    NativeLibraries.load();
    Path library =
        NativeLibraries.loaded().stream()
            .filter(loaded -> loaded.name().equals("oneDNN"))
            .findFirst()
            .orElseThrow()
            .path();
    String before = version();
    LibraryPages.unload(library);
    long resident = firstResident(library);
    assertTrue(resident < MEGABYTE, () -> resident + " bytes of the tables are in memory");
    assertEquals(before, version());
  }

  private static String version() {
    MemorySegment version = OneDnn.dnnl_version();
    return dnnl_version_t.major(version) + "." + dnnl_version_t.minor(version);
  }

  /** Returns the bytes in memory of the first mapping of the library: its tables. */
  private static long firstResident(Path library) throws IOException {
    List<String> lines = Files.readAllLines(Path.of("/proc/self/smaps"));
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).endsWith(library.toRealPath().toString())) {
        while (!lines.get(i).startsWith("Rss:")) {
          i++;
        }
        return Long.parseLong(lines.get(i).replaceAll("\\D", "")) << 10;
      }
    }
    throw new AssertionError(library + " is not mapped");
  }
}
