package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.ScratchMemory;
import org.gatun.kernel.Workers;
import org.gatun.kernel.java.NormalizationProblem.Source;
import org.jspecify.annotations.Nullable;

/**
 * Normalization by channels where the channels of a position lie side by side: a table with a row
 * for each position and a column for each channel. Statistics are taken by columns, in blocks of
 * rows.
 */
final class ColumnNormalization implements Plan {
  /** Elements that are worth a thread. */
  private static final long GRAIN = 16384;

  /** The fewest rows of a block, so that what is kept of each block stays little. */
  private static final long LEAST_ROWS = 32;

  private final NormalizationProblem problem;
  private final StatisticsLoops loops;
  private final Workers workers;
  private final ScratchMemory memory;
  private final int threads;
  private final int bytes;
  private final int columns;
  private final long tables;
  private final long rows;
  private final long blockRows;
  private final int blocks;

  ColumnNormalization(PlanRequest request, NormalizationProblem problem) {
    this.problem = problem;
    this.loops = StatisticsLoops.of(request.context(), request.input(0).dtype());
    this.workers = request.context().workers();
    this.memory = request.context().memory();
    this.threads = request.threads();
    this.bytes = request.input(0).dtype().byteSize();
    this.columns = Math.toIntExact(problem.channels());
    this.tables = problem.source() == Source.MEMBER ? problem.batch() : 1;
    this.rows = problem.batch() * problem.positions() / tables;
    this.blockRows =
        Math.clamp(2L * StatisticsLoops.BLOCK / columns, LEAST_ROWS, StatisticsLoops.BLOCK_ROWS);
    this.blocks = Math.toIntExact((rows + blockRows - 1) / blockRows);
  }

  @Override
  public String implementation() {
    return loops.implementation();
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    boolean many = tables >= threads;
    boolean kept = problem.source() == Source.MEMBER && problem.running();
    double[] means = new double[kept ? Math.toIntExact(tables * columns) : 0];
    double[] variances = new double[means.length];
    workers.parallel(
        many ? threads : 1,
        tables,
        Math.max(1, GRAIN / (rows * columns)),
        (from, to) -> {
          try (Table table = new Table(inputs, outputs, means, variances, many ? 1 : threads)) {
            for (long index = from; index < to; index++) {
              table.run(index);
            }
          }
        });
    if (kept) {
      for (int column = 0; column < columns; column++) {
        double mean = 0;
        double variance = 0;
        for (int at = column; at < means.length; at += columns) {
          mean += means[at];
          variance += variances[at];
        }
        RunningStatistics.update(
            problem.momentum(),
            loops,
            inputs,
            outputs,
            (long) column * bytes,
            mean / tables,
            variance / tables);
      }
    }
  }

  /** The work on one table after the other, on one thread or several, with its scratch. */
  private final class Table implements AutoCloseable {
    private final MemorySegment[] inputs;
    private final MemorySegment[] outputs;
    private final @Nullable MemorySegment weight;
    private final @Nullable MemorySegment bias;
    private final double[] batchMeans;
    private final double[] batchVariances;
    private final int inside;
    private final ScratchMemory.Block block;
    private final MemorySegment centers;
    private final MemorySegment scales;
    private final MemorySegment shifts;
    private final double[] blockMeans;
    private final double[] blockSquares;
    private final double[] pivots = new double[columns];
    private final double[] columnMeans = new double[columns];
    private final double[] columnVariances = new double[columns];

    Table(
        MemorySegment[] inputs,
        MemorySegment[] outputs,
        double[] batchMeans,
        double[] batchVariances,
        int inside) {
      this.inputs = inputs;
      this.outputs = outputs;
      this.weight = problem.weight(inputs);
      this.bias = problem.bias(inputs);
      this.batchMeans = batchMeans;
      this.batchVariances = batchVariances;
      this.inside = inside;
      long column = (long) columns * bytes;
      this.block = memory.borrow(3 * column);
      this.centers = block.segment().asSlice(0, column);
      this.scales = block.segment().asSlice(column, column);
      this.shifts = block.segment().asSlice(2 * column, column);
      int taken = problem.source() == Source.RUNNING ? 0 : Math.multiplyExact(blocks, columns);
      this.blockMeans = new double[taken];
      this.blockSquares = new double[taken];
    }

    @Override
    public void close() {
      block.close();
    }

    void run(long index) {
      long start = index * rows;
      if (problem.source() == Source.RUNNING) {
        loops.read(inputs[1], 0, columnMeans);
        loops.read(inputs[2], 0, columnVariances);
      } else {
        takePivots(start);
        parallel(blocks, (from, to) -> moments(start, from, to));
        join();
        keep(index);
        if (problem.groupSize() > 1) {
          joinGroups();
        }
      }
      prepare();
      parallel(blocks, (from, to) -> normalize(start, from, to));
    }

    private void parallel(long count, Workers.Part part) {
      if (inside == 1) {
        part.run(0, count);
      } else {
        workers.parallel(inside, count, Math.max(1, GRAIN / (blockRows * columns)), part);
      }
    }

