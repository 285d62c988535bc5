package org.gatun.reference;

import java.util.List;
import org.gatun.Layout;
import org.gatun.op.Attention;
import org.gatun.op.Dropout;
import org.gatun.op.ScaledDotProductAttention;
import org.jspecify.annotations.Nullable;

/** Attention, by the definition: a softmax for each query, and a mean of the values by it. */
final class AttentionReference {
  private AttentionReference() {}

  static List<NdArray> evaluate(Attention op, List<NdArray> inputs, List<Layout> outputs) {
    return List.of(
        switch (op) {
          case ScaledDotProductAttention scaled -> attention(scaled, inputs, outputs.getFirst());
        });
  }

  private static NdArray attention(
      ScaledDotProductAttention op, List<NdArray> inputs, Layout output) {
    NdArray query = inputs.get(0);
    NdArray key = inputs.get(1);
    NdArray value = inputs.get(2);
    NdArray mask = op.mask() ? inputs.get(3) : null;
    NdArray result = NdArray.sums(output.dtype(), output.shape());
    int rank = result.rank();
    int keys = key.dim(-2);
    int width = result.dim(-1);
    NdArray factors = op.dropout() > 0 ? factors(op, result, keys, inputs.getLast()) : null;
    double[] weights = new double[keys];
    for (int row = 0; width > 0 && row < result.size() / width; row++) {
      int[] index = result.index(row * width);
      for (int s = 0; s < keys; s++) {
        weights[s] = fit(op, query, key, mask, index, s);
      }
      softmax(weights);
      for (int column = 0; column < width; column++) {
        index[rank - 1] = column;
        double sum = 0;
        double absolute = 0;
        for (int s = 0; s < keys; s++) {
          double factor = factors == null ? 1 : factors.values()[row * keys + s];
          double product =
              weights[s] * factor * at(value, index, s, column, group(op, query, value));
          sum += product;
          absolute += Math.abs(product);
        }
        result.store(row * width + column, sum, keys + query.dim(-1), absolute);
      }
    }
    return result;
  }

  /** How well a key fits the query at an index of the result. */
  private static double fit(
      ScaledDotProductAttention op,
      NdArray query,
      NdArray key,
      @Nullable NdArray mask,
      int[] index,
      int s) {
    int row = index[index.length - 2];
    if (op.causal() && s > row) {
      return Double.NEGATIVE_INFINITY;
    }
    double sum = 0;
    for (int e = 0; e < query.dim(-1); e++) {
      sum += at(query, index, row, e, 1) * at(key, index, s, e, group(op, query, key));
    }
    double scaled = sum * op.scaleFor(query.dim(-1));
    if (mask == null) {
      return scaled;
    }
    int[] weight = index.clone();
    weight[weight.length - 1] = s;
    double given = Broadcast.get(mask, weight);
    if (mask.dtype().isFloating()) {
      return scaled + given;
    }
    return given != 0 ? scaled : scaled + Double.NEGATIVE_INFINITY;
  }

  /** The queries' heads that share one of an operand. */
  private static int group(ScaledDotProductAttention op, NdArray query, NdArray shared) {
    return op.grouped() ? query.dim(-3) / shared.dim(-3) : 1;
  }

  /** Returns an element of the matrix of an operand that is for an index of the result. */
  private static double at(NdArray operand, int[] index, int row, int column, int group) {
    int[] own = index.clone();
    own[own.length - 2] = row;
    own[own.length - 1] = column;
    if (group > 1) {
      own[own.length - 3] /= group;
    }
    return Broadcast.get(operand, own);
  }

  private static void softmax(double[] weights) {
    double max = Double.NEGATIVE_INFINITY;
    for (double weight : weights) {
      max = Math.max(max, weight);
    }
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      // A query that sees no key weighs none.
      weights[i] = max == Double.NEGATIVE_INFINITY ? 0 : Math.exp(weights[i] - max);
      sum += weights[i];
    }
    for (int i = 0; i < weights.length && sum != 0; i++) {
      weights[i] /= sum;
    }
  }

  /** What dropout multiplies the weights by: what it makes of ones. */
  private static NdArray factors(
      ScaledDotProductAttention op, NdArray result, int keys, NdArray seed) {
    long[] dims = result.shape().dims();
    dims[dims.length - 1] = keys;
    NdArray ones = NdArray.zeros(result.dtype(), org.gatun.Shape.of(dims));
    java.util.Arrays.fill(ones.values(), 1);
    return Reference.evaluate(new Dropout(op.dropout()), List.of(ones, seed)).getFirst();
  }
}
