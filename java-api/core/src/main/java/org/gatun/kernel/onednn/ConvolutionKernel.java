package org.gatun.kernel.onednn;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.bindings.onednn.OneDnn;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.Conv;
import org.gatun.op.ConvTranspose;
import org.gatun.op.Convolution;
import org.gatun.op.Fused;
import org.gatun.op.Ints;
import org.gatun.op.Op;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;
import org.jspecify.annotations.Nullable;

/**
 * Convolution, transposed convolution and what is fused to them, as oneDNN's convolution and
 * deconvolution.
 */
public final class ConvolutionKernel implements Kernel {
  private static final Fused.Step SIGMOID = new Fused.Step.Activate(UnaryFunction.SIGMOID);
  private static final Fused.Step RELU = new Fused.Step.Activate(UnaryFunction.RELU);
  private static final Fused.Step CLIP =
      new Fused.Step.Activate(new Unary(UnaryFunction.CLAMP, 0, Double.POSITIVE_INFINITY));

  private static final int BIAS = 2;

  /** Products for each element of the result up to which reorders weigh more than they. */
  private static final long MOST_IN_BLOCKS = 1024;

  /** Channels up to which oneDNN reads row-major images at full speed: what a first layer reads. */
  private static final long MOST_COLOURS = 3;

  /** Elements of f32 in a vector of 512 bits. */
  private static final long LANES = 16;

  private enum Arrangement {
    BLOCKED,
    CHANNELS_LAST,
    ROW_MAJOR
  }

  private static final int LARGEST_ARGUMENT = 1 << 15;

  /** How the images of the input and the result lie for the primitive. */
  private enum Images {
    BLOCKED(Arrangement.BLOCKED, Arrangement.BLOCKED),
    CHANNELS_LAST(Arrangement.CHANNELS_LAST, Arrangement.CHANNELS_LAST),
    COLOURS_TO_BLOCKED(Arrangement.ROW_MAJOR, Arrangement.BLOCKED),
    ROW_MAJOR(Arrangement.ROW_MAJOR, Arrangement.ROW_MAJOR);

    private final Arrangement src;
    private final Arrangement dst;

    Images(Arrangement src, Arrangement dst) {
      this.src = src;
      this.dst = dst;
    }
  }

  /** Makes the kernel. */
  public ConvolutionKernel() {}

  @Override
  public Library library() {
    return Library.ONEDNN;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    Op base = request.op() instanceof Fused fused ? fused.base() : request.op();
    List<Fused.Step> steps = request.op() instanceof Fused fused ? fused.steps() : List.of();
    if (!(base instanceof Convolution convolution)
        || !Cpu.computes(request.output(0).dtype())
        || !request.isFloating(request.output(0).dtype())
        || !PostOps.takes(steps)
        || !request.inputs().stream().allMatch(Descriptors::canDescribe)
        || !Descriptors.canDescribe(request.output(0))
        || isBeyondOneDnn(convolution, request)) {
      return null;
    }
    for (Images images : candidates(convolution, request, steps)) {
      Plan plan = plan(convolution, request, steps, images);
      if (plan != null) {
        return plan;
      }
    }
    return null;
  }

  /**
   * Returns what to try, best first.
   *
   * <p>Channels-last is what oneDNN's convolutions do best. Row-major images have to be reordered
   * for it and back, which takes two to nine times longer than to blocks of 16 channels; the
   * convolution itself is slower in blocks. So blocks pay where there is little to do with each
   * element: measured, 3x3 with 64 channels (576 products) is even, with 128 it is not worth it. A
   * plain 1x1 convolution of row-major images is a matrix product, and needs no reorder.
   */
  private static List<Images> candidates(
      Convolution convolution, PlanRequest request, List<Fused.Step> steps) {
    Layout weights = request.input(1);
    boolean rowMajor = request.input(0).isContiguous() && request.output(0).isContiguous();
    if (weights.dtype() != DType.F32) {
      // oneDNN's code for row-major images of 16 bits takes longer than that for f32.
      boolean blocks =
          rowMajor && convolution instanceof Conv && products(weights) <= MOST_IN_BLOCKS;
      return blocks ? List.of(Images.BLOCKED, Images.CHANNELS_LAST) : List.of(Images.CHANNELS_LAST);
    }
    if (!rowMajor || !(convolution instanceof Conv conv)) {
      return List.of(Images.CHANNELS_LAST, Images.ROW_MAJOR);
    }
    if (steps.isEmpty() && isMatrixProduct(conv, weights)) {
      return wastesLanes(positions(request.output(0), conv))
          ? List.of(Images.CHANNELS_LAST, Images.ROW_MAJOR)
          : List.of(Images.ROW_MAJOR, Images.CHANNELS_LAST);
    }
    if (products(weights) > MOST_IN_BLOCKS) {
      return List.of(Images.CHANNELS_LAST, Images.ROW_MAJOR);
    }
    boolean colours = weights.dim(1) <= MOST_COLOURS && conv.groups() == 1;
    return List.of(
        colours ? Images.COLOURS_TO_BLOCKED : Images.BLOCKED,
        Images.CHANNELS_LAST,
        Images.ROW_MAJOR);
  }

