package org.gatun.safety.programs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.op.Cast;
import org.gatun.op.Concat;
import org.gatun.op.Copy;
import org.gatun.op.Diagonal;
import org.gatun.op.Embedding;
import org.gatun.op.Expand;
import org.gatun.op.Flip;
import org.gatun.op.Ints;
import org.gatun.op.Longs;
import org.gatun.op.Op;
import org.gatun.op.Pad;
import org.gatun.op.PadMode;
import org.gatun.op.Permute;
import org.gatun.op.Reshape;
import org.gatun.op.Roll;
import org.gatun.op.Slice;
import org.gatun.op.Split;
import org.gatun.op.Triangle;
import org.gatun.op.UnfoldAxis;

/** Views, and operators that move elements. */
final class MovementDrafts {
  private MovementDrafts() {}

  static void addTo(SequencedMap<Class<? extends Op>, Draft> drafts) {
    drafts.put(Diagonal.class, MovementDrafts::diagonal);
    drafts.put(Expand.class, MovementDrafts::expand);
    drafts.put(Permute.class, MovementDrafts::permute);
    drafts.put(Reshape.class, MovementDrafts::reshape);
    drafts.put(Slice.class, MovementDrafts::slice);
    drafts.put(Split.class, MovementDrafts::split);
    drafts.put(UnfoldAxis.class, MovementDrafts::unfold);
    drafts.put(Cast.class, d -> new Draft.Call(new Cast(d.of(DType.values())), d.any(0, 5)));
    drafts.put(Concat.class, MovementDrafts::concat);
    drafts.put(
        Copy.class,
        d -> {
          int x = d.any(0, 5);
          return new Draft.Call(new Copy(d.layout(x).rank() >= 3 && d.coin()), x);
        });
    drafts.put(Embedding.class, MovementDrafts::embedding);
    drafts.put(
        Flip.class,
        d -> {
          int x = d.any(0, 5);
          return new Draft.Call(new Flip(Ints.of(d.axes(d.layout(x).rank(), 0))), x);
        });
    drafts.put(Pad.class, MovementDrafts::pad);
    drafts.put(Roll.class, MovementDrafts::roll);
    drafts.put(
        Triangle.class, d -> new Draft.Call(new Triangle(d.coin(), d.between(-6, 6)), d.any(2, 5)));
  }

  private static Draft.Call diagonal(Draw d) {
    int x = d.any(2, 5);
    int rank = d.layout(x).rank();
    return new Draft.Call(new Diagonal(d.between(-3, 3), d.axis(rank), d.axis(rank)), x);
  }

  private static Draft.Call expand(Draw d) {
    int x = d.any(0, 4);
    Shape shape = d.shape(x);
    List<Long> dims = new ArrayList<>();
    for (int added = d.between(0, Math.min(2, 5 - shape.rank())); added > 0; added--) {
      dims.add((long) d.between(d.chance(0.1) ? 0 : 1, 4));
    }
    for (long dim : shape.dims()) {
      dims.add(dim == 1 && d.chance(0.8) ? d.between(1, 5) : d.coin() ? -1 : dim);
    }
    return new Draft.Call(new Expand(longs(dims)), x);
  }

  private static Longs longs(List<Long> numbers) {
    return Longs.of(numbers.stream().mapToLong(Long::longValue).toArray());
  }

  private static Draft.Call permute(Draw d) {
    int x = d.any(0, 5);
    int rank = d.layout(x).rank();
    List<Integer> axes = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
    Collections.shuffle(axes, new java.util.Random(d.between(0, 1 << 20)));
    int[] order = axes.stream().mapToInt(a -> d.chance(0.3) ? a - rank : a).toArray();
    return new Draft.Call(new Permute(Ints.of(order)), x);
  }

