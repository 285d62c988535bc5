package org.gatun.onnx.operator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gatun.Tensor;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.operator.ControlFamily.StackedOutput;
import org.gatun.onnx.operator.Operator.Typing;
import org.gatun.op.Longs;
import org.gatun.op.Pad;
import org.gatun.op.PadMode;
import org.gatun.runtime.Engine;

/** Scan: a body that takes the parts of tensors, one after the other, and keeps a state. */
final class ScanFamily {
  private ScanFamily() {}

  static void register(Registry onnx) {
    onnx.add("Scan", 8, Typing.ANY, ScanFamily::batches);
    onnx.add("Scan", 9, Typing.ANY, ScanFamily::scan);
  }

  /**
   * How a node scans.
   *
   * @param states how many values the state has
   * @param inputs how many tensors are scanned
   * @param outputs how many results are stacked
   */
  private record Plan(Call call, Graph body, int states, int inputs, int outputs) {
    /**
     * Makes the plan.
     *
     * @param first the first input that is part of the state
     */
    static Plan of(Call call, int first) {
      Graph body = call.graph("body");
      long inputs = call.integer("num_scan_inputs");
      long states = call.inputs() - first - inputs;
      long outputs = body.outputs().size() - states;
      if (inputs < 1
          || states < 0
          || outputs < 0
          || body.inputs().size() != call.inputs() - first
          || call.outputs() > body.outputs().size()) {
        throw call.failure(
            "attribute num_scan_inputs is "
                + inputs
                + " for "
                + (call.inputs() - first)
                + " inputs, and a body of "
                + body.inputs().size()
                + " inputs and "
                + body.outputs().size()
                + " outputs");
      }
      return new Plan(call, body, (int) states, (int) inputs, (int) outputs);
    }

    /** An attribute of one number for each of some values, 0 where it is absent. */
    long[] numbers(String attribute, int count) {
      long[] given = call.integers(attribute);
      if (given == null) {
        return new long[count];
      }
      if (given.length != count) {
        throw call.failure(
            "attribute "
                + attribute
                + " is "
                + Arrays.toString(given)
                + ", expected "
                + count
                + " numbers");
      }
      return given;
    }

    boolean[] backwards(String attribute, int count) {
      long[] directions = numbers(attribute, count);
      boolean[] backwards = new boolean[count];
      for (int i = 0; i < count; i++) {
        if (directions[i] != 0 && directions[i] != 1) {
          throw call.failure(
              "attribute " + attribute + " has " + directions[i] + ", expected 0, 1");
        }
        backwards[i] = directions[i] == 1;
      }
      return backwards;
    }

    /** Runs the body over all parts; returns the last state and the stacked outputs. */
    List<Value> run(
        List<Value> initial,
        List<Value.Dense> scanned,
        int[] axes,
        boolean[] backwards,
        List<StackedOutput> stacked) {
      long length = scanned.getFirst().tensor().dim(axes[0]);
      for (int i = 1; i < inputs; i++) {
        if (scanned.get(i).tensor().dim(axes[i]) != length) {
          throw call.failure(
              "it scans "
                  + length
                  + " and "
                  + scanned.get(i).tensor().dim(axes[i])
                  + " parts, expected as many of each input");
        }
      }
      List<Value> state = initial;
      for (long step = 0; step < length; step++) {
        List<Value> arguments = new ArrayList<>(state);
        for (int i = 0; i < inputs; i++) {
          Value.Dense input = scanned.get(i);
          long part = backwards[i] ? length - 1 - step : step;
          arguments.add(new Value.Dense(input.type(), input.tensor().select(axes[i], part)));
        }
        List<Value> results = call.run("body", arguments);
        state = results.subList(0, states);
        for (int i = 0; i < outputs; i++) {
          stacked.get(i).add(results.get(states + i));
        }
      }
      return state;
    }

    List<StackedOutput> stackedOutputs() {
      List<StackedOutput> stacked = new ArrayList<>();
      for (int i = 0; i < outputs; i++) {
        stacked.add(new StackedOutput(call, body.outputs().get(states + i)));
      }
      return stacked;
    }

