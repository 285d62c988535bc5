package org.gatun.onnx.operator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.nn.Functional;
import org.gatun.onnx.Value;
import org.jspecify.annotations.Nullable;

/**
 * One run of RNN, GRU or LSTM: what they have in common. The products of all steps with the weights
 * of the inputs are one; each step then adds its own with the hidden state, and its cell makes the
 * next state of them.
 *
 * <p>Elements of 16 bits are computed in {@code f32}.
 */
final class Recurrence {
  /** The hidden state (batch, hidden), and the LSTM's cell state, else null. */
  record State(Tensor hidden, @Nullable Tensor cell) {}

  /** What a cell makes of a step. */
  @FunctionalInterface
  interface Cell {
    /**
     * Returns the next state.
     *
     * @param projected the input times its weights, with biases, (batch, gates hidden)
     */
    State next(Tensor projected, State state);
  }

  /** Makes the cells of an operator. */
  @FunctionalInterface
  interface Cells {
    /** Returns the cell of a direction, which it gets as a {@link Direction}. */
    Cell of(Direction direction);
  }

  /**
   * The parameters of a direction.
   *
   * @param weights of the hidden state, (gates hidden, hidden)
   * @param inputBias (gates hidden), or null where there is none
   * @param hiddenBias likewise
   * @param peepholes (3 hidden), or null where there are none
   * @param activations of this direction
   */
  record Direction(
      Call call,
      int hidden,
      Tensor weights,
      @Nullable Tensor inputBias,
      @Nullable Tensor hiddenBias,
      @Nullable Tensor peepholes,
      List<UnaryOperator<Tensor>> activations) {
    /** Returns the weights of some gates. */
    Tensor weights(int from, int to) {
      return weights.slice(0, (long) from * hidden, (long) to * hidden);
    }

    /** Returns the part of a gate in a tensor that has them side by side. */
    Tensor gate(Tensor gates, int index) {
      return gates(gates, index, index + 1);
    }

    /** Returns the parts of some gates. */
    Tensor gates(Tensor gates, int from, int to) {
      return gates.slice(-1, (long) from * hidden, (long) to * hidden);
    }
  }

  private final Call call;
  private final int gates;
  private final boolean hasCellState;
  private final boolean batchFirst;
  private final Tensor x;
  private final int directions;
  private final int hidden;
  private final @Nullable Tensor lengths;

  /**
   * Reads the inputs that all have, and checks them.
   *
   * @param gates how many the operator has
   */
  Recurrence(Call call, int gates, boolean hasCellState) {
    this.call = call;
    this.gates = gates;
    this.hasCellState = hasCellState;
    this.batchFirst = call.flag("layout", false);
    Tensor given = computed(call.tensor(0));
    if (given.rank() != 3) {
      throw call.failure("input 0 of shape " + given.shape() + ", expected three dimensions");
    }
    this.x = batchFirst ? given.permute(1, 0, 2) : given;
    String direction = call.text("direction", "forward");
    this.directions = direction.equals("bidirectional") ? 2 : 1;
    if (directions == 1 && !direction.equals("forward") && !direction.equals("reverse")) {
      throw call.failure(
          "attribute direction is " + direction + ", expected forward, reverse or bidirectional");
    }
    Shape recurrent = call.shape(2);
    if (recurrent.rank() != 3) {
      throw call.failure("input 2 of shape " + recurrent + ", expected three dimensions");
    }
    long declared = call.integer("hidden_size", recurrent.dim(2));
    if (declared < 1 || declared > Integer.MAX_VALUE) {
      throw call.failure("attribute hidden_size is " + declared + ", expected that of the weights");
    }
    this.hidden = (int) declared;
    long wide = (long) gates * hidden;
    check(1, directions, wide, x.dim(2));
    check(2, directions, wide, hidden);
    check(3, directions, 2 * wide);
    check(4, batch());
    this.lengths = call.optional(4);
  }

  private long batch() {
    return x.dim(1);
  }

  /** Checks the shape of an input, if it is there. */
  private void check(int input, long... expected) {
    if ((input < 3 || call.has(input)) && !call.shape(input).equals(Shape.of(expected))) {
      throw call.failure(
          "input "
              + input
              + " of shape "
              + call.shape(input)
              + ", expected "
              + Arrays.toString(expected));
    }
  }

  /** Elements of 16 bits are computed in more. */
  private static Tensor computed(Tensor tensor) {
    return tensor.dtype() == DType.F16 || tensor.dtype() == DType.BF16
        ? tensor.to(DType.F32)
        : tensor;
  }

  /** Returns the part of an input that is for a direction, or null where there is no input. */
  private @Nullable Tensor part(int input, int direction) {
    return call.has(input) ? computed(call.tensor(input)).select(0, direction) : null;
  }

