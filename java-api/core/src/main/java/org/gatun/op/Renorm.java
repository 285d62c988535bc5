package org.gatun.op;

import java.util.List;
import org.gatun.Layout;

/**
 * The rows of a matrix, those whose p-norm exceeds a limit multiplied by {@code limit / (norm +
 * 1e-7)}.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.renorm.html">PyTorch,
 * renorm</a>.
 *
 * @param p which norm, more than 0; infinity for the largest absolute value
 * @param limit 0 or more
 */
public record Renorm(double p, double limit) implements Lookup {
  /** Checks the arguments. */
  public Renorm {
    Checks.check(p > 0, this, "p " + p + ", expected a number above 0");
    Checks.check(limit >= 0, this, "limit " + limit + ", expected 0 or more");
  }

  @Override
  public String name() {
    return "renorm";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1);
    Layout x = inputs.getFirst();
    Checks.floating(this, x, "input");
    Checks.check(x.rank() == 2, this, "input has shape " + x.shape() + ", expected two dimensions");
    return List.of(Layout.of(x.dtype(), x.shape()));
  }
}
