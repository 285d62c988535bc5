package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.Layout;
import org.jspecify.annotations.Nullable;

/**
 * A normalization without its name: which elements share statistics, and which parameters follow.
 *
 * @param source where statistics come from
 * @param batch the members of the batch; for rows their number
 * @param channels the channels; for rows 1
 * @param positions the elements of a channel of a member; for rows the elements of a row
 * @param groups into how many groups the channels of a member fall
 * @param perElement whether there is a weight and a bias for each element of a row, and not for
 *     each channel
 * @param running whether the inputs have running statistics
 * @param weight whether they have a weight
 * @param bias whether they have a bias
 * @param momentum the share of the input in new running statistics
 * @param eps what is added to variances
 */
record NormalizationProblem(
    Source source,
    long batch,
    long channels,
    long positions,
    long groups,
    boolean perElement,
    boolean running,
    boolean weight,
    boolean bias,
    double momentum,
    double eps) {
  /** Where statistics come from. */
  enum Source {
    /** From the running ones. */
    RUNNING,
    /** From the elements of a channel in all members of the batch. */
    BATCH,
    /** From the elements of a group of channels of one member. */
    MEMBER
  }

  /** Returns the problem of a normalization by channels. */
  static NormalizationProblem ofChannels(
      Layout x,
      Source source,
      long groups,
      boolean running,
      boolean weight,
      boolean bias,
      double momentum,
      double eps) {
    long batch = x.dim(0);
    long channels = x.dim(1);
    long positions = x.size() == 0 ? 0 : x.size() / batch / channels;
    return new NormalizationProblem(
        source, batch, channels, positions, groups, false, running, weight, bias, momentum, eps);
  }

  /** Returns the problem of a normalization of rows. */
  static NormalizationProblem ofRows(
      long rows, long length, boolean weight, boolean bias, double eps) {
    return new NormalizationProblem(
        Source.MEMBER, rows, 1, length, 1, true, false, weight, bias, 0, eps);
  }

  /** Returns the channels of a group. */
  long groupSize() {
    return channels / groups;
  }

  /** Returns the number of elements that share statistics. */
  long shared() {
    return source == Source.BATCH ? batch * positions : groupSize() * positions;
  }

  /** Returns the memory of the weight, or null. */
  @Nullable MemorySegment weight(MemorySegment[] inputs) {
    return weight ? inputs[running ? 3 : 1] : null;
  }

  /** Returns the memory of the bias, or null. */
  @Nullable MemorySegment bias(MemorySegment[] inputs) {
    return bias ? inputs[(running ? 3 : 1) + (weight ? 1 : 0)] : null;
  }
}
