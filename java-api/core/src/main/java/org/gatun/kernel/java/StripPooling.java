package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.ScratchMemory;
import org.gatun.kernel.Workers;

/**
 * Pooling of images and signals in row-major order by windows at equal distances of one or two
 * elements, some rows of the result at a time: the rows of the input that their windows reach are
 * joined element by element into padded rows, which stay in the first-level cache, and these are
 * pooled along themselves.
 *
 * <p>Rows are short, and a loop over the vectors of one takes longer to start than to run. So the
 * loops run over tables of where vectors lie, of all rows of a strip.
 */
final class StripPooling implements Plan {
  /** Elements read that are worth a thread. */
  private static final long GRAIN = 32768;

  /** The bytes of joined rows that are pooled along themselves together. */
  private static final long STRIP = 16 << 10;

  private static final int MOST_ROWS = 64;

  /** Reads of whole vectors may go so many elements beyond what is needed of a padded row. */
  private static final int SLACK = 48;

  private final PoolingProblem problem;
  private final PoolingRows loops;
  private final PoolingLoops division;
  private final Workers workers;
  private final ScratchMemory memory;
  private final int threads;
  private final int bytes;
  private final int pitch;

  /** How many rows of the result a strip has at most. */
  private final int stripRows;

  /** How many channels a strip has, of which it has all rows; 0 where it has some rows of one. */
  private final int stripPlanes;

  /** How the rows of a strip are made: of whole channels, or of rows whose windows are inside. */
  private final List<Joint> joints = new ArrayList<>();

  private final Places along;

  /** What all results are divided by, 0 where they differ. */
  private final double divisor;

  StripPooling(PlanRequest request, PoolingProblem problem) {
    this.problem = problem;
    this.loops = PoolingRows.of(request.context(), request.input(0).dtype());
    this.division = PoolingLoops.of(request.context(), request.input(0).dtype());
    this.workers = request.context().workers();
    this.memory = request.context().memory();
    this.threads = request.threads();
    this.bytes = request.input(0).dtype().byteSize();
    WindowAxis height = problem.height();
    WindowAxis width = problem.width();
    this.pitch = (Math.toIntExact(width.padded()) + SLACK) * bytes;
    int most = (int) Math.clamp(STRIP / pitch, 1, MOST_ROWS);
    long planes = problem.batch() * problem.channels();
    this.stripPlanes = (int) Math.min(most / height.output(), planes);
    this.stripRows = stripPlanes == 0 ? most : stripPlanes * height.output();
    if (stripPlanes == 0) {
      long below = (long) height.stride() * width.input() * bytes;
      long[] from = LongStream.range(0, stripRows).map(row -> row * below).toArray();
      long[] to = LongStream.range(0, stripRows).map(row -> row * pitch).toArray();
      joints.add(new Joint(height.kernel(), places(width.input(), 1, from, to)));
    } else {
      IntStream.of(height.count()).distinct().forEach(taps -> joints.add(joint(taps)));
    }
    long[] from = LongStream.range(0, stripRows).map(row -> row * pitch).toArray();
    long row = (long) width.output() * bytes;
    long[] to = LongStream.range(0, stripRows).map(next -> next * row).toArray();
    this.along = places(width.output(), width.stride(), from, to);
    boolean common =
        problem.divisor() != 0 || (height.commonShare() > 0 && width.commonShare() > 0);
    if (problem.max()) {
      this.divisor = 1;
    } else {
      this.divisor = common ? problem.divisor(0, 0, 0) : 0;
    }
  }

  /** Returns whether windows lie as this plan takes them. */
  static boolean takes(PoolingProblem problem) {
    WindowAxis width = problem.width();
    // A channel with more than the one layer that its windows reach has other rows between.
    return problem.depth().output() == 1
        && problem.depth().input() == 1
        && problem.depth().mostElements() == 1
        && problem.height().kernel() > 0
        && problem.height().output() > 0
        && width.kernel() > 0
        && width.output() > 0
        && width.stride() <= 2
        && !width.reachesFar();
  }

  /** Returns how the rows with so many taps are made, of all channels of a strip. */
  private Joint joint(int taps) {
    WindowAxis height = problem.height();
    int[] rows =
        IntStream.range(0, height.output()).filter(h -> height.count()[h] == taps).toArray();
    long[] from = new long[stripPlanes * rows.length];
    long[] to = new long[from.length];
    for (int i = 0; i < from.length; i++) {
      int plane = i / rows.length;
      int row = rows[i % rows.length];
      long above = (long) plane * height.input() + height.first()[row];
      from[i] = above * problem.width().input() * bytes;
      to[i] = ((long) plane * height.output() + row) * pitch;
    }
    return new Joint(taps, places(problem.width().input(), 1, from, to));
  }

  private Places places(int elements, int stride, long[] rowsFrom, long[] rowsTo) {
    int lanes = loops.lanes();
    int full = elements / lanes;
    long[] from = new long[rowsFrom.length * full];
    long[] to = new long[from.length];
    long[] restFrom = new long[elements % lanes == 0 ? 0 : rowsFrom.length];
    long[] restTo = new long[restFrom.length];
    long vector = (long) lanes * bytes;
    for (int i = 0; i < from.length; i++) {
      from[i] = rowsFrom[i / full] + i % full * vector * stride;
      to[i] = rowsTo[i / full] + i % full * vector;
    }
    for (int row = 0; row < restFrom.length; row++) {
      restFrom[row] = rowsFrom[row] + full * vector * stride;
      restTo[row] = rowsTo[row] + full * vector;
    }
    return new Places(rowsFrom.length, full, from, to, elements % lanes, restFrom, restTo);
  }

