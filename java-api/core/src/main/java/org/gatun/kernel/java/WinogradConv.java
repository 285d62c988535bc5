package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.kernel.FloatProducts;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.ScratchMemory;
import org.gatun.op.Conv;
import org.gatun.op.Copy;
import org.gatun.op.Fused;
import org.gatun.op.Pointwise;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;
import org.jspecify.annotations.Nullable;

/**
 * A convolution by {@link WinogradTransforms}: row-major images are copied to channels-last and
 * back, and what is not finite is computed by the plain convolution.
 */
final class WinogradConv implements Plan {
  private static final int NONE = -1;

  /**
   * What follows the convolution.
   *
   * @param added the input that is added, or -1
   * @param rectified whether the rectifier follows
   * @param function another function that follows, or null
   */
  record Steps(int added, boolean rectified, @Nullable Pointwise function) {
    /** Returns the steps, or null where they are others. */
    static @Nullable Steps of(List<Fused.Step> steps, PlanRequest request, int firstInput) {
      int added = NONE;
      Pointwise function = null;
      for (Fused.Step step : steps) {
        if (step instanceof Fused.Step.Activate(Pointwise op) && function == null) {
          function = op;
        } else if (step instanceof Fused.Step.Add && added == NONE && function == null) {
          added = firstInput;
        } else {
          return null;
        }
      }
      boolean lies =
          added == NONE
              || (request.input(added).isChannelsLast() && request.output(0).isChannelsLast());
      boolean rectified = function instanceof Unary unary && unary.function() == UnaryFunction.RELU;
      return lies ? new Steps(added, rectified, rectified ? null : function) : null;
    }
  }

  /**
   * What plans are made of.
   *
   * @param constant the weights; the memory may be elsewhere when they are read
   */
  record Maker(
      PlanRequest request,
      Conv conv,
      Steps steps,
      WinogradLoops loops,
      FloatProducts library,
      Kernel plain,
      MemorySegment constant) {
    /**
     * Returns the plan, or null where the library has no product.
     *
     * @param weights the weights' memory now
     */
    @Nullable Plan make(MemorySegment weights) {
      Layout x = Layout.channelsLast(DType.F32, request.input(0).shape());
      Layout y = Layout.channelsLast(DType.F32, request.output(0).shape());
      WinogradTiles tiles = WinogradTiles.of(x, y, request.threads());
      Layout transformed = Layout.of(DType.F32, Shape.of(WinogradTiles.PLANES, x.dim(1), y.dim(1)));
      try (ScratchMemory.Block block =
          request
              .context()
              .memory()
              .packed(
                  constant,
                  "F(2x2, 3x3)",
                  transformed.byteSpan(),
                  to -> WinogradWeights.transform(weights, x.dim(1), y.dim(1), to))) {
        Layout inputs = tiles.planes(x.dim(1));
        Layout outputs = tiles.planes(y.dim(1));
        Plan products = library.matmul(request, inputs, transformed, outputs, block.segment());
        if (products == null || products.reads(1)) {
          return null;
        }
        return new WinogradConv(this, x, y, tiles, products);
      }
    }
  }

  private final PlanRequest request;
  private final Conv conv;
  private final Steps steps;
  private final Kernel plain;
  private final WinogradTransforms transforms;
  private final Plan products;
  private final @Nullable Plan before;
  private final @Nullable Plan after;
  private final @Nullable Plan function;
  private final long beforeBytes;
  private final long afterBytes;
  private @Nullable Plan fallback;

  private WinogradConv(Maker maker, Layout x, Layout y, WinogradTiles tiles, Plan products) {
    this.request = maker.request();
    this.conv = maker.conv();
    this.steps = maker.steps();
    this.plain = maker.plain();
    this.products = products;
    this.transforms =
        new WinogradTransforms(
            request.context(),
            request.threads(),
            maker.loops(),
            tiles,
            new WinogradTransforms.Images(
                x, y, conv.paddingBefore().get(0), conv.paddingBefore().get(1)),
            products);
    this.before = copy(request.input(0), x);
    this.after = copy(y, request.output(0));
    this.beforeBytes = before == null ? 0 : rounded(x.byteSpan());
    this.afterBytes = after == null ? 0 : y.byteSpan();
    Pointwise op = steps.function();
    this.function =
        op == null
            ? null
            : new PointwiseKernel()
                .plan(request.with(op, List.of(request.output(0)), List.of(request.output(0))));
  }

  private static long rounded(long bytes) {
    return (bytes + 63) / 64 * 64;
  }

  private @Nullable Plan copy(Layout from, Layout to) {
    return from.sameArrangement(to)
        ? null
        : new CopyKernel().plan(request.with(new Copy(false), List.of(from), List.of(to)));
  }

  /** The tiles of a block are so many that each thread has as many blocks. */
  @Override
  public boolean roundsByThreads() {
    return true;
  }

  @Override
  public String implementation() {
    return "java:winograd+" + products.implementation();
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    if (!run(inputs, outputs)) {
      fallback().execute(inputs, outputs);
    } else if (function != null) {
      function.execute(outputs, outputs);
    }
  }

  private boolean run(MemorySegment[] inputs, MemorySegment[] outputs) {
    if (before == null && after == null) {
      return run(inputs, inputs[0], outputs[0]);
    }
    try (ScratchMemory.Block block = request.context().memory().borrow(beforeBytes + afterBytes)) {
      MemorySegment x = inputs[0];
      MemorySegment y = outputs[0];
      if (before != null) {
        x = block.segment().asSlice(0, beforeBytes);
        before.execute(new MemorySegment[] {inputs[0]}, new MemorySegment[] {x});
      }
      if (after != null) {
        y = block.segment().asSlice(beforeBytes);
      }
      boolean finite = run(inputs, x, y);
      if (finite && after != null) {
        after.execute(new MemorySegment[] {y}, outputs);
      }
      return finite;
    }
  }

  private boolean run(MemorySegment[] inputs, MemorySegment x, MemorySegment y) {
    return transforms.execute(
        x.address(),
        conv.bias() ? inputs[2].address() : 0,
        steps.added() == NONE ? 0 : inputs[steps.added()].address(),
        steps.rectified(),
        y.address());
  }

  /** Made when it is first needed: its weights are not packed, since that is seldom. */
  private synchronized Plan fallback() {
    Plan made = fallback;
    if (made == null) {
      made = plain.plan(request.with(request.op(), request.inputs(), request.outputs()));
      if (made == null) {
        throw new AssertionError(request.op().name() + ": the plain kernel takes it");
      }
      fallback = made;
    }
    return made;
  }

  @Override
  public void close() {
    products.close();
    for (Plan part : new @Nullable Plan[] {before, after, function}) {
      if (part != null) {
        part.close();
      }
    }
    closeFallback();
  }

  private synchronized void closeFallback() {
    if (fallback != null) {
      fallback.close();
    }
  }
}
