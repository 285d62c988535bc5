package org.gatun.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Scope;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.op.Binary;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Ints;
import org.gatun.op.Reduce;
import org.gatun.op.ReduceFunction;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Strides say nothing where there are no elements, so operators take whatever they are. */
class EmptyTensorsTest {
  private static final Shape SHAPE = Shape.of(0, 5, 4);

  @TestFactory
  Stream<DynamicTest> stridesOfEmptyTensorsDoNotMatter() {
    return Stream.of(
            new Unary(UnaryFunction.RELU),
            new Binary(BinaryFunction.ADD),
            new Reduce(ReduceFunction.SUM, Ints.of(1), false))
        .flatMap(
            op ->
                Engines.all().entrySet().stream()
                    .map(
                        engine ->
                            DynamicTest.dynamicTest(
                                op.name() + " " + engine.getKey(),
                                () -> {
                                  try (Scope scope = Scope.open()) {
                                    Tensor x = Tensor.empty(Layout.of(DType.F32, SHAPE, 40, 2, 10));
                                    Tensor[] in = op instanceof Binary ? pair(x) : one(x);
                                    List<Tensor> out = engine.getValue().runAll(op, in);
                                    assertEquals(0, out.getFirst().size());
                                  }
                                })));
  }

  private static Tensor[] one(Tensor x) {
    return new Tensor[] {x};
  }

  private static Tensor[] pair(Tensor x) {
    return new Tensor[] {x, x};
  }
}
