package org.gatun.testkit.torch;

import java.util.List;
import org.gatun.Tensor;

/** Indexing by numbers and slices, {@code x[1, 2:5]}; indexing by tensors is not there yet. */
final class TorchIndexing {
  private TorchIndexing() {}

  /** Returns what an index picks. */
  static Tensor get(Tensor x, TorchValue index) {
    List<TorchValue> parts = List.of(index);
    if (index instanceof TorchValue.Sequence(List<TorchValue> values)) {
      // A list of numbers alone picks each of them along the first axis; any other is a tuple.
      if (values.stream().allMatch(TorchValue.Whole.class::isInstance)) {
        throw new TorchArguments.Unmapped("indexing by a list is not there yet");
      }
      parts = values;
    }
    Tensor result = x;
    int axis = 0;
    for (TorchValue part : parts) {
      switch (part) {
        case TorchValue.Whole(long number) -> result = result.select(axis, number);
        case TorchValue.Slice(Long start, Long stop, Long step) ->
            result =
                result.slice(
                    axis++,
                    start == null ? 0 : start,
                    stop == null ? Long.MAX_VALUE : stop,
                    step == null ? 1 : step);
        case TorchValue.None() -> result = result.unsqueeze(axis++);
        default -> throw new TorchArguments.Unmapped("indexing by a tensor is not there yet");
      }
    }
    return result;
  }
}
