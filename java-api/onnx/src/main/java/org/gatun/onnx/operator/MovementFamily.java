package org.gatun.onnx.operator;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.gatun.Tensor;
import org.gatun.onnx.operator.Operator.Typing;
import org.gatun.op.Longs;
import org.gatun.op.Pad;
import org.gatun.op.PadMode;
import org.gatun.runtime.Engine;
import org.jspecify.annotations.Nullable;

/** Operators that give elements other places, by shapes alone. */
final class MovementFamily {
  private MovementFamily() {}

  static void register(Registry onnx) {
    onnx.move("CenterCropPad", 18, MovementFamily::centerCropPad);
    onnx.move("Concat", 4, c -> Tensor.concat(concatAxis(c), c.tensorsFrom(0)));
    onnx.move("DepthToSpace", 1, MovementFamily::depthToSpace);
    onnx.move("Expand", 8, MovementFamily::expand);
    onnx.move("Flatten", 1, MovementFamily::flatten);
    onnx.add("Identity", 1, Typing.ANY, c -> List.of(c.value(0)));
    onnx.move("Reshape", 5, MovementFamily::reshape);
    onnx.move("SpaceToDepth", 1, MovementFamily::spaceToDepth);
    onnx.moveAll("Split", 2, MovementFamily::split);
    onnx.move("Squeeze", 1, MovementFamily::squeeze);
    onnx.move("Tile", 6, MovementFamily::tile);
    onnx.move("Transpose", 1, MovementFamily::transpose);
    onnx.move("Trilu", 14, MovementFamily::trilu);
    onnx.move("Unsqueeze", 1, MovementFamily::unsqueeze);
  }

  /** The axes, in which older versions have an attribute and newer ones an input. */
  private static long @Nullable [] axes(Call call, int input) {
    long[] axes = call.integers("axes");
    return axes == null && call.has(input) ? call.longs(input) : axes;
  }

  // Parts of a tensor, and tensors side by side.

  private static int concatAxis(Call call) {
    return call.axis(call.integer("axis"), call.shape(0).rank());
  }

  private static List<Tensor> split(Call call) {
    Tensor x = call.tensor(0);
    int axis = call.axis(call.integer("axis", 0), x.rank());
    long[] sizes = call.integers("split");
    if (sizes == null && call.has(1)) {
      sizes = call.longs(1);
    }
    long dim = x.dim(axis);
    if (sizes == null) {
      sizes = equalParts(call, dim);
    }
    if (sizes.length != call.outputs()
        || Arrays.stream(sizes).anyMatch(size -> size < 0 || size > dim)
        || Arrays.stream(sizes).sum() != dim) {
      throw call.failure(
          "parts of "
              + Arrays.toString(sizes)
              + " for axis "
              + axis
              + " of shape "
              + x.shape()
              + " and "
              + call.outputs()
              + " outputs");
    }
    return x.split(sizes, axis);
  }

