package org.gatun.testkit.torch;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.gatun.Tensor;
import org.gatun.op.Embedding;

/** Indexing by numbers and slices, {@code x[1, 2:5]}; indexing by tensors is not there yet. */
final class TorchIndexing {
  private TorchIndexing() {}

  /** Returns the calls by PyTorch's names. */
  static Stream<Map.Entry<String, TorchOperators.Call>> calls() {
    return Stream.of(
        TorchOperators.one("__getitem__", a -> get(a.input(), a.raw(1, "index"))),
        TorchOperators.one("nn.functional.embedding", TorchIndexing::embedding));
  }

  private static Tensor embedding(TorchArguments a) {
    return TorchOperators.run(new Embedding(), a.input(), a.tensor(1, "indices"));
  }

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
