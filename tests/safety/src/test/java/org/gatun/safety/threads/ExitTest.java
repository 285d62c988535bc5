package org.gatun.safety.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.gatun.safety.Extent;
import org.gatun.safety.threads.ExitWhileComputing.Way;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A JVM that ends while threads compute ends as it was asked to. */
@Timeout(900)
class ExitTest {
  private static final int TIMES = Extent.of(1, 50);

  @ParameterizedTest
  @EnumSource(Way.class)
  void endsWhileOthersCompute(Way way) throws IOException, InterruptedException {
    for (int i = 0; i < TIMES; i++) {
      Processes.Ended ended =
          Processes.run(
              ExitWhileComputing.class, List.of(), way.name(), Integer.toString(i * 7 % 40));
      assertEquals(way == Way.THROW ? 1 : 0, ended.status(), ended.output());
      assertTrue(ended.output().contains("ends"), ended.output());
      assertTrue(!ended.output().contains("fatal error"), ended.output());
    }
  }
}
