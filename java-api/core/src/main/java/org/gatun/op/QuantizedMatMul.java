package org.gatun.op;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * The matrix product of integers that stand for numbers, over the last two dimensions, the others
 * broadcast.
 *
 * <p>With {@code s[i,j] = sum over k of (a[i,k] - a0[i]) * (b[k,j] - b0[j])}, computed exactly and
 * wrapping around in {@code i32}, the result is, by its dtype:
 *
 * <ul>
 *   <li>{@code i32}: s. Inputs: a, its zero point a0, b, its zero point b0.
 *   <li>{@code f32}: {@code s * (scale of a * scale of b) + bias}. Inputs: a, its scale, its zero
 *       point, b, its scale, its zero point, and the bias where there is one.
 *   <li>{@code u8} and {@code i8}: {@code saturate(round(s * (scale of a * scale of b / scale of
 *       y)) + zero point of y)}, rounded half to even. Inputs: those for {@code f32}, then y's
 *       scale and zero point.
 * </ul>
 *
 * <p>a of shape (..., m, k) and b (..., k, n) are each of {@code u8} or {@code i8}, zero points of
 * their operand's dtype, scales of {@code f32}. What goes with a is one number, or broadcasts to
 * (..., m, 1): one for each row. What goes with b is one number, or broadcasts to (..., 1, n): one
 * for each column. A bias (n) of {@code i32} is added to s; one of {@code f32} to the scaled sum,
 * before that is divided by y's scale. The scale and the zero point of y are single numbers.
 *
 * <p>Source: ONNX MatMulInteger, QLinearMatMul; ONNX Runtime's MatMulIntegerToFloat and QGemm.
 *
 * @param dtype the dtype of the result: {@code i32}, {@code f32}, {@code u8} or {@code i8}
 * @param bias whether there is a bias, not for {@code i32}
 */
public record QuantizedMatMul(DType dtype, boolean bias) implements Quantization {
  /** Checks that there is such a result. */
  public QuantizedMatMul {
    QuantizedResult.check("quantized_matmul", dtype, bias);
  }

  @Override
  public String name() {
    return "quantized_matmul";
  }

  /** Returns which input is which. */
  public QuantizedResult result() {
    return new QuantizedResult(dtype, bias);
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    QuantizedResult result = result();
    result.inputs(this, inputs, "a", "b");
    Layout a = inputs.get(0);
    Layout b = inputs.get(result.weights());
    Checks.check(
        a.rank() >= 2 && b.rank() >= 2,
        this,
        "shapes " + a.shape() + " and " + b.shape() + ", expected two dimensions or more of each");
    Checks.check(
        a.dim(-1) == b.dim(-2),
        this,
        "shapes "
            + a.shape()
            + " and "
            + b.shape()
            + ", inner dimensions "
            + a.dim(-1)
            + " and "
            + b.dim(-2)
            + " differ");
    Shape rows = a.shape().with(a.rank() - 1, 1);
    Shape columns = b.shape().with(b.rank() - 2, 1);
    broadcasts(inputs.get(result.zeroPoint()), "zero point of a", rows);
    broadcasts(inputs.get(result.weightsZeroPoint()), "zero point of b", columns);
    if (result.isScaled()) {
      broadcasts(inputs.get(result.scale()), "scale of a", rows);
      broadcasts(inputs.get(result.weightsScale()), "scale of b", columns);
    }
    if (bias) {
      Shape expected = Shape.of(b.dim(-1));
      Layout given = inputs.get(result.biasIndex());
      Checks.check(
          given.shape().equals(expected),
          this,
          "bias has shape " + given.shape() + ", expected " + expected);
    }
    Shape batch =
        Checks.broadcast(this, a.shape().range(0, a.rank() - 2), b.shape().range(0, b.rank() - 2));
    return List.of(Layout.of(dtype, batch.concat(Shape.of(a.dim(-2), b.dim(-1)))));
  }

  private void broadcasts(Layout given, String argument, Shape target) {
    Shape shape = given.shape();
    boolean fits = shape.rank() <= target.rank();
    for (int i = 1; i <= shape.rank() && fits; i++) {
      fits = shape.dim(-i) == 1 || shape.dim(-i) == target.dim(-i);
    }
    Checks.check(
        fits,
        this,
        argument + " has shape " + shape + ", expected one that broadcasts to " + target);
  }
}
