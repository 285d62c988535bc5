package org.gatun.onnx.operator;

import java.util.List;
import java.util.stream.LongStream;
import org.gatun.Tensor;
import org.gatun.onnx.Value;
import org.gatun.onnx.operator.Operator.Typing;

/** Operators that move elements and compute none. */
final class MovementFamily {
  private MovementFamily() {}

  static void register(Registry onnx) {
    onnx.add("Identity", 1, Typing.ANY, c -> List.of(c.value(0)));
    onnx.add("Shape", 1, Typing.ANY, c -> List.of(Value.of(Tensor.of(c.shape(0).dims()))));
    onnx.move("Transpose", 1, MovementFamily::transpose);
  }

  private static Tensor transpose(Call call) {
    long[] order = call.integers("perm");
    Tensor x = call.tensor(0);
    if (order == null) {
      int rank = x.rank();
      order = LongStream.range(0, rank).map(i -> rank - 1 - i).toArray();
    }
    return x.permute(LongStream.of(order).mapToInt(Math::toIntExact).toArray());
  }
}
