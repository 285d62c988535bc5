package org.gatun.cli.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ElementType;

/**
 * A tensor in a few numbers.
 *
 * @param name of the value, with the place of the element in a sequence
 * @param type of the elements
 * @param shape the dimensions
 * @param min the least element; NaN where there is none
 * @param mean of the elements that are finite
 * @param max the largest
 * @param unusual the number of elements that are NaN or infinite
 * @param first the first elements
 */
public record ValueSummary(
    String name,
    ElementType type,
    List<Long> shape,
    double min,
    double mean,
    double max,
    long unusual,
    List<Double> first) {
  private static final int SHOWN = 5;

  /** Copies the lists. */
  public ValueSummary {
    shape = List.copyOf(shape);
    first = List.copyOf(first);
  }

  /** Returns the tensors of a value, of which a sequence has several and an absent one none. */
  public static List<ValueSummary> of(String name, Value value) {
    return switch (value) {
      case Value.Dense dense -> List.of(of(name, dense));
      case Value.Optional optional -> {
        Value inner = optional.value();
        yield inner == null ? List.of() : of(name, inner);
      }
      case Value.Sequence sequence -> {
        List<ValueSummary> all = new ArrayList<>();
        for (int i = 0; i < sequence.elements().size(); i++) {
          all.addAll(of(name + "[" + i + "]", sequence.elements().get(i)));
        }
        yield all;
      }
    };
  }

  private static ValueSummary of(String name, Value.Dense value) {
    double[] elements = elements(value.tensor());
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    double sum = 0;
    long finite = 0;
    for (double element : elements) {
      if (Double.isFinite(element)) {
        min = Math.min(min, element);
        max = Math.max(max, element);
        sum += element;
        finite++;
      }
    }
    List<Double> first = new ArrayList<>();
    for (int i = 0; i < Math.min(SHOWN, elements.length); i++) {
      first.add(elements[i]);
    }
    return new ValueSummary(
        name,
        value.type(),
        LongStream.of(value.tensor().shape().dims()).boxed().toList(),
        finite == 0 ? Double.NaN : min,
        finite == 0 ? Double.NaN : sum / finite,
        finite == 0 ? Double.NaN : max,
        elements.length - finite,
        first);
  }

  private static double[] elements(Tensor tensor) {
    try (Tensor wide = tensor.to(DType.F64)) {
      return wide.toDoubleArray();
    }
  }

  /** Returns type and shape, as {@code float[1, 3]}. */
  public String layout() {
    return type + shape.toString();
  }

  /** Returns the numbers in a line. */
  public String numbers() {
    StringBuilder text = new StringBuilder();
    if (!Double.isNaN(mean)) {
      text.append("min %s, mean %s, max %s".formatted(number(min), number(mean), number(max)));
    }
    if (unusual > 0) {
      text.append(text.isEmpty() ? "" : ", ").append(unusual).append(" NaN or infinite");
    }
    if (!first.isEmpty()) {
      long size = shape.stream().reduce(1L, (a, b) -> a * b);
      text.append(": ")
          .append(first.stream().map(this::number).collect(Collectors.joining(" ")))
          .append(first.size() < size ? " ..." : "");
    }
    return text.isEmpty() ? "no elements" : text.toString();
  }

  private String number(double value) {
    boolean whole = !type.carrier().isFloating() && value == Math.rint(value);
    return whole ? Long.toString((long) value) : String.format(Locale.ROOT, "%.5g", value);
  }
}
