package org.gatun.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.OutOfNativeMemoryException;
import org.gatun.Scope;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.op.Binary;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Concat;
import org.gatun.op.Copy;
import org.gatun.op.Expand;
import org.gatun.op.Fused;
import org.gatun.op.Ints;
import org.gatun.op.Linear;
import org.gatun.op.Longs;
import org.gatun.op.MatMul;
import org.gatun.op.Op;
import org.gatun.op.Permute;
import org.gatun.op.Reduce;
import org.gatun.op.ReduceFunction;
import org.gatun.op.Reshape;
import org.gatun.op.Slice;
import org.gatun.op.Split;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;
import org.gatun.runtime.Engine;
import org.gatun.runtime.MemoryPool;
import org.gatun.runtime.Runner;
import org.gatun.testkit.LeakCheck;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Arguments that no operator takes: each is an exception that names the operator, the argument, its
 * value and what was expected; nothing is written and nothing is left behind.
 */
class BadInputTest {
  private static final Engine ENGINE = Engines.NATIVE;

  /** A call that has to fail: what it is, the operator, its inputs, what the message says. */
  private record Bad(String name, Supplier<Op> op, List<Layout> inputs, List<String> message) {
    Bad(String name, Supplier<Op> op, List<Layout> inputs, String... message) {
      this(name, op, inputs, List.of(message));
    }
  }

  private static Layout f32(long... dims) {
    return Layout.of(DType.F32, Shape.of(dims));
  }

  private static Layout f64(long... dims) {
    return Layout.of(DType.F64, Shape.of(dims));
  }

  private static Layout i64(long... dims) {
    return Layout.of(DType.I64, Shape.of(dims));
  }

