package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;
import org.gatun.op.RmsNorm;

/** {@link RmsNorm} of rows that lie side by side; a row is in the cache when it is scaled. */
final class RmsNormalization implements Plan {
  /** Elements that are worth a thread. */
  private static final long GRAIN = 16384;

  private final ScalingLoops loops;
  private final Workers workers;
  private final int threads;
  private final int bytes;
  private final boolean weighted;
  private final double eps;
  private final long length;
  private final long rows;

  RmsNormalization(PlanRequest request, RmsNorm op) {
    Layout x = request.input(0);
    this.loops = ScalingLoops.of(request.context(), x.dtype());
    this.workers = request.context().workers();
    this.threads = request.threads();
    this.bytes = x.dtype().byteSize();
    this.weighted = op.weight();
    this.eps = op.eps().orElse(x.dtype() == DType.F64 ? Math.ulp(1.0) : Math.ulp(1f));
    this.length = Shape.of(op.normalizedShape().toArray()).size();
    this.rows = x.size() / length;
  }

  @Override
  public String implementation() {
    return loops.implementation();
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    workers.parallel(
        threads, rows, Math.max(1, GRAIN / length), this, inputs, outputs, RmsNormalization::run);
  }

  private void run(MemorySegment[] inputs, MemorySegment[] outputs, long from, long to) {
    long src = inputs[0].address();
    long dst = outputs[0].address();
    long weight = weighted ? inputs[1].address() : 0;
    for (long row = from; row < to; row++) {
      long at = row * length * bytes;
      normalize(src + at, dst + at, weight);
    }
  }

  private void normalize(long src, long dst, long weight) {
    double squares = 0;
    for (long i = 0; i < length; i += StatisticsLoops.BLOCK) {
      squares += loops.squares(src + i * bytes, Math.min(StatisticsLoops.BLOCK, length - i));
    }
    double factor = 1 / Math.sqrt(squares / length + eps);
    if (weighted) {
      loops.scale(src, dst, length, factor, weight);
    } else {
      loops.scale(src, dst, length, factor);
    }
  }
}
