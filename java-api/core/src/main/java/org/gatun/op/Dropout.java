package org.gatun.op;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * Each element multiplied by 0 with probability p, and by {@code 1 / (1 - p)} otherwise; by 0 where
 * p is 1.
 *
 * <p>Inputs: x, and an {@code i64} tensor of shape (2) with a seed and an offset. Element i of x,
 * in row-major order whatever the strides, takes word {@code i % 4} of Philox4x32-10 with the seed
 * as key and {@code (i / 4, offset)} as counter, all of them low word first, and is dropped if the
 * word is less than {@code rint(p * 2^32)}.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.functional.dropout.html">PyTorch,
 * dropout</a> in training; Salmon et al., <a
 * href="https://doi.org/10.1145/2063384.2063405">Parallel random numbers: as easy as 1, 2, 3</a>.
 *
 * @param p the probability to be dropped, from 0 to 1
 */
public record Dropout(double p) implements Random {
  /** Checks the probability. */
  public Dropout {
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException("dropout: p " + p + ", expected a number from 0 to 1");
    }
  }

  @Override
  public String name() {
    return "dropout";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 2);
    Layout x = inputs.getFirst();
    Layout seed = inputs.getLast();
    Checks.floating(this, x, "input 0");
    Checks.check(
        seed.dtype() == DType.I64 && seed.shape().equals(Shape.of(2)),
        this,
        "seed is " + seed.dtype().spelling() + seed.shape() + ", expected i64[2]");
    return List.of(Layout.like(x, x.dtype(), x.shape()));
  }
}