    private void moments(long start, long from, long to) {
      long column = (long) columns * bytes;
      double[] sums = new double[2];
      double[] centers = new double[columns];
      double[] firsts = new double[columns];
      double[] seconds = new double[columns];
      try (ScratchMemory.Block scratch = memory.borrow(3 * column)) {
        MemorySegment around = scratch.segment().asSlice(0, column);
        MemorySegment first = scratch.segment().asSlice(column, column);
        MemorySegment second = scratch.segment().asSlice(2 * column, column);
        for (long next = from; next < to; next++) {
          long count = Math.min(blockRows, rows - next * blockRows);
          long at = (start + next * blockRows) * column;
          loops.sumRows(inputs[0], at, column, count, columns, around, 0);
          loops.normalize(around, 0, around, 0, columns, 0, 1.0 / count, 0);
          loops.momentsOfRows(inputs[0], at, column, count, columns, around, first, second);
          loops.read(around, 0, centers);
          loops.read(first, 0, firsts);
          loops.read(second, 0, seconds);
          int slot = Math.toIntExact(next * columns);
          for (int c = 0; c < columns; c++) {
            sums[0] = firsts[c];
            sums[1] = seconds[c];
            Moments.settle(sums, 0, count, centers[c], pivots[c]);
            blockMeans[slot + c] = sums[0];
            blockSquares[slot + c] = sums[1];
          }
        }
      }
    }

    /** Takes the first row as what means are told relative to. */
    private void takePivots(long start) {
      loops.read(inputs[0], start * columns * bytes, pivots);
      for (int c = 0; c < columns; c++) {
        pivots[c] = Moments.pivot(pivots[c]);
      }
    }

    private long rowsOf(int index) {
      return Math.min(blockRows, rows - index * blockRows);
    }

    /**
     * Joins the blocks, in order whatever the threads: first the means, then what is around them.
     */
    private void join() {
      java.util.Arrays.fill(columnMeans, 0);
      java.util.Arrays.fill(columnVariances, 0);
      for (int index = 0; index < blocks; index++) {
        double share = (double) rowsOf(index) / rows;
        for (int c = 0; c < columns; c++) {
          columnMeans[c] += blockMeans[index * columns + c] * share;
        }
      }
      for (int index = 0; index < blocks; index++) {
        double count = rowsOf(index);
        for (int c = 0; c < columns; c++) {
          double apart = blockMeans[index * columns + c] - columnMeans[c];
          columnVariances[c] += blockSquares[index * columns + c] + apart * apart * count;
        }
      }
      for (int c = 0; c < columns; c++) {
        columnMeans[c] += pivots[c];
        columnVariances[c] /= rows;
      }
    }

    private void keep(long index) {
      if (!problem.running()) {
        return;
      }
      double unbias = (double) rows / (rows - 1);
      for (int c = 0; c < columns; c++) {
        double variance = columnVariances[c] * unbias;
        if (problem.source() == Source.MEMBER) {
          batchMeans[Math.toIntExact(index * columns + c)] = columnMeans[c];
          batchVariances[Math.toIntExact(index * columns + c)] = variance;
        } else {
          RunningStatistics.update(
              problem.momentum(),
              loops,
              inputs,
              outputs,
              (long) c * bytes,
              columnMeans[c],
              variance);
        }
      }
    }

    /** Gives all channels of a group the mean and the variance of the group. */
    private void joinGroups() {
      int size = Math.toIntExact(problem.groupSize());
      for (int first = 0; first < columns; first += size) {
        double mean = 0;
        for (int c = first; c < first + size; c++) {
          mean += columnMeans[c];
        }
        mean /= size;
        double variance = 0;
        for (int c = first; c < first + size; c++) {
          double apart = columnMeans[c] - mean;
          variance += columnVariances[c] + apart * apart;
        }
        java.util.Arrays.fill(columnMeans, first, first + size, mean);
        java.util.Arrays.fill(columnVariances, first, first + size, variance / size);
      }
    }

    private void prepare() {
      for (int c = 0; c < columns; c++) {
        long at = (long) c * bytes;
        double center = loops.rounded(columnMeans[c]);
        double reciprocal = 1 / Math.sqrt(columnVariances[c] + problem.eps());
        double scale = weight == null ? reciprocal : reciprocal * loops.get(weight, at);
        double added = bias == null ? 0 : loops.get(bias, at);
        loops.set(centers, at, center);
        loops.set(scales, at, scale);
        loops.set(shifts, at, Moments.shift(columnMeans[c], center, scale, added));
      }
    }

    private void normalize(long start, long from, long to) {
      long column = (long) columns * bytes;
      for (long next = from; next < to; next++) {
        long first = next * blockRows;
        long count = Math.min(blockRows, rows - first);
        long at = (start + first) * column;
        loops.normalizeRows(
            inputs[0], at, outputs[0], at, column, count, columns, centers, scales, shifts);
      }
    }
  }
}
