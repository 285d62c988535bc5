package org.gatun.onnx.operator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.onnx.Value;
import org.gatun.onnx.operator.Operator.Typing;
import org.gatun.op.Combination;
import org.gatun.op.Gather;
import org.gatun.op.GatherElements;
import org.gatun.op.Ints;
import org.gatun.op.ScatterElements;
import org.gatun.runtime.Engine;

/** Operators that read the elements which other tensors say. */
final class IndexingFamily {
  private IndexingFamily() {}

  static void register(Registry onnx) {
    onnx.move("Compress", 9, IndexingFamily::compress);
    onnx.move("Gather", 1, IndexingFamily::gather);
    onnx.move("GatherElements", 11, IndexingFamily::gatherElements);
    onnx.move("GatherND", 11, IndexingFamily::gatherNd);
    onnx.add("NonZero", 9, Typing.ANY, c -> List.of(Value.of(nonZero(c.tensor(0)))));
    onnx.add("OneHot", 9, Typing.ANY, IndexingFamily::oneHot);
    onnx.move("ReverseSequence", 10, IndexingFamily::reverseSequence);
    onnx.move("TensorScatter", 24, IndexingFamily::tensorScatter);
  }

  /** Returns i32 or i64 indices, which is what core takes. */
  static Tensor indices(Call call, int input) {
    Tensor indices = call.tensor(input);
    if (indices.dtype() != DType.I32 && indices.dtype() != DType.I64) {
      throw call.failure(
          "indices of " + call.type(input) + indices.shape() + ", expected int32 or int64");
    }
    return indices;
  }

  private static Tensor compress(Call call) {
    Tensor condition = call.tensor(1);
    if (condition.rank() != 1 || condition.dtype() != DType.BOOL) {
      throw call.failure("condition of " + condition.layout() + ", expected bool of one dimension");
    }
    boolean flat = !call.hasAttribute("axis");
    Tensor x = flat ? call.tensor(0).flatten() : call.tensor(0);
    int axis = call.axis(call.integer("axis", 0), x.rank());
    if (condition.dim(0) > x.dim(axis)) {
      throw call.failure(
          "condition of " + condition.dim(0) + " for axis " + axis + " of shape " + x.shape());
    }
    return x.indexSelect(axis, condition.nonzero().flatten());
  }

  private static Tensor gather(Call call) {
    Tensor x = call.tensor(0);
    int axis = call.axis(call.integer("axis", 0), x.rank());
    Gather gather = new Gather("gather", Ints.of(axis), true);
    return Engine.current().run(gather, x, indices(call, 1));
  }

  private static Tensor gatherElements(Call call) {
    Tensor x = call.tensor(0);
    int axis = call.axis(call.integer("axis", 0), x.rank());
    GatherElements gather = new GatherElements("gather elements", axis, true);
    return Engine.current().run(gather, x, indices(call, 1));
  }

  private static Tensor gatherNd(Call call) {
    Tensor x = call.tensor(0);
    Tensor indices = indices(call, 1);
    long batch = call.integer("batch_dims", 0);
    if (indices.rank() < 1 || batch < 0 || batch >= Math.min(indices.rank(), x.rank())) {
      throw call.failure(
          "attribute batch_dims is "
              + batch
              + " for shape "
              + x.shape()
              + " and indices of "
              + indices.shape());
    }
    long depth = indices.dim(-1);
    if (depth < 1 || depth > x.rank() - batch) {
      throw call.failure("indices of shape " + indices.shape() + " for shape " + x.shape());
    }
    List<Tensor> operands = new ArrayList<>();
    operands.add(x);
    Shape picked = indices.shape().range(0, indices.rank() - 1);
    for (int axis = 0; axis < batch; axis++) {
      if (x.dim(axis) != picked.dim(axis)) {
        throw call.failure(
            "shapes " + x.shape() + " and " + indices.shape() + " differ in axis " + axis);
      }
      operands.add(along(picked, axis));
    }
    for (int i = 0; i < depth; i++) {
      Tensor which = indices.select(-1, i);
      operands.add(batch > 0 ? which.to(DType.I64) : which);
    }
    int[] axes = IntStream.range(0, (int) (batch + depth)).toArray();
    return Engine.current()
        .run(new Gather("gather nd", Ints.of(axes), true), operands.toArray(Tensor[]::new));
  }

  /** Returns a tensor whose elements are their own indices along an axis. */
  private static Tensor along(Shape shape, int axis) {
    long[] dims = new long[shape.rank()];
    Arrays.fill(dims, 1);
    dims[axis] = shape.dim(axis);
    return Tensor.arange(shape.dim(axis)).reshape(dims).expand(shape.dims());
  }

