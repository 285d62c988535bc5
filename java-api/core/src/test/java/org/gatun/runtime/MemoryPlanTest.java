package org.gatun.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.gatun.runtime.MemoryPlan.Use;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Buffers that are in use at the same time lie apart, and the others as close as they can. */
class MemoryPlanTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 10, 30, 100, 300})
  void buffersInUseAtATimeLieApart(int count) {
    Random random = new Random(count);
    for (int round = 0; round < 50; round++) {
      List<Use> uses = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int first = random.nextInt(count);
        int last = Math.min(count, first + random.nextInt(1 + random.nextInt(count)));
        uses.add(new Use(random.nextInt(1 + random.nextInt(5000)), first, last));
      }
      check(uses, MemoryPlan.of(uses));
    }
  }

  private static void check(List<Use> uses, MemoryPlan plan) {
    long sum = 0;
    for (int i = 0; i < uses.size(); i++) {
      Use a = uses.get(i);
      sum += MemoryPlan.aligned(a.byteSize());
      assertEquals(0, plan.offset(i) % 64);
      assertTrue(plan.offset(i) >= 0 && plan.offset(i) + a.byteSize() <= plan.byteSize());
      for (int k = 0; k < i; k++) {
        Use b = uses.get(k);
        boolean together = a.first() <= b.last() && b.first() <= a.last();
        boolean apart =
            plan.offset(i) + a.byteSize() <= plan.offset(k)
                || plan.offset(k) + b.byteSize() <= plan.offset(i);
        assertTrue(!together || apart, () -> a + " meets " + b);
      }
    }
    assertTrue(plan.byteSize() <= sum, () -> plan.byteSize() + " bytes");
    assertTrue(plan.byteSize() >= most(uses), () -> plan.byteSize() + " bytes");
  }

  /** Returns the most bytes that are in use at a step: no plan needs less. */
  private static long most(List<Use> uses) {
    return IntStream.rangeClosed(0, uses.size())
        .mapToLong(
            step ->
                uses.stream()
                    .filter(use -> use.first() <= step && step <= use.last())
                    .mapToLong(use -> MemoryPlan.aligned(use.byteSize()))
                    .sum())
        .max()
        .orElse(0);
  }

  @Test
  void chainsTakeTwoBuffers() {
    List<Use> uses = IntStream.range(0, 50).mapToObj(i -> new Use(640, i, i + 1)).toList();
    assertEquals(2 * 640, MemoryPlan.of(uses).byteSize());
  }

  @Test
  void smallestGapThatFitsIsTaken() {
    // From the start: 1024 until step 2, 640 all the time, 512 until step 2, 320 all the time.
    List<Use> uses =
        List.of(
            new Use(1024, 0, 2),
            new Use(640, 0, 9),
            new Use(512, 0, 2),
            new Use(320, 0, 9),
            new Use(256, 3, 9));
    MemoryPlan plan = MemoryPlan.of(uses);
    check(uses, plan);
    assertEquals(1024 + 640, plan.offset(4));
  }

  @Test
  void nothingTakesNothing() {
    assertEquals(0, MemoryPlan.of(List.of()).byteSize());
    assertEquals(0, MemoryPlan.of(List.of(new Use(0, 0, 3), new Use(0, 1, 2))).byteSize());
    assertEquals(64, MemoryPlan.of(List.of(new Use(0, 0, 3), new Use(1, 1, 2))).byteSize());
  }
}
