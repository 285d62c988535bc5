package org.gatun.onnx.operator;

import org.gatun.Tensor;
import org.gatun.nn.Functional;

/**
 * Rotary position embedding: pairs of elements turned by an angle that grows with the position.
 *
 * <p>Source: <a href="https://arxiv.org/abs/2104.09864">Su et al., RoFormer</a>.
 *
 * @param cos of shape (batch or 1, length, pairs)
 * @param sin of the same shape
 * @param interleaved whether the elements of a pair lie side by side; else they are half of what is
 *     rotated apart
 */
record Rotation(Tensor cos, Tensor sin, boolean interleaved) {
  /**
   * Returns the rotation at some positions.
   *
   * @param cos a table of shape (positions, pairs)
   * @param sin a table of the same shape
   * @param positions integers of shape (batch or 1, length)
   */
  static Rotation at(Tensor positions, Tensor cos, Tensor sin, boolean interleaved) {
    return new Rotation(
        Functional.embedding(positions, cos), Functional.embedding(positions, sin), interleaved);
  }

  /**
   * Returns heads with the first {@code 2 pairs} elements of each rotated. The heads of a position
   * lie side by side.
   *
   * @param heads of shape (batch, heads, length, size)
   */
  Tensor apply(Tensor heads) {
    long rotated = 2 * cos.dim(-1);
    if (rotated > heads.dim(3)
        || cos.rank() != 3
        || !cos.shape().equals(sin.shape())
        || cos.dim(1) != heads.dim(2)) {
      throw new IllegalArgumentException(
          "rotary embedding: cosines of shape "
              + cos.shape()
              + " and sines of shape "
              + sin.shape()
              + " for heads of shape "
              + heads.shape());
    }
    Tensor x = heads.permute(0, 2, 1, 3);
    Tensor turned = x.slice(-1, 0, rotated);
    Tensor first;
    Tensor second;
    if (interleaved) {
      Tensor pairs = turned.unflatten(-1, rotated / 2, 2);
      first = pairs.select(-1, 0);
      second = pairs.select(-1, 1);
    } else {
      first = turned.slice(-1, 0, rotated / 2);
      second = turned.slice(-1, rotated / 2, rotated);
    }
    Tensor c = cos.unsqueeze(2);
    Tensor s = sin.unsqueeze(2);
    Tensor real = first.mul(c).addcmul(second, s, -1);
    Tensor imaginary = first.mul(s).addcmul(second, c, 1);
    Tensor rest = x.slice(-1, rotated, x.dim(3));
    Tensor result =
        interleaved
            ? Tensor.concat(-1, Tensor.stack(-1, real, imaginary).flatten(-2, -1), rest)
            : Tensor.concat(-1, real, imaginary, rest);
    return result.permute(0, 2, 1, 3);
  }
}
