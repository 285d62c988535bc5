package org.gatun.safety.programs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.ShrinkingDistance;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * A program and the simpler ones to try where it fails: with fewer steps, with tensors of drawn
 * numbers in place of what operators made, run in plainer ways, with smaller dimensions.
 */
record Shrinking(RandomProgram value) implements Shrinkable<RandomProgram> {
  @Override
  public Stream<Shrinkable<RandomProgram>> shrink() {
    return simpler(value).map(Shrinking::new);
  }

  @Override
  public ShrinkingDistance distance() {
    return ShrinkingDistance.of(value.operators(), value.steps().size(), weight(value));
  }

  /** What is told apart of programs that have as many steps. */
  private static long weight(RandomProgram program) {
    long weight =
        (long) program.threads() + (program.recorded() ? 1 : 0) + program.constants().size();
    for (Step step : program.steps()) {
      weight +=
          switch (step) {
            case Step.Leaf leaf ->
                2 * leaf.arrangement().ordinal()
                    + (leaf.values() == Values.Kind.FEW ? 0 : 1)
                    + 4 * leaf.shape().size();
            case Step.Compute compute -> compute.door() instanceof Step.Door.Fresh ? 0 : 1;
            default -> 1;
          };
    }
    return weight;
  }

  /** Returns programs that are simpler than this one, each by one thing, by many steps first. */
  static Stream<RandomProgram> simpler(RandomProgram program) {
    return Stream.of(
            withoutRanges(program),
            withLeaves(program),
            plainer(program),
            withPlainerSteps(program),
            withSmallerDimensions(program))
        .flatMap(programs -> programs)
        .map(RandomProgram::tidied)
        .filter(
            candidate ->
                new Shrinking(candidate).distance().compareTo(new Shrinking(program).distance())
                    < 0)
        .distinct();
  }

  private static Stream<RandomProgram> withoutRanges(RandomProgram program) {
    List<RandomProgram> programs = new ArrayList<>();
    int size = program.steps().size();
    for (int length = size / 2; length > 0; length /= 2) {
      for (int from = size - length; from >= 0; from -= length) {
        List<Step> steps = new ArrayList<>(program.steps());
        steps.subList(from, from + length).clear();
        programs.add(program.with(steps));
      }
    }
    return programs.stream();
  }

  private static Stream<RandomProgram> withLeaves(RandomProgram program) {
    Map<Integer, Layout> layouts = layouts(program);
    List<RandomProgram> programs = new ArrayList<>();
    for (int i = program.steps().size() - 1; i >= 0; i--) {
      if (program.steps().get(i) instanceof Step.Compute compute
          && layouts.keySet().containsAll(compute.results())
          && !compute.results().isEmpty()) {
        List<Step> steps = new ArrayList<>(program.steps());
        steps.remove(i);
        for (int result : compute.results()) {
          Layout layout = layouts.get(result);
          steps.add(
              i,
              new Step.Leaf(
                  result,
                  layout.dtype(),
                  layout.shape(),
                  Values.Kind.NORMAL,
                  Step.Arrangement.ROW_MAJOR,
                  result));
        }
        programs.add(program.with(steps));
      }
    }
    return programs.stream();
  }

  private static Map<Integer, Layout> layouts(RandomProgram program) {
    Map<Integer, Layout> layouts = new HashMap<>();
    for (Step step : program.steps()) {
      if (step instanceof Step.Leaf leaf) {
        layouts.put(leaf.result(), Leaves.layout(leaf));
      } else if (step instanceof Step.Compute compute
          && layouts.keySet().containsAll(compute.operands())) {
        List<Layout> results =
            ProgramGenerator.infer(
                compute.op(), compute.operands().stream().map(layouts::get).toList());
        for (int i = 0; results != null && i < compute.results().size(); i++) {
          layouts.put(compute.results().get(i), results.get(i));
        }
      }
    }
    return layouts;
  }

  private static Stream<RandomProgram> plainer(RandomProgram p) {
    return Stream.of(
        new RandomProgram(p.engine(), 1, p.recorded(), p.constants(), p.steps()),
        new RandomProgram(p.engine(), p.threads(), false, Set.of(), p.steps()),
        new RandomProgram(p.engine(), p.threads(), p.recorded(), Set.of(), p.steps()));
  }

  private static Stream<RandomProgram> withPlainerSteps(RandomProgram program) {
    List<RandomProgram> programs = new ArrayList<>();
    for (int i = 0; i < program.steps().size(); i++) {
      int at = i;
      Stream<Step> plainer =
          switch (program.steps().get(i)) {
            case Step.Leaf l ->
                Stream.of(
                    new Step.Leaf(
                        l.result(),
                        l.dtype(),
                        l.shape(),
                        l.values(),
                        Step.Arrangement.ROW_MAJOR,
                        l.seed()),
                    new Step.Leaf(
                        l.result(),
                        l.dtype(),
                        l.shape(),
                        l.values() instanceof Values.Kind ? Values.Kind.FEW : l.values(),
                        l.arrangement(),
                        l.seed()));
            case Step.Compute c when !c.results().isEmpty() ->
                Stream.of(
                    new Step.Compute(c.op(), c.operands(), new Step.Door.Fresh(), c.results()));
            default -> Stream.of();
          };
      plainer.forEach(
          step -> {
            List<Step> steps = new ArrayList<>(program.steps());
            steps.set(at, step);
            programs.add(program.with(steps));
          });
    }
    return programs.stream();
  }

  /** Sizes that are equal stay so, and many operators valid. */
  private static Stream<RandomProgram> withSmallerDimensions(RandomProgram program) {
    Set<Long> sizes = new TreeSet<>();
    for (Step step : program.steps()) {
      if (step instanceof Step.Leaf leaf) {
        for (long dim : leaf.shape().dims()) {
          sizes.add(dim);
        }
      }
    }
    Set<RandomProgram> programs = new HashSet<>();
    for (long size : sizes) {
      for (long smaller : new long[] {1, size / 2, size - 1}) {
        if (smaller >= 1 && smaller < size) {
          programs.add(
              program.with(
                  program.steps().stream().map(step -> resized(step, size, smaller)).toList()));
        }
      }
    }
    // One dimension of one leaf alone.
    for (Step step : program.steps()) {
      if (step instanceof Step.Leaf leaf) {
        for (int axis = 0; axis < leaf.shape().rank(); axis++) {
          long dim = leaf.shape().dim(axis);
          if (dim > 1) {
            Step one = resized(leaf, leaf.shape().with(axis, dim - 1));
            programs.add(
                program.with(program.steps().stream().map(s -> s == leaf ? one : s).toList()));
          }
        }
      }
    }
    return programs.stream();
  }

  private static Step resized(Step step, long from, long to) {
    if (!(step instanceof Step.Leaf leaf)) {
      return step;
    }
    Shape shape = leaf.shape();
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (shape.dim(axis) == from) {
        shape = shape.with(axis, to);
      }
    }
    return resized(leaf, shape);
  }

  private static Step resized(Step.Leaf leaf, Shape shape) {
    return new Step.Leaf(
        leaf.result(), leaf.dtype(), shape, leaf.values(), leaf.arrangement(), leaf.seed());
  }
}
