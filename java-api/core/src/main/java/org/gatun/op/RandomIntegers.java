package org.gatun.op;

import java.util.List;
import java.util.Objects;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * Whole numbers from {@code low} inclusive to {@code high} exclusive: {@code low + floor((high -
 * low) k / 2^64)}, k being 64 bits without a sign. No number is more likely than another by more
 * than {@code (high - low) / 2^64}.
 *
 * <p>Input: a seed; see {@link Stochastic}.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.randint.html">PyTorch,
 * randint</a>.
 *
 * @param low the least number
 * @param high more than the largest number
 * @param dtype any; the numbers are in its range if it is an integer's or bool
 * @param shape of the result
 */
public record RandomIntegers(long low, long high, DType dtype, Shape shape) implements Stochastic {
  /** Checks the arguments. */
  public RandomIntegers {
    Objects.requireNonNull(dtype, "randint: dtype is null");
    Objects.requireNonNull(shape, "randint: shape is null");
    if (low >= high) {
      throw new IllegalArgumentException(
          "randint: low " + low + " and high " + high + ", expected high to be more");
    }
    long least =
        switch (dtype) {
          case I8 -> Byte.MIN_VALUE;
          case U8, BOOL -> 0;
          case I16 -> Short.MIN_VALUE;
          case I32 -> Integer.MIN_VALUE;
          case I64, F64, F32, F16, BF16 -> Long.MIN_VALUE;
        };
    long most =
        switch (dtype) {
          case I8 -> Byte.MAX_VALUE;
          case U8 -> 0xFF;
          case BOOL -> 1;
          case I16 -> Short.MAX_VALUE;
          case I32 -> Integer.MAX_VALUE;
          case I64, F64, F32, F16, BF16 -> Long.MAX_VALUE;
        };
    if (low < least || high - 1 > most) {
      throw new IllegalArgumentException(
          "randint: numbers from "
              + low
              + " to "
              + (high - 1)
              + " for dtype "
              + dtype.spelling()
              + ", expected them from "
              + least
              + " to "
              + most);
    }
  }

  @Override
  public String name() {
    return "randint";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    return Draws.infer(this, inputs, dtype, shape);
  }
}
