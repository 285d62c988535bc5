package org.gatun.nn;

import java.util.Map;
import org.gatun.DType;
import org.gatun.Precision;
import org.gatun.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Each group of channels of each member of the batch shifted and scaled to mean 0 and variance 1;
 * see {@link org.gatun.op.GroupNorm}. Safe for use by many threads.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.nn.GroupNorm.html">PyTorch,
 * GroupNorm</a>.
 */
public final class GroupNorm implements Layer {
  private static final String NAME = "group_norm";

  private final org.gatun.op.GroupNorm op;
  private final Bound bound;

  /**
   * Makes a layer of given parameters, which it owns from now on.
   *
   * @param weight of shape (channels), or null
   * @param bias of shape (channels), or null
   * @throws IllegalArgumentException if the groups are less than 1 or eps is negative
   */
  public GroupNorm(int groups, @Nullable Tensor weight, @Nullable Tensor bias, double eps) {
    this.op = new org.gatun.op.GroupNorm(groups, weight != null, bias != null, eps);
    this.bound = new Bound(NAME, Parameters.byName(weight, bias));
  }

  /**
   * Makes a layer of {@code f32} with weight 1, bias 0 and eps 1e-5.
   *
   * @throws IllegalArgumentException if the groups do not divide the channels
   */
  public GroupNorm(int groups, int channels) {
    this(groups, checked(groups, channels), Tensor.zeros(DType.F32, channels), 1e-5);
  }

  private static Tensor checked(int groups, int channels) {
    Parameters.perGroup(NAME, "channels", channels, groups);
    return Tensor.ones(DType.F32, channels);
  }

  @Override
  public Tensor forward(Tensor x) {
    return bound.run(op, x);
  }

  @Override
  public Map<String, Tensor> parameters() {
    return bound.parameters();
  }

  @Override
  public void load(Map<String, Tensor> state) {
    bound.load(state);
  }

  @Override
  public void computeIn(Precision precision) {
    bound.computeIn(precision);
  }

  @Override
  public void close() {
    bound.close();
  }
}
