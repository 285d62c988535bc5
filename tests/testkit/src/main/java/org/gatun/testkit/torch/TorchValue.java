package org.gatun.testkit.torch;

import java.util.List;
import org.gatun.DType;
import org.gatun.Shape;
import org.jspecify.annotations.Nullable;

/** An argument or a result in a sample. */
public sealed interface TorchValue {
  /** The elements of a tensor, in a file, little-endian, in row-major order. */
  record Array(String file, DType dtype, Shape shape) implements TorchValue {}

  /** A list or a tuple. */
  record Sequence(List<TorchValue> values) implements TorchValue {}

  /** A slice of Python's, {@code start:stop:step}. */
  record Slice(@Nullable Long start, @Nullable Long stop, @Nullable Long step)
      implements TorchValue {}

  /** A number without a fraction. */
  record Whole(long value) implements TorchValue {}

  /** A number with one, or an infinity. */
  record Real(double value) implements TorchValue {}

  /** True or false. */
  record Flag(boolean value) implements TorchValue {}

  /** A string. */
  record Text(String value) implements TorchValue {}

  /** A dtype. */
  record Type(DType dtype) implements TorchValue {}

  /** What Gatun has nothing for, such as a complex number, as the manifest has it. */
  record Foreign(String text) implements TorchValue {}

  /** Python's None. */
  record None() implements TorchValue {}
}
