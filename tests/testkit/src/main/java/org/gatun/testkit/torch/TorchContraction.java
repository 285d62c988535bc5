package org.gatun.testkit.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.gatun.Tensor;
import org.gatun.nn.Functional;

/** PyTorch's products of matrices and vectors. */
final class TorchContraction {
  /** One of {@code addmm} and its likes. */
  @FunctionalInterface
  private interface Addition {
    Tensor of(Tensor x, Tensor a, Tensor b, double beta, double alpha);
  }

  private TorchContraction() {}

  /** Returns the calls by PyTorch's names. */
  static Stream<Map.Entry<String, TorchOperators.Call>> calls() {
    return Stream.of(
        TorchOperators.one("__rmatmul__", a -> a.tensor(1, "other").matmul(a.input())),
        addition("addbmm", "batch1", "batch2", Tensor::addbmm),
        addition("addmm", "mat1", "mat2", Tensor::addmm),
        addition("addmv", "mat", "vec", Tensor::addmv),
        addition("addr", "vec1", "vec2", Tensor::addr),
        addition("baddbmm", "batch1", "batch2", Tensor::baddbmm),
        TorchOperators.one("bmm", a -> a.input().bmm(a.tensor(1, "mat2"))),
        TorchOperators.one("chain_matmul", TorchContraction::multiDot),
        TorchOperators.one("dot", a -> a.input().dot(a.tensor(1, "tensor"))),
        TorchOperators.one("einsum", TorchContraction::einsum),
        TorchOperators.one("ger", a -> a.input().outer(a.tensor(1, "vec2"))),
        TorchOperators.one("inner", a -> a.input().inner(a.tensor(1, "other"))),
        TorchOperators.one("kron", a -> a.input().kron(a.tensor(1, "other"))),
        TorchOperators.one("linalg.multi_dot", TorchContraction::multiDot),
        TorchOperators.one("linalg.vecdot", TorchContraction::vecdot),
        TorchOperators.one("matmul", a -> a.input().matmul(a.tensor(1, "other"))),
        TorchOperators.one("mm", a -> a.input().mm(a.tensor(1, "mat2"))),
        TorchOperators.one("mv", a -> a.input().mv(a.tensor(1, "vec"))),
        TorchOperators.one("nn.functional.bilinear", TorchContraction::bilinear),
        TorchOperators.one("nn.functional.linear", TorchContraction::linear),
        TorchOperators.one("outer", a -> a.input().outer(a.tensor(1, "vec2"))),
        TorchOperators.one("tensordot", TorchContraction::tensordot),
        TorchOperators.one("vdot", a -> a.input().vdot(a.tensor(1, "other"))));
  }

  private static Map.Entry<String, TorchOperators.Call> addition(
      String name, String first, String second, Addition addition) {
    return TorchOperators.one(
        name,
        a ->
            addition.of(
                a.input(),
                a.tensor(1, first),
                a.tensor(2, second),
                a.number(-1, "beta", 1),
                a.number(-1, "alpha", 1)));
  }

  private static Tensor einsum(TorchArguments a) {
    return Functional.einsum(
        a.text(1, "equation", ""), a.tensors(0, "operands").toArray(Tensor[]::new));
  }

  private static Tensor multiDot(TorchArguments a) {
    if (a.isList(0, "tensors")) {
      return Functional.multiDot(a.tensors(0, "tensors").toArray(Tensor[]::new));
    }
    List<Tensor> matrices = new ArrayList<>(List.of(a.input()));
    for (int i = 1; a.isTensor(i, "matrices"); i++) {
      matrices.add(a.tensor(i, "matrices"));
    }
    return Functional.multiDot(matrices.toArray(Tensor[]::new));
  }

  private static Tensor vecdot(TorchArguments a) {
    return a.input().mul(a.tensor(1, "y")).sum(a.integer(-1, "dim", -1));
  }

  private static Tensor tensordot(TorchArguments a) {
    TorchValue dims = a.raw(2, "dims");
    Tensor other = a.tensor(1, "other");
    return switch (dims) {
      case TorchValue.Sequence(List<TorchValue> both) when both.size() == 2 ->
          a.input().tensordot(other, axes(both.get(0)), axes(both.get(1)));
      default -> a.input().tensordot(other, a.integer(2, "dims", 2));
    };
  }

  private static int[] axes(TorchValue value) {
    return switch (value) {
      case TorchValue.Sequence(List<TorchValue> values) ->
          values.stream().mapToInt(one -> axes(one)[0]).toArray();
      case TorchValue.Whole(long number) -> new int[] {Math.toIntExact(number)};
      default -> throw new IllegalStateException("axes are " + value);
    };
  }

  private static Tensor bilinear(TorchArguments a) {
    return Functional.bilinear(
        a.input(), a.tensor(1, "input2"), a.tensor(2, "weight"), a.optionalTensor(3, "bias"));
  }

  private static Tensor linear(TorchArguments a) {
    return Functional.linear(a.input(), a.tensor(1, "weight"), a.optionalTensor(2, "bias"));
  }
}
