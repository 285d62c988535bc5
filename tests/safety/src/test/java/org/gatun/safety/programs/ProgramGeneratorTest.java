package org.gatun.safety.programs;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.gatun.op.Op;
import org.junit.jupiter.api.Test;

/** Programs are drawn of every operator, the same from the same seed, and become simpler. */
class ProgramGeneratorTest {
  private static Stream<Class<?>> records(Class<?> type) {
    return type.isRecord()
        ? Stream.of(type)
        : Arrays.stream(type.getPermittedSubclasses()).flatMap(ProgramGeneratorTest::records);
  }

  @Test
  void everyOperatorHasADraft() {
    Set<String> without = new TreeSet<>();
    records(Op.class)
        .filter(operator -> !Drafts.operators().contains(operator))
        .forEach(operator -> without.add(operator.getSimpleName()));
    assertEquals(Set.of(), without);
  }

  @Test
  void theSameSeedGivesTheSameProgram() {
    for (long seed = 0; seed < 100; seed++) {
      assertEquals(ProgramGenerator.draw(seed), ProgramGenerator.draw(seed));
    }
  }

  @Test
  void simplerProgramsAreSimpler() {
    for (long seed = 0; seed < 20; seed++) {
      RandomProgram program = ProgramGenerator.draw(seed);
      List<RandomProgram> simpler = Shrinking.simpler(program).toList();
      assertTrue(program.operators() == 0 || !simpler.isEmpty(), program::toString);
      for (RandomProgram each : simpler) {
        assertTrue(
            new Shrinking(each).distance().compareTo(new Shrinking(program).distance()) < 0,
            each::toString);
        assertDoesNotThrow(each::tidied);
      }
    }
  }
}
