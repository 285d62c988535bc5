package org.gatun.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SegmentPinTest {
  private static MemorySegment in(Arena arena) {
    return arena.allocate(64);
  }

  @Test
  void aSharedArenaCannotBeClosedMeanwhile() {
    Arena arena = Arena.ofShared();
    List<String> done = new ArrayList<>();
    SegmentPin.run(
        List.of(in(arena)),
        () -> {
          assertThrows(IllegalStateException.class, arena::close);
          assertTrue(
              CompletableFuture.supplyAsync(
                      () -> assertThrows(IllegalStateException.class, arena::close))
                  .join()
                  .getMessage()
                  .contains("acquired"));
          done.add("action");
        });
    assertEquals(List.of("action"), done);
    assertTrue(arena.scope().isAlive());
    arena.close();
    assertFalse(arena.scope().isAlive());
  }

  @Test
  void aConfinedArenaNeither() {
    Arena arena = Arena.ofConfined();
    SegmentPin.run(
        List.of(in(arena)), () -> assertThrows(IllegalStateException.class, arena::close));
    arena.close();
  }

  @Test
  void allOfSeveralArenasStay() {
    List<Arena> arenas = List.of(Arena.ofShared(), Arena.ofConfined(), Arena.ofShared());
    List<Integer> runs = new ArrayList<>();
    SegmentPin.run(
        arenas.stream().map(SegmentPinTest::in).toList(),
        () -> {
          runs.add(1);
          arenas.forEach(arena -> assertThrows(IllegalStateException.class, arena::close));
        });
    assertEquals(1, runs.size(), "the action runs once");
    arenas.forEach(Arena::close);
  }

  @Test
  void withoutSegmentsTheActionRuns() {
    List<Integer> runs = new ArrayList<>();
    SegmentPin.run(List.of(), () -> runs.add(1));
    assertEquals(1, runs.size());
  }

  @Test
  void aClosedSegmentKeepsTheActionFromRunning() {
    Arena closed = Arena.ofShared();
    MemorySegment gone = in(closed);
    closed.close();
    try (Arena open = Arena.ofShared()) {
      for (List<MemorySegment> segments :
          List.of(List.of(gone), List.of(in(open), gone), List.of(gone, in(open)))) {
        assertThrows(
            IllegalStateException.class,
            () ->
                SegmentPin.run(
                    segments,
                    () -> {
                      throw new AssertionError("it ran");
                    }));
      }
    } // Closes: what was pinned before the failure is pinned no longer.
  }

  @Test
  void anotherThreadsConfinedSegmentIsRefused() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment segment = in(arena);
      var thrown =
          CompletableFuture.supplyAsync(
                  () ->
                      assertThrows(
                          WrongThreadException.class,
                          () ->
                              SegmentPin.run(
                                  List.of(segment),
                                  () -> {
                                    throw new AssertionError("it ran");
                                  })))
              .join();
      assertTrue(thrown.getMessage().contains("thread"), thrown.getMessage());
    }
  }

  @Test
  void exceptionsComeOutAsTheyAre() {
    try (Arena first = Arena.ofShared();
        Arena second = Arena.ofShared()) {
      List<MemorySegment> segments = List.of(in(first), in(second));
      RuntimeException failure = new IllegalArgumentException("index 7");
      assertSame(
          failure,
          assertThrows(
              IllegalArgumentException.class,
              () ->
                  SegmentPin.run(
                      segments,
                      () -> {
                        throw failure;
                      })));
      Error error = new StackOverflowError();
      assertSame(
          error,
          assertThrows(
              StackOverflowError.class,
              () ->
                  SegmentPin.run(
                      segments,
                      () -> {
                        throw error;
                      })));
      IOException checked = new IOException();
      var wrapped =
          assertThrows(
              AssertionError.class,
              () -> SegmentPin.run(segments, () -> SegmentPinTest.<Error>sneak(checked)));
      assertSame(checked, root(wrapped));
    }
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void sneak(Throwable e) throws E {
    throw (E) e;
  }

  private static Throwable root(Throwable e) {
    Throwable cause = e.getCause();
    return cause == null ? e : root(cause);
  }

  @Test
  void pinsNest() {
    Arena outer = Arena.ofShared();
    Arena inner = Arena.ofShared();
    List<String> order = new ArrayList<>();
    SegmentPin.run(
        List.of(in(outer)),
        () -> {
          SegmentPin.run(List.of(in(inner)), () -> order.add("inner"));
          inner.close();
          assertThrows(IllegalStateException.class, outer::close);
          SegmentPin.run(List.of(in(outer)), () -> order.add("again"));
          order.add("outer");
        });
    outer.close();
    assertEquals(List.of("inner", "again", "outer"), order);
  }

  @Test
  void afterAFailureInsideAPinTheOuterOneGoesOn() {
    try (Arena arena = Arena.ofShared()) {
      List<String> order = new ArrayList<>();
      SegmentPin.run(
          List.of(in(arena)),
          () -> {
            assertThrows(
                IllegalStateException.class,
                () ->
                    SegmentPin.run(
                        List.of(in(arena)),
                        () -> {
                          throw new IllegalStateException("inner");
                        }));
            SegmentPin.run(List.of(in(arena)), () -> order.add("next"));
          });
      assertEquals(List.of("next"), order);
    }
  }
}