  /**
   * Returns whether vectors that go over the positions of an image leave more than a fifth of their
   * lanes empty, as they do over 7x7: then reorders to channels-last and back cost less. Measured
   * of 1x1 convolutions, in microseconds where the image lies and with reorders:
   *
   * <pre>
   *    512 to 2048 channels   7x7   605   433
   *    960 to  160 channels   7x7    85    74
   *    256 to   64 channels  56x56  448   648
   *     24 to  144 channels  56x56  167   252
   * </pre>
   */
  private static boolean wastesLanes(long positions) {
    return 4 * Math.ceilDiv(positions, LANES) * LANES > 5 * positions;
  }

  private static long positions(Layout images, Conv conv) {
    long positions = 1;
    for (int axis = 1; axis <= conv.spatialRank(); axis++) {
      positions *= images.dim(-axis);
    }
    return positions;
  }

  /** Returns the products for each element of the result. */
  private static long products(Layout weights) {
    return weights.size() / weights.dim(0);
  }

  private static boolean isBeyondOneDnn(Convolution convolution, PlanRequest request) {
    return hasLargeArguments(convolution)
        || spreadsNotANumber(convolution, request)
        || switch (convolution) {
          case Conv conv ->
              seesPaddingAlone(conv, request.input(0), request.input(1), request.output(0));
          case ConvTranspose transpose ->
              addsWholeSteps(transpose) || wastesVectors(transpose, request);
        };
  }

  /**
   * Returns whether elements of 16 bits are multiplied with weights that are not theirs: pairs of
   * channels are added up at once, and an odd one is paired with its neighbour in memory and a
   * weight of 0, which gives NaN where the neighbour is not finite.
   */
  private static boolean spreadsNotANumber(Convolution convolution, PlanRequest request) {
    Layout weights = request.input(1);
    int groups = convolution.groups();
    long outputs = weights.dim(0) / (convolution instanceof Conv ? groups : 1);
    long channels = convolution instanceof Conv ? weights.dim(1) : weights.dim(0) / groups;
    boolean depthwise = convolution instanceof Conv && groups > 1 && channels == 1 && outputs == 1;
    return weights.dtype() != DType.F32 && channels % 2 != 0 && !depthwise;
  }

  /** oneDNN multiplies strides and the like as ints: of large ones it divides by 0 in the end. */
  static boolean hasLargeArguments(Convolution convolution) {
    return Stream.of(
            convolution.stride(),
            convolution.dilation(),
            convolution.paddingBefore(),
            convolution.paddingAfter())
        .flatMapToInt(numbers -> IntStream.range(0, numbers.size()).map(numbers::get))
        .anyMatch(number -> number > LARGEST_ARGUMENT);
  }

  /**
   * Returns whether a window meets no element of the input: there oneDNN's brgemm code calls a
   * kernel that it has not made, and the process ends.
   */
  static boolean seesPaddingAlone(Conv conv, Layout x, Layout weights, Layout y) {
    int rank = conv.spatialRank();
    for (int i = 0; i < rank; i++) {
      long size = x.dim(i - rank);
      long windows = y.dim(i - rank);
      long kernel = weights.dim(2 + i);
      long before = conv.paddingBefore().get(i);
      long stride = conv.stride().get(i);
      if ((windows - 1) * stride - before >= size) {
        return true;
      }
      for (long start = -before; start < 0 && start <= (windows - 1) * stride - before; ) {
        long first = Math.ceilDiv(-start, conv.dilation().get(i));
        if (first >= kernel || start + first * conv.dilation().get(i) >= size) {
          return true;
        }
        start += stride;
      }
    }
    return false;
  }

