package org.gatun;

import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Differences of neighbours, as {@link ScanOperators#diff} has them. */
final class Differences {
  private Differences() {}

  static Tensor of(Tensor x, int n, int axis, @Nullable Tensor prepend, @Nullable Tensor append) {
    if (n < 0) {
      throw new IllegalArgumentException("diff: n " + n + ", expected 0 or more");
    }
    if (x.rank() == 0) {
      throw new IllegalArgumentException("diff: a scalar, expected a dimension to go along");
    }
    int along = x.axis("diff", axis, x.rank());
    if (n == 0) {
      return x.copy(); // Without what would come before and behind, as PyTorch has it.
    }
    Tensor[] parts = Stream.of(prepend, x, append).filter(Objects::nonNull).toArray(Tensor[]::new);
    Tensor result = Tensor.concat(along, parts);
    // None are left after as many steps as there are elements.
    long steps = Math.min(n, result.dim(along));
    for (long i = 0; i < steps; i++) {
      try (Tensor before = result) {
        result = once(before, along);
      }
    }
    return result;
  }

  private static Tensor once(Tensor x, int axis) {
    long size = x.dim(axis);
    try (Tensor later = x.slice(axis, Math.min(1, size), size);
        Tensor earlier = x.slice(axis, 0, Math.max(0, size - 1))) {
      if (x.dtype() != DType.BOOL) {
        return later.sub(earlier);
      }
      try (Tensor a = later.to(DType.I8);
          Tensor b = earlier.to(DType.I8);
          Tensor difference = a.sub(b)) {
        return difference.to(DType.BOOL);
      }
    }
  }
}
