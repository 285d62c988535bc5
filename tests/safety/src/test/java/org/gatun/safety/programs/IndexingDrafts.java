package org.gatun.safety.programs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.op.BagMode;
import org.gatun.op.Combination;
import org.gatun.op.EmbeddingBag;
import org.gatun.op.Gather;
import org.gatun.op.GatherElements;
import org.gatun.op.Ints;
import org.gatun.op.MaskedSelect;
import org.gatun.op.NonZero;
import org.gatun.op.Op;
import org.gatun.op.Renorm;
import org.gatun.op.Scatter;
import org.gatun.op.ScatterElements;

/** Gathers, scatters, masks and tables. */
final class IndexingDrafts {
  private IndexingDrafts() {}

  static void addTo(SequencedMap<Class<? extends Op>, Draft> drafts) {
    drafts.put(Gather.class, IndexingDrafts::gather);
    drafts.put(Scatter.class, IndexingDrafts::scatter);
    drafts.put(GatherElements.class, IndexingDrafts::gatherElements);
    drafts.put(ScatterElements.class, IndexingDrafts::scatterElements);
    drafts.put(MaskedSelect.class, IndexingDrafts::maskedSelect);
    drafts.put(NonZero.class, IndexingDrafts::nonZero);
    drafts.put(EmbeddingBag.class, IndexingDrafts::bag);
    drafts.put(
        Renorm.class,
        d ->
            new Draft.Call(
                new Renorm(d.number(1, 2, 3, Double.POSITIVE_INFINITY), d.number(1, 0.5, 0)),
                d.real(2, 2)));
  }

  /** Some axes, ascending from 0. */
  private static int[] ascending(Draw d, int rank) {
    int[] axes = d.axes(rank, 1);
    int[] few = Arrays.copyOf(axes, Math.min(axes.length, 2));
    for (int i = 0; i < few.length; i++) {
      few[i] = Math.floorMod(few[i], rank);
    }
    Arrays.sort(few);
    return few;
  }

  /** Indices for each axis, all of one shape. */
  private static List<Integer> indices(Draw d, Shape x, int[] axes, boolean fromEnd) {
    Shape shape = d.of(Shape.of(), Shape.of(d.between(0, 5)), Shape.of(2, 3));
    List<Integer> indices = new ArrayList<>();
    for (int axis : axes) {
      indices.add(d.index(x.dim(axis), shape, fromEnd));
    }
    return indices;
  }

  private static Draft.Call gather(Draw d) {
    int x = d.any(1, 4);
    int[] axes = ascending(d, d.layout(x).rank());
    boolean fromEnd = d.coin();
    List<Integer> operands = new ArrayList<>(List.of(x));
    operands.addAll(indices(d, d.shape(x), axes, fromEnd));
    return new Draft.Call(new Gather("index", Ints.of(axes), fromEnd), operands);
  }

  private static Draft.Call scatter(Draw d) {
    Draft.Call gather = gather(d);
    Gather like = (Gather) gather.op();
    List<Layout> layouts = gather.operands().stream().map(d::layout).toList();
    Layout picked = like.infer(layouts).getFirst();
    List<Integer> operands = new ArrayList<>(gather.operands());
    operands.add(1, d.like(picked.dtype(), picked.shape()));
    return new Draft.Call(
        new Scatter("index_put", like.axes(), like.fromEnd(), d.of(Combination.values())),
        operands);
  }

  /** The shape of indices that are one for each element. */
  private static Shape each(Draw d, Shape x, int axis) {
    Shape shape = x;
    for (int i = 0; i < x.rank(); i++) {
      boolean free = i == Math.floorMod(axis, x.rank());
      shape =
          shape.with(i, free ? d.between(0, 6) : d.between(x.dim(i) > 0 ? 1 : 0, (int) x.dim(i)));
    }
    return shape;
  }

  private static Draft.Call gatherElements(Draw d) {
    int x = d.any(1, 4);
    int axis = d.axis(d.layout(x).rank());
    boolean fromEnd = d.coin();
    int indices = d.index(d.layout(x).dim(axis), each(d, d.shape(x), axis), fromEnd);
    return new Draft.Call(new GatherElements("gather", axis, fromEnd), x, indices);
  }

  private static Draft.Call scatterElements(Draw d) {
    int x = d.any(1, 4);
    int axis = d.axis(d.layout(x).rank());
    boolean fromEnd = d.coin();
    Shape shape = each(d, d.shape(x), axis);
    int indices = d.index(d.layout(x).dim(axis), shape, fromEnd);
    return new Draft.Call(
        new ScatterElements("scatter", axis, fromEnd, d.of(Combination.values())),
        x,
        d.like(d.dtype(x), shape),
        indices);
  }

  /** How many there are must be known: the mask is a tensor that nothing has written to. */
  private static Step.Leaf mask(Draw d, Shape shape) {
    return d.plainLeaf(DType.BOOL, shape, Values.Kind.NORMAL);
  }

  private static long count(Draw d, Step.Leaf mask) {
    double[] x = mask.values().draw(mask.dtype(), mask.shape(), mask.seed()).values();
    long count = Arrays.stream(x).filter(each -> each != 0).count();
    return d.chance(0.05) ? count + 1 : count;
  }

  private static Draft.Call maskedSelect(Draw d) {
    int x = d.any(0, 4);
    Step.Leaf mask = mask(d, d.shape(x));
    return new Draft.Call(new MaskedSelect(count(d, mask)), x, mask.result());
  }

  private static Draft.Call nonZero(Draw d) {
    Step.Leaf mask = mask(d, d.shape(0, 4));
    return new Draft.Call(new NonZero(count(d, mask)), mask.result());
  }

  private static Draft.Call bag(Draw d) {
    int table = d.real(2, 2);
    long rows = d.layout(table).dim(0);
    BagMode mode = d.of(BagMode.values());
    boolean weights = mode == BagMode.SUM && d.coin();
    boolean offsets = d.coin();
    Shape shape = offsets ? Shape.of(6) : Shape.of(d.between(0, 4), d.between(0, 4));
    List<Integer> operands = new ArrayList<>(List.of(table));
    operands.add(d.index(rows, shape, false));
    if (offsets) {
      // All begin at 0: those but the last are empty.
      operands.add(d.leaf(DType.I64, Shape.of(d.between(1, 4)), new Values.Whole(0, 0)));
    }
    if (weights) {
      operands.add(d.leaf(d.dtype(table), shape));
    }
    long padding = rows > 1 && d.chance(0.3) ? 1 : -1;
    return new Draft.Call(new EmbeddingBag(mode, padding, offsets, false, weights), operands);
  }
}