  /** Parts of the same size, the last one smaller where they do not divide the dimension. */
  private static long[] equalParts(Call call, long dim) {
    long count = call.integer("num_outputs", call.outputs());
    if (count != call.outputs()) {
      throw call.failure(
          "attribute num_outputs is " + count + " for " + call.outputs() + " outputs");
    }
    long[] sizes = new long[call.outputs()];
    long size = Math.ceilDiv(dim, count);
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Math.clamp(dim - i * size, 0, size);
    }
    return sizes;
  }

  /** Crops or pads so that what is left, or what there was, is in the middle. */
  private static Tensor centerCropPad(Call call) {
    Tensor x = call.tensor(0);
    long[] sizes = call.longs(1);
    long[] given = call.integers("axes");
    int[] axes = given == null ? allAxes(x.rank()) : normalized(call, given, x.rank());
    if (sizes.length != axes.length) {
      throw call.failure("a shape of " + sizes.length + " numbers for " + axes.length + " axes");
    }
    long[] before = new long[x.rank()];
    long[] after = new long[x.rank()];
    for (int i = 0; i < axes.length; i++) {
      if (sizes[i] < 0) {
        throw call.failure("shape " + Arrays.toString(sizes) + ", expected numbers of 0 or more");
      }
      long missing = sizes[i] - x.dim(axes[i]);
      before[axes[i]] = missing / 2;
      after[axes[i]] = missing - missing / 2;
    }
    Pad pad = new Pad(Longs.of(before), Longs.of(after), PadMode.CONSTANT, 0);
    return Engine.current().run(pad, x);
  }

  // Shapes.

  private static Tensor expand(Call call) {
    Tensor x = call.tensor(0);
    return x.expand(broadcast(call, x.shape().dims(), call.longs(1)));
  }

  private static long[] broadcast(Call call, long[] dims, long[] wanted) {
    long[] result = new long[Math.max(dims.length, wanted.length)];
    for (int i = 1; i <= result.length; i++) {
      long own = i <= dims.length ? dims[dims.length - i] : 1;
      long other = i <= wanted.length ? wanted[wanted.length - i] : 1;
      if (other < 0 || (own != other && own != 1 && other != 1)) {
        throw call.failure(
            "shape " + Arrays.toString(wanted) + " for an input of " + Arrays.toString(dims));
      }
      result[result.length - i] = own == 1 ? other : own;
    }
    return result;
  }

  private static Tensor flatten(Call call) {
    Tensor x = call.tensor(0);
    long given = call.integer("axis", 1);
    int axis = given == x.rank() ? x.rank() : call.axis(given, x.rank());
    return x.reshape(x.shape().range(0, axis).size(), x.shape().range(axis, x.rank()).size());
  }

  private static Tensor reshape(Call call) {
    Tensor x = call.tensor(0);
    long[] wanted = call.longs(1);
    boolean zeroIsZero = call.flag("allowzero", false);
    long[] dims = wanted.clone();
    // What is to be divided up is what the dimensions that stay leave, in both shapes.
    long left = 1;
    for (int i = wanted.length; i < x.rank(); i++) {
      left = Math.multiplyExact(left, x.dim(i));
    }
    long given = 1;
    int inferred = -1;
    for (int i = 0; i < dims.length; i++) {
      boolean stays = dims[i] == 0 && !zeroIsZero;
      if (stays ? i >= x.rank() : dims[i] < -1 || (dims[i] == -1 && inferred >= 0)) {
        throw mismatch(call, wanted, x);
      }
      if (stays) {
        dims[i] = x.dim(i);
        continue;
      }
      left = Math.multiplyExact(left, i < x.rank() ? x.dim(i) : 1);
      if (dims[i] == -1) {
        inferred = i;
      } else {
        given = Math.multiplyExact(given, dims[i]);
      }
    }
    if (inferred < 0 ? given != left : given == 0 || left % given != 0) {
      throw mismatch(call, wanted, x);
    }
    if (inferred >= 0) {
      dims[inferred] = left / given;
    }
    return x.reshape(dims);
  }

  private static RuntimeException mismatch(Call call, long[] wanted, Tensor x) {
    return call.failure("shape " + Arrays.toString(wanted) + " for an input of " + x.shape());
  }

  private static Tensor squeeze(Call call) {
    Tensor x = call.tensor(0);
    long[] axes = axes(call, 1);
    if (axes == null) {
      return x.squeeze();
    }
    int[] dropped = normalized(call, axes, x.rank());
    for (int axis : dropped) {
      if (x.dim(axis) != 1) {
        throw call.failure("axis " + axis + " of shape " + x.shape() + ", expected 1 there");
      }
    }
    return dropped.length == 0 ? x : x.squeeze(dropped);
  }

  private static Tensor unsqueeze(Call call) {
    Tensor x = call.tensor(0);
    long[] axes = axes(call, 1);
    if (axes == null) {
      throw call.failure("its axes are missing");
    }
    int rank = x.rank() + axes.length;
    boolean[] isNew = new boolean[rank];
    for (int axis : normalized(call, axes, rank)) {
      isNew[axis] = true;
    }
    long[] dims = new long[rank];
    int next = 0;
    for (int i = 0; i < rank; i++) {
      dims[i] = isNew[i] ? 1 : x.dim(next++);
    }
    return x.reshape(dims);
  }

  private static int[] allAxes(int rank) {
    return IntStream.range(0, rank).toArray();
  }

  private static int[] normalized(Call call, long[] axes, int rank) {
    int[] result = Arrays.stream(axes).mapToInt(axis -> call.axis(axis, rank)).toArray();
    if (Arrays.stream(result).distinct().count() != result.length) {
      throw call.failure("axes " + Arrays.toString(axes) + ", expected each once");
    }
    return result;
  }

  // Other orders.

  private static Tensor transpose(Call call) {
    Tensor x = call.tensor(0);
    long[] order = call.integers("perm");
    if (order == null) {
      int rank = x.rank();
      return x.permute(IntStream.range(0, rank).map(i -> rank - 1 - i).toArray());
    }
    return x.permute(normalized(call, order, x.rank()));
  }

  /** Blocks of channels become pixels: (N, C b b, H, W) becomes (N, C, H b, W b). */
  private static Tensor depthToSpace(Call call) {
    Tensor x = image(call);
    long block = block(call);
    long channels = x.dim(1) / (block * block);
    if (channels * block * block != x.dim(1)) {
      throw call.failure("blocks of " + block + " for shape " + x.shape());
    }
    boolean columnsFirst = call.text("mode", "DCR").equals("CRD");
    long n = x.dim(0);
    long h = x.dim(2);
    long w = x.dim(3);
    Tensor apart =
        columnsFirst
            ? x.reshape(n, channels, block, block, h, w).permute(0, 1, 4, 2, 5, 3)
            : x.reshape(n, block, block, channels, h, w).permute(0, 3, 4, 1, 5, 2);
    return apart.reshape(n, channels, h * block, w * block);
  }

  /** Blocks of pixels become channels: (N, C, H, W) becomes (N, b b C, H / b, W / b). */
  private static Tensor spaceToDepth(Call call) {
    Tensor x = image(call);
    long block = block(call);
    long h = x.dim(2) / block;
    long w = x.dim(3) / block;
    if (h * block != x.dim(2) || w * block != x.dim(3)) {
      throw call.failure("blocks of " + block + " for shape " + x.shape());
    }
    return x.reshape(x.dim(0), x.dim(1), h, block, w, block)
        .permute(0, 3, 5, 1, 2, 4)
        .reshape(x.dim(0), x.dim(1) * block * block, h, w);
  }

  private static Tensor image(Call call) {
    Tensor x = call.tensor(0);
    if (x.rank() != 4) {
      throw call.failure("shape " + x.shape() + ", expected images (N, C, H, W)");
    }
    return x;
  }

  private static long block(Call call) {
    long block = call.integer("blocksize");
    if (block < 1 || block > Integer.MAX_VALUE) {
      throw call.failure("attribute blocksize is " + block + ", expected 1 or more");
    }
    return block;
  }

  private static Tensor tile(Call call) {
    Tensor x = call.tensor(0);
    long[] repeats = call.longs(1);
    if (repeats.length != x.rank()) {
      throw call.failure(
          "repeats " + Arrays.toString(repeats) + " for shape " + x.shape() + ", expected as many");
    }
    return x.repeat(repeats);
  }

  private static Tensor trilu(Call call) {
    Tensor x = call.tensor(0);
    long diagonal = call.has(1) ? call.scalarLong(1) : 0;
    return call.flag("upper", true) ? x.triu(diagonal) : x.tril(diagonal);
  }
}
