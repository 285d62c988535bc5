package org.gatun.safety.arguments;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.gatun.Scope;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Null for each parameter that is not declared to take it, of every public method and constructor:
 * the call fails at once, and where it is a {@link NullPointerException} that says what was null.
 */
class NullArgumentsTest {
  private static final int ATTEMPTS = 4;

  @TempDir private Path folder;

  @Test
  void nullIsRefusedByName() throws IOException {
    Surroundings surroundings = new Surroundings(folder);
    TreeSet<String> wrong = new TreeSet<>();
    for (Door door : HostileRun.doors()) {
      Class<?>[] types = door.executable().getParameterTypes();
      for (int i = 0; i < types.length; i++) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
          if (!types[i].isPrimitive() && !door.takesNull(i)) {
            String problem = problem(door, i, attempt, surroundings);
            if (problem != null) {
              wrong.add(door.label() + ", argument " + i + ": " + problem);
            }
          }
        }
      }
    }
    assertEquals("", String.join("\n", wrong));
  }

  private static @Nullable String problem(
      Door door, int position, int attempt, Surroundings surroundings) {
    Numbers numbers = new Numbers(new SplittableRandom(attempt * 77L + position));
    try (Scope _ = Scope.open();
        Arguments making = new Arguments(numbers, surroundings, true)) {
      Object receiver = door.hasReceiver() ? making.receiver(door.type(), false) : null;
      @Nullable Object[] arguments = making.arguments(door, 0, 0);
      arguments[position] = null;
      if ((door.hasReceiver() && receiver == null) || others(door, position, arguments)) {
        return null;
      }
      try {
        door.call(receiver, arguments);
        return "null is taken";
      } catch (NullPointerException e) {
        String message = e.getMessage();
        // In code that is hot the JVM throws one that it made before, which says nothing.
        boolean hot = e.getStackTrace().length == 0;
        return !hot && (message == null || message.contains("<local"))
            ? "the exception does not say what is null: " + message
            : null;
      } catch (Throwable e) {
        return null; // Something else was wrong too, and said first.
      }
    } catch (Exception e) {
      throw new AssertionError(door.label(), e);
    }
  }

  /** Returns whether there is another null than the one that is meant. */
  private static boolean others(Door door, int position, @Nullable Object[] arguments) {
    for (int i = 0; i < arguments.length; i++) {
      if (i != position && arguments[i] == null && !door.takesNull(i)) {
        return true;
      }
    }
    return false;
  }
}
