package org.gatun.safety.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.gatun.safety.Extent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Sixteen threads that run models and operators as they like get what one thread gets, to the bit,
 * and take no more the longer they run.
 */
@Timeout(1200)
class ManyCallersTest {
  private static final List<String> FLAGS =
      List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch", MallocedMemory.COUNTED);

  @Test
  void resultsAreThoseOfOneThread() throws IOException, InterruptedException {
    int seconds = Extent.of(8, 600);
    Processes.Ended ended =
        Processes.run(
            ManyCallers.class,
            FLAGS,
            Integer.toString(seconds),
            Integer.toString(Extent.of(50, 10)),
            Boolean.toString(Extent.isLong()));
    assertEquals(0, ended.status(), ended.output());
  }
}
