package org.gatun.safety.threads;

import org.gatun.DType;
import org.gatun.runtime.Engine;
import org.gatun.runtime.Threads;
import org.gatun.testkit.Case;
import org.gatun.testkit.ValueClass;

/**
 * Prints the bits of cases: of each the first run, or the last of many. In a process of its own,
 * since a process compiles a loop once.
 */
final class CompiledBits {
  private static final long MOST_ELEMENTS = 4096;

  private CompiledBits() {}

  /**
   * Prints a line for each case, dtype and class of values.
   *
   * @param arguments how often to run each, and of how many cases one is run
   */
  public static void main(String[] arguments) {
    int times = Integer.parseInt(arguments[0]);
    int step = Integer.parseInt(arguments[1]);
    int index = 0;
    for (Case test : CaseRun.small().toList()) {
      if (index++ % step == 0 && isSmall(test)) {
        for (DType dtype : CaseRun.dtypes(test)) {
          for (ValueClass values : ValueClass.values()) {
            print(test, dtype, values, times);
          }
        }
        Engine.current().close();
      }
    }
    System.out.println("done");
  }

  private static boolean isSmall(Case test) {
    return test.operands().stream().allMatch(x -> x.shape().size() <= MOST_ELEMENTS);
  }

  private static void print(Case test, DType dtype, ValueClass values, int times) {
    try (CaseRun run = CaseRun.of(test, dtype, values)) {
      long bits = 0;
      for (int i = 0; i < times; i++) {
        bits = Threads.with(1, run::bits);
      }
      System.out.println(run + " " + values + " " + Long.toHexString(bits));
    }
  }
}
