package org.gatun.benchmarks.peers;

import static org.gatun.benchmarks.peers.TorchOperands.unsized;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.gatun.op.Gemm;
import org.gatun.op.Linear;
import org.gatun.op.MatMul;
import org.gatun.op.Op;
import org.gatun.op.ScaledDotProductAttention;
import org.jspecify.annotations.Nullable;

/** Products of matrices, and attention, on libtorch. */
final class TorchProducts {
  private TorchProducts() {}

  /** Returns the call, null if the operator is none of these or libtorch has none. */
  static @Nullable TorchCall call(Op op, TorchOperands operands) {
    return switch (op) {
      case Linear(boolean bias) -> linear(bias, operands);
      case MatMul _ -> product(operands.get(0), operands.get(1));
      case Gemm(double alpha, double beta) -> gemm(alpha, beta, operands);
      case ScaledDotProductAttention attention when attention.dropout() == 0 ->
          attention(attention, operands);
      default -> null;
    };
  }

  /** A linear layer of rows is one product, however many dimensions number them. */
  private static TorchCall linear(boolean bias, TorchOperands operands) {
    Tensor x = operands.get(0);
    Tensor weights = operands.get(1);
    if (weights.dim() != 2) {
      TensorOptional added = operands.optional(bias, 2);
      return TorchCall.making(() -> torch.linear(x, weights, added));
    }
    Tensor rows = x.view(-1, x.size(-1));
    Tensor transposed = weights.t();
    if (!bias) {
      return TorchCall.into(unsized(), result -> torch.mm_out(result, rows, transposed));
    }
    Tensor added = operands.get(2);
    return TorchCall.into(unsized(), result -> torch.addmm_out(result, added, rows, transposed));
  }

  private static TorchCall product(Tensor a, Tensor b) {
    if (a.dim() == 2 && b.dim() == 2) {
      return TorchCall.into(unsized(), result -> torch.mm_out(result, a, b));
    }
    if (a.dim() == 3 && b.dim() == 3 && a.size(0) == b.size(0)) {
      return TorchCall.into(unsized(), result -> torch.bmm_out(result, a, b));
    }
    return TorchCall.into(unsized(), result -> torch.matmul_out(result, a, b));
  }

  private static @Nullable TorchCall gemm(double alpha, double beta, TorchOperands operands) {
    Tensor a = operands.get(0);
    Tensor b = operands.get(1);
    Tensor c = operands.get(2);
    Scalar scale = new Scalar(alpha);
    Scalar share = new Scalar(beta);
    if (a.dim() == 2 && b.dim() == 2) {
      return TorchCall.into(unsized(), result -> torch.addmm_out(result, c, a, b, share, scale));
    }
    if (a.dim() == 3 && b.dim() == 3 && a.size(0) == b.size(0)) {
      return TorchCall.into(unsized(), result -> torch.baddbmm_out(result, c, a, b, share, scale));
    }
    return null;
  }

  private static @Nullable TorchCall attention(
      ScaledDotProductAttention op, TorchOperands operands) {
    // libtorch has its fused code for four dimensions alone.
    Tensor query = batched(operands.get(0));
    Tensor key = batched(operands.get(1));
    Tensor value = batched(operands.get(2));
    TensorOptional mask = operands.optional(op.mask(), 3);
    DoubleOptional scale =
        Double.isNaN(op.scale()) ? new DoubleOptional() : new DoubleOptional(op.scale());
    return TorchCall.making(
        () ->
            torch.scaled_dot_product_attention(
                query, key, value, mask, 0, op.causal(), scale, op.grouped()));
  }

  private static Tensor batched(Tensor tensor) {
    return tensor.dim() == 3 ? tensor.unsqueeze(0) : tensor;
  }
}
