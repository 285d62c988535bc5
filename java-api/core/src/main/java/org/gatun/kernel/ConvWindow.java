package org.gatun.kernel;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.op.Convolution;
import org.gatun.op.Ints;

/**
 * How a kernel slides over an image: which of the image's elements each of its elements meets at
 * each position. The positions are the result's in a convolution, the input's in a transposed one,
 * whose image is the result.
 *
 * <p>The columns of an image are a row-major matrix with a column for each position and a row for
 * each element of the kernel, its channels outermost. There are three spatial dimensions; those
 * that the operator has not have one index.
 */
final class ConvWindow {
  private static final int DIMENSIONS = 3;

  private final DType dtype;
  private final long channelStride;
  private final long[] imageStride = {0, 0, 0};
  private final long[] image = {1, 1, 1};
  private final long[] positions = {1, 1, 1};
  private final long[] kernel = {1, 1, 1};
  private final long[] stride;
  private final long[] padding;
  private final long[] dilation;
  private final boolean padded;

  /**
   * Makes a window.
   *
   * @param image the layout of the images, with a batch dimension
   * @param positions the layout of what has the positions as spatial dimensions, likewise
   */
  ConvWindow(Convolution op, Layout image, Layout positions, Layout weights) {
    this.dtype = image.dtype();
    this.channelStride = image.stride(1);
    int missing = DIMENSIONS - op.spatialRank();
    boolean reachesOut = false;
    this.stride = longs(op.stride(), 1);
    this.padding = longs(op.paddingBefore(), 0);
    this.dilation = longs(op.dilation(), 1);
    for (int i = missing; i < DIMENSIONS; i++) {
      int axis = 2 + i - missing;
      this.image[i] = image.dim(axis);
      this.imageStride[i] = image.stride(axis);
      this.positions[i] = positions.dim(axis);
      this.kernel[i] = weights.dim(axis);
      long last = (this.positions[i] - 1) * stride[i] - padding[i] + (kernel[i] - 1) * dilation[i];
      reachesOut |= padding[i] > 0 || last >= this.image[i];
    }
    this.padded = reachesOut;
  }

  private static long[] longs(Ints values, long missing) {
    long[] all = {missing, missing, missing};
    for (int i = 0; i < values.size(); i++) {
      all[DIMENSIONS - values.size() + i] = values.get(i);
    }
    return all;
  }

  /** Returns the number of positions. */
  long positions() {
    return positions[0] * positions[1] * positions[2];
  }

  /** Returns the number of the kernel's elements in one channel. */
  long elements() {
    return kernel[0] * kernel[1] * kernel[2];
  }

  /** A run of elements that meet positions side by side. */
  private interface Run {
    void at(long imageIndex, long imageStep, long column, long count);
  }

  /**
   * Copies an image's elements to the columns of some positions; zeros where the kernel reaches
   * out.
   *
   * @param start the index of the first channel's first element
   */
  void gather(
      MemorySegment from, long start, long channels, long first, long end, MemorySegment columns) {
    if (padded) {
      columns.asSlice(0, channels * elements() * (end - first) * dtype.byteSize()).fill((byte) 0);
    }
    long images = from.address();
    long to = columns.address();
    Run floats =
        (at, step, column, count) ->
            ConvElements.gatherFloats(
                images + Float.BYTES * at, step, to + Float.BYTES * column, count);
    Run doubles =
        (at, step, column, count) ->
            ConvElements.gatherDoubles(
                images + Double.BYTES * at, step, to + Double.BYTES * column, count);
    walk(start, channels, first, end, dtype == DType.F32 ? floats : doubles);
  }

  /**
   * Adds the columns of some positions to an image's elements.
   *
   * @param start the index of the first channel's first element
   */
  void scatter(
      MemorySegment columns, long first, long end, MemorySegment to, long start, long channels) {
    long from = columns.address();
    long images = to.address();
    Run floats =
        (at, step, column, count) ->
            ConvElements.scatterFloats(
                from + Float.BYTES * column, images + Float.BYTES * at, step, count);
    Run doubles =
        (at, step, column, count) ->
            ConvElements.scatterDoubles(
                from + Double.BYTES * column, images + Double.BYTES * at, step, count);
    walk(start, channels, first, end, dtype == DType.F32 ? floats : doubles);
  }

  private void walk(long start, long channels, long first, long end, Run run) {
    long row = 0;
    for (long channel = 0; channel < channels; channel++) {
      long inChannel = start + channel * channelStride;
      for (long depth = 0; depth < kernel[0]; depth++) {
        for (long height = 0; height < kernel[1]; height++) {
          for (long width = 0; width < kernel[2]; width++, row++) {
            long offsetDepth = depth * dilation[0] - padding[0];
            long offsetHeight = height * dilation[1] - padding[1];
            long offsetWidth = width * dilation[2] - padding[2];
            walk(inChannel, offsetDepth, offsetHeight, offsetWidth, row, first, end, run);
          }
        }
      }
    }
  }

  /** One element of the kernel at some positions, the ones of a line at a time. */
  private void walk(
      long inChannel,
      long offsetDepth,
      long offsetHeight,
      long offsetWidth,
      long row,
      long first,
      long end,
      Run run) {
    long columns = row * (end - first);
    long from = Math.max(0, Math.ceilDiv(-offsetWidth, stride[2]));
    long until = Math.min(positions[2], Math.floorDiv(image[2] - 1 - offsetWidth, stride[2]) + 1);
    long lineEnd;
    for (long position = first; position < end; position = lineEnd) {
      long line = position / positions[2];
      long lineStart = line * positions[2];
      lineEnd = Math.min(end, lineStart + positions[2]);
      long depth = line / positions[1] * stride[0] + offsetDepth;
      long height = line % positions[1] * stride[1] + offsetHeight;
      long begin = Math.max(from, position - lineStart);
      long count = Math.min(until, lineEnd - lineStart) - begin;
      if (count > 0 && depth >= 0 && depth < image[0] && height >= 0 && height < image[1]) {
        long at =
            inChannel
                + depth * imageStride[0]
                + height * imageStride[1]
                + (begin * stride[2] + offsetWidth) * imageStride[2];
        run.at(at, stride[2] * imageStride[2], columns + lineStart + begin - first, count);
      }
    }
  }
}
