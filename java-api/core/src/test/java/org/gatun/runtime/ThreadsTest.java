package org.gatun.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ThreadsTest {
  private final int before = Threads.count();

  @AfterEach
  void restore() {
    Threads.set(before);
  }

  @ParameterizedTest
  @CsvSource({"1,1", "' 8 ',8", "'4,2',4", "007,7", "1024,1024", "2000,1024", "999999999,1024"})
  void readsTheVariable(String variable, int expected) {
    assertEquals(expected, Threads.initial(variable));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "0", "-1", "two", "1.5", ",2", "99999999999999999999", "4 2"})
  void ignoresWhatIsNoCount(String variable) {
    assertEquals(Runtime.getRuntime().availableProcessors(), Threads.initial(variable));
  }

  @Test
  void withoutTheVariableItIsTheProcessors() {
    assertEquals(Runtime.getRuntime().availableProcessors(), Threads.initial(null));
  }

  @Test
  void isSetForAll() {
    Threads.set(3);
    assertEquals(3, Threads.count());
    assertEquals(3, CompletableFuture.supplyAsync(Threads::count).join());
  }

  @Test
  void holdsForACallAndItsThread() {
    Threads.set(3);
    int seen =
        Threads.with(
            7,
            () -> {
              assertEquals(7, Threads.count());
              assertEquals(3, CompletableFuture.supplyAsync(Threads::count).join());
              assertEquals(2, Threads.with(2, Threads::count));
              Threads.set(4); // For the others.
              return Threads.count();
            });
    assertEquals(7, seen);
    assertEquals(4, Threads.count());
  }

  @Test
  void endsWithAnException() {
    int outside = Threads.count();
    assertThrows(
        IllegalStateException.class,
        () ->
            Threads.with(
                outside + 1,
                () -> {
                  throw new IllegalStateException();
                }));
    assertEquals(outside, Threads.count());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 1025, Integer.MIN_VALUE})
  void refusesWhatIsNoCount(int threads) {
    var e = assertThrows(IllegalArgumentException.class, () -> Threads.set(threads));
    assertEquals("threads: " + threads + ", expected 1 to 1024", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Threads.with(threads, () -> "never called"));
    assertEquals(before, Threads.count());
  }
}