  private static List<Bad> table() {
    return List.of(
        // Matrix products.
        new Bad(
            "matmul of inner dimensions that differ",
            MatMul::new,
            List.of(f32(2, 3), f32(4, 5)),
            "matmul: ",
            "[2, 3]",
            "[4, 5]"),
        new Bad(
            "matmul of a scalar",
            MatMul::new,
            List.of(f32(), f32(4, 5)),
            "matmul: shapes [] and [4, 5], expected one dimension or more"),
        new Bad(
            "matmul of two dtypes",
            MatMul::new,
            List.of(f32(2, 3), f64(3, 4)),
            "matmul: input 1 has dtype f64, expected f32"),
        new Bad(
            "matmul of batches that do not broadcast",
            MatMul::new,
            List.of(f32(2, 4, 3), f32(5, 3, 4)),
            "matmul: ",
            "[2",
            "[5"),
        new Bad(
            "matmul of integers", MatMul::new, List.of(i64(2, 3), i64(3, 4)), "matmul: ", "i64"),
        new Bad(
            "matmul of one input", MatMul::new, List.of(f32(2, 3)), "matmul: 1 inputs, expected 2"),
        new Bad(
            "linear of weights that do not fit",
            () -> new Linear(false),
            List.of(f32(2, 3), f32(4, 5)),
            "linear: ",
            "[4, 5]",
            "3"),
        new Bad(
            "linear of a bias that does not fit",
            () -> new Linear(true),
            List.of(f32(2, 3), f32(4, 3), f32(5)),
            "linear: ",
            "[5]",
            "4"),
        new Bad(
            "linear of weights of three dimensions",
            () -> new Linear(false),
            List.of(f32(2, 3), f32(1, 4, 3)),
            "linear: ",
            "[1, 4, 3]"),
        new Bad(
            "fused sum of another shape",
            () -> new Fused(new MatMul(), List.of(new Fused.Step.Add())),
            List.of(f32(2, 3), f32(3, 4), f32(4)),
            "matmul+add: input 2",
            "[4]",
            "expected [2, 4]"),
        new Bad(
            "fused after an operator that cannot be",
            () -> new Fused(new Copy(false), List.of(new Fused.Step.Add())),
            List.of(f32(2, 3), f32(2, 3)),
            "fused: operator contiguous, expected"),
        // Element by element.
        new Bad(
            "add of shapes that do not broadcast",
            () -> new Binary(BinaryFunction.ADD),
            List.of(f32(2, 3), f32(2, 4)),
            "add: shapes [2, 3] and [2, 4] do not broadcast: 3 against 4"),
        new Bad(
            "mul of two dtypes",
            () -> new Binary(BinaryFunction.MUL),
            List.of(f32(2), f64(2)),
            "mul: input 1 has dtype f64, expected f32"),
        new Bad(
            "div of integers",
            () -> new Binary(BinaryFunction.DIV),
            List.of(i64(2), i64(2)),
            "div: input 0 has dtype i64, expected a floating-point one"),
        new Bad(
            "relu of integers",
            () -> new Unary(UnaryFunction.RELU),
            List.of(i64(2)),
            "relu: input has dtype i64, expected a floating-point one"),
        new Bad(
            "sigmoid of two inputs",
            () -> new Unary(UnaryFunction.SIGMOID),
            List.of(f32(2), f32(2)),
            "sigmoid: 2 inputs, expected 1"),
        // Reductions.
        new Bad(
            "sum over an axis out of range",
            () -> new Reduce(ReduceFunction.SUM, Ints.of(2), false),
            List.of(f32(2, 3)),
            "sum: axis 2 out of range for shape [2, 3]"),
        new Bad(
            "mean over an axis below the range",
            () -> new Reduce(ReduceFunction.MEAN, Ints.of(-3), true),
            List.of(f32(2, 3)),
            "mean: axis -3 out of range for shape [2, 3]"),
        new Bad(
            "sum over an axis twice",
            () -> new Reduce(ReduceFunction.SUM, Ints.of(1, -1), false),
            List.of(f32(2, 3)),
            "sum: axis -1 given twice in [1, -1]"),
        // Movement.
        new Bad("concat of nothing", () -> new Concat(0), List.of(), "concat: no inputs, expected"),
        new Bad(
            "concat along an axis out of range",
            () -> new Concat(2),
            List.of(f32(2, 3)),
            "concat: axis 2 out of range for shape [2, 3]"),
        new Bad(
            "concat of shapes that differ",
            () -> new Concat(0),
            List.of(f32(2, 3), f32(2, 4)),
            "concat: input 1 has shape [2, 4], expected",
            "[2, 3]"),
        new Bad(
            "concat of a scalar",
            () -> new Concat(0),
            List.of(f32()),
            "concat: input 0 is a scalar"),
        new Bad(
            "concat of two dtypes",
            () -> new Concat(0),
            List.of(f32(2), f64(2)),
            "concat: input 1 has dtype f64, expected f32"),
        new Bad(
            "channels-last of a matrix",
            () -> new Copy(true),
            List.of(f32(2, 3)),
            "contiguous: channels-last of shape [2, 3], expected three dimensions or more"),
        // Views.
        new Bad(
            "reshape to another size",
            () -> new Reshape(Longs.of(4, 2), true),
            List.of(f32(2, 3)),
            "reshape: shape [4, 2] for an input of shape [2, 3], expected 6 elements"),
        new Bad(
            "reshape of which -1 does not follow",
            () -> new Reshape(Longs.of(4, -1), true),
            List.of(f32(2, 3)),
            "reshape: shape [4, -1] for an input of shape [2, 3]"),
        new Bad(
            "reshape with two -1",
            () -> new Reshape(Longs.of(-1, -1), true),
            List.of(f32(2, 3)),
            "reshape: dimensions [-1, -1], expected"),
        new Bad(
            "view with a negative dimension",
            () -> new Reshape(Longs.of(-2, 3), false),
            List.of(f32(2, 3)),
            "view: dimensions [-2, 3], expected"),
        new Bad(
            "view that the strides do not allow",
            () -> new Reshape(Longs.of(6), false),
            List.of(Layout.of(DType.F32, Shape.of(2, 3), 1, 2)),
            "view: shape [6]",
            "strides [1, 2]"),
        new Bad(
            "permute of too few axes",
            () -> new Permute(Ints.of(0)),
            List.of(f32(2, 3)),
            "permute: axes [0] for shape [2, 3], expected 2 axes"),
        new Bad(
            "permute of an axis twice",
            () -> new Permute(Ints.of(1, 1)),
            List.of(f32(2, 3)),
            "permute: axis 1 given twice in [1, 1]"),
        new Bad(
            "expand of a size that is not 1",
            () -> new Expand(Longs.of(2, 6)),
            List.of(f32(2, 3)),
            "expand: dimensions [2, 6] for shape [2, 3]",
            "3 does not become 6"),
        new Bad(
            "expand to fewer dimensions",
            () -> new Expand(Longs.of(3)),
            List.of(f32(2, 3)),
            "expand: dimensions [3] for shape [2, 3], expected 2 or more"),
        new Bad(
            "slice without a step",
            () -> new Slice(0, 0, 2, 0),
            List.of(f32(2, 3)),
            "slice: step 0, expected 1 or more"),
        new Bad(
            "slice along an axis out of range",
            () -> new Slice(2, 0, 2, 1),
            List.of(f32(2, 3)),
            "slice: axis 2 out of range for shape [2, 3]"),
        new Bad(
            "split into sizes that do not add up",
            () -> new Split(1, Longs.of(1, 1)),
            List.of(f32(2, 3)),
            "split: sizes [1, 1] add up to 2, expected 3"),
        new Bad(
            "split into a negative size",
            () -> new Split(1, Longs.of(-1, 4)),
            List.of(f32(2, 3)),
            "split: size -1 in [-1, 4], expected 0 or more"));
  }

  @TestFactory
  Stream<DynamicTest> badArguments() {
    return table().stream().map(bad -> DynamicTest.dynamicTest(bad.name(), () -> check(bad)));
  }

