package org.gatun.benchmarks.peers;

import static org.gatun.benchmarks.peers.TorchOperands.numbers;
import static org.gatun.benchmarks.peers.TorchOperands.unsized;

import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRef;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.gatun.op.Concat;
import org.gatun.op.Copy;
import org.gatun.op.Embedding;
import org.gatun.op.Ints;
import org.gatun.op.Op;
import org.gatun.op.Permute;
import org.jspecify.annotations.Nullable;

/** What moves elements, on libtorch. */
final class TorchMovements {
  private TorchMovements() {}

  /** Returns the call, null if the operator is none of these or libtorch has none. */
  static @Nullable TorchCall call(Op op, TorchOperands operands) {
    Tensor x = operands.get(0);
    return switch (op) {
      case Permute(Ints axes) -> copy(x.permute(numbers(axes)), torch.MemoryFormat.Contiguous);
      case Copy(boolean channelsLast) ->
          copy(x, channelsLast ? torch.MemoryFormat.ChannelsLast : torch.MemoryFormat.Contiguous);
      case Concat(int axis) -> {
        TensorArrayRef parts =
            new TensorArrayRef(new TensorVector(operands.tensors().toArray(Tensor[]::new)));
        yield TorchCall.into(unsized(), result -> torch.cat_out(result, parts, axis));
      }
      case Embedding _ -> {
        Tensor rows = operands.get(1).flatten();
        yield TorchCall.into(unsized(), result -> torch.index_select_out(result, x, 0, rows));
      }
      default -> null;
    };
  }

  private static @Nullable TorchCall copy(Tensor x, torch.MemoryFormat format) {
    if (format == torch.MemoryFormat.ChannelsLast && x.dim() != 4) {
      return null;
    }
    // A clone, since contiguous returns the tensor itself where it lies so already.
    return TorchCall.into(x.clone(new MemoryFormatOptional(format)), result -> result.copy_(x));
  }
}
