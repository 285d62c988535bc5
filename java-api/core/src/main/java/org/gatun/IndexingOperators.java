package org.gatun;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.gatun.op.Combination;
import org.gatun.op.Gather;
import org.gatun.op.GatherElements;
import org.gatun.op.Ints;
import org.gatun.op.MaskedSelect;
import org.gatun.op.NonZero;
import org.gatun.op.Scatter;
import org.gatun.op.ScatterElements;
import org.gatun.runtime.Engine;

/**
 * The methods of {@link Tensor} that read or write the elements which other tensors say.
 *
 * <p>Bad arguments throw {@link IllegalArgumentException} with a message that names the operator
 * and what it expected, and so does an index out of range; a closed tensor throws {@link
 * IllegalStateException}. Nothing is computed or written then.
 */
public sealed interface IndexingOperators permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  // What stands between brackets.

  /**
   * Returns what PyTorch's {@code x[...]} returns: a view if the indices are numbers and ranges
   * alone, else a copy.
   *
   * <p>{@code x.index(Index.at(0), Index.range(1, 3), Index.of(i))} is {@code x[0, 1:3, i]}.
   *
   * @throws IndexOutOfBoundsException if a number is out of range
   * @see Index
   * @see Gather
   */
  default Tensor index(Index... indices) {
    try (Selection selection = Selection.of("index", self(), indices)) {
      return selection.get();
    }
  }

  /**
   * Returns a copy in which what {@link #index} returns is replaced by values that broadcast to it.
   *
   * @param accumulate whether the values are added instead; where an element is picked several
   *     times, all of them
   */
  default Tensor indexPut(Tensor values, boolean accumulate, Index... indices) {
    Tensor result = self().copy();
    boolean done = false;
    try (Selection selection = Selection.of("index_put", result, indices)) {
      selection.put(values, accumulate);
      done = true;
      return result;
    } finally {
      if (!done) {
        result.close();
      }
    }
  }

  // Parts along an axis.

  /**
   * Returns the parts at some indices of an axis, one after the other; see {@link Gather}.
   *
   * @param indices {@code i32} or {@code i64} of one dimension, or a scalar
   */
  default Tensor indexSelect(int axis, Tensor indices) {
    int at = partAxis("index_select", axis, indices);
    Gather gather = new Gather("index_select", Ints.of(at), false);
    try (Tensor x = vector("index_select", self());
        Tensor which = vector("index_select", indices);
        Tensor result = Engine.current().run(gather, x, which)) {
      return self().rank() == 0 && indices.size() == 1
          ? result.view()
          : result.view(result.shape().dims());
    }
  }

  /** Returns a copy with the parts of a source added at some indices of an axis. */
  default Tensor indexAdd(int axis, Tensor indices, Tensor source) {
    return indexPart("index_add", axis, indices, source, Combination.ADD);
  }

  /** Returns a copy with the parts of a source, times a number, added at indices of an axis. */
  default Tensor indexAdd(int axis, Tensor indices, Tensor source, double alpha) {
    if (alpha == 1) {
      return indexAdd(axis, indices, source);
    }
    self().checkOpen("index_add");
    if (!source.dtype().isFloating() && alpha != Math.rint(alpha)) {
      throw new IllegalArgumentException(
          "index_add: alpha "
              + alpha
              + " for a source of dtype "
              + source.dtype().spelling()
              + ", expected a whole number");
    }
    try (Tensor factor = Tensor.full(source.dtype(), alpha);
        Tensor scaled = source.mul(factor)) {
      return indexAdd(axis, indices, scaled);
    }
  }

  /** Returns a copy with the parts at some indices of an axis replaced by those of a source. */
  default Tensor indexCopy(int axis, Tensor indices, Tensor source) {
    return indexPart("index_copy", axis, indices, source, Combination.REPLACE);
  }

  /** Returns a copy with the parts at some indices of an axis filled with a number. */
  default Tensor indexFill(int axis, Tensor indices, double value) {
    try (Tensor number = Tensor.full(self().dtype(), value)) {
      return indexFill(axis, indices, number);
    }
  }

  /** Returns the same for a number that is a tensor's, a scalar. */
  default Tensor indexFill(int axis, Tensor indices, Tensor value) {
    if (value.rank() != 0) {
      throw new IllegalArgumentException(
          "index_fill: value of shape " + value.shape() + ", expected a scalar");
    }
    int at = partAxis("index_fill", axis, indices);
    try (Tensor x = vector("index_fill", self());
        Tensor number = value.to(self().dtype());
        Tensor source = number.expand(x.shape().with(at, indices.size()).dims())) {
      return indexPart("index_fill", axis, indices, source, Combination.REPLACE);
    }
  }

  private Tensor indexPart(
      String name, int axis, Tensor indices, Tensor source, Combination combination) {
    int at = partAxis(name, axis, indices);
    Scatter scatter = new Scatter(name, Ints.of(at), false, combination);
    try (Tensor x = vector(name, self());
        Tensor which = vector(name, indices);
        Tensor parts = source.rank() < x.rank() ? source.unsqueeze(at) : source.sharing(name);
        Tensor result = Engine.current().run(scatter, x, parts, which)) {
      return result.view(self().shape().dims());
    }
  }

  private int partAxis(String name, int axis, Tensor indices) {
    int at = self().axis(name, axis, self().rank());
    if (indices.rank() > 1) {
      throw new IllegalArgumentException(
          name + ": indices of shape " + indices.shape() + ", expected one dimension, or a scalar");
    }
    return at;
  }

  /** Returns a view of a scalar with one dimension, of another tensor as it is. */
  private static Tensor vector(String name, Tensor x) {
    return x.rank() == 0 ? x.view(1) : x.sharing(name);
  }

  // Elements along an axis.

  /** Returns for each index an element along an axis; see {@link GatherElements}. */
  default Tensor gather(int axis, Tensor indices) {
    return gather("gather", self(), axis, indices, false);
  }

  private static Tensor gather(
      String name, Tensor from, int axis, Tensor indices, boolean fromEnd) {
    int at = from.axis(name, axis, from.rank());
    try (Tensor x = vector(name, from);
        Tensor which = from.rank() == 0 ? vector(name, indices) : indices.sharing(name);
        Tensor result = Engine.current().run(new GatherElements(name, at, fromEnd), x, which)) {
      return result.view(indices.shape().dims());
    }
  }

  /**
   * Returns for each index an element along an axis, as argsort and its like give them; the other
   * dimensions broadcast. Negative indices count from the end.
   *
   * @param indices of as many dimensions as this tensor
   */
  default Tensor takeAlongDim(Tensor indices, int axis) {
    int at = self().axis("take_along_dim", axis, self().rank());
    if (indices.rank() != self().rank() || self().rank() == 0) {
      throw new IllegalArgumentException(
          "take_along_dim: indices of shape "
              + indices.shape()
              + " for shape "
              + self().shape()
              + ", expected as many dimensions, one or more");
    }
    long[] all = self().shape().dims();
    long[] which = indices.shape().dims();
    for (int i = 0; i < all.length; i++) {
      if (i != at && all[i] != which[i]) {
        if (all[i] != 1 && which[i] != 1) {
          throw new IllegalArgumentException(
              "take_along_dim: indices of shape "
                  + indices.shape()
                  + " for shape "
                  + self().shape()
                  + ", expected dimensions that broadcast but for axis "
                  + axis);
        }
        all[i] = all[i] == 1 ? which[i] : all[i];
        which[i] = all[i];
      }
    }
    try (Tensor x = self().expand(all);
        Tensor wide = indices.expand(which)) {
      return gather("take_along_dim", x, at, wide, true);
    }
  }

  /**
   * Returns for each index an element, counted in row-major order; the result has one dimension.
   */
  default Tensor takeAlongDim(Tensor indices) {
    try (Tensor flat = self().flatten();
        Tensor which = indices.flatten()) {
      return gather("take_along_dim", flat, 0, which, true);
    }
  }

  /**
   * Returns for each index an element, counted in row-major order; negative indices count from the
   * end. The result has the shape of the indices.
   */
  default Tensor take(Tensor indices) {
    try (Tensor flat = self().flatten()) {
      return Engine.current().run(new Gather("take", Ints.of(0), true), flat, indices);
    }
  }

  /**
   * Returns a copy with elements, counted in row-major order, replaced by those of a source of the
   * same size, or with these added.
   */
  default Tensor put(Tensor indices, Tensor source, boolean accumulate) {
    Combination combination = accumulate ? Combination.ADD : Combination.REPLACE;
    try (Tensor flat = self().flatten();
        Tensor which = indices.flatten();
        Tensor values = source.flatten();
        Tensor result =
            Engine.current()
                .run(new Scatter("put", Ints.of(0), true, combination), flat, values, which)) {
      return result.view(self().shape().dims());
    }
  }

  /** Returns a copy with the elements that indices say replaced; see {@link ScatterElements}. */
  default Tensor scatter(int axis, Tensor indices, Tensor source) {
    return scatter("scatter", axis, indices, source, Combination.REPLACE);
  }

  /** Returns a copy with the elements that indices say replaced by a number. */
  default Tensor scatter(int axis, Tensor indices, double value) {
    return scatter(axis, indices, value, Combination.REPLACE);
  }

  /** Returns a copy with the elements that indices say combined with those of a source. */
  default Tensor scatter(int axis, Tensor indices, Tensor source, Combination combination) {
    return scatter("scatter", axis, indices, source, combination);
  }

  /** Returns a copy with the elements that indices say combined with a number. */
  default Tensor scatter(int axis, Tensor indices, double value, Combination combination) {
    try (Tensor number = Tensor.full(self().dtype(), value);
        Tensor source = number.expand(indices.shape().dims())) {
      return scatter("scatter", axis, indices, source, combination);
    }
  }

  /** Returns a copy with the elements of a source added to those that indices say. */
  default Tensor scatterAdd(int axis, Tensor indices, Tensor source) {
    return scatter("scatter_add", axis, indices, source, Combination.ADD);
  }

  private Tensor scatter(
      String name, int axis, Tensor indices, Tensor source, Combination combination) {
    int at = self().axis(name, axis, self().rank());
    boolean scalar = self().rank() == 0;
    ScatterElements scatter = new ScatterElements(name, at, false, combination);
    try (Tensor x = vector(name, self());
        Tensor which = scalar ? vector(name, indices) : indices.sharing(name);
        Tensor values = scalar ? vector(name, source) : source.sharing(name);
        Tensor result = Engine.current().run(scatter, x, values, which)) {
      return result.view(self().shape().dims());
    }
  }

  // Masks.

  /**
   * Returns the indices of the elements that are not 0, in row-major order: {@code i64} of shape
   * (count, rank); see {@link NonZero}.
   */
  default Tensor nonzero() {
    try (Tensor mask = self().to(DType.BOOL)) {
      return Engine.current().run(new NonZero(count(mask)), mask);
    }
  }

  /** Returns the number of true elements. */
  private static long count(Tensor mask) {
    long[] count = {0};
    try (Tensor dense = mask.contiguous()) {
      dense.read(
          memory -> {
            long i = 0;
            for (; i + Long.BYTES <= memory.byteSize(); i += Long.BYTES) {
              long eight = memory.get(ValueLayout.JAVA_LONG_UNALIGNED, i);
              count[0] += Long.bitCount(eight & 0x0101010101010101L);
            }
            for (; i < memory.byteSize(); i++) {
              count[0] += memory.get(ValueLayout.JAVA_BYTE, i) & 1;
            }
          });
    }
    return count[0];
  }

  /**
   * Returns the elements where a mask is true, in row-major order and one dimension; tensor and
   * mask broadcast. See {@link MaskedSelect}.
   *
   * @param mask {@code bool}
   */
  default Tensor maskedSelect(Tensor mask) {
    checkMask("masked_select", mask);
    List<Tensor> same = Joins.broadcast("masked_select", self(), mask);
    try (Tensor x = same.getFirst();
        Tensor which = same.getLast()) {
      return Engine.current().run(new MaskedSelect(count(which)), x, which);
    }
  }

  /**
   * Returns a copy with the elements where a mask is true replaced by those of a source, one after
   * the other; tensor and mask broadcast.
   *
   * @param mask {@code bool}
   * @param source of at least as many elements
   */
  default Tensor maskedScatter(Tensor mask, Tensor source) {
    checkMask("masked_scatter", mask);
    if (source.dtype() != self().dtype()) {
      throw new IllegalArgumentException(
          "masked_scatter: source has dtype "
              + source.dtype().spelling()
              + ", expected "
              + self().dtype().spelling());
    }
    List<Tensor> made = new ArrayList<>(Joins.broadcast("masked_scatter", self(), mask));
    try {
      Shape shape = made.getFirst().shape();
      Tensor x = keep(made, made.getFirst().flatten());
      Tensor where = keep(made, keep(made, keep(made, made.get(1).flatten()).nonzero()).flatten());
      if (where.size() > source.size()) {
        throw new IllegalArgumentException(
            "masked_scatter: source of "
                + source.size()
                + " elements for a mask of which "
                + where.size()
                + " are true");
      }
      Tensor values = keep(made, keep(made, source.flatten()).slice(0, 0, where.size()));
      Scatter scatter = new Scatter("masked_scatter", Ints.of(0), false, Combination.REPLACE);
      return keep(made, Engine.current().run(scatter, x, values, where)).view(shape.dims());
    } finally {
      made.forEach(Tensor::close);
    }
  }

  private static Tensor keep(List<Tensor> made, Tensor tensor) {
    made.add(tensor);
    return tensor;
  }

  private static void checkMask(String name, Tensor mask) {
    if (mask.dtype() != DType.BOOL) {
      throw new IllegalArgumentException(
          name + ": mask has dtype " + mask.dtype().spelling() + ", expected bool");
    }
  }
}