  private static void check(Bad bad) {
    LeakCheck leaks = LeakCheck.start();
    ENGINE.with(
        () -> {
          try (Scope scope = Scope.open()) {
            Tensor[] inputs =
                bad.inputs().stream().map(BadInputTest::allocate).toArray(Tensor[]::new);
            Tensor output = Tensor.full(DType.F32, 7, 2, 3);
            expect(bad, () -> ENGINE.runAll(bad.op().get(), inputs));
            expect(bad, () -> ENGINE.run(bad.op().get(), List.of(inputs), List.of(output)));
            if (inputs.length > 0) {
              expect(bad, () -> runBound(bad.op().get(), inputs, output));
            }
            assertArrayEquals(new float[] {7, 7, 7, 7, 7, 7}, output.toFloatArray());
          }
          return null;
        });
    ENGINE.close();
    assertEquals(Optional.empty(), leaks.leak());
  }

  /** Runs with the last input that can be a constant as one. */
  private static void runBound(Op op, Tensor[] inputs, Tensor output) {
    int constant = inputs.length - 1 - (op instanceof Fused fused ? fused.extraInputs() : 0);
    List<Tensor> others = new ArrayList<>(List.of(inputs));
    others.remove(constant);
    try (Runner runner = ENGINE.bind(op, inputs[constant])) {
      runner.run(others, List.of(output));
    }
  }

  /** A tensor of any layout: a view of a block that spans it. */
  private static Tensor allocate(Layout layout) {
    return layout.isContiguous()
        ? Tensor.zeros(layout.dtype(), layout.shape().dims())
        : ENGINE.allocate(layout);
  }

  private static void expect(Bad bad, Runnable call) {
    String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
    for (String part : bad.message()) {
      assertTrue(message.contains(part), () -> "expected \"" + part + "\" in: " + message);
    }
  }

  private static <E extends Exception> void expect(
      Class<E> type, Supplier<?> call, String... parts) {
    ENGINE.with(
        () -> {
          String message = assertThrows(type, call::get).getMessage();
          for (String part : parts) {
            assertTrue(message.contains(part), () -> "expected \"" + part + "\" in: " + message);
          }
          return null;
        });
  }

  @Test
  void anOutputOfAnotherShapeOrDType() {
    ENGINE.with(
        () -> {
          try (Scope scope = Scope.open()) {
            Tensor x = Tensor.zeros(DType.F32, 2, 3);
            Op relu = new Unary(UnaryFunction.RELU);
            for (Tensor output :
                List.of(Tensor.zeros(DType.F32, 3, 2), Tensor.zeros(DType.F64, 2, 3))) {
              expect(
                  IllegalArgumentException.class,
                  () -> {
                    ENGINE.run(relu, List.of(x), List.of(output));
                    return null;
                  },
                  "relu: output 0 given is " + output.layout(),
                  "expected f32[2, 3]");
            }
            Tensor expanded = Tensor.zeros(DType.F32, 1, 3).expand(2, 3);
            expect(
                IllegalArgumentException.class,
                () -> {
                  ENGINE.run(relu, List.of(x), List.of(expanded));
                  return null;
                },
                "relu: output 0 given is",
                "share memory");
          }
          return null;
        });
  }

  @Test
  void aClosedTensor() {
    ENGINE.with(
        () -> {
          Tensor closed = Tensor.zeros(DType.F32, 2, 3);
          closed.close();
          try (Tensor open = Tensor.zeros(DType.F32, 2, 3)) {
            expect(
                IllegalStateException.class, closed::relu, "relu: input 0", "f32[2, 3]", "closed");
            expect(
                IllegalStateException.class, () -> open.add(closed), "add: input 1", "is closed");
            expect(
                IllegalStateException.class,
                () -> {
                  ENGINE.run(new Unary(UnaryFunction.RELU), List.of(open), List.of(closed));
                  return null;
                },
                "relu: output 0",
                "is closed");
            expect(
                IllegalStateException.class,
                () -> ENGINE.bind(new MatMul(), closed),
                "matmul: constant 0",
                "is closed");
            expect(IllegalStateException.class, closed::toFloatArray, "closed");
            expect(IllegalStateException.class, () -> closed.reshape(6), "reshape", "is closed");
          }
          return null;
        });
  }

  @Test
  void sizesThatAreNegativeOrOverflow() {
    expect(
        IllegalArgumentException.class,
        () -> Tensor.zeros(DType.F32, 2, -3),
        "dimension -3 in [2, -3], expected 0 or more");
    expect(
        IllegalArgumentException.class,
        () -> Tensor.zeros(DType.F32, Long.MAX_VALUE, 2),
        "more than 2^63 - 1 elements");
  }

  @Test
  void moreElementsThanThereIsMemoryFor() {
    long limit = MemoryPool.shared().report().limit();
    long elements = Math.max(3_000_000_000L, limit / 4 + 1);
    LeakCheck leaks = LeakCheck.start();
    expect(
        OutOfNativeMemoryException.class,
        () -> Tensor.zeros(DType.F32, elements),
        "f32[" + elements + "]",
        Long.toString(4 * elements),
        Long.toString(limit));
    ENGINE.with(
        () -> {
          try (Tensor one = Tensor.zeros(DType.F32, 1);
              Tensor many = one.expand(elements)) {
            expect(OutOfNativeMemoryException.class, many::relu, "f32[" + elements + "]");
          }
          return null;
        });
    ENGINE.close();
    assertEquals(Optional.empty(), leaks.leak());
  }
}
