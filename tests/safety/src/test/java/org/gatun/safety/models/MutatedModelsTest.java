package org.gatun.safety.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.gatun.safety.Extent;
import org.gatun.safety.models.MutantWatch.Report;
import org.junit.jupiter.api.Test;

/**
 * Models whose bytes or structure were changed at random are refused with an {@code OnnxException},
 * or run and give what the reference gives: they do not crash, hang, leak, or take more memory than
 * is allowed.
 */
class MutatedModelsTest {
  /** The heap, the pool's limit, and as much for the libraries, the JVM and its code. */
  private static final long MOST_MEGABYTES = 3 * MutantWatch.MEGABYTES;

  @Test
  void mutantsOfSmallModelsAreRefusedOrRun() throws IOException, InterruptedException {
    check(MutantWatch.run(Mutants.SMALL, Extent.of(3_000, 99_500)));
  }

  @Test
  void mutantsOfRealModelsAreRefusedOrRun() throws IOException, InterruptedException {
    check(MutantWatch.run(Mutants.REAL, Extent.of(20, 500)));
  }

  @Test
  void extremesAreRefusedOrRun() throws IOException, InterruptedException {
    check(MutantWatch.run(Mutants.EXTREME, Extremes.count()));
  }

  private static void check(Report report) {
    report.notes().forEach(System.out::println);
    assertEquals(List.of(), report.failures(), () -> String.join("\n\n", report.failures()));
    assertTrue(
        report.megabytes() <= MOST_MEGABYTES,
        () -> report.megabytes() + " MB of memory, expected at most " + MOST_MEGABYTES);
  }
}
