package org.gatun.op;

import java.util.List;
import java.util.Locale;

/** The functions of three elements. A constant's name in lower case is PyTorch's. */
public enum TernaryFunction implements PointwiseFunction {
  /** {@code a + value b / c}. */
  ADDCDIV(ElementKinds.FLOATING, "value"),
  /** {@code a + value b c}. */
  ADDCMUL(ElementKinds.NUMBERS, "value"),
  /** {@code min(max(a, b), c)}, NaN where one is. ONNX Clip. */
  CLAMP(ElementKinds.NUMBERS),
  /** {@code a + c (b - a)}, from the nearer end. */
  LERP(ElementKinds.FLOATING);

  private final ElementKinds kinds;
  private final List<String> numbers;

  TernaryFunction(ElementKinds kinds, String... numbers) {
    this.kinds = kinds;
    this.numbers = List.of(numbers);
  }

  @Override
  public List<String> numbers() {
    return numbers;
  }

  ElementKinds kinds() {
    return kinds;
  }

  @Override
  public String spelling() {
    return name().toLowerCase(Locale.ROOT);
  }
}
