package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.ScratchMemory;
import org.gatun.kernel.Spares;
import org.gatun.kernel.Workers;
import org.gatun.kernel.java.NormalizationProblem.Source;
import org.jspecify.annotations.Nullable;

/**
 * Normalization where the elements that share statistics lie in runs: rows of {@code layer_norm},
 * and the planes of channels in row-major order.
 *
 * <p>A set is what shares statistics. While it is in the cache its statistics are taken and its
 * elements normalized. With fewer sets than threads, the threads share each set instead.
 */
final class RunNormalization implements Plan {
  /** Elements that are worth a thread. */
  private static final long GRAIN = 16384;

  private static final double[] NONE = {};

  private final NormalizationProblem problem;
  private final StatisticsLoops loops;
  private final Workers workers;
  private final ScratchMemory memory;
  private final int threads;
  private final int bytes;

  // A set has runs of so many elements, each run of planes that have a scale and a shift in common.
  private final long sets;
  private final long runs;
  private final long runStride;
  private final long runLength;
  private final long planesInRun;
  private final long planeLength;

  private final @Nullable Added added;
  private final int inputCount;
  private final Spares<Set> spares = new Spares<>(Set::new);

  /** For means and squares of blocks. */
  private final Spares<double[]> sumSpares = new Spares<>(this::newSums);

  /**
   * What is normalized is the input times a factor and the second input.
   *
   * @param loops that add
   */
  private record Added(ScalingLoops loops, double factor) {}

  RunNormalization(PlanRequest request, NormalizationProblem problem) {
    this(request, problem, null);
  }

  /** Returns the plan of a normalization of the input, times a factor, and the second input. */
  static RunNormalization ofSum(PlanRequest request, NormalizationProblem problem, double factor) {
    ScalingLoops loops = ScalingLoops.of(request.context(), request.input(0).dtype());
    return new RunNormalization(request, problem, new Added(loops, factor));
  }

  private RunNormalization(
      PlanRequest request, NormalizationProblem problem, @Nullable Added added) {
    this.problem = problem;
    this.added = added;
    this.inputCount = request.inputs().size() - (added == null ? 0 : 1);
    this.loops = StatisticsLoops.of(request.context(), request.input(0).dtype());
    this.workers = request.context().workers();
    this.memory = request.context().memory();
    this.threads = request.threads();
    this.bytes = request.input(0).dtype().byteSize();
    boolean across = problem.source() == Source.BATCH;
    boolean fixed = problem.source() == Source.RUNNING;
    this.runs = across ? problem.batch() : 1;
    this.runStride = across ? problem.channels() * problem.positions() : 0;
    this.planesInRun = across || fixed ? 1 : problem.groupSize();
    this.planeLength = problem.positions();
    this.runLength = planesInRun * planeLength;
    this.sets = problem.batch() * problem.channels() * problem.positions() / runLength / runs;
  }

  @Override
  public String implementation() {
    return loops.implementation();
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    Set set = spares.take();
    set.terms = inputs;
    set.inputs = inputs;
    if (added != null) {
      // The sum goes where the result will be, a row at a time, and is normalized there.
      System.arraycopy(inputs, 1, set.ofSum, 0, set.ofSum.length);
      set.ofSum[0] = outputs[0];
      set.inputs = set.ofSum;
    }
    set.outputs = outputs;
    set.src = set.inputs[0];
    set.dst = outputs[0];
    set.weight = problem.weight(set.inputs);
    set.bias = problem.bias(set.inputs);
    set.means = membersMeans();
    set.variances = membersMeans();
    if (!problem.perElement() || problem.weight() == problem.bias()) {
      run(set);
    } else {
      // A weight without a bias, or the other way round: rare, so that the loops know only both.
      try (ScratchMemory.Block block = memory.borrow(planeLength * bytes)) {
        MemorySegment neutral = block.segment();
        for (long i = 0; i < planeLength; i++) {
          loops.set(neutral, i * bytes, problem.weight() ? 0 : 1);
        }
        set.weight = set.weight == null ? neutral : set.weight;
        set.bias = set.bias == null ? neutral : set.bias;
        run(set);
      }
    }
    spares.giveBack(set);
  }

