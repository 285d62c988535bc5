package org.gatun.testkit.onnx;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.onnx.Value;

/**
 * How far the outputs of a model in fewer bits are from those of the model as it is.
 *
 * @param largest the largest difference of two elements, in parts of the largest element
 * @param cosine of the angle between all elements of both, as vectors; 1 where both are 0
 * @param first how many of the rows of scores have the same largest element, from 0 to 1; NaN where
 *     there are no scores
 * @param five how many of the five largest elements of a row are among the other's, from 0 to 1
 */
public record PrecisionLoss(double largest, double cosine, double first, double five) {
  /** The fewest classes: a matrix of fewer columns has no scores. */
  private static final int CLASSES = 10;

  private static final int FIVE = 5;

  /**
   * Returns the loss of a model's floating-point outputs: the worst of each number.
   *
   * @throws IllegalArgumentException if an output is not there, or has another shape or type
   */
  public static PrecisionLoss of(Map<String, Value> exact, Map<String, Value> rounded) {
    PrecisionLoss worst = new PrecisionLoss(0, 1, Double.NaN, Double.NaN);
    for (Map.Entry<String, Value> output : exact.entrySet()) {
      if (output.getValue() instanceof Value.Dense a && a.tensor().dtype().isFloating()) {
        if (!(rounded.get(output.getKey()) instanceof Value.Dense b) || a.type() != b.type()) {
          throw new IllegalArgumentException(
              "precision: output '" + output.getKey() + "' has another type");
        }
        worst = worst.or(of(a.tensor(), b.tensor()));
      }
    }
    return worst;
  }

  /**
   * Returns the loss of a tensor, of which two dimensions are rows of scores.
   *
   * @throws IllegalArgumentException if the shapes differ
   */
  public static PrecisionLoss of(Tensor exact, Tensor rounded) {
    if (!exact.shape().equals(rounded.shape())) {
      throw new IllegalArgumentException(
          "precision: shape " + rounded.shape() + ", expected " + exact.shape());
    }
    double[] a = values(exact);
    double[] b = values(rounded);
    double difference = 0;
    double most = 0;
    double product = 0;
    double squaresA = 0;
    double squaresB = 0;
    for (int i = 0; i < a.length; i++) {
      // Of infinities and NaN the same are no loss, and others are all of it.
      boolean same = Double.compare(a[i], b[i]) == 0;
      double distance = same ? 0 : Math.abs(a[i] - b[i]);
      difference = Math.max(difference, Double.isNaN(distance) ? Double.MAX_VALUE : distance);
      if (Double.isFinite(a[i])) {
        most = Math.max(most, Math.abs(a[i]));
        product += a[i] * b[i];
        squaresA += a[i] * a[i];
        squaresB += b[i] * b[i];
      }
    }
    double norms = Math.sqrt(squaresA * squaresB);
    boolean scores = exact.rank() == 2 && exact.dim(1) >= CLASSES;
    return new PrecisionLoss(
        difference == 0 ? 0 : difference / most,
        squaresA == 0 && squaresB == 0 ? 1 : product / norms,
        scores ? agreement(a, b, (int) exact.dim(1), 1) : Double.NaN,
        scores ? agreement(a, b, (int) exact.dim(1), FIVE) : Double.NaN);
  }

  private static double[] values(Tensor tensor) {
    try (Tensor wide = tensor.to(DType.F64)) {
      return wide.toDoubleArray();
    }
  }

  private static double agreement(double[] a, double[] b, int columns, int count) {
    long shared = 0;
    for (int row = 0; row < a.length; row += columns) {
      TreeSet<Integer> both = new TreeSet<>(largest(a, row, columns, count));
      both.retainAll(largest(b, row, columns, count));
      shared += both.size();
    }
    return shared / (double) (a.length / columns * count);
  }

  private static List<Integer> largest(double[] values, int row, int columns, int count) {
    return IntStream.range(0, columns)
        .boxed()
        .sorted(Comparator.comparingDouble(column -> -values[row + column]))
        .limit(count)
        .collect(Collectors.toList());
  }

  private PrecisionLoss or(PrecisionLoss other) {
    return new PrecisionLoss(
        Math.max(largest, other.largest),
        Math.min(cosine, other.cosine),
        lesser(first, other.first),
        lesser(five, other.five));
  }

  private static double lesser(double a, double b) {
    return Double.isNaN(a) ? b : Double.isNaN(b) ? a : Math.min(a, b);
  }

  /** Returns the numbers for people. */
  @Override
  public String toString() {
    String text = String.format(Locale.ROOT, "max %.4f, cosine %.6f", largest, cosine);
    return Double.isNaN(first)
        ? text
        : text
            + String.format(Locale.ROOT, ", top-1 %.0f %%, top-5 %.0f %%", 100 * first, 100 * five);
  }
}
