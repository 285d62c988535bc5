package org.gatun.onnx.operator;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.gatun.Tensor;
import org.gatun.onnx.Agreement;
import org.gatun.onnx.BothEngines;
import org.gatun.onnx.GraphBuilder;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ElementType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RNN, GRU and LSTM against loops over single numbers that follow ONNX's equations. */
class RecurrentFamilyTest {
  private static final int STEPS = 4;
  private static final int BATCH = 3;
  private static final int WIDTH = 2;
  private static final int HIDDEN = 3;
  private static final int[] LENGTHS = {4, 2, 0};

  /** What a test turns on. */
  private record Setting(
      String operator,
      String direction,
      boolean biased,
      boolean lengths,
      boolean initial,
      boolean peepholes,
      boolean batchFirst,
      Map<String, Object> attributes) {
    int gates() {
      return switch (operator) {
        case "LSTM" -> 4;
        case "GRU" -> 3;
        default -> 1;
      };
    }

    int directions() {
      return direction.equals("bidirectional") ? 2 : 1;
    }

    boolean has(String attribute) {
      return attributes.get(attribute) instanceof Integer flag && flag == 1;
    }
  }

  private final Random random = new Random(11);

  private float[] numbers(int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  @ParameterizedTest
  @ValueSource(strings = {"forward", "reverse", "bidirectional"})
  void followsTheEquations(String direction) {
    for (String operator : List.of("RNN", "GRU", "LSTM")) {
      for (int options = 0; options < 32; options++) {
        Map<String, Object> attributes = new HashMap<>();
        if (operator.equals("GRU")) {
          attributes.put("linear_before_reset", options & 1);
        }
        if (operator.equals("LSTM")) {
          attributes.put("input_forget", options & 1);
        }
        boolean batchFirst = (options & 16) != 0;
        attributes.put("layout", batchFirst ? 1 : 0);
        if ((options & 8) != 0) {
          attributes.put("clip", 0.7f);
        }
        check(
            new Setting(
                operator,
                direction,
                (options & 2) != 0,
                (options & 4) != 0,
                (options & 2) != 0,
                operator.equals("LSTM") && (options & 8) != 0,
                batchFirst,
                attributes));
      }
    }
  }

  private void check(Setting setting) {
    int d = setting.directions();
    int wide = setting.gates() * HIDDEN;
    float[] x = numbers(STEPS * BATCH * WIDTH);
    float[] w = numbers(d * wide * WIDTH);
    float[] r = numbers(d * wide * HIDDEN);
    float[] b = setting.biased ? numbers(d * 2 * wide) : new float[d * 2 * wide];
    float[] h = setting.initial ? numbers(d * BATCH * HIDDEN) : new float[d * BATCH * HIDDEN];
    float[] c = setting.initial ? numbers(d * BATCH * HIDDEN) : new float[d * BATCH * HIDDEN];
    float[] p = setting.peepholes ? numbers(d * 3 * HIDDEN) : new float[d * 3 * HIDDEN];
    boolean lstm = setting.operator.equals("LSTM");

    Map<String, Object> attributes = new HashMap<>(setting.attributes);
    attributes.put("hidden_size", HIDDEN);
    attributes.put("direction", setting.direction);
    List<String> in =
        new ArrayList<>(
            List.of(
                "x",
                "w",
                "r",
                setting.biased ? "b" : "",
                setting.lengths ? "l" : "",
                setting.initial ? "h" : ""));
    if (lstm) {
      in.add(setting.initial ? "c" : "");
      in.add(setting.peepholes ? "p" : "");
    }
    boolean first = setting.batchFirst;
    GraphBuilder graph =
        new GraphBuilder(14)
            .input("x", ElementType.FLOAT, first ? BATCH : STEPS, first ? STEPS : BATCH, WIDTH)
            .constant("w", w, d, wide, WIDTH)
            .constant("r", r, d, wide, HIDDEN)
            .constant("b", b, d, 2L * wide)
            .constant("l", ElementType.INT32, MemorySegment.ofArray(LENGTHS), BATCH)
            .constant("p", p, d, 3L * HIDDEN)
            .constant("h", placed(h, first, d), first ? BATCH : d, first ? d : BATCH, HIDDEN)
            .constant("c", placed(c, first, d), first ? BATCH : d, first ? d : BATCH, HIDDEN)
            .node(
                setting.operator,
                in,
                lstm ? List.of("y", "yh", "yc") : List.of("y", "yh"),
                attributes)
            .output(lstm ? new String[] {"y", "yh", "yc"} : new String[] {"y", "yh"});
    Tensor given = Tensor.of(x, STEPS, BATCH, WIDTH);
    Tensor input = first ? given.permute(1, 0, 2).contiguous() : given;
    Map<String, Value> y = BothEngines.run(graph, Map.of("x", Value.of(input)));

    double[] all = new double[STEPS * d * BATCH * HIDDEN];
    double[] lastHidden = new double[d * BATCH * HIDDEN];
    double[] lastCell = new double[d * BATCH * HIDDEN];
    for (int k = 0; k < d; k++) {
      for (int n = 0; n < BATCH; n++) {
        boolean backwards = k == 1 || setting.direction.equals("reverse");
        Sequence sequence = new Sequence(setting, k, n, x, w, r, b, p, h, c);
        int length = setting.lengths ? LENGTHS[n] : STEPS;
        for (int i = 0; i < length; i++) {
          int step = backwards ? length - 1 - i : i;
          sequence.next(step);
          for (int j = 0; j < HIDDEN; j++) {
            all[((step * d + k) * BATCH + n) * HIDDEN + j] = sequence.h[j];
          }
        }
        for (int j = 0; j < HIDDEN; j++) {
          lastHidden[(k * BATCH + n) * HIDDEN + j] = sequence.h[j];
          lastCell[(k * BATCH + n) * HIDDEN + j] = sequence.c[j];
        }
      }
    }
    String name = setting.toString();
    Agreement.assertClose(name, all, elements(y, "y", first, 1, 2, 0, 3), 1e-5);
    Agreement.assertClose(name, lastHidden, elements(y, "yh", first, 1, 0, 2), 1e-5);
    if (lstm) {
      Agreement.assertClose(name, lastCell, elements(y, "yc", first, 1, 0, 2), 1e-5);
    }
  }

  /** Puts the batch first in (directions, batch, hidden). */
  private static float[] placed(float[] state, boolean batchFirst, int directions) {
    Tensor tensor = Tensor.of(state, directions, BATCH, HIDDEN);
    return batchFirst ? tensor.permute(1, 0, 2).contiguous().toFloatArray() : state;
  }

  /** Returns the elements in the order of the layout with the batch inside. */
  private static double[] elements(
      Map<String, Value> outputs, String name, boolean batchFirst, int... order) {
    Tensor tensor = ((Value.Dense) outputs.get(name)).tensor();
    if (!batchFirst) {
      return Agreement.doubles(tensor);
    }
    return Agreement.doubles(tensor.permute(order).contiguous());
  }

  /** One sequence in one direction, number by number. */
  private static final class Sequence {
    final Setting setting;
    final int k;
    final int n;
    final float[] x;
    final float[] w;
    final float[] r;
    final float[] b;
    final float[] p;
    double[] h = new double[HIDDEN];
    double[] c = new double[HIDDEN];

    Sequence(
        Setting setting,
        int k,
        int n,
        float[] x,
        float[] w,
        float[] r,
        float[] b,
        float[] p,
        float[] h,
        float[] c) {
      this.setting = setting;
      this.k = k;
      this.n = n;
      this.x = x;
      this.w = w;
      this.r = r;
      this.b = b;
      this.p = p;
      for (int j = 0; j < HIDDEN; j++) {
        this.h[j] = h[(k * BATCH + n) * HIDDEN + j];
        this.c[j] = c[(k * BATCH + n) * HIDDEN + j];
      }
    }

    double input(int step, int gate, int j) {
      int row = (k * setting.gates() + gate) * HIDDEN + j;
      double sum = b[k * 2 * setting.gates() * HIDDEN + gate * HIDDEN + j];
      for (int i = 0; i < WIDTH; i++) {
        sum += w[row * WIDTH + i] * (double) x[(step * BATCH + n) * WIDTH + i];
      }
      return sum;
    }

    double hiddenBias(int gate, int j) {
      return b[k * 2 * setting.gates() * HIDDEN + (setting.gates() + gate) * HIDDEN + j];
    }

    double recurrent(int gate, int j, double[] state) {
      int row = (k * setting.gates() + gate) * HIDDEN + j;
      double sum = 0;
      for (int i = 0; i < HIDDEN; i++) {
        sum += r[row * HIDDEN + i] * state[i];
      }
      return sum;
    }

    double gate(int step, int gate, int j) {
      return input(step, gate, j) + recurrent(gate, j, h) + hiddenBias(gate, j);
    }

    double peep(int which, int j, double cell) {
      return p[(k * 3 + which) * HIDDEN + j] * cell;
    }

    double f(double value) {
      return clipped(v -> 1 / (1 + Math.exp(-v)), value);
    }

    double g(double value) {
      return clipped(Math::tanh, value);
    }

    double clipped(DoubleUnaryOperator function, double value) {
      boolean clips = setting.attributes.containsKey("clip");
      return function.applyAsDouble(clips ? Math.clamp(value, -0.7, 0.7) : value);
    }

    void next(int step) {
      double[] newH = new double[HIDDEN];
      double[] newC = new double[HIDDEN];
      double[] reset = new double[HIDDEN];
      for (int j = 0; j < HIDDEN && setting.operator.equals("GRU"); j++) {
        reset[j] = f(gate(step, 1, j)) * h[j];
      }
      for (int j = 0; j < HIDDEN; j++) {
        switch (setting.operator) {
          case "RNN" -> newH[j] = g(gate(step, 0, j));
          case "GRU" -> {
            double z = f(gate(step, 0, j));
            double linear = recurrent(2, j, h) + hiddenBias(2, j);
            double candidate =
                setting.has("linear_before_reset")
                    ? g(input(step, 2, j) + f(gate(step, 1, j)) * linear)
                    : g(input(step, 2, j) + recurrent(2, j, reset) + hiddenBias(2, j));
            newH[j] = (1 - z) * candidate + z * h[j];
          }
          default -> {
            double forget = f(gate(step, 2, j) + peep(2, j, c[j]));
            double i =
                setting.has("input_forget") ? 1 - forget : f(gate(step, 0, j) + peep(0, j, c[j]));
            newC[j] = forget * c[j] + i * g(gate(step, 3, j));
            newH[j] = f(gate(step, 1, j) + peep(1, j, newC[j])) * g(newC[j]);
          }
        }
      }
      h = newH;
      c = newC;
    }
  }

  @Test
  void takesNumbersOfActivationsInTurn() {
    // Affine(x) = 2 x + 3 forwards, and ThresholdedRelu with alpha 1 backwards.
    GraphBuilder graph =
        new GraphBuilder(14)
            .input("x", ElementType.FLOAT, 1, 1, 1)
            .constant("w", new float[] {1, 1}, 2, 1, 1)
            .constant("r", new float[] {0, 0}, 2, 1, 1)
            .node(
                "RNN",
                List.of("x", "w", "r"),
                List.of("y"),
                Map.of(
                    "hidden_size", 1,
                    "direction", "bidirectional",
                    "activations", new String[] {"Affine", "ThresholdedRelu"},
                    "activation_alpha", new float[] {2, 1},
                    "activation_beta", new float[] {3}))
            .output("y");
    Tensor y = BothEngines.tensor(graph, Map.of("x", Tensor.of(new float[] {0.5f}, 1, 1, 1)));
    Agreement.assertClose(new double[] {4, 0}, Agreement.doubles(y), 1e-6);
  }

  @Test
  void refusesUnknownActivationsAndShapes() {
    GraphBuilder unknown =
        new GraphBuilder(14)
            .input("x", ElementType.FLOAT, 1, 1, 1)
            .constant("w", new float[] {1}, 1, 1, 1)
            .node(
                "RNN",
                List.of("x", "w", "w"),
                List.of("y"),
                Map.of("hidden_size", 1, "activations", new String[] {"Wave"}))
            .output("y");
    Map<String, Tensor> x = Map.of("x", Tensor.of(new float[] {1}, 1, 1, 1));
    OnnxException e = assertThrows(OnnxException.class, () -> BothEngines.tensor(unknown, x));
    assertTrue(e.getMessage().contains("Wave"), e.getMessage());
    GraphBuilder misshapen =
        new GraphBuilder(14)
            .input("x", ElementType.FLOAT, 1, 1, 1)
            .constant("w", new float[] {1}, 1, 1, 1)
            .node("LSTM", List.of("x", "w", "w"), List.of("y"), Map.of("hidden_size", 1))
            .output("y");
    e = assertThrows(OnnxException.class, () -> BothEngines.tensor(misshapen, x));
    assertTrue(e.getMessage().contains("expected [1, 4, 1]"), e.getMessage());
  }
}
