package org.gatun.nn;

import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.op.Combination;
import org.gatun.op.Ints;
import org.gatun.op.Reduce;
import org.gatun.op.ReduceFunction;
import org.gatun.op.ScatterElements;
import org.gatun.runtime.Engine;

/** Class numbers as vectors: ones scattered into zeros. */
final class OneHot {
  private OneHot() {}

  static Tensor of(Tensor numbers, long given) {
    if (numbers.dtype() != DType.I64 && numbers.dtype() != DType.I32) {
      throw new IllegalArgumentException(
          "one_hot: numbers have dtype " + numbers.dtype().spelling() + ", expected i32 or i64");
    }
    if (given < -1 || given == 0 || (given == -1 && numbers.size() == 0)) {
      throw new IllegalArgumentException(
          "one_hot: classes "
              + given
              + " for numbers of shape "
              + numbers.shape()
              + ", expected 1 or more, or -1 and some numbers");
    }
    long classes = given == -1 ? largest(numbers) + 1 : given;
    if (classes < 1) {
      throw new IllegalArgumentException(
          "one_hot: number " + (classes - 1) + ", expected 0 or more");
    }
    try (Tensor zeros = Tensor.zeros(DType.I64, numbers.size(), classes);
        Tensor one = Tensor.ones(DType.I64);
        Tensor ones = one.expand(numbers.size(), 1);
        Tensor indices = numbers.reshape(numbers.size(), 1);
        Tensor vectors =
            Engine.current()
                .run(
                    new ScatterElements("one_hot", 1, false, Combination.REPLACE),
                    zeros,
                    ones,
                    indices)) {
      return vectors.view(numbers.shape().concat(Shape.of(classes)).dims());
    }
  }

  private static long largest(Tensor numbers) {
    try (Tensor flat = numbers.flatten();
        Tensor max = Engine.current().run(new Reduce(ReduceFunction.MAX, Ints.of(), false), flat)) {
      return (long) max.item();
    }
  }
}
