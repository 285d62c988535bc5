package org.gatun.bindings;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of processors that code would crash on. */
class ProcessorTest {
  @TempDir private Path folder;

  @Test
  void aCoreThatTheProcessorIsNotIsRefused() {
    var e =
        assertThrows(
            NativeLibraryException.class,
            () -> Processor.requireCore("SkylakeX", Set.of("sse4_1", "avx2", "fma", "avx512f")));
    assertEquals(
        "environment: OPENBLAS_CORETYPE=SkylakeX makes OpenBLAS use instructions that this"
            + " processor does not have [avx512bw, avx512dq, avx512vl]; unset it, and OpenBLAS"
            + " chooses by itself",
        e.getMessage());
  }

  @Test
  void coresThatItCanBeAreTaken() {
    Set<String> flags = Set.of("sse4_1", "sse4_2", "avx", "avx2", "fma");
    for (String core : new String[] {"Haswell", "ZEN", "Nehalem", "Core2", "no core at all"}) {
      assertDoesNotThrow(() -> Processor.requireCore(core, flags), core);
    }
  }

  @Test
  void whereNothingIsKnownTheChoiceStands() {
    assertEquals(Set.of(), Processor.flags(folder.resolve("absent")));
    assertDoesNotThrow(() -> Processor.requireCore("SkylakeX", Set.of()));
    assertDoesNotThrow(() -> Processor.requireCore("linux-x86_64", Map.of()));
    assertDoesNotThrow(
        () -> Processor.requireCore("linux-arm64", Map.of("OPENBLAS_CORETYPE", "SkylakeX")));
  }

  @Test
  void readsTheFirstProcessor() throws IOException {
    Path cpuinfo =
        Files.writeString(
            folder.resolve("cpuinfo"),
            "processor\t: 0\nflags\t\t: fpu sse4_1 avx\nflags\t\t: other\n");
    assertEquals(Set.of("fpu", "sse4_1", "avx"), Processor.flags(cpuinfo));
  }

  @Test
  void anX86WithoutSse41IsRefused() {
    var e =
        assertThrows(
            NativeLibraryException.class, () -> Processor.requireInstructions("linux-x86_64", 0));
    assertEquals(
        "processor: it has no SSE4.1, expected an x86-64 processor that has, as those since 2008"
            + " do; oneDNN has no fast code for others",
        e.getMessage());
    assertDoesNotThrow(() -> Processor.requireInstructions("linux-x86_64", 0x1));
    assertDoesNotThrow(() -> Processor.requireInstructions("linux-arm64", 0));
  }
}
