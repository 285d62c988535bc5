package org.gatun.op;

import java.util.List;
import java.util.Objects;
import org.gatun.DType;
import org.gatun.Layout;

/**
 * What is made of the integer sums of {@link QuantizedMatMul} and {@link QuantizedConv}, and so
 * which input is which.
 *
 * @param dtype {@code i32} for the sums themselves, {@code f32} for the numbers they stand for,
 *     {@code u8} and {@code i8} for those, quantized
 * @param bias whether there is a bias
 */
public record QuantizedResult(DType dtype, boolean bias) {
  /** Checks that nothing is null. */
  public QuantizedResult {
    Objects.requireNonNull(dtype, "quantized_result: dtype is null");
  }

  static void check(String name, DType dtype, boolean bias) {
    if (dtype != DType.I32 && dtype != DType.F32 && dtype != DType.U8 && dtype != DType.I8) {
      throw new IllegalArgumentException(
          name + ": result of dtype " + dtype.spelling() + ", expected i32, f32, u8 or i8");
    }
    if (dtype == DType.I32 && bias) {
      throw new IllegalArgumentException(name + ": a bias of a result of i32, expected none");
    }
  }

  /** Returns whether sums are scaled: whether there are scales among the inputs. */
  public boolean isScaled() {
    return dtype != DType.I32;
  }

  /** Returns whether what was scaled is quantized again. */
  public boolean isQuantized() {
    return isScaled() && dtype != DType.F32;
  }

  /** Returns the input that is the first operand's scale. */
  public int scale() {
    return 1;
  }

  /** Returns the input that is the first operand's zero point. */
  public int zeroPoint() {
    return isScaled() ? 2 : 1;
  }

  /** Returns the input that is the second operand. */
  public int weights() {
    return zeroPoint() + 1;
  }

  /** Returns the input that is the second operand's scale. */
  public int weightsScale() {
    return weights() + 1;
  }

  /** Returns the input that is the second operand's zero point. */
  public int weightsZeroPoint() {
    return isScaled() ? weights() + 2 : weights() + 1;
  }

  /** Returns the input that is the bias. */
  public int biasIndex() {
    return weightsZeroPoint() + 1;
  }

  /** Returns the input that is the result's scale. */
  public int resultScale() {
    return bias ? biasIndex() + 1 : biasIndex();
  }

  /** Returns the input that is the result's zero point. */
  public int resultZeroPoint() {
    return resultScale() + 1;
  }

  /** Returns the number of inputs. */
  public int count() {
    return isQuantized() ? resultZeroPoint() + 1 : resultScale();
  }

  /** Checks the number of the inputs and their dtypes, and that y's numbers are single. */
  void inputs(Op op, List<Layout> inputs, String first, String second) {
    Checks.inputs(op, inputs, count());
    operand(op, inputs, 0, zeroPoint(), first);
    operand(op, inputs, weights(), weightsZeroPoint(), second);
    if (isScaled()) {
      QuantizationArguments.dtype(op, inputs.get(scale()), "scale of " + first, DType.F32);
      QuantizationArguments.dtype(op, inputs.get(weightsScale()), "scale of " + second, DType.F32);
    }
    if (bias) {
      QuantizationArguments.oneOf(op, inputs.get(biasIndex()), "bias", DType.I32, DType.F32);
    }
    if (isQuantized()) {
      QuantizationArguments.dtype(op, inputs.get(resultScale()), "scale of y", DType.F32);
      QuantizationArguments.single(op, inputs.get(resultScale()), "scale of y");
      QuantizationArguments.dtype(op, inputs.get(resultZeroPoint()), "zero point of y", dtype);
      QuantizationArguments.single(op, inputs.get(resultZeroPoint()), "zero point of y");
    }
  }

  private static void operand(
      Op op, List<Layout> inputs, int index, int zeroPoint, String argument) {
    Layout operand = inputs.get(index);
    QuantizationArguments.oneOf(op, operand, argument, DType.U8, DType.I8);
    QuantizationArguments.dtype(
        op, inputs.get(zeroPoint), "zero point of " + argument, operand.dtype());
  }
}