    Value.Dense scanned(int first, int index) {
      int input = first + states + index;
      return new Value.Dense(call.type(input), call.tensor(input));
    }
  }

  private static List<Value> scan(Call call) {
    Plan plan = Plan.of(call, 0);
    long[] given = plan.numbers("scan_input_axes", plan.inputs());
    int[] axes = new int[plan.inputs()];
    List<Value.Dense> scanned = new ArrayList<>();
    for (int i = 0; i < plan.inputs(); i++) {
      scanned.add(plan.scanned(0, i));
      axes[i] = call.axis(given[i], scanned.get(i).tensor().rank());
    }
    List<Value> initial = new ArrayList<>();
    for (int i = 0; i < plan.states(); i++) {
      initial.add(call.value(i));
    }
    long[] outputAxes = plan.numbers("scan_output_axes", plan.outputs());
    boolean[] outputBackwards = plan.backwards("scan_output_directions", plan.outputs());
    List<StackedOutput> stacked = plan.stackedOutputs();
    boolean[] backwards = plan.backwards("scan_input_directions", plan.inputs());
    List<Value> results = new ArrayList<>(plan.run(initial, scanned, axes, backwards, stacked));
    for (int i = 0; i < plan.outputs(); i++) {
      results.add(stacked.get(i).stacked(Math.toIntExact(outputAxes[i]), outputBackwards[i]));
    }
    return results;
  }

  /** The first version: each element of a batch by itself, as far as its sequence goes. */
  private static List<Value> batches(Call call) {
    Plan plan = Plan.of(call, 1);
    long batch = call.shape(1).rank() == 0 ? 0 : call.shape(1).dim(0);
    long[] lengths = call.has(0) ? call.longs(0) : null;
    if (batch == 0 || (lengths != null && lengths.length != batch)) {
      throw call.failure("a batch of " + batch + ", expected 1 or more, and a length for each");
    }
    boolean[] backwards = plan.backwards("directions", plan.inputs());
    List<List<Tensor>> parts = new ArrayList<>();
    List<Value.Dense> types = new ArrayList<>();
    for (int element = 0; element < batch; element++) {
      List<Value> initial = new ArrayList<>();
      for (int i = 0; i < plan.states(); i++) {
        initial.add(new Value.Dense(call.type(1 + i), call.tensor(1 + i).select(0, element)));
      }
      List<Value.Dense> scanned = new ArrayList<>();
      long longest = 0;
      for (int i = 0; i < plan.inputs(); i++) {
        Value.Dense whole = plan.scanned(1, i);
        Tensor own = whole.tensor().select(0, element);
        longest = own.dim(0);
        scanned.add(
            new Value.Dense(
                whole.type(), lengths == null ? own : own.narrow(0, 0, lengths[element])));
      }
      List<StackedOutput> stacked = plan.stackedOutputs();
      List<Value> results =
          new ArrayList<>(plan.run(initial, scanned, new int[plan.inputs()], backwards, stacked));
      for (StackedOutput output : stacked) {
        results.add(output.stacked(0, false));
      }
      for (int i = 0; i < results.size(); i++) {
        if (!(results.get(i) instanceof Value.Dense result)) {
          throw call.failure("its body gives a state that is no tensor");
        }
        if (element == 0) {
          parts.add(new ArrayList<>());
          types.add(result);
        }
        parts.get(i).add(i < plan.states() ? result.tensor() : padded(result.tensor(), longest));
      }
    }
    List<Value> batches = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      batches.add(new Value.Dense(types.get(i).type(), Tensor.stack(0, parts.get(i))));
    }
    return batches;
  }

  /** Puts zeros after the end of a sequence. */
  private static Tensor padded(Tensor sequence, long length) {
    long[] before = new long[sequence.rank()];
    long[] after = new long[sequence.rank()];
    after[0] = length - sequence.dim(0);
    Pad pad = new Pad(Longs.of(before), Longs.of(after), PadMode.CONSTANT, 0);
    return after[0] == 0 ? sequence : Engine.current().run(pad, sequence);
  }
}
