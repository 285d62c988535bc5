package org.gatun.safety.programs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.gatun.Layout;
import org.gatun.op.Copy;
import org.gatun.op.Fused;
import org.gatun.op.Op;
import org.gatun.op.View;
import org.jspecify.annotations.Nullable;

/** Draws programs: mostly valid, with steps here and there that are to be refused. */
final class ProgramGenerator {
  private static final int MOST_OPERATORS = 20;
  private static final int MOST_SCOPES = 3;

  /** Programs with tensors that kernels make parts of: for several threads, for blocks. */
  private static final double BIG = 0.01;

  private final SplittableRandom random;
  private final Draw d;
  private final List<Set<Integer>> scopes = new ArrayList<>();

  private ProgramGenerator(long seed) {
    this.random = new SplittableRandom(seed);
    this.d = new Draw(random.split(), random.nextDouble() < BIG);
  }

  /** Returns the program of a seed. */
  static RandomProgram draw(long seed) {
    return new ProgramGenerator(seed).draw();
  }

  private RandomProgram draw() {
    int left = random.nextInt(1, MOST_OPERATORS + 1);
    for (int tries = 0; left > 0 && tries < 5 * MOST_OPERATORS; tries++) {
      int kind = random.nextInt(100);
      if (kind < 5 && scopes.size() < MOST_SCOPES) {
        scopes.add(new HashSet<>(d.open().keySet()));
        d.steps().add(new Step.Enter());
      } else if (kind < 10 && !scopes.isEmpty()) {
        leave();
      } else if (kind < 15 && !d.open().isEmpty()) {
        int tensor = d.of(List.copyOf(d.open().keySet()));
        d.steps().add(new Step.Close(tensor));
        // Now and then it is used nonetheless.
        if (!d.chance(0.1)) {
          d.open().remove(tensor);
        }
      } else if (operator()) {
        left--;
      }
    }
    Set<Integer> constants = new HashSet<>();
    if (d.coin()) {
      for (Step step : d.steps()) {
        if (step instanceof Step.Leaf leaf && !d.isSeed(leaf.result()) && d.chance(0.3)) {
          constants.add(leaf.result());
        }
      }
    }
    Engines engine =
        d.of(Engines.NATIVE, Engines.NATIVE, Engines.NATIVE, Engines.VECTOR, Engines.SCALAR);
    return new RandomProgram(engine, d.between(1, 3), d.chance(0.4), constants, d.steps()).tidied();
  }

  private void leave() {
    Set<Integer> outer = scopes.removeLast();
    List<Integer> kept = new ArrayList<>();
    for (int tensor : List.copyOf(d.open().keySet())) {
      if (!outer.contains(tensor)) {
        if (d.coin()) {
          kept.add(tensor);
        } else {
          d.open().remove(tensor);
        }
      }
    }
    d.steps().add(new Step.Leave(kept));
  }

  /** Adds an operator, and returns whether it did. */
  private boolean operator() {
    Draft.Call call;
    try {
      call = spoiled(Drafts.any(d).draw(d));
    } catch (IllegalArgumentException e) {
      return false; // Arguments that are none.
    }
    List<Layout> results = infer(call.op(), call.operands().stream().map(d::layout).toList());
    if (results == null) {
      if (!d.chance(0.1)) {
        return false;
      }
      d.steps().add(new Step.Compute(call.op(), call.operands(), new Step.Door.Fresh(), List.of()));
      return true;
    }
    if (results.stream().mapToLong(Layout::size).sum() > d.limit()) {
      return false;
    }
    Step.Door door = door(call, results);
    if (door instanceof Step.Door.Fresh) {
      d.steps().add(computed(call, door, results));
    } else if (door instanceof Step.Door.Over) {
      d.steps().add(computed(call, door, List.of()));
    } else {
      List<Layout> own =
          results.stream()
              .map(
                  r ->
                      door instanceof Step.Door.Into(boolean gaps) && gaps
                          ? gaps(r)
                          : Layout.of(r.dtype(), r.shape()))
              .toList();
      d.steps().add(computed(call, door, own));
    }
    return true;
  }

  private static Layout gaps(Layout layout) {
    return Leaves.layout(
        new Step.Leaf(
            0, layout.dtype(), layout.shape(), Values.Kind.FEW, Step.Arrangement.GAPS, 0));
  }

  private Step.Compute computed(Draft.Call call, Step.Door door, List<Layout> results) {
    return new Step.Compute(
        call.op(), call.operands(), door, Arrays.stream(d.results(results)).boxed().toList());
  }

  /** Now and then another operand than the operator asks for, or one too few or too many. */
  private Draft.Call spoiled(Draft.Call call) {
    if (!d.chance(0.02) || call.operands().isEmpty()) {
      return call;
    }
    List<Integer> operands = new ArrayList<>(call.operands());
    int at = d.between(0, operands.size() - 1);
    switch (d.between(0, 3)) {
      case 0 -> operands.remove(at);
      case 1 -> operands.add(operands.get(at));
      default -> operands.set(at, d.of(List.copyOf(d.open().keySet())));
    }
    return new Draft.Call(call.op(), operands);
  }

  /** Returns the layouts that the engine gives, or null if the operator refuses the operands. */
  static @Nullable List<Layout> infer(Op op, List<Layout> operands) {
    try {
      if (!(op instanceof View view)) {
        return op.infer(operands);
      }
      if (operands.size() != 1) {
        return null;
      }
      Layout base = operands.getFirst();
      List<View.Placement> placed = view.place(base);
      if (placed == null) {
        placed = view.place(new Copy(false).infer(operands).getFirst());
      }
      return placed == null ? null : placed.stream().map(View.Placement::layout).toList();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private Step.Door door(Draft.Call call, List<Layout> results) {
    int kind = d.between(0, 99);
    if (kind < 10) {
      return new Step.Door.Into(false);
    }
    if (kind < 18) {
      return new Step.Door.Into(true);
    }
    if (kind < 28 && results.size() == 1) {
      Layout result = results.getFirst();
      List<Integer> targets =
          d.fitting(x -> x.dtype() == result.dtype() && x.shape().equals(result.shape()));
      if (!targets.isEmpty()) {
        int first = call.operands().getFirst();
        return new Step.Door.Over(targets.contains(first) && d.coin() ? first : d.of(targets));
      }
    }
    boolean binds = !(call.op() instanceof View) && !(call.op() instanceof Fused);
    if (kind >= 28 && kind < 38 && binds && call.operands().size() > 1) {
      return new Step.Door.Bound(d.between(1, call.operands().size() - 1));
    }
    return new Step.Door.Fresh();
  }
}