  /**
   * Where the vectors of rows lie.
   *
   * @param rows how many rows there are
   * @param full the whole vectors of a row
   * @param from where they are read
   * @param to where they are written
   * @param rest the elements behind them
   * @param restFrom where these are read
   * @param restTo where they are written
   */
  private record Places(
      int rows, int full, long[] from, long[] to, int rest, long[] restFrom, long[] restTo) {}

  /** Rows that are each made of so many rows of the input. */
  private record Joint(int taps, Places places) {}

  @Override
  public String implementation() {
    return loops.implementation();
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    int rows = problem.height().output();
    long planes = problem.batch() * problem.channels();
    long units = stripPlanes == 0 ? planes * rows : planes;
    long work = problem.workOfRow() * (stripPlanes == 0 ? 1 : rows);
    workers.parallel(
        threads,
        units,
        Math.max(1, GRAIN / Math.max(1, work)),
        (from, to) -> {
          try (Strip strip = new Strip(inputs[0].address(), outputs[0].address())) {
            strip.run(from, to);
          }
        });
  }

  /** One strip of rows after the other, with the scratch for it. */
  private final class Strip implements AutoCloseable {
    private final long src;
    private final long dst;
    private final ScratchMemory.Block block;
    private final long joined;
    private final double nothing = problem.max() ? Double.NEGATIVE_INFINITY : 0;

    /**
     * What results are divided by: those of whole channels, or of a row whose height counts for 1.
     */
    private final long divisors;

    Strip(long src, long dst) {
      this.src = src;
      this.dst = dst;
      int width = problem.width().output();
      int rows = divisor == 0 ? Math.max(1, stripPlanes * problem.height().output()) : 0;
      this.block = memory.borrow((long) stripRows * pitch + (long) rows * width * bytes);
      this.joined = block.segment().address();
      this.divisors = joined + (long) stripRows * pitch;
      for (int i = 0; i < rows * width; i++) {
        int h = i / width % problem.height().output();
        double value =
            stripPlanes == 0 ? problem.width().share()[i] : problem.divisor(0, h, i % width);
        division.set(ALL, divisors + (long) i * bytes, value);
      }
      loops.fill(joined, (long) stripRows * pitch / bytes, nothing);
    }

    @Override
    public void close() {
      block.close();
    }

    void run(long from, long to) {
      int rows = problem.height().output();
      for (long next = from; next < to; ) {
        if (stripPlanes > 0) {
          int planes = (int) Math.min(stripPlanes, to - next);
          joinPlanes(next, planes);
          poolAlong(next * rows, planes * rows);
          next += planes;
        } else {
          int count = (int) Math.min(stripRows, Math.min(to - next, rows - next % rows));
          joinRows(next, count);
          poolAlong(next, count);
          next += count;
        }
      }
    }

    private void joinPlanes(long plane, int planes) {
      WindowAxis height = problem.height();
      long from = src + plane * problem.inputPositions() * bytes;
      long below = (long) height.step() * problem.width().input() * bytes;
      for (Joint joint : joints) {
        // Where a window has nothing, the row is what it was at first.
        if (joint.taps > 0) {
          int rows = joint.places.rows / stripPlanes * planes;
          pool(joint.places, 1, from, below, joint.taps, 1, inside(0), rows);
        }
      }
    }

    /** Joins what makes rows of the result, all of one channel. */
    private void joinRows(long index, int count) {
      WindowAxis height = problem.height();
      int first = (int) (index % height.output());
      long plane = src + index / height.output() * problem.inputPositions() * bytes;
      long below = (long) problem.width().input() * bytes;
      Places places = joints.getFirst().places;
      for (int r = 0; r < count; ) {
        int taps = height.count()[first + r];
        int end = r + 1;
        // Windows that are all inside lie at equal distances.
        while (taps == height.kernel()
            && end < count
            && height.count()[first + end] == height.kernel()) {
          end++;
        }
        if (taps == 0) {
          loops.fill(inside(r), problem.width().input(), nothing);
        } else {
          long from = plane + height.first()[first + r] * below;
          pool(places, 1, from, height.step() * below, taps, 1, inside(r), end - r);
        }
        r = end;
      }
    }

    /** Returns where the first element of a row is, behind its padding. */
    private long inside(int row) {
      return joined + (long) row * pitch + (long) problem.width().before() * bytes;
    }

    private void poolAlong(long index, int count) {
      WindowAxis height = problem.height();
      WindowAxis width = problem.width();
      long step = (long) width.step() * bytes;
      long row = (long) width.output() * bytes;
      long to = dst + index * row;
      double by = divisor == 0 ? 1 : divisor;
      pool(along, width.stride(), joined, step, width.kernel(), by, to, count);
      if (divisor == 0 && stripPlanes > 0) {
        division.divide(ALL, to, ALL, divisors, 1, (long) count * width.output());
      } else if (divisor == 0) {
        for (int r = 0; r < count; r++) {
          int share = height.share()[(int) ((index + r) % height.output())];
          double factor = (double) problem.depth().share()[0] * share;
          division.divide(ALL, to + r * row, ALL, divisors, factor, width.output());
        }
      }
    }

    private void pool(
        Places places, int stride, long from, long tap, int taps, double by, long to, int rows) {
      int full = rows * places.full;
      if (full > 0) {
        if (problem.max()) {
          loops.max(from, stride, tap, taps, places.from, to, places.to, full);
        } else {
          loops.mean(from, stride, tap, taps, places.from, by, to, places.to, full);
        }
      }
      int rest = places.rest;
      if (rest > 0) {
        long[] restTo = places.restTo;
        if (problem.max()) {
          loops.max(from, stride, tap, taps, places.restFrom, to, restTo, rows, rest);
        } else {
          loops.mean(from, stride, tap, taps, places.restFrom, by, to, restTo, rows, rest);
        }
      }
    }
  }
}
