package org.gatun.safety.programs;

import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.op.Activation;
import org.gatun.op.ActivationFunction;
import org.gatun.op.Conv;
import org.gatun.op.ConvTranspose;
import org.gatun.op.Fused;
import org.gatun.op.Gemm;
import org.gatun.op.Ints;
import org.gatun.op.Linear;
import org.gatun.op.MatMul;
import org.gatun.op.Op;
import org.gatun.op.ScaledDotProductAttention;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;

/** Products, convolutions, attention, and what is fused with them. */
final class ContractionDrafts {
  private ContractionDrafts() {}

  static void addTo(SequencedMap<Class<? extends Op>, Draft> drafts) {
    drafts.put(MatMul.class, ContractionDrafts::matmul);
    drafts.put(Gemm.class, ContractionDrafts::gemm);
    drafts.put(Linear.class, ContractionDrafts::linear);
    drafts.put(Conv.class, ContractionDrafts::conv);
    drafts.put(ConvTranspose.class, ContractionDrafts::transposed);
    drafts.put(ScaledDotProductAttention.class, ContractionDrafts::attention);
    drafts.put(Fused.class, ContractionDrafts::fused);
  }

  private static Draft.Call matmul(Draw d) {
    int a =
        d.chance(0.8)
            ? d.real(1, 4)
            : d.fitting(
                x -> x.rank() > 0 && x.dtype().isInteger(),
                d.of(DType.I64, DType.I32, DType.I8),
                d.shape(1, 3));
    DType dtype = d.dtype(a);
    Shape shape = d.shape(a);
    long inner = shape.dim(-1);
    int b =
        d.fitting(
            x ->
                x.dtype() == dtype
                    && x.rank() >= 1
                    && x.dim(x.rank() == 1 ? 0 : -2) == inner
                    && (x.rank() <= 2 || shape.rank() <= 2),
            dtype,
            right(d, shape));
    return new Draft.Call(new MatMul(), a, b);
  }

  private static Shape right(Draw d, Shape left) {
    long inner = left.dim(-1);
    if (d.chance(0.15)) {
      return Shape.of(inner);
    }
    Shape matrix = Shape.of(inner, columns(d));
    boolean batch = left.rank() > 2 && d.coin();
    return batch ? d.narrowed(left.range(0, left.rank() - 2)).concat(matrix) : matrix;
  }

  private static long columns(Draw d) {
    return d.isBig() && d.coin() ? d.between(20, 200) : d.between(d.chance(0.05) ? 0 : 1, 20);
  }

  private static Draft.Call gemm(Draw d) {
    Draft.Call product = matmul(d);
    List<Layout> of = product.operands().stream().map(d::layout).toList();
    Shape shape = product.op().infer(of).getFirst().shape();
    int c = d.leaf(of.getFirst().dtype(), d.narrowed(shape));
    List<Integer> operands = new ArrayList<>(product.operands());
    operands.add(c);
    boolean whole = !of.getFirst().dtype().isFloating();
    return new Draft.Call(
        new Gemm(whole ? d.between(-2, 3) : d.number(1, 0.5, 0, -2), whole ? 1 : 0.25), operands);
  }

  private static Draft.Call linear(Draw d) {
    int x = d.real(1, 4);
    DType dtype = d.dtype(x);
    long inner = d.layout(x).dim(-1);
    boolean one = d.chance(0.1);
    long out = columns(d);
    int weights = d.leaf(dtype, one ? Shape.of(inner) : Shape.of(out, inner));
    boolean bias = d.coin();
    return bias
        ? new Draft.Call(
            new Linear(true), x, weights, d.leaf(dtype, one ? Shape.of() : Shape.of(out)))
        : new Draft.Call(new Linear(false), x, weights);
  }

  /** An image with a batch or without: of what is there if something is small enough. */
  private static int image(Draw d, int spatial) {
    Shape shape = image(d, spatial, d.isBig() ? 24 : 9);
    return d.fitting(
        x ->
            x.dtype().isFloating()
                && (x.rank() == spatial + 1 || x.rank() == spatial + 2)
                && x.dim(-spatial - 1) <= 40,
        d.floating(),
        shape);
  }

  static Shape image(Draw d, int spatial, int most) {
    boolean batch = d.chance(0.85);
    long[] dims = new long[spatial + (batch ? 2 : 1)];
    for (int i = 0; i < dims.length; i++) {
      boolean isBatch = batch && i == 0;
      boolean isChannels = i == dims.length - spatial - 1;
      dims[i] =
          isBatch
              ? d.between(d.chance(0.05) ? 0 : 1, 3)
              : isChannels ? d.of(1, 2, 3, 4, 6, 8, 16) : d.between(1, spatial == 3 ? 5 : most);
    }
    return Shape.of(dims);
  }

  private static Ints ints(Draw d, int count, int low, int high) {
    return d.chance(0.4) ? Ints.repeat(low, count) : Ints.of(d.ints(count, low, high));
  }

  private static int groups(Draw d, long channels) {
    int groups = (int) channels;
    return switch (d.between(0, 5)) {
      case 0 -> Math.max(1, groups);
      case 1 -> groups % 2 == 0 && groups > 0 ? 2 : 1;
      default -> 1;
    };
  }

