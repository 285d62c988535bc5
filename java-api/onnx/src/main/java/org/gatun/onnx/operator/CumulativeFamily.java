package org.gatun.onnx.operator;

import java.util.List;
import java.util.function.BiFunction;
import org.gatun.Tensor;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.operator.Operator.Typing;

/** Operators of each element and those before it along an axis. */
final class CumulativeFamily {
  private CumulativeFamily() {}

  static void register(Registry onnx) {
    onnx.add("CumProd", 26, Typing.ANY, c -> scan(c, Tensor::cumprod, 1));
    onnx.add("CumSum", 11, Typing.ANY, c -> scan(c, Tensor::cumsum, 0));
  }

  private static List<Value> scan(
      Call call, BiFunction<Tensor, Integer, Tensor> function, double first) {
    ElementType type = Numbers.firstType(call);
    Tensor x = call.tensor(0);
    int axis = call.axis(call.scalarLong(1), x.rank());
    boolean reverse = call.flag("reverse", false);
    Tensor scanned = reverse ? x.flip(axis) : x;
    if (call.flag("exclusive", false) && x.dim(axis) > 0) {
      // One place further on, behind what the scan of no elements is.
      long[] dims = x.shape().dims();
      dims[axis] = 1;
      Tensor start = Tensor.full(x.dtype(), first, dims);
      scanned = Tensor.concat(axis, start, scanned.narrow(axis, 0, x.dim(axis) - 1));
    }
    Tensor result = function.apply(scanned, axis).to(x.dtype());
    return Numbers.result(type, reverse ? result.flip(axis) : result);
  }
}
