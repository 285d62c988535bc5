package org.gatun.safety.programs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterContainer;
import org.gatun.op.Op;

/**
 * Random programs of 1 to 20 operators: {@link ProgramCheck} says what holds for each. The same in
 * every build; one that fails is shrunk, and printed as Java source.
 */
class RandomProgramsTest {
  private static final int SOME = 3000;
  private static final int MANY = 100_000;

  /** The share of results that may be too large or too small to be compared by number. */
  private static final double EXCUSED = 0.01;

  @Property(
      tries = SOME,
      seed = "6022140",
      edgeCases = EdgeCasesMode.NONE,
      shrinking = ShrinkingMode.BOUNDED)
  void someProgramsGiveWhatTheReferenceGives(@ForAll("programs") RandomProgram program) {
    ProgramCheck.check(program);
  }

  @Property(
      tries = MANY,
      seed = "1380649",
      edgeCases = EdgeCasesMode.NONE,
      shrinking = ShrinkingMode.BOUNDED)
  @AddLifecycleHook(LongRunAlone.class)
  void manyProgramsGiveWhatTheReferenceGives(@ForAll("programs") RandomProgram program) {
    ProgramCheck.check(program);
  }

  @Provide
  Arbitrary<RandomProgram> programs() {
    return Arbitraries.fromGenerator(
        random -> new Shrinking(ProgramGenerator.draw(random.nextLong())));
  }

  /** What was drawn is worth its time: all operators ran, and nearly all results were compared. */
  @AfterContainer
  static void programsRanAllOperators() {
    ProgramCheck.Tally tally = ProgramCheck.TALLY;
    if (tally.programs < SOME) {
      return; // One of them failed.
    }
    Set<String> never = new TreeSet<>();
    for (Class<? extends Op> operator : Drafts.operators()) {
      if (!tally.operators.containsKey(operator)) {
        never.add(operator.getSimpleName());
      }
    }
    assertEquals(Set.of(), never, "operators that never ran");
    assertTrue(tally.excused < EXCUSED * tally.compared, tally::toString);
    assertTrue(tally.unsupported < EXCUSED * tally.compared, tally::toString);
    assertTrue(tally.replayed > tally.programs / 5, tally::toString);
  }
}
