package org.gatun.onnx.operator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.nn.Functional;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.ElementType;
import org.jspecify.annotations.Nullable;

/**
 * Products with weights of few bits, of which a byte holds several. Weights that are constant are
 * unpacked once, since what depends on constants alone is computed once.
 *
 * <p>Source: ONNX Runtime's <a
 * href="https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md">contributed
 * operators</a>.
 */
final class PackedWeightsFamily {
  private PackedWeightsFamily() {}

  static void register(Registry microsoft) {
    microsoft.add(
        "GatherBlockQuantized",
        1,
        Operator.Typing.ANY,
        c -> List.of(Value.of(gatherBlockQuantized(c))));
    microsoft.add("MatMulNBits", 1, PackedWeightsFamily::matMulNBits);
  }

  /**
   * {@code A W^T + bias} with W of shape (N, K), in blocks along K that share a scale and a zero
   * point. B is (N, blocks, bytes of a block).
   */
  private static Tensor matMulNBits(Call call) {
    Tensor a = call.tensor(0);
    long k = call.integer("K");
    long n = call.integer("N");
    int bits = bits(call);
    long block = call.integer("block_size");
    if (k < 1 || n < 1 || block < 1) {
      throw call.failure(
          "attributes K " + k + ", N " + n + " and block_size " + block + ", expected 1 or more");
    }
    if (call.integer("weight_prepacked", 0) != 0) {
      throw call.failure("attribute weight_prepacked, expected 0: weights as ONNX Runtime's CPU's");
    }
    long blocks = Math.ceilDiv(k, block);
    Tensor bytes = call.tensor(1);
    long perBlock = Math.ceilDiv(block * bits, Byte.SIZE);
    if (bytes.dtype() != DType.U8 || bytes.size() != n * blocks * perBlock) {
      throw call.failure(
          "input 1 is of "
              + bytes.layout()
              + ", expected u8["
              + n
              + ", "
              + blocks
              + ", "
              + perBlock
              + "]");
    }
    Tensor integers = unpack(bytes.reshape(n * blocks, perBlock), bits, block);
    Tensor scale = call.tensor(2).to(DType.F32);
    Tensor given = call.optional(3);
    Tensor groups = call.optional(4);
    if (scale.size() != n * blocks) {
      throw call.failure(
          "input 2 has shape " + scale.shape() + ", expected [" + n + ", " + blocks + "]");
    }
    Tensor zero = given == null ? null : zeroPoints(call, given, bits, n, blocks);
    Tensor weights;
    if (groups == null) {
      weights =
          numbers(integers.reshape(n * blocks, block), scale.reshape(n * blocks, 1), zero, bits)
              .reshape(n, blocks * block)
              .slice(1, 0, k);
    } else {
      // Of each element of a row which block's scale it has.
      Tensor index = groups.reshape(groups.size()).slice(0, 0, k).to(DType.I64);
      weights =
          numbers(
              integers.reshape(n, blocks * block).slice(1, 0, k),
              scale.reshape(n, blocks).indexSelect(1, index),
              zero == null ? null : zero.reshape(n, blocks).indexSelect(1, index),
              bits);
    }
    Tensor bias = call.optional(5);
    return Functional.linear(a, weights.to(a.dtype()), bias == null ? null : bias.to(a.dtype()));
  }

  private static int bits(Call call) {
    int bits = call.smallInteger("bits", 4);
    if (bits != 2 && bits != 4 && bits != 8) {
      throw call.failure("attribute bits is " + bits + ", expected 2, 4 or 8");
    }
    return bits;
  }

  /** Returns the integers that the bytes of rows hold, the lowest bits first. */
  private static Tensor unpack(Tensor bytes, int bits, long perRow) {
    if (bits == Byte.SIZE) {
      return bytes.slice(1, 0, perRow);
    }
    long mask = (1L << bits) - 1;
    List<Tensor> parts = new ArrayList<>();
    for (int shift = 0; shift < Byte.SIZE; shift += bits) {
      parts.add(bytes.bitwiseRightShift(shift).bitwiseAnd(mask));
    }
    long rows = bytes.shape().dim(0);
    return Tensor.stack(2, parts)
        .reshape(rows, bytes.shape().dim(1) * parts.size())
        .slice(1, 0, perRow);
  }

