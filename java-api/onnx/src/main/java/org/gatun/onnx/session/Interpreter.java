package org.gatun.onnx.session;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.gatun.OutOfNativeMemoryException;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.onnx.NodeListener;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.Value;
import org.gatun.onnx.operator.Call;
import org.gatun.onnx.operator.Operator.Typing;
import org.jspecify.annotations.Nullable;

/**
 * Runs the code of a graph once, node by node. Tensors are closed after the last node that needs
 * them.
 */
final class Interpreter {
  /** How often each tensor that a node made stands in a slot. */
  private final Map<Tensor, Integer> owned = new IdentityHashMap<>();

  /** The inputs and constants, which are not ours to close. */
  private final Set<Tensor> foreign = Collections.newSetFromMap(new IdentityHashMap<>());

  private final @Nullable NodeListener listener;

  /** Makes an interpreter that tells the listener of each node of the outermost graph. */
  Interpreter(@Nullable NodeListener listener) {
    this.listener = listener;
  }

  /** The values of a graph that is running, in the graph that it is a part of. */
  private record Frame(GraphCode code, @Nullable Value[] slots, @Nullable Frame outer) {}

  /**
   * Returns the outputs of a graph, which may be inputs or constants themselves. Tensors that were
   * made on the way belong to the innermost scope of the thread, and are closed but for the
   * outputs.
   *
   * @param inputs one for each input of the graph, null for its default
   */
  List<Value> run(GraphCode code, List<? extends @Nullable Value> inputs) {
    for (Value input : inputs) {
      if (input != null) {
        each(input, foreign::add);
      }
    }
    return run(code, inputs, null);
  }

  private List<Value> run(
      GraphCode code, List<? extends @Nullable Value> inputs, @Nullable Frame outer) {
    Frame frame = new Frame(code, new Value[code.slots()], outer);
    code.constants()
        .forEach(
            (slot, value) -> {
              frame.slots[slot] = value;
              each(value, foreign::add);
            });
    for (int i = 0; i < inputs.size(); i++) {
      Value input = inputs.get(i);
      if (input != null) {
        put(frame, i, input);
      }
    }
    for (GraphCode.Step step : code.steps()) {
      run(step, frame);
    }
    List<Value> outputs = new ArrayList<>(code.outputs().size());
    for (GraphCode.Reference output : code.outputs()) {
      Value value = get(frame, output);
      if (value == null) {
        throw new OnnxException("graph '" + code.graph().name() + "': an output has no value");
      }
      outputs.add(value);
    }
    // The caller takes the outputs over; what else is left in the slots goes.
    for (Value output : outputs) {
      each(output, this::retain);
    }
    for (int slot = 0; slot < frame.slots.length; slot++) {
      drop(frame, slot);
    }
    for (Value output : outputs) {
      each(output, this::forget);
    }
    return outputs;
  }

  private void run(GraphCode.Step step, Frame frame) {
    @Nullable Value[] inputs = new Value[step.inputs().size()];
    for (int i = 0; i < inputs.length; i++) {
      GraphCode.Reference reference = step.inputs().get(i);
      inputs[i] = reference == null ? null : get(frame, reference);
    }
    long start = listener == null ? 0 : System.nanoTime();
    List<? extends @Nullable Value> outputs = compute(step, inputs, frame);
    if (listener != null && frame.outer == null) {
      listener.ran(step.node(), outputs, System.nanoTime() - start);
    }
    for (int i = 0; i < step.outputs().length; i++) {
      int slot = step.outputs()[i];
      if (slot >= 0) {
        Value value = i < outputs.size() ? outputs.get(i) : null;
        if (value == null) {
          throw new OnnxException(step.node().label() + ": it has no output " + i);
        }
        put(frame, slot, value);
      }
    }
    for (int slot : step.last()) {
      drop(frame, slot);
    }
  }

