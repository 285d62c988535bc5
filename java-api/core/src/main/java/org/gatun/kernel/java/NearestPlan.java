package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.BYTE;
import static org.gatun.kernel.java.Elements.INT;
import static org.gatun.kernel.java.Elements.LONG;
import static org.gatun.kernel.java.Elements.SHORT;

import java.lang.foreign.MemorySegment;
import org.gatun.kernel.KernelContext;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;

/** Interpolation that picks elements: a row of the result at a time, of any dtype. */
final class NearestPlan implements Plan {
  private static final long GRAIN = 16 * 1024;

  private final InterpolationAxis depth;
  private final InterpolationAxis height;
  private final long images;
  private final int width;
  private final long inputRow;
  private final long outputRow;
  private final long[] columns;
  private final MoveLoops loops;
  private final KernelContext context;
  private final int threads;

  /**
   * Makes the plan.
   *
   * @param pixel the elements that lie side by side at a position
   */
  NearestPlan(PlanRequest request, InterpolationAxis[] axes, long images, int pixel) {
    this.depth = axes[0];
    this.height = axes[1];
    this.images = images;
    this.width = pixel * request.input(0).dtype().byteSize();
    this.inputRow = (long) axes[2].input() * width;
    this.outputRow = (long) axes[2].output() * width;
    this.columns = new long[axes[2].output()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = (long) axes[2].index()[i] * width;
    }
    this.loops = MoveLoops.of(request.context());
    this.context = request.context();
    this.threads = request.threads();
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    long src = inputs[0].address();
    long dst = outputs[0].address();
    long rows = images * depth.output() * height.output();
    context
        .workers()
        .parallel(
            threads,
            rows,
            Math.max(1, GRAIN / columns.length),
            (from, to) -> {
              long before = -1;
              for (long row = from; row < to; row++) {
                int h = height.index()[(int) (row % height.output())];
                int d = depth.index()[(int) (row / height.output() % depth.output())];
                long image = row / height.output() / depth.output();
                long source = (image * depth.input() + d) * height.input() + h;
                if (source == before) {
                  long above = dst + (row - 1) * outputRow;
                  MemorySegment.copy(ALL, above, ALL, above + outputRow, outputRow);
                } else {
                  pick(src + source * inputRow, dst + row * outputRow);
                }
                before = source;
              }
            });
  }

  private void pick(long src, long dst) {
    switch (width) {
      case 1 -> {
        for (int i = 0; i < columns.length; i++) {
          ALL.set(BYTE, dst + i, ALL.get(BYTE, src + columns[i]));
        }
      }
      case 2 -> {
        for (int i = 0; i < columns.length; i++) {
          ALL.set(SHORT, dst + 2L * i, ALL.get(SHORT, src + columns[i]));
        }
      }
      case 4 -> {
        for (int i = 0; i < columns.length; i++) {
          ALL.set(INT, dst + 4L * i, ALL.get(INT, src + columns[i]));
        }
      }
      case 8 -> {
        for (int i = 0; i < columns.length; i++) {
          ALL.set(LONG, dst + 8L * i, ALL.get(LONG, src + columns[i]));
        }
      }
      default -> {
        for (int i = 0; i < columns.length; i++) {
          loops.rows(src + columns[i], 0, dst + (long) width * i, 0, 1, width);
        }
      }
    }
  }

  @Override
  public String implementation() {
    return loops.implementation();
  }
}
