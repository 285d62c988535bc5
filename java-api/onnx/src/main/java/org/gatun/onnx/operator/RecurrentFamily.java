package org.gatun.onnx.operator;

import java.util.List;
import java.util.function.UnaryOperator;
import org.gatun.Tensor;
import org.gatun.nn.Functional;
import org.gatun.onnx.Value;
import org.gatun.onnx.operator.Operator.Typing;
import org.gatun.onnx.operator.Recurrence.Cell;
import org.gatun.onnx.operator.Recurrence.Direction;
import org.gatun.onnx.operator.Recurrence.State;
import org.jspecify.annotations.Nullable;

/**
 * RNN, GRU and LSTM.
 *
 * <p>Source: <a href="https://onnx.ai/onnx/operators/onnx__LSTM.html">ONNX, LSTM</a>, <a
 * href="https://onnx.ai/onnx/operators/onnx__GRU.html">GRU</a> and <a
 * href="https://onnx.ai/onnx/operators/onnx__RNN.html">RNN</a>.
 */
final class RecurrentFamily {
  private RecurrentFamily() {}

  static void register(Registry onnx) {
    onnx.add("GRU", 7, Typing.NATIVE, RecurrentFamily::gru);
    onnx.add("LSTM", 7, Typing.NATIVE, RecurrentFamily::lstm);
    onnx.add("RNN", 7, Typing.NATIVE, RecurrentFamily::rnn);
  }

  /** {@code h' = f(W x + R h)}. */
  private static List<@Nullable Value> rnn(Call call) {
    return new Recurrence(call, 1, false)
        .run(
            List.of("Tanh"),
            1,
            direction -> {
              UnaryOperator<Tensor> f = direction.activations().getFirst();
              return (x, state) ->
                  new State(f.apply(x.add(product(state.hidden(), direction.weights()))), null);
            });
  }

  private static Tensor product(Tensor hidden, Tensor weights) {
    return Functional.linear(hidden, weights, null);
  }

  /** Gates z, r and h: {@code h' = (1 - z) g(..) + z h}. */
  private static List<@Nullable Value> gru(Call call) {
    boolean linearFirst = call.flag("linear_before_reset", false);
    return new Recurrence(call, 3, false)
        .run(
            List.of("Sigmoid", "Tanh"),
            linearFirst ? 2 : 3,
            direction -> linearFirst ? resetAfterProduct(direction) : resetBefore(direction));
  }

  /** {@code g(Wh x + Rh (r h))}. */
  private static Cell resetBefore(Direction direction) {
    Tensor gateWeights = direction.weights(0, 2);
    Tensor newWeights = direction.weights(2, 3);
    UnaryOperator<Tensor> f = direction.activations().getFirst();
    UnaryOperator<Tensor> g = direction.activations().getLast();
    return (x, state) -> {
      Tensor h = state.hidden();
      Tensor gates = f.apply(direction.gates(x, 0, 2).add(product(h, gateWeights)));
      Tensor z = direction.gate(gates, 0);
      Tensor reset = direction.gate(gates, 1).mul(h);
      Tensor added = g.apply(direction.gate(x, 2).add(product(reset, newWeights)));
      return new State(added.lerp(h, z), null);
    };
  }

  /** {@code g(Wh x + r (Rh h + Rbh))}, one product for all gates. */
  private static Cell resetAfterProduct(Direction direction) {
    UnaryOperator<Tensor> f = direction.activations().getFirst();
    UnaryOperator<Tensor> g = direction.activations().getLast();
    Tensor hiddenBias = direction.hiddenBias();
    Tensor newBias = hiddenBias == null ? null : direction.gate(hiddenBias, 2);
    return (x, state) -> {
      Tensor h = state.hidden();
      Tensor products = product(h, direction.weights());
      Tensor gates = f.apply(direction.gates(x, 0, 2).add(direction.gates(products, 0, 2)));
      Tensor z = direction.gate(gates, 0);
      Tensor r = direction.gate(gates, 1);
      Tensor own = direction.gate(products, 2);
      Tensor biased = newBias == null ? own : own.add(newBias);
      Tensor added = g.apply(direction.gate(x, 2).add(r.mul(biased)));
      return new State(added.lerp(h, z), null);
    };
  }

  /** Gates i, o, f and c: {@code c' = f c + i g(..)} and {@code h' = o h(c')}. */
  private static List<@Nullable Value> lstm(Call call) {
    return new Recurrence(call, 4, true)
        .run(
            List.of("Sigmoid", "Tanh", "Tanh"),
            4,
            direction ->
                direction.peepholes() == null && !call.flag("input_forget", false)
                    ? plain(direction)
                    : withPeepholes(direction, direction.peepholes()));
  }

  /** The three gates in one. */
  private static Cell plain(Direction direction) {
    UnaryOperator<Tensor> f = direction.activations().getFirst();
    return (x, state) -> {
      Tensor sums = x.add(product(state.hidden(), direction.weights()));
      Tensor gates = f.apply(direction.gates(sums, 0, 3));
      Tensor i = direction.gate(gates, 0);
      Tensor o = direction.gate(gates, 1);
      Tensor forget = direction.gate(gates, 2);
      return next(direction, sums, forget.mul(cell(state)), i, o);
    };
  }

  /** The gates also see the cell, and one may be what the other is not. */
  private static Cell withPeepholes(Direction direction, @Nullable Tensor peepholes) {
    UnaryOperator<Tensor> f = direction.activations().getFirst();
    boolean coupled = direction.call().flag("input_forget", false);
    return (x, state) -> {
      Tensor sums = x.add(product(state.hidden(), direction.weights()));
      Tensor cell = cell(state);
      Tensor forget = f.apply(peeping(direction, sums, 2, peepholes, cell));
      Tensor i =
          coupled ? forget.neg().add(1.0) : f.apply(peeping(direction, sums, 0, peepholes, cell));
      State next = next(direction, sums, forget.mul(cell), i, null);
      Tensor after = cell(next);
      Tensor o = f.apply(peeping(direction, sums, 1, peepholes, after));
      return new State(o.mul(next.hidden()), after);
    };
  }

  private static Tensor peeping(
      Direction direction, Tensor sums, int gate, @Nullable Tensor peepholes, Tensor cell) {
    Tensor own = direction.gate(sums, gate);
    return peepholes == null ? own : own.add(direction.gate(peepholes, gate).mul(cell));
  }

  /** The next cell, and of it the hidden state; without an output gate before that is applied. */
  private static State next(
      Direction direction, Tensor sums, Tensor kept, Tensor i, @Nullable Tensor o) {
    Tensor added = direction.activations().get(1).apply(direction.gate(sums, 3));
    Tensor cell = kept.add(i.mul(added));
    Tensor shown = direction.activations().get(2).apply(cell);
    return new State(o == null ? shown : o.mul(shown), cell);
  }

  private static Tensor cell(State state) {
    Tensor cell = state.cell();
    if (cell == null) {
      throw new AssertionError("an LSTM has a cell state");
    }
    return cell;
  }
}