  private List<? extends @Nullable Value> compute(
      GraphCode.Step step, @Nullable Value[] inputs, Frame frame) {
    try (Scope scope = Scope.open()) {
      Call call =
          new Call(
              step.node(),
              step.opset(),
              inputs,
              (attribute, arguments) -> body(step, attribute, arguments, frame));
      checkTypes(step, inputs);
      List<? extends @Nullable Value> outputs = step.operator().function().run(call);
      if (step.operator().typing() == Typing.MOVES) {
        outputs = typedAs(inputs[0], outputs);
      }
      for (Value output : outputs) {
        if (output != null) {
          each(output, scope::keep);
        }
      }
      return outputs;
    } catch (OnnxException e) {
      throw e;
    } catch (IllegalArgumentException
        | IndexOutOfBoundsException
        | UnsupportedOperationException e) {
      throw new OnnxException(step.node().label() + ": " + e.getMessage(), e);
    } catch (ArithmeticException e) {
      throw new OnnxException(
          step.node().label() + ": a size or an attribute is out of range: " + e.getMessage(), e);
    } catch (OutOfMemoryError e) {
      // An array as long as a dimension says, which a damaged file may have made up.
      throw new OnnxException(step.node().label() + ": no room on the heap: " + e.getMessage(), e);
    } catch (OutOfNativeMemoryException e) {
      throw new OnnxException(step.node().label() + ": " + e.getMessage(), e);
    }
  }

  private List<Value> body(
      GraphCode.Step step, String attribute, List<Value> arguments, Frame frame) {
    GraphCode code = step.bodies().get(attribute);
    if (code == null) {
      throw new OnnxException(step.node().label() + ": attribute " + attribute + " is missing");
    }
    if (code.graph().inputs().size() != arguments.size()) {
      throw new OnnxException(
          step.node().label()
              + ": its graph "
              + attribute
              + " takes "
              + code.graph().inputs().size()
              + " inputs, expected "
              + arguments.size());
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new OnnxException(step.node().label() + ": the thread was interrupted");
    }
    return run(code, arguments, frame);
  }

  private static void checkTypes(GraphCode.Step step, @Nullable Value[] inputs) {
    if (step.operator().typing() != Typing.NATIVE) {
      return;
    }
    for (int i = 0; i < inputs.length; i++) {
      if (inputs[i] instanceof Value.Dense dense && !dense.type().isNative()) {
        throw new OnnxException(
            step.node().label()
                + ": input "
                + i
                + " '"
                + step.node().inputs().get(i)
                + "' has elements of "
                + dense.type()
                + ", which this operator does not take");
      }
    }
  }

  /** Elements that were only moved have the type that they had. */
  private static List<? extends @Nullable Value> typedAs(
      @Nullable Value first, List<? extends @Nullable Value> outputs) {
    if (!(first instanceof Value.Dense like) || like.type().isNative()) {
      return outputs;
    }
    List<@Nullable Value> typed = new ArrayList<>();
    for (Value output : outputs) {
      typed.add(
          output instanceof Value.Dense dense
              ? new Value.Dense(like.type(), dense.tensor())
              : output);
    }
    return typed;
  }

  // Ownership.

  /** Returns whether a tensor lies in the memory of an input or a constant. */
  boolean sharesMemory(Tensor tensor) {
    return foreign.contains(tensor) || foreign.stream().anyMatch(tensor::overlaps);
  }

  private static @Nullable Value get(Frame frame, GraphCode.Reference reference) {
    Frame there = frame;
    for (int up = reference.up(); up > 0 && there.outer != null; up--) {
      there = there.outer;
    }
    return there.slots[reference.slot()];
  }

  private void put(Frame frame, int slot, Value value) {
    frame.slots[slot] = value;
    each(value, this::retain);
  }

  private void drop(Frame frame, int slot) {
    Value value = frame.slots[slot];
    frame.slots[slot] = null;
    if (value != null) {
      each(value, this::release);
    }
  }

  private void retain(Tensor tensor) {
    if (!foreign.contains(tensor)) {
      owned.merge(tensor, 1, Integer::sum);
    }
  }

  /** Counts down without closing. */
  private void forget(Tensor tensor) {
    owned.computeIfPresent(tensor, (_, count) -> count == 1 ? null : count - 1);
  }

  private void release(Tensor tensor) {
    Integer count = owned.get(tensor);
    if (count == null) {
      return;
    }
    if (count == 1) {
      owned.remove(tensor);
      tensor.close();
    } else {
      owned.put(tensor, count - 1);
    }
  }

  private static void each(Value value, Consumer<Tensor> action) {
    switch (value) {
      case Value.Dense dense -> action.accept(dense.tensor());
      case Value.Sequence sequence -> sequence.elements().forEach(e -> each(e, action));
      case Value.Optional optional -> {
        Value inner = optional.value();
        if (inner != null) {
          each(inner, action);
        }
      }
    }
  }
}
