package org.gatun.onnx.operator;

import org.gatun.Tensor;

/**
 * Views between (N, spatial..., C), as operators for channels-last images see them, and (N, C,
 * spatial...), as those of core do; the elements stay where they are.
 */
final class ChannelsLast {
  private ChannelsLast() {}

  /** Returns (N, spatial..., C) as (N, C, spatial...). */
  static Tensor channelsSecond(Tensor x) {
    return x.movedim(x.rank() - 1, 1);
  }

  /** Returns (N, C, spatial...) as (N, spatial..., C). */
  static Tensor channelsBehind(Tensor x) {
    return x.movedim(1, x.rank() - 1);
  }
}