  private Tensor initial(int input, int direction) {
    Tensor given = call.optional(input);
    if (given == null) {
      return Tensor.zeros(x.dtype(), batch(), hidden);
    }
    if (batchFirst) {
      check(input, batch(), directions, hidden);
    } else {
      check(input, directions, batch(), hidden);
    }
    return computed(given).select(batchFirst ? 1 : 0, direction);
  }

  /**
   * Returns Y, Y_h and, of an LSTM, Y_c.
   *
   * @param defaults the names of the activations of one direction
   * @param biasAtGate from which gate on the bias of the hidden state is the cell's own to add
   */
  List<@Nullable Value> run(List<String> defaults, int biasAtGate, Cells cells) {
    if (hasCellState) {
      check(7, directions, 3L * hidden);
    }
    List<UnaryOperator<Tensor>> activations = RecurrentActivations.of(call, defaults, directions);
    List<Tensor> all = new ArrayList<>();
    List<Tensor> lastHidden = new ArrayList<>();
    List<Tensor> lastCell = new ArrayList<>();
    for (int i = 0; i < directions; i++) {
      boolean backwards = i == 1 || call.text("direction", "forward").equals("reverse");
      Tensor biases = part(3, i);
      long wide = (long) gates * hidden;
      int count = defaults.size();
      Direction direction =
          new Direction(
              call,
              hidden,
              present(part(2, i)),
              biases == null ? null : biases.slice(0, 0, wide),
              biases == null ? null : biases.slice(0, wide, 2 * wide),
              hasCellState ? part(7, i) : null,
              activations.subList(i * count, (i + 1) * count));
      Tensor ordered = backwards ? reversed(x) : x;
      Tensor projected = projected(ordered, i, direction, biasAtGate);
      State start = new State(initial(5, i), hasCellState ? initial(6, i) : null);
      List<Tensor> steps = new ArrayList<>();
      State end = steps(projected, start, cells.of(direction), steps);
      Tensor y =
          steps.isEmpty() ? Tensor.zeros(x.dtype(), 0, batch(), hidden) : Tensor.stack(0, steps);
      all.add(backwards ? reversed(y) : y);
      lastHidden.add(end.hidden());
      if (end.cell() != null) {
        lastCell.add(end.cell());
      }
    }
    Value y = call.wants(0) ? result(Tensor.stack(batchFirst ? 2 : 1, all), true) : null;
    int axis = batchFirst ? 1 : 0;
    Value yh = call.wants(1) ? result(Tensor.stack(axis, lastHidden), false) : null;
    boolean wantsCell = hasCellState && call.wants(2);
    return Arrays.asList(y, yh, wantsCell ? result(Tensor.stack(axis, lastCell), false) : null);
  }

  /** Returns the tensor in the dtype of the inputs, and sequences with the batch where it was. */
  private Value result(Tensor tensor, boolean hasSteps) {
    Tensor placed = hasSteps && batchFirst ? tensor.permute(1, 0, 2, 3) : tensor;
    return Value.of(placed.to(call.tensor(0).dtype()));
  }

  private Tensor present(@Nullable Tensor tensor) {
    if (tensor == null) {
      throw call.failure("its weights are missing");
    }
    return tensor;
  }

  /** The first step last, in each sequence as far as it goes. */
  private Tensor reversed(Tensor steps) {
    return lengths == null ? steps.flip(0) : IndexingFamily.reversed(steps, lengths, 0, 1);
  }

  /** All steps times the weights of the inputs, in one product. */
  private Tensor projected(Tensor steps, int index, Direction direction, int biasAtGate) {
    Tensor bias = direction.inputBias();
    Tensor hiddenBias = direction.hiddenBias();
    if (bias != null && hiddenBias != null && biasAtGate > 0) {
      Tensor added = direction.gates(bias, 0, biasAtGate);
      added = added.add(direction.gates(hiddenBias, 0, biasAtGate));
      bias =
          biasAtGate == gates
              ? added
              : Tensor.concat(0, added, direction.gates(bias, biasAtGate, gates));
    }
    Tensor rows = steps.reshape(x.dim(0) * batch(), x.dim(2));
    return Functional.linear(rows, present(part(1, index)), bias)
        .reshape(x.dim(0), batch(), (long) gates * hidden);
  }

  private State steps(Tensor projected, State start, Cell cell, List<Tensor> outputs) {
    State state = start;
    Tensor ends = lengths == null ? null : lengths.to(DType.I64).reshape(batch(), 1);
    for (long step = 0; step < projected.dim(0); step++) {
      State next = cell.next(projected.select(0, step), state);
      if (ends == null) {
        state = next;
        outputs.add(next.hidden());
      } else {
        Tensor goesOn = ends.gt(step);
        outputs.add(next.hidden().where(goesOn, 0.0));
        Tensor before = state.cell();
        Tensor after = next.cell();
        state =
            new State(
                next.hidden().where(goesOn, state.hidden()),
                before == null || after == null ? null : after.where(goesOn, before));
      }
    }
    return state;
  }
}
