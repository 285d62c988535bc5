package org.gatun.onnx.operator;

import java.util.List;
import org.gatun.Tensor;
import org.gatun.nn.Functional;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.operator.Operator.Typing;
import org.gatun.op.Gemm;
import org.gatun.runtime.Engine;

/** Products of matrices. Integers wrap around. */
final class ProductFamily {
  private ProductFamily() {}

  static void register(Registry onnx) {
    onnx.add("Einsum", 12, Typing.ANY, c -> wrapped(c, einsum(c)));
    onnx.add("Gemm", 1, Typing.ANY, c -> wrapped(c, gemm(c)));
    onnx.add("MatMul", 1, Typing.ANY, c -> wrapped(c, c.tensor(0).matmul(c.tensor(1))));
  }

  /** Brings what was computed in a wider type back into the range of the elements. */
  private static List<Value> wrapped(Call call, Tensor computed) {
    ElementType type = call.type(0);
    for (int i = 1; i < call.inputs(); i++) {
      if (call.has(i) && call.type(i) != type) {
        throw call.failure("inputs of " + type + " and " + call.type(i) + ", expected one type");
      }
    }
    Tensor result =
        switch (type) {
          case UINT16 -> computed.bitwiseAnd(0xffff);
          case UINT32 -> computed.bitwiseAnd(0xffffffffL);
          case UINT64 -> computed;
          default -> {
            if (!type.isNative()) {
              throw call.failure("elements of " + type + ", which it does not compute");
            }
            yield computed;
          }
        };
    return List.of(new Value.Dense(type, result));
  }

  private static Tensor einsum(Call call) {
    Tensor[] operands = call.tensorsFrom(0).toArray(Tensor[]::new);
    return Functional.einsum(call.text("equation", ""), operands);
  }

  /** {@code alpha A B + beta C}, of which a layer's {@code A B^T + c} is one operator in core. */
  private static Tensor gemm(Call call) {
    Tensor a = matrix(call, 0, call.flag("transA", false));
    Tensor b = matrix(call, 1, call.flag("transB", false));
    float alpha = call.number("alpha", 1);
    float beta = call.number("beta", 1);
    Tensor c = call.optional(2);
    boolean plain = alpha == 1 && beta == 1 && a.dtype().isFloating();
    if (a.dim(1) == b.dim(0) && plain && (c == null || isBias(c, b.dim(1)))) {
      return Functional.linear(a, b.permute(1, 0), c == null ? null : c.reshape(b.dim(1)));
    }
    if (c == null) {
      c = Tensor.zeros(a.dtype(), 1);
    }
    return Engine.current().run(new Gemm(alpha, beta), a, b, c);
  }

  private static Tensor matrix(Call call, int input, boolean transposed) {
    Tensor x = call.tensor(input);
    if (x.rank() != 2) {
      throw call.failure("input " + input + " of shape " + x.shape() + ", expected a matrix");
    }
    return transposed ? x.permute(1, 0) : x;
  }

  private static boolean isBias(Tensor c, long columns) {
    return c.size() == columns && (c.rank() == 1 || (c.rank() == 2 && c.dim(0) == 1));
  }
}
