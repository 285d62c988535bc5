package org.gatun.safety.arguments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.gatun.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That hostile arguments reach every public method: new methods, and new types, are among them. */
class ApiCoverageTest {
  private static final int ATTEMPTS = 200;

  @TempDir private Path folder;

  @Test
  void everyTypeOfAnArgumentCanBeMade() {
    TreeSet<String> missing = new TreeSet<>();
    for (Door door : HostileRun.doors()) {
      for (Type type : door.parameters()) {
        if (!Arguments.canMake(type)) {
          missing.add(type.getTypeName() + " of " + door.label());
        }
      }
    }
    assertEquals("", String.join("\n", missing), "types without a line in Sources");
  }

  @Test
  void everyMethodHasSomethingToBeCalledOn() throws IOException {
    Surroundings surroundings = new Surroundings(folder);
    TreeSet<String> missing = new TreeSet<>();
    for (Class<?> type :
        HostileRun.doors().stream()
            .filter(Door::hasReceiver)
            .<Class<?>>map(Door::type)
            .collect(Collectors.toSet())) {
      if (!isMade(type, surroundings)) {
        missing.add(type.getName());
      }
    }
    assertEquals("", String.join("\n", missing), "types of which no object could be made");
  }

  private static boolean isMade(Class<?> type, Surroundings surroundings) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Numbers numbers = new Numbers(new SplittableRandom(attempt));
      try (Scope _ = Scope.open();
          Arguments making = new Arguments(numbers, surroundings, false)) {
        if (making.receiver(type, false) != null) {
          return true;
        }
      } catch (Exception e) {
        throw new AssertionError(type.getName(), e);
      }
    }
    return false;
  }

  @Test
  void whatIsLeftOutIsThere() {
    List<String> labels = PublicApi.doors().stream().map(Door::label).toList();
    HostileRun.leftOut().forEach(name -> assertTrue(labels.contains(name), name));
  }

  @Test
  void theMethodsAreFound() {
    List<String> labels = HostileRun.doors().stream().map(Door::label).toList();
    // One of a class, of an interface that is implemented, of a class that is not public, and a
    // constructor: what reflection treats differently.
    for (String name :
        List.of(
            "Tensor.wrap(MemorySegment, DType, long[])",
            "PointwiseOperators.add(Tensor)",
            "Conv2d.forward(Tensor)",
            "OnnxSession.run(Map)",
            "Softmax(int)")) {
      assertTrue(labels.contains(name), name);
    }
    assertTrue(labels.size() > 2000, labels.size() + " methods");
  }
}