  /** Returns the zero points of (rows * blocks, 1) blocks: packed integers, or numbers. */
  private static Tensor zeroPoints(Call call, Tensor given, int bits, long rows, long blocks) {
    if (given.dtype() != DType.U8) {
      return given.to(DType.F32).reshape(rows * blocks, 1);
    }
    long perRow = Math.ceilDiv(blocks * bits, Byte.SIZE);
    if (given.size() != rows * perRow) {
      throw call.failure(
          "input 3 is of " + given.layout() + ", expected u8[" + rows + ", " + perRow + "]");
    }
    return unpack(given.reshape(rows, perRow), bits, blocks).reshape(rows * blocks, 1);
  }

  /** Returns the numbers that integers stand for; zero points that are missing are the middle. */
  private static Tensor numbers(Tensor integers, Tensor scale, @Nullable Tensor zero, int bits) {
    Tensor numbers = integers.to(DType.F32);
    Tensor shifted = zero == null ? numbers.sub(1 << (bits - 1)) : numbers.sub(zero.to(DType.F32));
    return shifted.mul(scale);
  }

  /**
   * Rows of a table of integers, in blocks along an axis that share a scale and a zero point, as
   * numbers. In a table of bytes each holds as many integers of {@code bits} bits as go in.
   */
  private static Tensor gatherBlockQuantized(Call call) {
    Tensor data = call.tensor(0);
    Tensor scale = call.tensor(2);
    int rank = data.rank();
    boolean packed = call.type(0) == ElementType.UINT8;
    int bits = packed ? bits(call) : Byte.SIZE;
    int gathered = call.axis(call.integer("gather_axis", 0), rank);
    int quantized = call.axis(call.integer("quantize_axis", 1), rank);
    long block = call.integer("block_size", 128);
    if (gathered == quantized || (packed && quantized != rank - 1) || block < 1) {
      throw call.failure(
          "gather_axis "
              + gathered
              + ", quantize_axis "
              + quantized
              + " and block_size "
              + block
              + ", expected two axes, the second the last one of bytes, and 1 or more");
    }
    Tensor rows = gather(call, data, gathered);
    // The dimensions of the indices stand where the axis was.
    int at = gathered < quantized ? quantized + rows.rank() - rank : quantized;
    Tensor integers = packed ? unpackLast(rows, bits) : rows;
    Tensor zero = call.optional(3);
    if (zero != null) {
      Tensor zeros = gather(call, zero, gathered);
      zero = packed ? unpackLast(zeros, bits) : zeros;
      zero = zero.slice(at, 0, scale.shape().dim(quantized)).to(DType.F32);
    } else if (packed) {
      zero = Tensor.scalar((float) (1 << (bits - 1)));
    }
    Tensor scales = gather(call, scale, gathered).to(DType.F32);
    Tensor numbers = integers.to(DType.F32);
    if (zero != null) {
      numbers = numbers.sub(zero.rank() == 0 ? zero : spread(zero, numbers, at, block));
    }
    return numbers.mul(spread(scales, numbers, at, block)).to(scale.dtype());
  }

  private static Tensor gather(Call call, Tensor table, int axis) {
    return StandardOperator.run(
        call,
        "Gather",
        13,
        List.of(table, call.tensor(1)),
        Map.of("axis", new Attribute.OfInt(axis)));
  }

  /** Returns for each element what its block has. */
  private static Tensor spread(Tensor blocks, Tensor numbers, int axis, long block) {
    return blocks.repeatInterleave(block, axis).slice(axis, 0, numbers.shape().dim(axis));
  }

  private static Tensor unpackLast(Tensor bytes, int bits) {
    long[] dims = bytes.shape().dims();
    long last = dims[dims.length - 1];
    dims[dims.length - 1] = last * (Byte.SIZE / bits);
    long rows = bytes.size() / Math.max(1, last);
    return unpack(bytes.reshape(rows, last), bits, dims[dims.length - 1]).reshape(dims);
  }
}
