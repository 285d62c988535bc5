package org.gatun.onnx.operator;

import java.util.function.LongToDoubleFunction;
import org.gatun.DType;
import org.gatun.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The discrete Fourier transform of rows, made of products with matrices of cosines and sines.
 *
 * <p>Up to {@link #WHOLE} elements that is one matrix. Longer rows are taken apart by a divisor of
 * their length (Cooley and Tukey), and where that has only large ones, the transform becomes a
 * convolution, which is done by transforms of a power of two (Bluestein).
 */
final class FourierTransform {
  /** The longest row for which one matrix is made. */
  private static final int WHOLE = 512;

  /** The longest row for which one matrix is made if its length has no divisor to use. */
  private static final int PRIME = 2048;

  private final double sign;

  /** Rows of complex numbers; without imaginary parts they are real. */
  record Rows(Tensor re, @Nullable Tensor im) {
    Tensor imaginary() {
      return im == null ? Tensor.zeros(re.dtype(), re.shape().dims()) : im;
    }

    Rows times(Rows other) {
      Tensor otherIm = other.imaginary();
      if (im == null) {
        return new Rows(re.mul(other.re), re.mul(otherIm));
      }
      return new Rows(re.mul(other.re).sub(im.mul(otherIm)), re.mul(otherIm).add(im.mul(other.re)));
    }

    Rows reshape(long... dims) {
      return new Rows(re.reshape(dims), im == null ? null : im.reshape(dims));
    }

    Rows swapped(int axis0, int axis1) {
      return new Rows(re.transpose(axis0, axis1), im == null ? null : im.transpose(axis0, axis1));
    }

    Rows sliced(long end) {
      return new Rows(re.slice(-1, 0, end), im == null ? null : im.slice(-1, 0, end));
    }
  }

  private FourierTransform(boolean inverse) {
    this.sign = inverse ? 1 : -1;
  }

  /** Returns the first so many frequencies of rows (m, n) of {@code f64}. */
  static Rows forward(Rows rows, long frequencies) {
    return new FourierTransform(false).transform(rows, frequencies);
  }

  /** Returns the rows (m, n) of which these are all frequencies. */
  static Rows inverse(Rows rows) {
    long n = rows.re().dim(1);
    Rows sums = new FourierTransform(true).transform(rows, n);
    return new Rows(sums.re().div(n), sums.imaginary().div(n));
  }

  private Rows transform(Rows rows, long frequencies) {
    long n = rows.re().dim(1);
    if (n <= WHOLE) {
      return product(rows, frequencies);
    }
    long divisor = divisor(n);
    if (divisor > 1) {
      return apart(rows, divisor).sliced(frequencies);
    }
    return n <= PRIME ? product(rows, frequencies) : convolution(rows).sliced(frequencies);
  }

  private static long divisor(long n) {
    for (long divisor = WHOLE; divisor > 1; divisor--) {
      if (n % divisor == 0) {
        return divisor;
      }
    }
    return 1;
  }

  /** {@code X[k] = sum_j x[j] w^(j k)} as it stands. */
  private Rows product(Rows rows, long frequencies) {
    Rows matrix = roots(rows.re().dim(1), rows.re().dim(1), frequencies);
    Tensor im = rows.im();
    Tensor re = rows.re().matmul(matrix.re());
    Tensor cross = rows.re().matmul(matrix.imaginary());
    return im == null
        ? new Rows(re, cross)
        : new Rows(re.sub(im.matmul(matrix.imaginary())), cross.add(im.matmul(matrix.re())));
  }

  /** {@code w^(j k)}, w being the n-th root of one. */
  private Rows roots(long n, long rows, long columns) {
    return complex(rows, columns, i -> 2.0 * ((i / columns) * (i % columns) % n) / n);
  }

  /** Complex numbers of length one with these angles, in units of half a turn. */
  private Rows complex(long rows, long columns, LongToDoubleFunction halfTurns) {
    int size = Math.toIntExact(Math.multiplyExact(rows, columns));
    double[] re = new double[size];
    double[] im = new double[size];
    for (int i = 0; i < size; i++) {
      double angle = Math.PI * halfTurns.applyAsDouble(i);
      re[i] = Math.cos(angle);
      im[i] = sign * Math.sin(angle);
    }
    return new Rows(Tensor.of(re, rows, columns), Tensor.of(im, rows, columns));
  }

  /**
   * With {@code n = a b}, {@code j = j1 b + j2} and {@code k = k1 + k2 a} the transform is one of
   * length a for each j2, a product with {@code w^(j2 k1)}, and one of length b for each k1.
   */
  private Rows apart(Rows rows, long a) {
    long m = rows.re().dim(0);
    long n = rows.re().dim(1);
    long b = n / a;
    Rows first = transform(rows.reshape(m, a, b).swapped(1, 2).reshape(m * b, a), a);
    Rows turned = first.reshape(m, b, a).times(roots(n, b, a));
    Rows second = transform(turned.swapped(1, 2).reshape(m * a, b), b);
    return second.reshape(m, a, b).swapped(1, 2).reshape(m, n);
  }

  /** {@code j k = (j^2 + k^2 - (k - j)^2) / 2} makes a convolution of the sum. */
  private Rows convolution(Rows rows) {
    long m = rows.re().dim(0);
    long n = rows.re().dim(1);
    long length = Long.highestOneBit(2 * n - 2) << 1;
    Rows chirp = complex(1, n, j -> (double) (j * j % (2 * n)) / n);
    Rows backwards =
        complex(
            1,
            length,
            i -> {
              long j = i < n ? i : length - i;
              return -(double) (j % n * (j % n) % (2 * n)) / n;
            });
    Tensor inUse = within(n, length);
    Rows filter = new Rows(backwards.re().mul(inUse), backwards.imaginary().mul(inUse));
    Rows given = rows.times(chirp);
    Rows longer = new Rows(padded(given.re(), length), padded(given.imaginary(), length));
    Rows product = forward(longer, length).times(forward(filter, length));
    return inverse(product.reshape(m, length)).sliced(n).times(chirp);
  }

  /** One where an index is less than n away from 0 on the ring, else zero. */
  private static Tensor within(long n, long length) {
    double[] ones = new double[Math.toIntExact(length)];
    for (int i = 0; i < length; i++) {
      ones[i] = i < n || length - i < n ? 1 : 0;
    }
    return Tensor.of(ones, 1, length);
  }

  /** Returns rows of another length, with zeros at their end or without what lies beyond. */
  static Tensor padded(Tensor rows, long length) {
    long n = rows.dim(-1);
    if (n >= length) {
      return n == length ? rows : rows.slice(-1, 0, length);
    }
    long[] dims = rows.shape().with(rows.rank() - 1, length - n).dims();
    return Tensor.concat(rows.rank() - 1, rows, Tensor.zeros(DType.F64, dims));
  }
}
