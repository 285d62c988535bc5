package org.gatun.safety.programs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;

/** A program while it is drawn: which tensors there are, and chance. */
final class Draw {
  private static final int MOST_DIMENSIONS = 5;

  private final SplittableRandom random;
  private final boolean big;
  private final List<Step> steps = new ArrayList<>();
  private final Map<Integer, Layout> open = new LinkedHashMap<>();
  private final Set<Integer> seeds = new HashSet<>();
  private int next;

  /** Makes an empty program; a big one has tensors of which kernels make parts. */
  Draw(SplittableRandom random, boolean big) {
    this.random = random;
    this.big = big;
  }

  // Chance.

  boolean chance(double p) {
    return random.nextDouble() < p;
  }

  boolean coin() {
    return random.nextBoolean();
  }

  /** Returns a number, both bounds included. */
  int between(int low, int high) {
    return random.nextInt(low, high + 1);
  }

  @SafeVarargs
  final <T> T of(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  <T> T of(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  double number(double... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** Returns numbers, both bounds included. */
  int[] ints(int count, int low, int high) {
    int[] ints = new int[count];
    Arrays.setAll(ints, _ -> between(low, high));
    return ints;
  }

  DType floating() {
    return of(DType.F32, DType.F32, DType.F32, DType.F64, DType.F64, DType.BF16, DType.F16);
  }

  DType whole() {
    return of(DType.I64, DType.I32, DType.I8, DType.U8, DType.I16, DType.BOOL);
  }

  DType dtype() {
    return chance(0.7) ? floating() : whole();
  }

  /** Returns an axis, counted from the first or the last. */
  int axis(int rank) {
    return rank == 0 ? between(-1, 0) : between(-rank, rank - 1);
  }

  /** Returns some axes, each at most once. */
  int[] axes(int rank, int least) {
    List<Integer> axes = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      if (chance(0.5)) {
        axes.add(axis);
      }
    }
    while (axes.size() < Math.min(least, rank)) {
      int axis = between(0, rank - 1);
      if (!axes.contains(axis)) {
        axes.add(axis);
      }
    }
    return axes.stream().mapToInt(a -> coin() ? a : a - rank).toArray();
  }

  /** Returns a shape that is rarely empty and rarely large. */
  Shape shape(int leastRank, int mostRank) {
    int rank = between(leastRank, Math.min(mostRank, MOST_DIMENSIONS));
    long[] dims = new long[rank];
    long size = 1;
    for (int axis = 0; axis < rank; axis++) {
      int kind = between(0, 99);
      int most = big && size < 400 ? 500 : rank <= 2 ? 40 : 12;
      dims[axis] =
          kind < 3 ? 0 : kind < 18 ? 1 : kind < 75 ? between(2, 6) : between(2, Math.max(2, most));
      size *= Math.max(1, dims[axis]);
    }
    // Else some axes are cut down.
    for (int axis = 0; size > limit() && axis < rank; axis++) {
      size = size / Math.max(1, dims[axis]) * Math.min(dims[axis], 2);
      dims[axis] = Math.min(dims[axis], 2);
    }
    return Shape.of(dims);
  }

  /** Returns how many elements a tensor may have. */
  long limit() {
    return big ? 150_000 : 3000;
  }

  boolean isBig() {
    return big;
  }

  Values values() {
    int kind = between(0, 19);
    return kind < 12
        ? Values.Kind.NORMAL
        : kind < 15
            ? Values.Kind.FEW
            : kind < 17
                ? Values.Kind.SPECIAL
                : kind < 18
                    ? Values.Kind.TINY
                    : kind < 19 ? Values.Kind.LARGE : new Values.Between(-12, 12);
  }

  // Tensors.

  Layout layout(int tensor) {
    Layout layout = open.get(tensor);
    if (layout == null) {
      throw new IllegalArgumentException("tensor " + tensor + " is not open");
    }
    return layout;
  }

  Shape shape(int tensor) {
    return layout(tensor).shape();
  }

  DType dtype(int tensor) {
    return layout(tensor).dtype();
  }

  /** Returns the open tensors that fit. */
  List<Integer> fitting(Predicate<Layout> fits) {
    return open.entrySet().stream()
        .filter(e -> fits.test(e.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Returns a new tensor. */
  int leaf(DType dtype, Shape shape, Values values) {
    int kind = between(0, 19);
    Step.Arrangement arrangement =
        kind < 13
            ? Step.Arrangement.ROW_MAJOR
            : kind < 16
                ? Step.Arrangement.REVERSED
                : kind < 19 || values instanceof Values.Whole
                    ? Step.Arrangement.GAPS
                    : Step.Arrangement.REPEATED;
    return leaf(dtype, shape, values, arrangement);
  }

  private int leaf(DType dtype, Shape shape, Values values, Step.Arrangement arrangement) {
    Step.Leaf leaf =
        new Step.Leaf(next++, dtype, shape, values, arrangement, random.nextLong(1 << 20));
    steps.add(leaf);
    open.put(leaf.result(), Leaves.layout(leaf));
    return leaf.result();
  }

  /** Returns a new tensor in row-major order, whose numbers the program may depend on. */
  Step.Leaf plainLeaf(DType dtype, Shape shape, Values values) {
    leaf(dtype, shape, values, Step.Arrangement.ROW_MAJOR);
    return (Step.Leaf) steps.getLast();
  }

  int leaf(DType dtype, Shape shape) {
    return leaf(dtype, shape, values());
  }

  /** Returns a tensor of such a rank, of floating-point numbers. */
  int real(int leastRank, int mostRank) {
    return either(
        x -> x.dtype().isFloating() && x.rank() >= leastRank && x.rank() <= mostRank,
        floating(),
        leastRank,
        mostRank);
  }

  /** Returns a tensor of such a rank, of any dtype. */
  int any(int leastRank, int mostRank) {
    return either(x -> x.rank() >= leastRank && x.rank() <= mostRank, dtype(), leastRank, mostRank);
  }

  private int either(Predicate<Layout> fits, DType dtype, int leastRank, int mostRank) {
    List<Integer> there = fitting(fits);
    return there.isEmpty() || chance(0.2) ? leaf(dtype, shape(leastRank, mostRank)) : recent(there);
  }

  /** Chains are long where the last results are taken. */
  private int recent(List<Integer> there) {
    return coin() ? there.get(Math.max(0, there.size() - between(1, 3))) : of(there);
  }

  /** Returns a tensor that fits, or a new one. */
  int fitting(Predicate<Layout> fits, DType dtype, Shape shape) {
    List<Integer> there = fitting(fits);
    return there.isEmpty() || chance(0.3) ? leaf(dtype, shape) : recent(there);
  }

  /** Returns a tensor of this dtype and shape. */
  int like(DType dtype, Shape shape) {
    return fitting(x -> x.dtype() == dtype && x.shape().equals(shape), dtype, shape);
  }

  /** Returns a tensor of this dtype that may be broadcast with a shape. */
  int broadcast(DType dtype, Shape with) {
    List<Integer> there = fitting(x -> x.dtype() == dtype && broadcasts(x.shape(), with));
    if (!there.isEmpty() && chance(0.7)) {
      return recent(there);
    }
    return leaf(dtype, narrowed(with));
  }

  /** Returns the shape, or one that broadcasts to it. */
  Shape narrowed(Shape shape) {
    long[] dims = shape.range(chance(0.25) ? between(0, shape.rank()) : 0, shape.rank()).dims();
    for (int axis = 0; axis < dims.length; axis++) {
      dims[axis] = chance(0.15) ? 1 : dims[axis];
    }
    return Shape.of(dims);
  }

  private boolean broadcasts(Shape a, Shape b) {
    long size = 1;
    for (int i = 1; i <= Math.max(a.rank(), b.rank()); i++) {
      long x = i > a.rank() ? 1 : a.dim(-i);
      long y = i > b.rank() ? 1 : b.dim(-i);
      if (x != y && x != 1 && y != 1) {
        return false;
      }
      size *= x == 1 ? y : x;
    }
    return size <= limit();
  }

  /** Returns new indices from 0 to a bound; now and then one of them is out of range. */
  int index(long bound, Shape shape, boolean fromEnd) {
    long low = fromEnd && chance(0.3) ? -bound : 0;
    long high = Math.max(low, bound - 1 + (chance(0.04) ? 1 : 0));
    return leaf(chance(0.8) ? DType.I64 : DType.I32, shape, new Values.Whole(low, high));
  }

  /** Returns a new seed. */
  int seed() {
    int seed = leaf(DType.I64, Shape.of(2), new Values.Whole(0, 1L << 40));
    seeds.add(seed);
    return seed;
  }

  /** Returns whether a tensor is a seed: a recording ends where numbers are drawn of a constant. */
  boolean isSeed(int tensor) {
    return seeds.contains(tensor);
  }

  // The program.

  List<Step> steps() {
    return steps;
  }

  int[] results(List<Layout> layouts) {
    int[] results = new int[layouts.size()];
    for (int i = 0; i < results.length; i++) {
      results[i] = next++;
      open.put(results[i], layouts.get(i));
    }
    return results;
  }

  Map<Integer, Layout> open() {
    return open;
  }
}
