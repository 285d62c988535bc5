package org.gatun.safety.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.gatun.safety.Extent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The first run of an operator in a process gives the bits of the ten thousandth. */
@Timeout(1800)
class CompiledBitsTest {
  private static final int STEP = Extent.of(12, 1);

  @Test
  void interpretedAndCompiledCodeGiveTheSameBits() throws IOException, InterruptedException {
    List<String> first = lines(List.of(), 1);
    assertTrue(first.size() > 100, first.size() + " lines");
    assertSame(first, lines(List.of("-Xint"), 1), "interpreted");
    assertSame(first, lines(List.of("-XX:TieredStopAtLevel=1"), 50), "by the first compiler");
    assertSame(first, lines(List.of(), Extent.of(300, 3000)), "by both compilers");
    assertSame(
        first, lines(List.of("-Dgatun.warmup=false"), Extent.of(300, 3000)), "by vector loops");
  }

  private static List<String> lines(List<String> flags, int times)
      throws IOException, InterruptedException {
    Processes.Ended ended =
        Processes.run(CompiledBits.class, flags, Integer.toString(times), Integer.toString(STEP));
    assertEquals(0, ended.status(), ended.output());
    List<String> lines =
        ended.output().lines().filter(line -> !line.startsWith("WARNING")).toList();
    assertEquals("done", lines.getLast());
    return lines;
  }

  private static void assertSame(List<String> expected, List<String> actual, String how) {
    List<String> differ = new ArrayList<>();
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      if (!expected.get(i).equals(actual.get(i))) {
        differ.add(actual.get(i));
      }
    }
    assertEquals(List.of(), differ, how);
  }
}