  private static Draft.Call conv(Draw d) {
    int spatial = d.of(1, 2, 2, 2, 3);
    int x = image(d, spatial);
    long channels = d.layout(x).dim(-spatial - 1);
    int groups = groups(d, channels);
    boolean bias = d.coin();
    Conv op =
        new Conv(
            ints(d, spatial, 1, 3),
            ints(d, spatial, 0, 2),
            ints(d, spatial, 0, 2),
            ints(d, spatial, 1, 2),
            groups,
            bias);
    long out = (long) groups * d.between(1, groups > 4 ? 2 : d.of(5, 16, 33));
    return new Draft.Call(
        op, parameters(d, x, Shape.of(out, channels / groups), out, spatial, bias));
  }

  private static Draft.Call transposed(Draw d) {
    int spatial = d.of(1, 2, 2, 3);
    int x = image(d, spatial);
    long channels = d.layout(x).dim(-spatial - 1);
    int groups = groups(d, channels);
    boolean bias = d.coin();
    ConvTranspose op =
        new ConvTranspose(
            ints(d, spatial, 1, 3),
            ints(d, spatial, 0, 1),
            ints(d, spatial, 0, 1),
            ints(d, spatial, 0, 1),
            ints(d, spatial, 1, 2),
            groups,
            bias);
    long each = d.between(1, 8);
    return new Draft.Call(
        op, parameters(d, x, Shape.of(channels, each), each * groups, spatial, bias));
  }

  private static List<Integer> parameters(
      Draw d, int x, Shape channels, long out, int spatial, boolean bias) {
    DType dtype = d.dtype(x);
    long[] kernel = new long[spatial];
    for (int i = 0; i < spatial; i++) {
      kernel[i] = d.of(1, 1, 2, 3, 3, 4);
    }
    // What is not finite in weights meets the zeros of the padding, or nothing: both are right.
    Values finite = d.of(Values.Kind.NORMAL, Values.Kind.FEW, Values.Kind.TINY);
    List<Integer> operands = new ArrayList<>();
    operands.add(x);
    operands.add(d.leaf(dtype, channels.concat(Shape.of(kernel)), finite));
    if (bias) {
      operands.add(d.leaf(dtype, Shape.of(out)));
    }
    return operands;
  }

  private static Draft.Call fused(Draw d) {
    Draft.Call base =
        switch (d.between(0, 4)) {
          case 0, 1 -> conv(d);
          case 2 -> transposed(d);
          case 3 -> linear(d);
          default -> matmul(d);
        };
    Layout result = base.op().infer(base.operands().stream().map(d::layout).toList()).getFirst();
    List<Integer> operands = new ArrayList<>(base.operands());
    List<Fused.Step> steps = new ArrayList<>();
    for (int count = d.between(1, 3); count > 0; count--) {
      if (d.chance(0.4)) {
        steps.add(new Fused.Step.Add());
        operands.add(d.like(result.dtype(), result.shape()));
      } else {
        steps.add(
            d.of(
                new Fused.Step.Activate(UnaryFunction.RELU),
                new Fused.Step.Activate(UnaryFunction.GELU),
                new Fused.Step.Activate(UnaryFunction.SILU),
                new Fused.Step.Activate(UnaryFunction.SIGMOID),
                new Fused.Step.Activate(new Unary(UnaryFunction.CLAMP, -1, 1.5)),
                new Fused.Step.Activate(new Activation(ActivationFunction.HARDSWISH)),
                new Fused.Step.Activate(new Activation(ActivationFunction.LEAKY_RELU, 0.1))));
      }
    }
    return new Draft.Call(new Fused(base.op(), steps), operands);
  }

  private static Draft.Call attention(Draw d) {
    DType dtype = d.floating();
    boolean grouped = d.chance(0.2);
    long keys = d.between(d.chance(0.05) ? 0 : 1, 9);
    long size = d.between(1, 8);
    long queries = d.between(1, 9);
    Shape batch =
        grouped ? Shape.of(d.between(1, 2), 4) : d.of(Shape.of(), Shape.of(2), Shape.of(2, 3));
    Shape shared = grouped ? Shape.of(batch.dim(0), d.of(1L, 2L, 4L)) : d.narrowed(batch);
    boolean mask = d.chance(0.4);
    boolean causal = !mask && d.chance(0.3);
    double dropout = d.chance(0.15) ? 0.3 : 0;
    // In causal attention what is not finite among keys that are not seen may or may not show.
    Values values = causal ? Values.Kind.NORMAL : d.values();
    List<Integer> operands = new ArrayList<>();
    operands.add(d.leaf(dtype, batch.concat(Shape.of(queries, size)), values));
    operands.add(d.leaf(dtype, shared.concat(Shape.of(keys, size)), values));
    operands.add(d.leaf(dtype, shared.concat(Shape.of(keys, d.between(1, 6))), values));
    if (mask) {
      Shape weights = batch.concat(Shape.of(queries, keys));
      operands.add(d.leaf(d.coin() ? DType.BOOL : dtype, d.narrowed(weights)));
    }
    if (dropout > 0) {
      operands.add(d.seed());
    }
    double scale = d.coin() ? Double.NaN : 0.7;
    return new Draft.Call(
        new ScaledDotProductAttention(mask, causal, scale, dropout, grouped), operands);
  }
}
