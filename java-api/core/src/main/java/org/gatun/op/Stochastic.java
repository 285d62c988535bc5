package org.gatun.op;

/**
 * Operators with a random part. The seed is an input, not an argument: the plan does not depend on
 * it, and the same seed gives the same numbers on every platform and for any number of threads.
 *
 * <p>The last input is an {@code i64} tensor of shape (2) with a seed and an offset, as {@link
 * org.gatun.Generator#next} gives it. They name a stream of 32-bit words: word w is word {@code w %
 * 4} of Philox4x32-10 with the seed as key and {@code (w / 4, offset)} as counter, all of them low
 * word first. Element i, in row-major order whatever the strides, takes word i, or, where 64 bits
 * are asked for, word {@code 2 i} as their lower half and word {@code 2 i + 1} as their upper one.
 *
 * <p>Source: Salmon et al., <a href="https://doi.org/10.1145/2063384.2063405">Parallel random
 * numbers: as easy as 1, 2, 3</a>.
 */
public sealed interface Stochastic extends Op
    permits AlphaDropout, Bernoulli, Dropout, Exponential, Normal, RandomIntegers, Uniform {}