  private void run(Set set) {
    boolean many = sets >= threads;
    set.inside = many ? 1 : threads;
    workers.parallel(
        many ? threads : 1,
        sets,
        Math.max(1, GRAIN / (runs * runLength)),
        set,
        set.inputs,
        set.outputs,
        Set::run);
    if (set.means.length > 0) {
      updateByMembers(set.inputs, set.outputs, set.means, set.variances);
    }
  }

  /** Room for the statistics of each channel of each member, where running ones follow from all. */
  private double[] membersMeans() {
    boolean kept = problem.source() == Source.MEMBER && problem.running();
    return kept ? new double[Math.toIntExact(sets)] : NONE;
  }

  private double[] newSums() {
    return new double[2 * Math.toIntExact(runs * blocksOfRun())];
  }

  private void updateByMembers(
      MemorySegment[] inputs, MemorySegment[] outputs, double[] means, double[] variances) {
    int channels = Math.toIntExact(problem.channels());
    for (int channel = 0; channel < channels; channel++) {
      double mean = 0;
      double variance = 0;
      for (int set = channel; set < means.length; set += channels) {
        mean += means[set];
        variance += variances[set];
      }
      RunningStatistics.update(
          problem.momentum(),
          loops,
          inputs,
          outputs,
          (long) channel * bytes,
          mean / problem.batch(),
          variance / problem.batch());
    }
  }

  private long blocksOfRun() {
    return (runLength + StatisticsLoops.BLOCK - 1) / StatisticsLoops.BLOCK;
  }

  /** Returns where a run begins, in elements. */
  private long start(long set, long run) {
    return set * runLength + run * runStride;
  }

  /** One execution: its operands, and the work on a set. */
  private final class Set {
    private final MemorySegment[] ofSum = new MemorySegment[inputCount];
    private MemorySegment[] terms = ofSum;
    private MemorySegment[] inputs = ofSum;
    private MemorySegment[] outputs = ofSum;
    private MemorySegment src = MemorySegment.NULL;
    private MemorySegment dst = MemorySegment.NULL;
    private @Nullable MemorySegment weight;
    private @Nullable MemorySegment bias;
    private double[] means = NONE;
    private double[] variances = NONE;
    private int inside;

    /** Normalizes some sets. */
    private void run(MemorySegment[] in, MemorySegment[] out, long from, long to) {
      double[] sums = sumSpares.take();
      for (long set = from; set < to; set++) {
        if (added != null) {
          add(added, set);
        }
        run(set, sums);
      }
      sumSpares.giveBack(sums);
    }

    private void add(Added sum, long set) {
      if (inside == 1) {
        add(sum, set, 0, runLength);
      } else {
        workers.parallel(inside, runLength, GRAIN, (from, to) -> add(sum, set, from, to));
      }
    }

    private void add(Added sum, long set, long from, long to) {
      long at = (set * runLength + from) * bytes;
      sum.loops.add(
          terms[0].address() + at,
          terms[1].address() + at,
          dst.address() + at,
          to - from,
          sum.factor);
    }

    void run(long set, double[] sums) {
      if (problem.source() == Source.RUNNING) {
        long at = set % problem.channels() * bytes;
        normalize(set, loops.get(inputs[1], at), loops.get(inputs[2], at));
        return;
      }
      long blocks = runs * blocksOfRun();
      if (inside == 1) {
        moments(set, 0, blocks, sums);
      } else {
        workers.parallel(
            inside,
            blocks,
            Math.max(1, GRAIN / Math.min(runLength, StatisticsLoops.BLOCK)),
            (from, to) -> moments(set, from, to, sums));
      }
      finish(set, sums, Math.toIntExact(blocks));
    }

