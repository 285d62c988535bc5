package org.gatun.safety.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import example.Hungry;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The pool's limit, and a system that has no more memory for the process. */
class SystemOutOfMemoryTest {
  private static final List<String> SMALL =
      List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:ReservedCodeCacheSize=64m");
  private static final long BLOCK = 300L << 20;

  private static OtherJvm hungry(List<String> before, String... flags) throws Exception {
    List<String> all = new java.util.ArrayList<>(SMALL);
    all.addAll(List.of(flags));
    OtherJvm jvm = OtherJvm.run(before, all, Hungry.class, String.valueOf(BLOCK));
    assertEquals(0, jvm.status(), jvm.text());
    assertTrue(jvm.text().contains("taken true\n"), jvm.text());
    assertTrue(jvm.text().contains("computed 64.0 beside " + BLOCK + "\n"), jvm.text());
    assertTrue(jvm.text().contains("live 0\n"), jvm.text());
    return jvm;
  }

  @Test
  void thePoolsLimitIsSaidAndGivenBackBeneath() throws Exception {
    String text = hungry(List.of(), "-Dgatun.memory.limit=1g").text();
    String refused =
        "refused: memory: tensor i8[314572800] needs 335544320 bytes, 1006649344 are in use and the"
            + " limit is 1073741824 (set with -Dgatun.memory.limit)\n";
    assertTrue(text.contains(refused), text);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aSystemWithoutMemoryIsSaidAndTheJvmGoesOn() throws Exception {
    // The shell limits the addresses of the process, so that malloc itself returns nothing.
    List<String> limited = List.of("sh", "-c", "ulimit -v 8000000; exec \"$@\"", "limited");
    String text = hungry(limited, "-Dgatun.memory.limit=100g").text();
    String refused =
        "refused: memory: tensor i8[314572800] needs 335544320 bytes and the operating system has"
            + " none left\n";
    assertTrue(text.contains(refused), text);
  }
}