  /**
   * Returns whether output padding reaches a stride or more beyond the result, as it may where the
   * dilation is the larger of the two; oneDNN refuses that.
   */
  private static boolean addsWholeSteps(ConvTranspose transpose) {
    return IntStream.range(0, transpose.spatialRank())
        .anyMatch(
            i ->
                transpose.outputPadding().get(i) - transpose.paddingAfter().get(i)
                    >= transpose.stride().get(i));
  }

  /**
   * Returns whether the result has one channel: oneDNN computes vectors of channels then, of which
   * one is used. As a matrix product it takes half of that on one thread, and a sixth of what it
   * takes oneDNN with a sigmoid fused to it. That product is one thread's for each image, and so
   * slower from some four threads on; but the bits are not to depend on their number.
   */
  private static boolean wastesVectors(ConvTranspose transpose, PlanRequest request) {
    Layout weights = request.input(1);
    return transpose.groups() == 1 && weights.dim(1) == 1 && weights.dtype() == DType.F32;
  }

  private static boolean isMatrixProduct(Conv conv, Layout weights) {
    int rank = conv.spatialRank();
    return conv.groups() == 1
        && weights.size() == weights.dim(0) * weights.dim(1)
        && conv.stride().equals(Ints.repeat(1, rank))
        && conv.paddingBefore().equals(Ints.repeat(0, rank))
        && conv.paddingAfter().equals(Ints.repeat(0, rank));
  }

  /**
   * Returns the steps with a clamp for each ReLU: that after oneDNN's transposed convolutions is
   * the leaky one with a slope of 0, which makes NaN of negative infinity.
   */
  private static List<Fused.Step> clipped(List<Fused.Step> steps) {
    return steps.stream().map(step -> step.equals(RELU) ? CLIP : step).toList();
  }

  private static @Nullable Plan plan(
      Convolution convolution, PlanRequest request, List<Fused.Step> steps, Images images) {
    Layout x = convolution.batched(request.input(0));
    Layout y = convolution.batched(request.output(0));
    Layout weights = weights(convolution, request.input(1));
    try (PlanBuilder builder = new PlanBuilder(request)) {
      MemorySegment src = arranged(builder, x, images.src);
      MemorySegment dst = arranged(builder, y, images.dst);
      int next = convolution.bias() ? BIAS + 1 : BIAS;
      List<Layout> added =
          request.inputs().subList(next, request.inputs().size()).stream()
              .map(convolution::batched)
              .toList();
      List<Fused.Step> following = convolution instanceof ConvTranspose ? clipped(steps) : steps;
      PostOps postOps = PostOps.of(builder, following, next, added, dst);
      MemorySegment wantedBias =
          convolution.bias()
              ? builder.descriptor(Layout.of(y.dtype(), request.input(BIAS).shape()))
              : MemorySegment.NULL;
      boolean made =
          builder.primitive(
              convolution.name(),
              out ->
                  create(
                      out,
                      convolution,
                      builder,
                      src,
                      builder.any(y.dtype(), weights.shape()),
                      wantedBias,
                      dst,
                      builder.attributes(postOps.address())));
      if (!made
          || mistakesStrides(builder.implementation(), convolution, y)
          || losesNotANumber(builder.implementation(), steps)) {
        return null;
      }
      builder.source(
          OneDnn.DNNL_ARG_SRC(),
          0,
          builder.descriptor(x),
          builder.wanted(OneDnn.dnnl_query_src_md()));
      builder.source(
          OneDnn.DNNL_ARG_WEIGHTS(),
          1,
          builder.descriptor(weights),
          builder.wanted(OneDnn.dnnl_query_weights_md()));
      if (convolution.bias()) {
        builder.source(
            OneDnn.DNNL_ARG_BIAS(), BIAS, builder.descriptor(request.input(BIAS)), wantedBias);
      }
      postOps.pass(builder);
      builder.destination(
          OneDnn.DNNL_ARG_DST(),
          0,
          builder.descriptor(y),
          builder.wanted(OneDnn.dnnl_query_dst_md()));
      return builder.plan();
    }
  }

  /**
   * Returns whether 0 comes out for NaN: so does the sigmoid of oneDNN's plain code, which follows
   * transposed convolutions that are the way back of another convolution.
   */
  private static boolean losesNotANumber(String implementation, List<Fused.Step> steps) {
    return implementation.contains("conv:any") && steps.contains(SIGMOID);
  }

