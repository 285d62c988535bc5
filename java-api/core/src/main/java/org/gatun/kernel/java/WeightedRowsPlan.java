package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.DOUBLE;
import static org.gatun.kernel.java.Elements.FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.gatun.DType;
import org.gatun.kernel.KernelContext;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;

/**
 * Interpolation by weights, a row of the result at a time: rows of the input are interpolated along
 * themselves, and added up by the weights of the other dimensions. Neighbouring rows of the result
 * are made of the same rows of the input, which are kept meanwhile.
 *
 * <p>It computes in double, in arrays, whose loops the compiler turns into vectors.
 */
final class WeightedRowsPlan implements Plan {
  private static final long GRAIN = 8 * 1024;

  private final InterpolationAxis depth;
  private final InterpolationAxis height;
  private final InterpolationAxis width;
  private final long images;
  private final int pixel;
  private final DType dtype;
  private final KernelContext context;
  private final int threads;

  /**
   * Makes the plan.
   *
   * @param pixel the elements that lie side by side at a position
   */
  WeightedRowsPlan(PlanRequest request, InterpolationAxis[] axes, long images, int pixel) {
    this.depth = axes[0];
    this.height = axes[1];
    this.width = axes[2];
    this.images = images;
    this.pixel = pixel;
    this.dtype = request.input(0).dtype();
    this.context = request.context();
    this.threads = request.threads();
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    long src = inputs[0].address();
    long dst = outputs[0].address();
    long outputRow = (long) width.output() * pixel;
    context
        .workers()
        .parallel(
            threads,
            images * depth.output() * height.output(),
            Math.max(1, GRAIN / outputRow),
            (from, to) -> {
              Rows rows = new Rows(src);
              for (long row = from; row < to; row++) {
                rows.sum(row, dst + row * outputRow * dtype.byteSize());
              }
            });
  }

  @Override
  public String implementation() {
    return "java:arrays";
  }

  /** The rows of the input that were interpolated last, and room for one of the result. */
  private final class Rows {
    private final long src;
    private final double[] source = new double[width.input() * pixel];
    private final double[] result = new double[width.output() * pixel];
    private final float[] floats =
        new float[dtype == DType.F32 ? Math.max(source.length, result.length) : 0];
    private final double[][] kept = new double[depth.taps() * height.taps()][result.length];
    private final long[] keptRow = new long[kept.length];

    Rows(long src) {
      this.src = src;
      Arrays.fill(keptRow, -1);
    }

    /** Stores a row of the result. */
    void sum(long row, long dst) {
      int h = (int) (row % height.output());
      int d = (int) (row / height.output() % depth.output());
      long image = row / height.output() / depth.output();
      boolean first = true;
      for (int i = 0; i < depth.taps(); i++) {
        int plane = depth.index()[d * depth.taps() + i];
        for (int j = 0; j < height.taps(); j++) {
          double[] part = row(image, plane, height.index()[h * height.taps() + j]);
          double weight =
              depth.weight()[d * depth.taps() + i] * height.weight()[h * height.taps() + j];
          if (first) {
            multiply(part, weight, result);
          } else {
            add(part, weight, result);
          }
          first = false;
        }
      }
      store(dst);
    }

    /** Returns a row of the input, interpolated. Rows so near to each other have places apart. */
    private double[] row(long image, int plane, int row) {
      int place = plane % depth.taps() * height.taps() + row % height.taps();
      long number = (image * depth.input() + plane) * height.input() + row;
      if (keptRow[place] != number) {
        load(src + number * source.length * dtype.byteSize());
        along(kept[place]);
        keptRow[place] = number;
      }
      return kept[place];
    }

    private void load(long from) {
      if (dtype == DType.F64) {
        MemorySegment.copy(ALL, DOUBLE, from, source, 0, source.length);
        return;
      }
      MemorySegment.copy(ALL, FLOAT, from, floats, 0, source.length);
      for (int i = 0; i < source.length; i++) {
        source[i] = floats[i];
      }
    }

    private void along(double[] to) {
      if (pixel > 1) {
        pixels(to);
        return;
      }
      switch (width.taps()) {
        case 2 -> pairs(source, width.index(), width.weight(), to);
        case 4 -> fours(source, width.index(), width.weight(), to);
        default -> several(source, width.taps(), width.index(), width.weight(), to);
      }
    }

    private void pixels(double[] to) {
      int taps = width.taps();
      for (int i = 0; i < width.output(); i++) {
        for (int k = 0; k < taps; k++) {
          int from = width.index()[i * taps + k] * pixel;
          double weight = width.weight()[i * taps + k];
          int at = i * pixel;
          for (int c = 0; c < pixel; c++) {
            double sum = k == 0 ? 0 : to[at + c];
            to[at + c] = sum + weight * source[from + c];
          }
        }
      }
    }

    private void store(long dst) {
      if (dtype == DType.F64) {
        MemorySegment.copy(result, 0, ALL, DOUBLE, dst, result.length);
        return;
      }
      for (int i = 0; i < result.length; i++) {
        floats[i] = (float) result[i];
      }
      MemorySegment.copy(floats, 0, ALL, FLOAT, dst, result.length);
    }
  }

  private static void pairs(double[] from, int[] index, double[] weight, double[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] = weight[2 * i] * from[index[2 * i]] + weight[2 * i + 1] * from[index[2 * i + 1]];
    }
  }

  private static void fours(double[] from, int[] index, double[] weight, double[] to) {
    for (int i = 0; i < to.length; i++) {
      int k = 4 * i;
      to[i] =
          weight[k] * from[index[k]]
              + weight[k + 1] * from[index[k + 1]]
              + weight[k + 2] * from[index[k + 2]]
              + weight[k + 3] * from[index[k + 3]];
    }
  }

  private static void several(double[] from, int taps, int[] index, double[] weight, double[] to) {
    for (int i = 0; i < to.length; i++) {
      double sum = 0;
      for (int k = i * taps; k < (i + 1) * taps; k++) {
        sum += weight[k] * from[index[k]];
      }
      to[i] = sum;
    }
  }

  private static void multiply(double[] from, double weight, double[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] = weight * from[i];
    }
  }

  private static void add(double[] from, double weight, double[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] += weight * from[i];
    }
  }
}