    /** Stores mean and squared deviations of blocks, each block of a run. */
    private void moments(long set, long from, long to, double[] sums) {
      long perRun = blocksOfRun();
      double pivot = pivot(set);
      for (long block = from; block < to; block++) {
        long first = block % perRun * StatisticsLoops.BLOCK;
        long count = Math.min(StatisticsLoops.BLOCK, runLength - first);
        long at = (start(set, block / perRun) + first) * bytes;
        double around = loops.rounded(loops.sum(src, at, count) / count);
        int slot = Math.toIntExact(2 * block);
        loops.moments(src, at, count, around, sums, slot);
        Moments.settle(sums, slot, count, around, pivot);
      }
    }

    private double pivot(long set) {
      return Moments.pivot(loops.get(src, start(set, 0) * bytes));
    }

    /** Joins the blocks, in order whatever the threads, and normalizes by what they give. */
    private void finish(long set, double[] sums, int blocks) {
      long perRun = blocksOfRun();
      long last = runLength - (perRun - 1) * StatisticsLoops.BLOCK;
      double total = (double) runs * runLength;
      double mean = 0;
      for (int block = 0; block < blocks; block++) {
        long count = (block + 1) % perRun == 0 ? last : StatisticsLoops.BLOCK;
        mean += sums[2 * block] * count;
      }
      mean /= total;
      double squares = 0;
      for (int block = 0; block < blocks; block++) {
        long count = (block + 1) % perRun == 0 ? last : StatisticsLoops.BLOCK;
        double apart = sums[2 * block] - mean;
        squares += sums[2 * block + 1] + apart * apart * count;
      }
      mean += pivot(set);
      if (means.length > 0) {
        means[Math.toIntExact(set)] = mean;
        variances[Math.toIntExact(set)] = squares / (total - 1);
      } else if (problem.running()) {
        RunningStatistics.update(
            problem.momentum(), loops, inputs, outputs, set * bytes, mean, squares / (total - 1));
      }
      normalize(set, mean, squares / total);
    }

    private void normalize(long set, double mean, double variance) {
      long chunks = blocks(planeLength);
      long units = runs * planesInRun * chunks;
      if (inside == 1) {
        normalize(set, mean, variance, 0, units);
      } else {
        workers.parallel(
            inside,
            units,
            Math.max(1, GRAIN / Math.min(planeLength, StatisticsLoops.BLOCK)),
            (from, to) -> normalize(set, mean, variance, from, to));
      }
    }

    private long blocks(long length) {
      return (length + StatisticsLoops.BLOCK - 1) / StatisticsLoops.BLOCK;
    }

    /** Normalizes pieces of planes, each of at most a block. */
    private void normalize(long set, double mean, double variance, long from, long to) {
      long chunks = blocks(planeLength);
      double reciprocal = 1 / Math.sqrt(variance + problem.eps());
      double center = loops.rounded(mean);
      for (long unit = from; unit < to; unit++) {
        long plane = unit / chunks;
        long first = unit % chunks * StatisticsLoops.BLOCK;
        long count = Math.min(StatisticsLoops.BLOCK, planeLength - first);
        long run = plane / planesInRun;
        long planeInRun = plane % planesInRun;
        long at = (start(set, run) + planeInRun * planeLength + first) * bytes;
        if (problem.perElement() && weight != null && bias != null) {
          double shift = Moments.shift(mean, center, reciprocal, 0);
          loops.normalize(
              src, at, dst, at, count, center, reciprocal, shift, weight, bias, first * bytes);
          continue;
        }
        long channel = (set * planesInRun + planeInRun) % problem.channels() * bytes;
        double scale = weight == null ? reciprocal : reciprocal * loops.get(weight, channel);
        double added = bias == null ? 0 : loops.get(bias, channel);
        double shift = Moments.shift(mean, center, scale, added);
        loops.normalize(src, at, dst, at, count, center, scale, shift);
      }
    }
  }
}