  /**
   * Returns whether the code is oneDNN's for row-major images and there is one window along a
   * dimension: it joins the others to it then and moves along them by the stride of that one.
   */
  private static boolean mistakesStrides(
      String implementation, Convolution convolution, Layout result) {
    Ints stride = convolution.stride();
    boolean equal = stride.equals(Ints.repeat(stride.get(0), stride.size()));
    return !equal
        && implementation.contains("ncsp")
        && IntStream.range(2, result.rank()).anyMatch(axis -> result.dim(axis) == 1);
  }

  private static MemorySegment arranged(PlanBuilder builder, Layout layout, Arrangement how) {
    return switch (how) {
      case BLOCKED -> builder.blocked(layout.dtype(), layout.shape());
      case CHANNELS_LAST -> builder.descriptor(Layout.channelsLast(layout.dtype(), layout.shape()));
      case ROW_MAJOR -> builder.descriptor(Layout.of(layout.dtype(), layout.shape()));
    };
  }

  /**
   * Returns PyTorch's weights as oneDNN sees them: (out, in, kernel...), or with groups in front
   * (groups, out/groups, in/groups, kernel...). The memory is the same, the strides say how.
   */
  static Layout weights(Convolution convolution, Layout given) {
    int groups = convolution.groups();
    int spatial = convolution.spatialRank();
    long[] dims = new long[spatial + 3];
    long[] strides = new long[spatial + 3];
    dims[0] = groups;
    strides[0] = given.dim(0) / groups * given.stride(0);
    // The axis that the groups divide is the result's channels, or the input's when transposed.
    int divided = convolution instanceof Conv ? 1 : 2;
    dims[divided] = given.dim(0) / groups;
    strides[divided] = given.stride(0);
    dims[3 - divided] = given.dim(1);
    strides[3 - divided] = given.stride(1);
    for (int i = 0; i < spatial; i++) {
      dims[3 + i] = given.dim(2 + i);
      strides[3 + i] = given.stride(2 + i);
    }
    int from = groups == 1 ? 1 : 0;
    return Layout.of(
        given.dtype(),
        Shape.of(dims).range(from, dims.length),
        java.util.Arrays.copyOfRange(strides, from, strides.length));
  }

  static int create(
      MemorySegment out,
      Convolution convolution,
      PlanBuilder builder,
      MemorySegment src,
      MemorySegment weights,
      MemorySegment bias,
      MemorySegment dst,
      MemorySegment attributes) {
    MemorySegment strides = longs(builder, convolution.stride(), 0);
    // oneDNN counts the elements that are skipped: none in an ordinary kernel.
    MemorySegment dilates = longs(builder, convolution.dilation(), -1);
    MemorySegment before = longs(builder, convolution.paddingBefore(), 0);
    MemorySegment after = longs(builder, convolution.paddingAfter(), 0);
    return switch (convolution) {
      case Conv _ ->
          OneDnn.dnnl_convolution_forward_primitive_desc_create(
              out,
              Cpu.engine(),
              OneDnn.dnnl_forward_inference(),
              OneDnn.dnnl_convolution_direct(),
              src,
              weights,
              bias,
              dst,
              strides,
              dilates,
              before,
              after,
              attributes);
      case ConvTranspose transpose -> {
        // What is added after the result is less cut off there; it may be negative.
        for (int i = 0; i < transpose.spatialRank(); i++) {
          after.setAtIndex(
              ValueLayout.JAVA_LONG,
              i,
              (long) transpose.paddingAfter().get(i) - transpose.outputPadding().get(i));
        }
        yield OneDnn.dnnl_deconvolution_forward_primitive_desc_create(
            out,
            Cpu.engine(),
            OneDnn.dnnl_forward_inference(),
            OneDnn.dnnl_deconvolution_direct(),
            src,
            weights,
            bias,
            dst,
            strides,
            dilates,
            before,
            after,
            attributes);
      }
    };
  }

  private static MemorySegment longs(PlanBuilder builder, Ints values, int added) {
    MemorySegment segment = builder.arena().allocate(ValueLayout.JAVA_LONG, values.size());
    for (int i = 0; i < values.size(); i++) {
      segment.setAtIndex(ValueLayout.JAVA_LONG, i, values.get(i) + added);
    }
    return segment;
  }
}
