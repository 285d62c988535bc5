package org.gatun.benchmarks.peers;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.bindings.NativeLibraries;
import org.gatun.bindings.onednn.OneDnn;
import org.gatun.bindings.openmp.OpenMp;
import org.gatun.op.AveragePool;
import org.gatun.op.BatchNorm;
import org.gatun.op.Conv;
import org.gatun.op.ConvTranspose;
import org.gatun.op.Convolution;
import org.gatun.op.GlobalAveragePool;
import org.gatun.op.GlobalMaxPool;
import org.gatun.op.Ints;
import org.gatun.op.LayerNorm;
import org.gatun.op.Linear;
import org.gatun.op.MatMul;
import org.gatun.op.MaxPool;
import org.jspecify.annotations.Nullable;

/**
 * oneDNN alone: primitives made once, weights packed, images as the primitive likes them. It is the
 * floor for those who call oneDNN, and no product: nothing is checked, allocated or reordered in a
 * run. It belongs to the thread that made it.
 */
final class OneDnnPeer implements Peer {
  private static final int BIAS = 2;

  private final MemorySegment engine;
  private final MemorySegment stream;

  /** Loads oneDNN, for a number of threads. */
  OneDnnPeer(int threads) {
    NativeLibraries.load();
    OpenMp.omp_set_num_threads(threads);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(OneDnn.C_POINTER);
      OneDnnPrimitive.check(OneDnn.dnnl_engine_create(out, OneDnn.dnnl_cpu(), 0));
      engine = out.get(OneDnn.C_POINTER, 0);
      OneDnnPrimitive.check(
          OneDnn.dnnl_stream_create(out, engine, OneDnn.dnnl_stream_default_flags()));
      stream = out.get(OneDnn.C_POINTER, 0);
    }
  }

  @Override
  public String version() {
    return NativeLibraries.loaded().stream()
        .filter(library -> library.name().equals("oneDNN"))
        .map(library -> "oneDNN " + library.version())
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() {
    OneDnnPrimitive.check(OneDnn.dnnl_stream_destroy(stream));
    OneDnnPrimitive.check(OneDnn.dnnl_engine_destroy(engine));
  }

  @Override
  public @Nullable Subject prepare(PeerCase work, boolean channelsLast) {
    OneDnnPrimitive primitive = new OneDnnPrimitive(engine, stream);
    Subject made = null;
    try {
      made = new Making(engine, primitive, work, channelsLast).make();
      return made;
    } finally {
      if (made == null) {
        primitive.close();
      }
    }
  }

  /** A case that becomes a primitive. */
  private record Making(
      MemorySegment engine, OneDnnPrimitive primitive, PeerCase work, boolean channelsLast) {
    @Nullable Subject make() {
      int inference = OneDnn.dnnl_forward_inference();
      return switch (work.op()) {
        case Convolution op -> convolution(op, inference);
        case Linear(boolean bias) when dims(1).length == 2 -> linear(bias);
        case MatMul _ when dims(0).length == dims(1).length && dims(0).length > 1 -> product();
        case MaxPool op when !op.indices() ->
            pool(OneDnn.dnnl_pooling_max(), op.kernel(), op.stride(), op.padding(), op.dilation());
        case AveragePool op when op.divisorOverride() == 0 && !addsBeyondPadding(op) ->
            pool(
                op.countIncludePad()
                    ? OneDnn.dnnl_pooling_avg_include_padding()
                    : OneDnn.dnnl_pooling_avg_exclude_padding(),
                op.kernel(),
                op.stride(),
                op.padding(),
                Ints.repeat(1, op.kernel().size()));
        case GlobalAveragePool _ -> global(OneDnn.dnnl_pooling_avg_include_padding());
        case GlobalMaxPool _ -> global(OneDnn.dnnl_pooling_max());
        case BatchNorm op when dims(0).length > 2 -> batchNorm(op, inference);
        case LayerNorm op -> layerNorm(op, inference);
        default -> null;
      };
    }

    private long[] dims(int operand) {
      return work.operands().get(operand).dims();
    }

    private float[] values(int operand) {
      return work.operands().get(operand).floats(work.seed(operand));
    }

    private long[] result() {
      List<Layout> layouts =
          work.operands().stream().map(o -> Layout.of(DType.F32, Shape.of(o.dims()))).toList();
      return work.op().infer(layouts).getFirst().shape().dims();
    }

    /** Images as the primitive likes them, or as they were asked for. */
    private MemorySegment images(long[] dims) {
      return channelsLast ? primitive.channelsLast(dims) : primitive.any(dims);
    }

    private Subject convolution(Convolution op, int inference) {
      Layout x = op.batched(Layout.of(DType.F32, Shape.of(dims(0))));
      long[] src = x.shape().dims();
      long[] dst = op.batched(Layout.of(DType.F32, Shape.of(result()))).shape().dims();
      Layout weights = weights(op);
      MemorySegment givenSrc = primitive.rowMajor(src);
      MemorySegment givenWeights = primitive.strided(weights.shape().dims(), strides(weights));
      MemorySegment bias = op.bias() ? primitive.rowMajor(dims(BIAS)) : MemorySegment.NULL;
      MemorySegment wantedSrc = images(src);
      MemorySegment wantedWeights = primitive.any(weights.shape().dims());
      MemorySegment wantedDst = images(dst);
      MemorySegment stride = numbers(op.stride(), 0);
      // oneDNN counts the elements that are skipped: none in an ordinary kernel.
      MemorySegment dilation = numbers(op.dilation(), -1);
      MemorySegment before = numbers(op.paddingBefore(), 0);
      primitive.describe(
          out ->
              switch (op) {
                case Conv _ ->
                    OneDnn.dnnl_convolution_forward_primitive_desc_create(
                        out,
                        engine,
                        inference,
                        OneDnn.dnnl_convolution_direct(),
                        wantedSrc,
                        wantedWeights,
                        bias,
                        wantedDst,
                        stride,
                        dilation,
                        before,
                        numbers(op.paddingAfter(), 0),
                        MemorySegment.NULL);
                case ConvTranspose transpose ->
                    OneDnn.dnnl_deconvolution_forward_primitive_desc_create(
                        out,
                        engine,
                        inference,
                        OneDnn.dnnl_deconvolution_direct(),
                        wantedSrc,
                        wantedWeights,
                        bias,
                        wantedDst,
                        stride,
                        dilation,
                        before,
                        primitive.longs(cut(transpose)),
                        MemorySegment.NULL);
              });
      primitive.source(
          OneDnn.DNNL_ARG_SRC(), values(0), givenSrc, primitive.wanted(OneDnn.dnnl_query_src_md()));
      primitive.source(
          OneDnn.DNNL_ARG_WEIGHTS(),
          values(1),
          givenWeights,
          primitive.wanted(OneDnn.dnnl_query_weights_md()));
      if (op.bias()) {
        primitive.source(OneDnn.DNNL_ARG_BIAS(), values(BIAS), bias, bias);
      }
      return primitive.destination(dst);
    }

    /** What is added after the result is less cut off there; it may be negative. */
    private static long[] cut(ConvTranspose op) {
      return IntStream.range(0, op.spatialRank())
          .mapToLong(i -> (long) op.paddingAfter().get(i) - op.outputPadding().get(i))
          .toArray();
    }

    /** The weights as oneDNN sees them: (groups, out/groups, in/groups, kernel...). */
    private Layout weights(Convolution op) {
      long[] given = dims(1);
      int groups = op.groups();
      Layout apart =
          Layout.of(
              DType.F32,
              Shape.of(groups, given[0] / groups).concat(Shape.of(given).range(1, given.length)));
      if (op instanceof Conv) {
        return apart;
      }
      long[] dims = apart.shape().dims();
      long[] strides = strides(apart);
      swap(dims);
      swap(strides);
      return Layout.of(DType.F32, Shape.of(dims), strides);
    }

    private static void swap(long[] numbers) {
      long first = numbers[1];
      numbers[1] = numbers[2];
      numbers[2] = first;
    }

    private static long[] strides(Layout layout) {
      return IntStream.range(0, layout.rank()).mapToLong(layout::stride).toArray();
    }

    private MemorySegment numbers(Ints values, int more) {
      return primitive.longs(
          IntStream.range(0, values.size()).mapToLong(i -> values.get(i) + more).toArray());
    }

    private Subject linear(boolean bias) {
      long[] weights = dims(1);
      long in = weights[1];
      long outs = weights[0];
      long rows = work.operands().get(0).size() / in;
      MemorySegment row = bias ? primitive.rowMajor(1, outs) : MemorySegment.NULL;
      MemorySegment given = primitive.strided(new long[] {in, outs}, new long[] {1, in});
      multiply(
          primitive.rowMajor(rows, in),
          given,
          primitive.any(in, outs),
          row,
          primitive.rowMajor(rows, outs));
      return primitive.destination(rows, outs);
    }

    private @Nullable Subject product() {
      long[] b = dims(1);
      MemorySegment given = primitive.rowMajor(b);
      boolean packed = work.operands().get(1).constant();
      multiply(
          primitive.rowMajor(dims(0)),
          given,
          packed ? primitive.any(b) : given,
          MemorySegment.NULL,
          primitive.rowMajor(result()));
      return primitive.destination(result());
    }

    private void multiply(
        MemorySegment src,
        MemorySegment given,
        MemorySegment wanted,
        MemorySegment bias,
        MemorySegment dst) {
      primitive.describe(
          out ->
              OneDnn.dnnl_matmul_primitive_desc_create(
                  out, engine, src, wanted, bias, dst, MemorySegment.NULL));
      primitive.source(OneDnn.DNNL_ARG_SRC(), values(0), src, src);
      primitive.source(
          OneDnn.DNNL_ARG_WEIGHTS(),
          values(1),
          given,
          primitive.wanted(OneDnn.dnnl_query_weights_md()));
      if (!bias.equals(MemorySegment.NULL)) {
        primitive.source(OneDnn.DNNL_ARG_BIAS(), values(BIAS), bias, bias);
      }
    }

    /** Rounding up may add windows beyond the padding, of which oneDNN counts all or nothing. */
    private boolean addsBeyondPadding(AveragePool op) {
      Ints ones = Ints.repeat(1, op.kernel().size());
      long[] after = after(op.kernel(), op.stride(), op.padding(), ones);
      int rank = after.length;
      return op.countIncludePad()
          && IntStream.range(0, rank)
              .anyMatch(i -> after[i] > op.padding().get(op.padding().size() - rank + i));
    }

    private Subject global(int algorithm) {
      long[] src = dims(0);
      int rank = src.length - 2;
      Ints whole =
          Ints.of(IntStream.range(0, rank).map(i -> Math.toIntExact(src[2 + i])).toArray());
      Ints ones = Ints.repeat(1, rank);
      return pool(algorithm, whole, ones, Ints.repeat(0, rank), ones);
    }

    private Subject pool(int algorithm, Ints kernel, Ints stride, Ints padding, Ints dilation) {
      int rank = kernel.size();
      // Of two images oneDNN takes any order of the result, but not of the source.
      long[] src = batched(dims(0), rank);
      long[] dst = batched(result(), rank);
      MemorySegment wantedSrc = primitive.channelsLast(src);
      MemorySegment wantedDst = primitive.channelsLast(dst);
      MemorySegment before =
          primitive.longs(IntStream.range(0, rank).mapToLong(padding::get).toArray());
      MemorySegment after = primitive.longs(after(kernel, stride, padding, dilation));
      primitive.describe(
          out ->
              OneDnn.dnnl_pooling_forward_primitive_desc_create(
                  out,
                  engine,
                  OneDnn.dnnl_forward_inference(),
                  algorithm,
                  wantedSrc,
                  wantedDst,
                  numbers(stride, 0),
                  numbers(kernel, 0),
                  numbers(dilation, -1),
                  before,
                  after,
                  MemorySegment.NULL));
      primitive.source(OneDnn.DNNL_ARG_SRC(), values(0), primitive.rowMajor(src), wantedSrc);
      return primitive.destination(dst);
    }

    private static long[] batched(long[] dims, int rank) {
      return dims.length == rank + 2 ? dims : Shape.of(1).concat(Shape.of(dims)).dims();
    }

    /** The padding after each dimension that the last window reaches. */
    private long[] after(Ints kernel, Ints stride, Ints padding, Ints dilation) {
      int rank = kernel.size();
      long[] src = batched(dims(0), rank);
      long[] dst = batched(result(), rank);
      return IntStream.range(0, rank)
          .mapToLong(
              i ->
                  Math.max(
                      0,
                      (dst[2 + i] - 1) * stride.get(i)
                          + (long) dilation.get(i) * (kernel.get(i) - 1)
                          + 1
                          - src[2 + i]
                          - padding.get(i)))
          .toArray();
    }

    private Subject batchNorm(BatchNorm op, int inference) {
      long[] dims = dims(0);
      MemorySegment images = primitive.channelsLast(dims);
      MemorySegment channels = primitive.rowMajor(dims[1]);
      int statistics = op.training() ? 0 : OneDnn.dnnl_use_global_stats();
      primitive.describe(
          out ->
              OneDnn.dnnl_batch_normalization_forward_primitive_desc_create(
                  out,
                  engine,
                  inference,
                  images,
                  images,
                  (float) op.eps(),
                  statistics | parameters(op.weight(), op.bias()),
                  MemorySegment.NULL));
      primitive.source(OneDnn.DNNL_ARG_SRC(), values(0), primitive.rowMajor(dims), images);
      if (!op.training()) {
        primitive.source(OneDnn.DNNL_ARG_MEAN(), values(1), channels, channels);
        primitive.source(OneDnn.DNNL_ARG_VARIANCE(), values(2), channels, channels);
      }
      parameters(op.weight(), op.bias(), op.running() ? 3 : 1, channels);
      return primitive.destination(dims);
    }

    private Subject layerNorm(LayerNorm op, int inference) {
      long length = Shape.of(op.normalizedShape().toArray()).size();
      long count = work.operands().get(0).size() / length;
      MemorySegment rows = primitive.rowMajor(count, length);
      MemorySegment statistics = primitive.rowMajor(count);
      primitive.describe(
          out ->
              OneDnn.dnnl_layer_normalization_forward_primitive_desc_create(
                  out,
                  engine,
                  inference,
                  rows,
                  rows,
                  statistics,
                  (float) op.eps(),
                  parameters(op.weight(), op.bias()),
                  MemorySegment.NULL));
      primitive.source(OneDnn.DNNL_ARG_SRC(), values(0), rows, rows);
      parameters(op.weight(), op.bias(), 1, primitive.rowMajor(length));
      return primitive.destination(count, length);
    }

    private static int parameters(boolean weight, boolean bias) {
      return (weight ? OneDnn.dnnl_use_scale() : 0) | (bias ? OneDnn.dnnl_use_shift() : 0);
    }

    private void parameters(boolean weight, boolean bias, int first, MemorySegment numbers) {
      if (weight) {
        primitive.source(OneDnn.DNNL_ARG_SCALE(), values(first), numbers, numbers);
      }
      if (bias) {
        int operand = first + (weight ? 1 : 0);
        primitive.source(OneDnn.DNNL_ARG_SHIFT(), values(operand), numbers, numbers);
      }
    }
  }
}
