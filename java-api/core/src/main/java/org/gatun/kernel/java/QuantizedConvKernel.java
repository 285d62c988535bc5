package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.kernel.IntegerProducts;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.Conv;
import org.gatun.op.QuantizedConv;
import org.gatun.op.QuantizedResult;
import org.jspecify.annotations.Nullable;

/**
 * {@link QuantizedConv}: exact sums of the integers as they are, and one pass in Java over those.
 *
 * <p>The library's convolution pads with 0, and what the zero point of the images brings in then is
 * taken away in the pass: zero point times the weights that meet no padding. Where the weights have
 * zero points that are not 0, or the library has no convolution, the images are taken apart into
 * columns, padded with the zero point, and multiplied.
 */
public final class QuantizedConvKernel implements Kernel {
  /** Groups whose weights are packed one by one; more are multiplied as they are. */
  private static final int MOST_PACKED = 16;

  private final Library library;
  private final IntegerProducts products;

  /**
   * Makes the kernel.
   *
   * @param library the library that multiplies
   * @param products its products
   */
  public QuantizedConvKernel(Library library, IntegerProducts products) {
    this.library = library;
    this.products = products;
  }

  /** Makes the kernel that multiplies in Java. */
  public QuantizedConvKernel() {
    this(Library.JAVA, new ArrayIntegerProducts());
  }

  @Override
  public Library library() {
    return library;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    if (!(request.op() instanceof QuantizedConv op)) {
      return null;
    }
    QuantizedResult result = op.result();
    Layout y = op.conv().batched(request.output(0));
    Layout w = request.input(result.weights());
    boolean readable = w.isDense() && (y.isContiguous() || y.isChannelsLast());
    for (int i = 1; i < request.inputs().size() && readable; i++) {
      readable = i == result.weights() || request.input(i).isContiguous();
    }
    if (!readable) {
      return null;
    }
    MemorySegment constant = request.constant(result.weights());
    SignedWeights weights = SignedWeights.of(w, constant, request.context().memory());
    Plan plan = null;
    try {
      plan = plan(request, op, y, weights, weights.constant(constant));
      return plan;
    } finally {
      if (plan == null) {
        weights.close();
      }
    }
  }

  private @Nullable Plan plan(
      PlanRequest request,
      QuantizedConv op,
      Layout y,
      SignedWeights weights,
      @Nullable MemorySegment constant) {
    Conv conv = withoutBias(op.conv());
    Layout x = conv.batched(request.input(0));
    ConvOutput output = ConvOutput.of(request, op.result(), y);
    if (hasNoZeroPoints(request, op.result(), weights)) {
      Plan sums = products.conv(request, conv, x, weights.layout(), output.sums(), constant);
      if (sums != null) {
        WindowTaps taps = WindowTaps.of(conv, x, weights.layout(), y);
        return new DirectQuantizedConv(request, op.result(), output, weights, taps, constant, sums);
      }
    }
    return weights.layout().isContiguous()
        ? columns(request, op, conv, x, output, weights, constant)
        : null;
  }

  private static Conv withoutBias(Conv conv) {
    return new Conv(
        conv.stride(),
        conv.paddingBefore(),
        conv.paddingAfter(),
        conv.dilation(),
        conv.groups(),
        false);
  }

  /** Whether the zero points of the weights are constant, and 0. */
  private static boolean hasNoZeroPoints(
      PlanRequest request, QuantizedResult result, SignedWeights weights) {
    MemorySegment zeros = request.constant(result.weightsZeroPoint());
    if (zeros == null) {
      return false;
    }
    Layout layout = request.input(result.weightsZeroPoint());
    for (long i = 0; i < layout.size(); i++) {
      int zero = QuantizationChunk.get(layout.dtype(), zeros.address(), i);
      if (weights.zeroPoint(zero) != 0) {
        return false;
      }
    }
    return true;
  }

  private @Nullable Plan columns(
      PlanRequest request,
      QuantizedConv op,
      Conv conv,
      Layout x,
      ConvOutput output,
      SignedWeights weights,
      @Nullable MemorySegment constant) {
    ConvColumns columns = ConvColumns.of(conv, x, weights.layout(), output.sums());
    long n = columns.outPerGroup();
    long k = columns.length();
    if (columns.isEmpty() || output.sums().size() == 0) {
      return new ColumnQuantizedConv(request, op.result(), output, weights, columns, List.of());
    }
    Layout a = Layout.of(x.dtype(), Shape.of(columns.windows(), k));
    Layout b = Layout.of(DType.I8, Shape.of(k, n), 1, k);
    Layout sums = Layout.of(DType.I32, Shape.of(columns.windows(), n), output.sums().dim(1), 1);
    boolean packed = constant != null && conv.groups() <= MOST_PACKED;
    List<Plan> plans = new ArrayList<>();
    boolean complete = false;
    try {
      for (int group = 0; group < (packed ? conv.groups() : 1); group++) {
        MemorySegment own = packed && constant != null ? constant.asSlice(group * n * k) : null;
        Plan plan = products.matmul(request, a, b, sums, own);
        if (plan == null) {
          return null;
        }
        plans.add(plan);
      }
      complete = true;
    } finally {
      if (!complete) {
        plans.forEach(Plan::close);
      }
    }
    return new ColumnQuantizedConv(request, op.result(), output, weights, columns, plans);
  }
}
