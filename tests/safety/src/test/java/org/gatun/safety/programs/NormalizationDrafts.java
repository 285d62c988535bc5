package org.gatun.safety.programs;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.op.BatchNorm;
import org.gatun.op.DeepNorm;
import org.gatun.op.DyT;
import org.gatun.op.GroupNorm;
import org.gatun.op.InstanceNorm;
import org.gatun.op.LayerNorm;
import org.gatun.op.LocalResponseNorm;
import org.gatun.op.Longs;
import org.gatun.op.Op;
import org.gatun.op.RmsNorm;
import org.gatun.op.SwitchNorm;

/** Normalizations. */
final class NormalizationDrafts {
  private static final double EPS = 1e-5;
  private static final Values POSITIVE = new Values.Between(0.1, 2);

  private NormalizationDrafts() {}

  static void addTo(SequencedMap<Class<? extends Op>, Draft> drafts) {
    drafts.put(BatchNorm.class, NormalizationDrafts::batchNorm);
    drafts.put(InstanceNorm.class, NormalizationDrafts::instanceNorm);
    drafts.put(GroupNorm.class, NormalizationDrafts::groupNorm);
    drafts.put(LayerNorm.class, NormalizationDrafts::layerNorm);
    drafts.put(DeepNorm.class, NormalizationDrafts::deepNorm);
    drafts.put(RmsNorm.class, NormalizationDrafts::rmsNorm);
    drafts.put(DyT.class, NormalizationDrafts::dyT);
    drafts.put(SwitchNorm.class, NormalizationDrafts::switchNorm);
    drafts.put(
        LocalResponseNorm.class,
        d ->
            new Draft.Call(
                new LocalResponseNorm(d.between(1, 5), 0.01, d.number(0.75, 0.5), 1),
                d.real(3, 5)));
  }

  /** The input, and what there is for each channel. */
  private static List<Integer> perChannel(
      Draw d, int x, long channels, boolean running, boolean weight, boolean bias) {
    List<Integer> operands = new ArrayList<>(List.of(x));
    DType dtype = d.dtype(x);
    Shape shape = Shape.of(channels);
    if (running) {
      operands.add(d.leaf(dtype, shape, Values.Kind.NORMAL));
      operands.add(d.leaf(dtype, shape, POSITIVE));
    }
    parameters(d, operands, dtype, shape, weight, bias);
    return operands;
  }

  private static void parameters(
      Draw d, List<Integer> operands, DType dtype, Shape shape, boolean weight, boolean bias) {
    if (weight) {
      operands.add(d.leaf(dtype, shape));
    }
    if (bias) {
      operands.add(d.leaf(dtype, shape));
    }
  }

  private static Draft.Call batchNorm(Draw d) {
    int x = d.real(2, 5);
    boolean training = d.coin();
    BatchNorm op = new BatchNorm(training, !training || d.coin(), d.coin(), d.coin(), 0.1, EPS);
    return new Draft.Call(
        op, perChannel(d, x, d.layout(x).dim(1), op.running(), op.weight(), op.bias()));
  }

  private static Draft.Call instanceNorm(Draw d) {
    int x = d.real(3, 5);
    InstanceNorm op = new InstanceNorm(d.coin(), d.coin(), d.coin(), 0.1, EPS);
    return new Draft.Call(
        op, perChannel(d, x, d.layout(x).dim(1), op.running(), op.weight(), op.bias()));
  }

  private static Draft.Call groupNorm(Draw d) {
    int x = d.real(2, 5);
    long channels = d.layout(x).dim(1);
    int groups = channels % 2 == 0 && channels > 0 && d.coin() ? 2 : 1;
    GroupNorm op = new GroupNorm(groups, d.coin(), d.coin(), EPS);
    return new Draft.Call(op, perChannel(d, x, channels, false, op.weight(), op.bias()));
  }

  private static Shape last(Draw d, int x) {
    int rank = d.layout(x).rank();
    return d.shape(x).range(d.coin() ? rank - 1 : d.between(0, rank - 1), rank);
  }

  private static Draft.Call layerNorm(Draw d) {
    int x = d.real(1, 5);
    Shape shape = last(d, x);
    LayerNorm op = new LayerNorm(Longs.of(shape.dims()), d.coin(), d.coin(), EPS);
    List<Integer> operands = new ArrayList<>(List.of(x));
    parameters(d, operands, d.dtype(x), shape, op.weight(), op.bias());
    return new Draft.Call(op, operands);
  }

  private static Draft.Call deepNorm(Draw d) {
    int x = d.real(1, 5);
    Shape shape = last(d, x);
    DeepNorm op = new DeepNorm(Longs.of(shape.dims()), 1.5, d.coin(), d.coin(), EPS);
    List<Integer> operands = new ArrayList<>(List.of(x, d.like(d.dtype(x), d.shape(x))));
    parameters(d, operands, d.dtype(x), shape, op.weight(), op.bias());
    return new Draft.Call(op, operands);
  }

  private static Draft.Call rmsNorm(Draw d) {
    int x = d.real(1, 5);
    Shape shape = last(d, x);
    RmsNorm op =
        new RmsNorm(
            Longs.of(shape.dims()),
            d.coin(),
            d.coin() ? OptionalDouble.empty() : OptionalDouble.of(EPS));
    List<Integer> operands = new ArrayList<>(List.of(x));
    parameters(d, operands, d.dtype(x), shape, op.weight(), false);
    return new Draft.Call(op, operands);
  }

  private static Draft.Call dyT(Draw d) {
    int x = d.real(2, 5);
    DyT op = new DyT(d.coin(), d.coin(), d.coin());
    List<Integer> operands = new ArrayList<>(List.of(x));
    operands.add(d.leaf(d.dtype(x), d.of(Shape.of(), Shape.of(1)), POSITIVE));
    Shape channels = Shape.of(d.layout(x).dim(op.channelsFirst() ? 1 : -1));
    parameters(d, operands, d.dtype(x), channels, op.weight(), op.bias());
    return new Draft.Call(op, operands);
  }

  private static Draft.Call switchNorm(Draw d) {
    int x = d.real(3, 5);
    boolean batch = d.chance(0.8);
    boolean training = d.coin();
    boolean running = batch && (!training || d.coin());
    SwitchNorm op = new SwitchNorm(training, batch, running, d.coin(), d.coin(), 0.1, EPS);
    List<Integer> operands = perChannel(d, x, d.layout(x).dim(1), running, op.weight(), op.bias());
    for (int i = 0; i < 2; i++) {
      operands.add(d.leaf(d.dtype(x), Shape.of(op.mixed()), Values.Kind.NORMAL));
    }
    return new Draft.Call(op, operands);
  }
}
