package org.gatun.onnx.operator;

import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.onnx.operator.FourierTransform.Rows;

/**
 * Fourier transforms. They are computed in {@code f64}.
 *
 * <p>Source: <a href="https://onnx.ai/onnx/operators/onnx__DFT.html">ONNX, DFT</a> and <a
 * href="https://onnx.ai/onnx/operators/onnx__STFT.html">STFT</a>.
 */
final class SignalFamily {
  /** What a transform takes is some tables of as many numbers. */
  private static final long LONGEST = 1 << 24;

  private SignalFamily() {}

  static void register(Registry onnx) {
    onnx.add("DFT", 17, c -> dft(c, c.integer("axis", 1)));
    onnx.add("DFT", 20, c -> dft(c, c.has(2) ? c.scalarLong(2) : -2));
    onnx.add("STFT", 17, SignalFamily::stft);
  }

  private static Tensor dft(Call call, long givenAxis) {
    Tensor x = call.tensor(0);
    int axis = call.axis(givenAxis, x.rank());
    int last = x.rank() - 1;
    if (axis == last || x.dim(last) < 1 || x.dim(last) > 2) {
      throw call.failure(
          "axis "
              + givenAxis
              + " of shape "
              + x.shape()
              + ", expected one before the last, which has real and imaginary parts");
    }
    boolean inverse = call.flag("inverse", false);
    boolean oneSided = call.flag("onesided", false);
    long size = x.dim(axis);
    long length = call.has(1) ? call.scalarLong(1) : inverse && oneSided ? 2 * (size - 1) : size;
    if (length < 1 || length > LONGEST) {
      throw call.failure("a length of " + length + ", expected 1 to " + LONGEST);
    }
    long given = inverse && oneSided ? length / 2 + 1 : length;
    Tensor moved = x.to(DType.F64).movedim(axis, last - 1);
    Shape others = moved.shape().range(0, last - 1);
    Rows rows = rows(moved, given, others.size());
    Rows result;
    if (!inverse) {
      result = FourierTransform.forward(rows, oneSided ? length / 2 + 1 : length);
    } else if (oneSided) {
      result = new Rows(FourierTransform.inverse(mirrored(rows, length)).re(), null);
    } else {
      result = FourierTransform.inverse(rows);
    }
    Tensor pairs =
        inverse && oneSided
            ? result.re().unsqueeze(2)
            : Tensor.stack(2, result.re(), result.imaginary());
    Shape shape = others.concat(Shape.of(pairs.dim(1), pairs.dim(2)));
    return pairs.reshape(shape.dims()).movedim(last - 1, axis).to(x.dtype());
  }

  /** Returns pairs along the last dimension as rows of a length. */
  private static Rows rows(Tensor pairs, long length, long count) {
    Tensor re = FourierTransform.padded(pairs.select(-1, 0), length).reshape(count, length);
    if (pairs.dim(-1) == 1) {
      return new Rows(re, null);
    }
    return new Rows(
        re, FourierTransform.padded(pairs.select(-1, 1), length).reshape(count, length));
  }

  /** Returns all frequencies of a real signal of which half is given. */
  private static Rows mirrored(Rows half, long length) {
    long end = (length + 1) / 2;
    if (end <= 1) {
      return half.sliced(length);
    }
    Tensor re = Tensor.concat(1, half.re(), half.re().slice(1, 1, end).flip(1));
    Tensor im = half.imaginary();
    return new Rows(re, Tensor.concat(1, im, im.slice(1, 1, end).flip(1).neg()));
  }

  /** The transforms of windows of a signal (batch, length, 1 or 2), one every few elements. */
  private static Tensor stft(Call call) {
    Tensor signal = call.tensor(0);
    long step = call.scalarLong(1);
    Tensor window = call.optional(2);
    if (signal.rank() != 3 || signal.dim(2) < 1 || signal.dim(2) > 2) {
      throw call.failure(
          "signal of shape " + signal.shape() + ", expected (batch, length, 1 or 2)");
    }
    long size = window == null ? signal.dim(1) : window.size();
    long length = call.has(3) ? call.scalarLong(3) : size;
    long own = window == null ? length : size;
    if (step < 1
        || own < 1
        || own > length
        || length > Math.min(LONGEST, signal.dim(1))
        || (window != null && window.rank() != 1)) {
      throw call.failure(
          "frames of "
              + length
              + " every "
              + step
              + " and a window of "
              + own
              + " for a signal of shape "
              + signal.shape());
    }
    long batch = signal.dim(0);
    long frames = 1 + (signal.dim(1) - length) / step;
    boolean oneSided = call.flag("onesided", true);
    Tensor wide = signal.to(DType.F64);
    Tensor weights = window == null ? null : window.to(DType.F64);
    Tensor[] parts = new Tensor[(int) signal.dim(2)];
    for (int i = 0; i < parts.length; i++) {
      Tensor windows = wide.select(2, i).unfold(1, own, step).slice(1, 0, frames);
      Tensor weighted = weights == null ? windows : windows.mul(weights);
      parts[i] = FourierTransform.padded(weighted, length).reshape(batch * frames, length);
    }
    Rows rows = new Rows(parts[0], parts.length == 1 ? null : parts[1]);
    long frequencies = oneSided ? length / 2 + 1 : length;
    Rows result = FourierTransform.forward(rows, frequencies);
    return Tensor.stack(2, result.re(), result.imaginary())
        .reshape(batch, frames, frequencies, 2)
        .to(signal.dtype());
  }
}
