package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.KernelContext;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Col2Im;
import org.gatun.op.Im2Col;
import org.gatun.op.Patches;
import org.jspecify.annotations.Nullable;

/**
 * {@link Im2Col} of any dtype and {@link Col2Im} of f32 and f64, row-major. Each row of the columns
 * is one element of the window at all its positions: a part of the image, shifted.
 */
public final class PatchesKernel implements Kernel {
  private static final long GRAIN = 16 * 1024;

  /** Makes the kernel. */
  public PatchesKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    if (!request.isContiguous()) {
      return null;
    }
    Layout x = request.input(0);
    Layout y = request.output(0);
    return switch (request.op()) {
      case Im2Col op ->
          new TakenApart(
              Geometry.of(op, x, y),
              MoveLoops.of(request.context()),
              request.context(),
              request.threads());
      case Col2Im op when x.dtype() == DType.F32 || x.dtype() == DType.F64 ->
          new PutTogether(
              Geometry.of(op, y, x),
              Loops.of(request.context(), x.dtype()),
              request.context(),
              request.threads());
      default -> null;
    };
  }

  /**
   * Where the elements of windows lie.
   *
   * @param op its arguments
   * @param planes the number of channels of all images
   * @param height the height of an image
   * @param width its width
   * @param down the number of windows along the height
   * @param across the number along the width
   * @param bytes the size of an element
   */
  private record Geometry(
      Patches op, long planes, long height, long width, long down, long across, int bytes) {
    static Geometry of(Patches op, Layout image, Layout columns) {
      long height = image.dim(-2);
      long width = image.dim(-1);
      long window = (long) op.kernel().get(0) * op.kernel().get(1);
      return new Geometry(
          op,
          columns.size() / columns.dim(-1) / window,
          height,
          width,
          op.windows(0, height),
          op.windows(1, width),
          image.dtype().byteSize());
    }

    int elements() {
      return op.kernel().get(0) * op.kernel().get(1);
    }

    /** Returns the part of the image that an element of the window meets. */
    Part part(int element) {
      int i = element / op.kernel().get(1);
      int j = element % op.kernel().get(1);
      long top = (long) i * op.dilation().get(0) - op.padding().get(0);
      long left = (long) j * op.dilation().get(1) - op.padding().get(1);
      long sh = op.stride().get(0);
      long sw = op.stride().get(1);
      long firstRow = first(top, sh);
      long firstColumn = first(left, sw);
      return new Part(
          ((top + firstRow * sh) * width + left + firstColumn * sw) * bytes,
          (firstRow * across + firstColumn) * bytes,
          Math.max(0, end(top, sh, height, down) - firstRow),
          Math.max(0, end(left, sw, width, across) - firstColumn));
    }

    /** Returns the first window whose element is not before the image. */
    private static long first(long start, long stride) {
      return start >= 0 ? 0 : Math.ceilDiv(-start, stride);
    }

    /** Returns the first window whose element is beyond the image. */
    private static long end(long start, long stride, long size, long windows) {
      return Math.min(windows, Math.max(0, Math.ceilDiv(size - start, stride)));
    }

    long imageRow() {
      return op.stride().get(0) * width * bytes;
    }

    long imageColumn() {
      return (long) op.stride().get(1) * bytes;
    }

    long columnsRow() {
      return across * bytes;
    }

    /** Returns the bytes of all windows' values of one element. */
    long row() {
      return down * across * bytes;
    }
  }

  /**
   * A rectangle of windows whose element lies in the image.
   *
   * @param image the position of the first such element, in bytes
   * @param columns that of its place in the row, in bytes
   * @param rows the windows along the height
   * @param across the windows along the width
   */
  private record Part(long image, long columns, long rows, long across) {}

  private record TakenApart(Geometry geometry, MoveLoops loops, KernelContext context, int threads)
      implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      long src = inputs[0].address();
      long dst = outputs[0].address();
      int elements = geometry.elements();
      long plane = geometry.height() * geometry.width() * geometry.bytes();
      context
          .workers()
          .parallel(
              threads,
              geometry.planes() * elements,
              Math.max(1, GRAIN / (geometry.down() * geometry.across())),
              (from, to) -> {
                for (long row = from; row < to; row++) {
                  run(
                      geometry.part((int) (row % elements)),
                      src + row / elements * plane,
                      dst + row * geometry.row());
                }
              });
    }

    private void run(Part part, long src, long dst) {
      if (part.rows() < geometry.down() || part.across() < geometry.across()) {
        ALL.asSlice(dst, geometry.row()).fill((byte) 0);
      }
      if (part.rows() == 0 || part.across() == 0) {
        return;
      }
      if (geometry.imageColumn() == geometry.bytes()) {
        loops.rows(
            src + part.image(),
            geometry.imageRow(),
            dst + part.columns(),
            geometry.columnsRow(),
            part.rows(),
            part.across() * geometry.bytes());
      } else {
        loops.block(
            geometry.bytes(),
            src + part.image(),
            geometry.imageRow(),
            geometry.imageColumn(),
            dst + part.columns(),
            geometry.columnsRow(),
            geometry.bytes(),
            part.rows(),
            part.across());
      }
    }

    @Override
    public String implementation() {
      return loops.implementation();
    }
  }

  private record PutTogether(Geometry geometry, Loops loops, KernelContext context, int threads)
      implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      long src = inputs[0].address();
      long dst = outputs[0].address();
      int elements = geometry.elements();
      long plane = geometry.height() * geometry.width() * geometry.bytes();
      context
          .workers()
          .parallel(
              threads,
              geometry.planes(),
              Math.max(1, GRAIN / (geometry.down() * geometry.across() * elements)),
              (from, to) -> {
                for (long p = from; p < to; p++) {
                  ALL.asSlice(dst + p * plane, plane).fill((byte) 0);
                  for (int element = 0; element < elements; element++) {
                    add(
                        geometry.part(element),
                        src + (p * elements + element) * geometry.row(),
                        dst + p * plane);
                  }
                }
              });
    }

    private void add(Part part, long src, long dst) {
      for (long row = 0; row < part.rows(); row++) {
        long from = src + part.columns() + row * geometry.columnsRow();
        long to = dst + part.image() + row * geometry.imageRow();
        if (geometry.imageColumn() == geometry.bytes()) {
          loops.binary(BinaryFunction.ADD, to, from, to, part.across());
          continue;
        }
        for (long i = 0; i < part.across(); i++) {
          long at = to + i * geometry.imageColumn();
          loops.set(at, loops.get(at) + loops.get(from + i * geometry.bytes()));
        }
      }
    }

    @Override
    public String implementation() {
      return loops.implementation();
    }
  }
}
