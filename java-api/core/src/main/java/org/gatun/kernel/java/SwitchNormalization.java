package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.Layout;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;
import org.gatun.op.SwitchNorm;

/**
 * {@link SwitchNorm} of row-major images: the statistics of each plane, from which those of members
 * and channels follow, then each plane shifted and scaled by the mixture.
 */
final class SwitchNormalization implements Plan {
  /** Elements that are worth a thread. */
  private static final long GRAIN = 16384;

  private final SwitchNorm op;
  private final StatisticsLoops loops;
  private final Workers workers;
  private final int threads;
  private final int bytes;
  private final int batch;
  private final int channels;
  private final long positions;

  SwitchNormalization(PlanRequest request, SwitchNorm op) {
    Layout x = request.input(0);
    this.op = op;
    this.loops = StatisticsLoops.of(request.context(), x.dtype());
    this.workers = request.context().workers();
    this.threads = request.threads();
    this.bytes = x.dtype().byteSize();
    this.batch = Math.toIntExact(x.dim(0));
    this.channels = Math.toIntExact(x.dim(1));
    this.positions = x.size() / batch / channels;
  }

  @Override
  public String implementation() {
    return loops.implementation();
  }

  /** Means and variances of sets of elements. */
  private record Statistics(double[] means, double[] variances) {
    Statistics(int sets) {
      this(new double[sets], new double[sets]);
    }
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    MemorySegment src = inputs[0];
    Statistics planes = new Statistics(batch * channels);
    parallel(
        (from, to) -> {
          double[] sums = new double[2 * blocks()];
          for (long plane = from; plane < to; plane++) {
            moments(src, plane, planes, sums);
          }
        });
    Statistics members = join(planes, batch, channels, channels, 1);
    Statistics joined = null;
    if (op.batch()) {
      joined = op.training() ? join(planes, channels, batch, 1, channels) : running(inputs);
      if (op.training() && op.running()) {
        update(inputs, outputs, joined);
      }
    }
    double[] ofMeans = softmax(inputs[op.mixture()]);
    double[] ofVariances = softmax(inputs[op.mixture() + 1]);
    for (int plane = 0; plane < planes.means.length; plane++) {
      int member = plane / channels;
      int channel = plane % channels;
      double mean = ofMeans[0] * planes.means[plane] + ofMeans[1] * members.means[member];
      double variance =
          ofVariances[0] * planes.variances[plane] + ofVariances[1] * members.variances[member];
      if (joined != null) {
        mean += ofMeans[2] * joined.means[channel];
        variance += ofVariances[2] * joined.variances[channel];
      }
      planes.means[plane] = mean;
      planes.variances[plane] = variance;
    }
    parallel(
        (from, to) -> {
          for (long plane = from; plane < to; plane++) {
            normalize(inputs, outputs[0], plane, planes);
          }
        });
  }

  private void parallel(Workers.Part part) {
    workers.parallel(threads, (long) batch * channels, Math.max(1, GRAIN / positions), part);
  }

  /**
   * Stores the mean and the variance of a plane.
   *
   * @param sums room for two numbers of each block
   */
  private void moments(MemorySegment src, long plane, Statistics into, double[] sums) {
    long start = plane * positions * bytes;
    double pivot = Moments.pivot(loops.get(src, start));
    double mean = 0;
    for (int block = 0; block < blocks(); block++) {
      long at = start + (long) block * StatisticsLoops.BLOCK * bytes;
      long count = countOf(block);
      double around = loops.rounded(loops.sum(src, at, count) / count);
      loops.moments(src, at, count, around, sums, 2 * block);
      Moments.settle(sums, 2 * block, count, around, pivot);
      mean += sums[2 * block] * count / positions;
    }
    double squares = 0;
    for (int block = 0; block < blocks(); block++) {
      double apart = sums[2 * block] - mean;
      squares += sums[2 * block + 1] + apart * apart * countOf(block);
    }
    into.means[(int) plane] = mean + pivot;
    into.variances[(int) plane] = squares / positions;
  }

  private int blocks() {
    return Math.toIntExact(Math.ceilDiv(positions, StatisticsLoops.BLOCK));
  }

  private long countOf(int block) {
    return Math.min(StatisticsLoops.BLOCK, positions - (long) block * StatisticsLoops.BLOCK);
  }

  /**
   * Returns the statistics of sets of planes.
   *
   * @param sets how many
   * @param size the planes of each
   * @param setStride from the first plane of a set to that of the next
   * @param stride from a plane of a set to the next
   */
  private static Statistics join(Statistics planes, int sets, int size, int setStride, int stride) {
    Statistics joined = new Statistics(sets);
    for (int set = 0; set < sets; set++) {
      int first = set * setStride;
      double pivot = Moments.pivot(planes.means[first]);
      double mean = 0;
      for (int i = 0; i < size; i++) {
        mean += planes.means[first + i * stride] - pivot;
      }
      mean = mean / size + pivot;
      double variance = 0;
      for (int i = 0; i < size; i++) {
        double apart = planes.means[first + i * stride] - mean;
        variance += planes.variances[first + i * stride] + apart * apart;
      }
      joined.means[set] = mean;
      joined.variances[set] = variance / size;
    }
    return joined;
  }

  private Statistics running(MemorySegment[] inputs) {
    Statistics running = new Statistics(channels);
    for (int channel = 0; channel < channels; channel++) {
      running.means[channel] = loops.get(inputs[1], (long) channel * bytes);
      running.variances[channel] = loops.get(inputs[2], (long) channel * bytes);
    }
    return running;
  }

  private void update(MemorySegment[] inputs, MemorySegment[] outputs, Statistics joined) {
    for (int channel = 0; channel < channels; channel++) {
      RunningStatistics.update(
          op.momentum(),
          loops,
          inputs,
          outputs,
          (long) channel * bytes,
          joined.means[channel],
          joined.variances[channel]);
    }
  }

  /** Returns the proportions of a mixture. */
  private double[] softmax(MemorySegment mixture) {
    double[] shares = new double[op.mixed()];
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < shares.length; i++) {
      shares[i] = loops.get(mixture, (long) i * bytes);
      most = Math.max(most, shares[i]);
    }
    double sum = 0;
    for (int i = 0; i < shares.length; i++) {
      shares[i] = Math.exp(shares[i] - most);
      sum += shares[i];
    }
    for (int i = 0; i < shares.length; i++) {
      shares[i] /= sum;
    }
    return shares;
  }

  private void normalize(
      MemorySegment[] inputs, MemorySegment dst, long plane, Statistics statistics) {
    long channel = plane % channels * bytes;
    int parameters = op.running() ? 3 : 1;
    double weight = op.weight() ? loops.get(inputs[parameters], channel) : 1;
    double bias = op.bias() ? loops.get(inputs[parameters + (op.weight() ? 1 : 0)], channel) : 0;
    double mean = statistics.means[(int) plane];
    double scale = weight / Math.sqrt(statistics.variances[(int) plane] + op.eps());
    double center = loops.rounded(mean);
    double shift = Moments.shift(mean, center, scale, bias);
    long at = plane * positions * bytes;
    loops.normalize(inputs[0], at, dst, at, positions, center, scale, shift);
  }
}