  /** Joins or splits dimensions, or takes the sizes as they come. */
  private static Draft.Call reshape(Draw d) {
    int x = d.any(0, 5);
    List<Long> dims = new ArrayList<>();
    long left = d.shape(x).size();
    if (left == 0) {
      dims.addAll(Arrays.stream(d.shape(x).dims()).boxed().toList());
      Collections.reverse(dims);
    } else {
      while (dims.size() < 4 && left > 1 && d.chance(0.8)) {
        long factor = factor(d, left);
        dims.add(factor);
        left /= factor;
      }
      if (left > 1 || d.chance(0.3)) {
        dims.add(d.between(0, dims.size()), d.chance(0.3) ? -1 : left);
      }
    }
    return new Draft.Call(new Reshape(longs(dims), d.chance(0.7)), x);
  }

  private static long factor(Draw d, long of) {
    for (int i = 0; i < 10; i++) {
      long factor = d.between(1, 12);
      if (of % factor == 0) {
        return factor;
      }
    }
    return 1;
  }

  private static Draft.Call slice(Draw d) {
    int x = d.any(1, 5);
    int axis = d.axis(d.layout(x).rank());
    int size = (int) d.layout(x).dim(axis);
    long start = d.between(-size, size);
    long end = d.chance(0.4) ? Long.MAX_VALUE : d.between(-size, size + 2);
    return new Draft.Call(new Slice(axis, start, end, d.chance(0.6) ? 1 : d.between(1, 4)), x);
  }

  private static Draft.Call split(Draw d) {
    int x = d.any(1, 5);
    int axis = d.axis(d.layout(x).rank());
    List<Long> sizes = new ArrayList<>();
    for (long left = d.layout(x).dim(axis); left > 0 && sizes.size() < 4; ) {
      long size = sizes.size() == 3 ? left : d.between(0, (int) left);
      sizes.add(size);
      left -= size;
    }
    return new Draft.Call(new Split(axis, longs(sizes)), x);
  }

  private static Draft.Call unfold(Draw d) {
    int x = d.any(0, 4);
    int rank = d.layout(x).rank();
    int axis = d.axis(rank);
    int size = rank == 0 ? 1 : (int) d.layout(x).dim(axis);
    return new Draft.Call(
        new UnfoldAxis(axis, d.between(0, Math.min(size, 5)), d.between(1, 4)), x);
  }

  private static Draft.Call concat(Draw d) {
    int first = d.any(1, 5);
    int axis = d.axis(d.layout(first).rank());
    DType dtype = d.dtype(first);
    Shape shape = d.shape(first);
    List<Integer> all = new ArrayList<>(List.of(first));
    for (int more = d.between(0, 3); more > 0; more--) {
      all.add(
          d.fitting(
              x ->
                  x.dtype() == dtype
                      && x.rank() == shape.rank()
                      && x.shape().with(axis, 0).equals(shape.with(axis, 0)),
              dtype,
              shape.with(axis, d.between(0, 5))));
    }
    Collections.shuffle(all, new java.util.Random(d.between(0, 1 << 20)));
    return new Draft.Call(new Concat(axis), all);
  }

  private static Draft.Call embedding(Draw d) {
    int table = d.any(2, 2);
    return new Draft.Call(
        new Embedding(), table, d.index(d.layout(table).dim(0), d.shape(0, 3), false));
  }

  private static Draft.Call pad(Draw d) {
    int x = d.any(1, 5);
    int dims = d.between(0, d.layout(x).rank());
    PadMode mode = d.of(PadMode.values());
    long[] before = new long[dims];
    long[] after = new long[dims];
    for (int i = 0; i < dims; i++) {
      before[i] = d.between(-1, 2);
      after[i] = d.between(-1, 2);
    }
    double value = mode == PadMode.CONSTANT ? d.number(0, 1.5, -2) : 0;
    return new Draft.Call(new Pad(Longs.of(before), Longs.of(after), mode, value), x);
  }

  private static Draft.Call roll(Draw d) {
    int x = d.any(1, 5);
    int[] axes = d.axes(d.layout(x).rank(), 1);
    long[] shifts = Arrays.stream(axes).mapToLong(_ -> d.between(-9, 9)).toArray();
    return new Draft.Call(new Roll(Longs.of(shifts), Ints.of(axes)), x);
  }
}
