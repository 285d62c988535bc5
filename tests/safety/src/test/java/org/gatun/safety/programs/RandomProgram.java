package org.gatun.safety.programs;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A program as data: tensors, operators on them, and where they are closed.
 *
 * @param engine which kernels compute it
 * @param threads on how many threads
 * @param recorded whether it is recorded and replayed as well
 * @param constants the leaves that are constants of the recording and not its inputs
 * @param steps what it does, in order; scopes nest, and those that are open at the end are closed
 */
public record RandomProgram(
    Engines engine, int threads, boolean recorded, Set<Integer> constants, List<Step> steps) {
  /** Makes the collections unmodifiable. */
  public RandomProgram {
    constants = Set.copyOf(constants);
    steps = List.copyOf(steps);
  }

  /** Returns the program with other steps. */
  public RandomProgram with(List<Step> others) {
    return new RandomProgram(engine, threads, recorded, constants, others);
  }

  /** Returns the operators that it runs. */
  public long operators() {
    return steps.stream().filter(Step.Compute.class::isInstance).count();
  }

  /** Returns this without those steps that need tensors which are not there, and unused leaves. */
  public RandomProgram tidied() {
    Set<Integer> made = new HashSet<>();
    Set<Integer> used = new HashSet<>();
    List<Step> able = new ArrayList<>();
    int open = 0;
    for (Step step : steps) {
      switch (step) {
        case Step.Leaf leaf -> {
          made.add(leaf.result());
          able.add(leaf);
        }
        case Step.Compute compute -> {
          if (made.containsAll(needed(compute))) {
            made.addAll(compute.results());
            used.addAll(needed(compute));
            able.add(compute);
          }
        }
        case Step.Close(int tensor) -> {
          if (made.contains(tensor)) {
            able.add(step);
          }
        }
        case Step.Enter _ -> {
          open++;
          able.add(step);
        }
        case Step.Leave(List<Integer> kept) -> {
          if (open > 0) {
            open--;
            able.add(new Step.Leave(kept.stream().filter(made::contains).toList()));
          }
        }
      }
    }
    able.removeIf(
        step ->
            switch (step) {
              case Step.Leaf leaf -> !used.contains(leaf.result());
              case Step.Close(int tensor) -> !used.contains(tensor) && isLeaf(tensor);
              default -> false;
            });
    Set<Integer> leaves = new HashSet<>();
    able.forEach(
        step -> {
          if (step instanceof Step.Leaf leaf) {
            leaves.add(leaf.result());
          }
        });
    Set<Integer> left = new HashSet<>(constants);
    left.retainAll(leaves);
    return new RandomProgram(engine, threads, recorded, left, able);
  }

  private boolean isLeaf(int tensor) {
    return steps.stream().anyMatch(s -> s instanceof Step.Leaf leaf && leaf.result() == tensor);
  }

  private static Set<Integer> needed(Step.Compute compute) {
    Set<Integer> needed = new HashSet<>(compute.operands());
    if (compute.door() instanceof Step.Door.Over(int target)) {
      needed.add(target);
    }
    return needed;
  }

  /** Returns Java source that does the same. */
  @Override
  public String toString() {
    return JavaSource.of(this);
  }
}
