package org.gatun;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.gatun.op.Bernoulli;
import org.gatun.op.Exponential;
import org.gatun.op.Normal;
import org.gatun.op.Op;
import org.gatun.op.RandomIntegers;
import org.gatun.op.Uniform;
import org.gatun.runtime.Engine;

/**
 * A source of random numbers, and of seeds for operators with a random part, such as dropout. The
 * same seed gives the same sequence of tensors, to the last bit, on every platform and for any
 * number of threads that the operators run on.
 *
 * <p>Safe for use by many threads; which of them gets which part of the sequence is up to them.
 *
 * <pre>{@code
 * Generator generator = new Generator(42);
 * Tensor x = generator.randn(DType.F32, 2, 3);
 * }</pre>
 */
public final class Generator {
  private final long seed;
  private final AtomicLong offset = new AtomicLong();

  /** Makes a generator at the start of the sequence of a seed. */
  public Generator(long seed) {
    this.seed = seed;
  }

  /** Returns the seed. */
  public long seed() {
    return seed;
  }

  /**
   * Returns a new {@code i64} tensor of shape (2), with the seed and an offset that is another one
   * at each call: 0, 1, 2 and so on.
   */
  public Tensor next() {
    return Tensor.of(new long[] {seed, offset.getAndIncrement()});
  }

  // New tensors.

  /**
   * Returns a new tensor of numbers that are uniform from 0 inclusive to 1 exclusive.
   *
   * @throws IllegalArgumentException if the dtype is not a floating-point one
   */
  public Tensor rand(DType dtype, long... shape) {
    return uniform(0, 1, dtype, shape);
  }

  /**
   * Returns a new tensor of numbers that are uniform from {@code low} to {@code high}; see {@link
   * Uniform}.
   *
   * @throws IllegalArgumentException if a bound is not finite, {@code low} is more than {@code
   *     high}, or the dtype is not a floating-point one
   */
  public Tensor uniform(double low, double high, DType dtype, long... shape) {
    return draw(new Uniform(low, high, dtype, Shape.of(shape)));
  }

  /**
   * Returns a new tensor of standard normal numbers, of mean 0 and deviation 1.
   *
   * @throws IllegalArgumentException if the dtype is not a floating-point one
   */
  public Tensor randn(DType dtype, long... shape) {
    return normal(0, 1, dtype, shape);
  }

  /**
   * Returns a new tensor of normal numbers; see {@link Normal}.
   *
   * @throws IllegalArgumentException if the mean or the deviation is not finite, the deviation is
   *     negative, or the dtype is not a floating-point one
   */
  public Tensor normal(double mean, double std, DType dtype, long... shape) {
    return draw(new Normal(mean, std, dtype, Shape.of(shape)));
  }

  /**
   * Returns a new tensor of exponential numbers, of mean {@code 1 / rate}; see {@link Exponential}.
   *
   * @throws IllegalArgumentException if the rate is not a finite number above 0, or the dtype is
   *     not a floating-point one
   */
  public Tensor exponential(double rate, DType dtype, long... shape) {
    return draw(new Exponential(rate, dtype, Shape.of(shape)));
  }

  /**
   * Returns a new tensor of whole numbers from {@code low} inclusive to {@code high} exclusive; see
   * {@link RandomIntegers}.
   *
   * @throws IllegalArgumentException if {@code low} is not less than {@code high}, or the numbers
   *     are not in the range of the dtype
   */
  public Tensor randint(long low, long high, DType dtype, long... shape) {
    return draw(new RandomIntegers(low, high, dtype, Shape.of(shape)));
  }

  /**
   * Returns a new {@code i64} tensor of the numbers 0 to {@code n} exclusive in random order.
   *
   * @throws IllegalArgumentException if {@code n} is negative
   */
  public Tensor randperm(int n) {
    if (n < 0) {
      throw new IllegalArgumentException("randperm: n " + n + ", expected 0 or more");
    }
    long[] bits;
    try (Tensor drawn = randint(Long.MIN_VALUE, Long.MAX_VALUE, DType.I64, n)) {
      bits = drawn.toLongArray();
    }
    long[] order = new long[n];
    for (int i = 0; i < n; i++) {
      // The number i goes anywhere among those before it; what was there goes to the end.
      int at = (int) Math.unsignedMultiplyHigh(bits[i], i + 1L);
      order[i] = order[at];
      order[at] = i;
    }
    return Tensor.of(order);
  }

  /**
   * Returns a new tensor of ones with given probabilities, and of zeros; see {@link Bernoulli}.
   *
   * @param p floating-point, as the result is then
   * @throws IllegalArgumentException if a probability is not from 0 to 1
   */
  public Tensor bernoulli(Tensor p) {
    try (Tensor next = next()) {
      return Engine.current().run(new Bernoulli(), p, next);
    }
  }

  /**
   * Returns a new tensor of ones with one probability, and of zeros.
   *
   * @throws IllegalArgumentException if the probability is not from 0 to 1, or the dtype is not a
   *     floating-point one
   */
  public Tensor bernoulli(double p, DType dtype, long... shape) {
    try (Tensor one = Tensor.full(dtype, p);
        Tensor each = one.expand(shape)) {
      return bernoulli(each);
    }
  }

  // Tensors that are there.

  /**
   * Replaces the elements by numbers that are uniform from {@code low} to {@code high}, those that
   * {@link #uniform} would return.
   *
   * @throws IllegalArgumentException also if the tensor repeats elements, as expanded ones do
   * @throws IllegalStateException if the tensor is read-only
   */
  public void fillUniform(Tensor x, double low, double high) {
    draw(new Uniform(low, high, x.dtype(), x.shape()), x);
  }

  /** Replaces the elements by normal numbers; see {@link #normal} and {@link #fillUniform}. */
  public void fillNormal(Tensor x, double mean, double std) {
    draw(new Normal(mean, std, x.dtype(), x.shape()), x);
  }

  /**
   * Replaces the elements by what lies of a normal distribution between two bounds; see {@link
   * Normal} and {@link #fillUniform}.
   */
  public void fillTruncatedNormal(Tensor x, double mean, double std, double low, double high) {
    draw(new Normal(mean, std, low, high, x.dtype(), x.shape()), x);
  }

  /**
   * Replaces the elements by exponential numbers; see {@link #exponential} and {@link
   * #fillUniform}.
   */
  public void fillExponential(Tensor x, double rate) {
    draw(new Exponential(rate, x.dtype(), x.shape()), x);
  }

  private Tensor draw(Op op) {
    try (Tensor next = next()) {
      return Engine.current().run(op, next);
    }
  }

  private void draw(Op op, Tensor x) {
    try (Tensor next = next()) {
      Engine.current().run(op, List.of(next), List.of(x));
    }
  }
}