  /** Returns the indices of what is not 0, (rank, count). */
  private static Tensor nonZero(Tensor x) {
    return x.nonzero().permute(1, 0);
  }

  private static List<Value> oneHot(Call call) {
    Tensor indices = call.tensor(0);
    long depth = (long) call.scalar(1);
    Value values = call.value(2);
    Tensor offAndOn = call.tensor(2);
    if (depth < 0 || offAndOn.rank() != 1 || offAndOn.size() != 2) {
      throw call.failure(
          "depth " + depth + " and values of " + offAndOn.shape() + ", expected 0 or more and [2]");
    }
    int axis = call.axis(call.integer("axis", -1), indices.rank() + 1);
    Tensor which = indices.to(DType.I64).unsqueeze(axis);
    long[] dims = new long[indices.rank() + 1];
    Arrays.fill(dims, 1);
    dims[axis] = depth;
    Tensor positions = Tensor.arange(depth).reshape(dims);
    // An index below 0 counts from the end, so that one below -depth is nowhere.
    Tensor hit = which.eq(positions).logicalOr(which.add(depth).eq(positions));
    Tensor result = offAndOn.select(0, 1).where(hit, offAndOn.select(0, 0));
    return List.of(new Value.Dense(((Value.Dense) values).type(), result));
  }

  /** Each sequence of a batch backwards, as far as it goes; what comes after it stays. */
  private static Tensor reverseSequence(Call call) {
    Tensor x = call.tensor(0);
    int time = call.axis(call.integer("time_axis", 0), x.rank());
    int batch = call.axis(call.integer("batch_axis", 1), x.rank());
    Tensor lengths = call.tensor(1);
    if (time == batch || lengths.rank() != 1 || lengths.dim(0) != x.dim(batch)) {
      throw call.failure(
          "lengths of " + lengths.shape() + " for axis " + batch + " of shape " + x.shape());
    }
    return reversed(x, lengths, time, batch);
  }

  /** Returns the sequences of a batch backwards, as far as their lengths say. */
  static Tensor reversed(Tensor x, Tensor lengths, int time, int batch) {
    long[] dims = new long[x.rank()];
    Arrays.fill(dims, 1);
    dims[time] = x.dim(time);
    Tensor steps = Tensor.arange(x.dim(time)).reshape(dims);
    dims[time] = 1;
    dims[batch] = x.dim(batch);
    Tensor ends = lengths.to(DType.I64).reshape(dims);
    Tensor sources = ends.sub(steps).sub(1).where(steps.lt(ends), steps);
    Tensor everywhere = sources.expand(x.shape().dims());
    GatherElements gather = new GatherElements("reverse sequence", time, false);
    return Engine.current().run(gather, x, everywhere);
  }

  /** A cache with new elements from where the indices say on. */
  private static Tensor tensorScatter(Call call) {
    Tensor cache = call.tensor(0);
    Tensor update = call.tensor(1);
    int axis = call.axis(call.integer("axis", -2), cache.rank());
    String mode = call.text("mode", "linear");
    if (axis == 0
        || update.rank() != cache.rank()
        || !update.shape().with(axis, cache.dim(axis)).equals(cache.shape())
        || update.dim(axis) > cache.dim(axis)) {
      throw call.failure(
          "an update of "
              + update.shape()
              + " along axis "
              + axis
              + " of a cache of "
              + cache.shape());
    }
    if (!mode.equals("linear") && !mode.equals("circular")) {
      throw call.failure("attribute mode is " + mode + ", expected linear or circular");
    }
    long[] dims = new long[cache.rank()];
    Arrays.fill(dims, 1);
    dims[axis] = update.dim(axis);
    Tensor places = Tensor.arange(update.dim(axis)).reshape(dims);
    if (call.has(2)) {
      Tensor first = call.tensor(2);
      if (first.rank() != 1 || first.dim(0) != cache.dim(0)) {
        throw call.failure(
            "write indices of " + first.shape() + ", expected [" + cache.dim(0) + "]");
      }
      dims[axis] = 1;
      dims[0] = first.dim(0);
      places = places.add(first.to(DType.I64).reshape(dims));
    }
    if (mode.equals("circular")) {
      places = places.remainder(cache.dim(axis));
    }
    ScatterElements scatter =
        new ScatterElements("tensor scatter", axis, false, Combination.REPLACE);
    return Engine.current().run(scatter, cache, update, places.expand(update.shape().dims()));
  }
}
