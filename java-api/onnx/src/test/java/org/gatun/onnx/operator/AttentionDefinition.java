package org.gatun.onnx.operator;

import org.gatun.Tensor;

/** Attention from its definition, by loops over heads, queries and keys. */
final class AttentionDefinition {
  /** What queries see. */
  interface Sight {
    boolean sees(int batch, int head, int query, int key);
  }

  private AttentionDefinition() {}

  /**
   * Returns the result of queries (batch, heads, L, E), keys (batch, shared, S, E) and values
   * (batch, shared, S, V), as (batch, heads, L, V).
   *
   * @param cap of the products; 0 for none
   */
  static double[] attend(Tensor query, Tensor key, Tensor value, double cap, Sight sight) {
    int batches = (int) query.dim(0);
    int heads = (int) query.dim(1);
    int queries = (int) query.dim(2);
    int keys = (int) key.dim(2);
    int size = (int) value.dim(3);
    int group = heads / (int) key.dim(1);
    double[] result = new double[batches * heads * queries * size];
    for (int b = 0; b < batches; b++) {
      for (int h = 0; h < heads; h++) {
        for (int i = 0; i < queries; i++) {
          double sum = 0;
          double[] row = new double[size];
          for (int j = 0; j < keys; j++) {
            if (sight.sees(b, h, i, j)) {
              double product = product(query, key, b, h, h / group, i, j);
              double weight = Math.exp(cap == 0 ? product : cap * Math.tanh(product / cap));
              sum += weight;
              for (int e = 0; e < size; e++) {
                row[e] += weight * value.get(b, h / group, j, e);
              }
            }
          }
          for (int e = 0; e < size; e++) {
            result[((b * heads + h) * queries + i) * size + e] = sum == 0 ? 0 : row[e] / sum;
          }
        }
      }
    }
    return result;
  }

  private static double product(
      Tensor query, Tensor key, int batch, int head, int shared, int i, int j) {
    double sum = 0;
    for (int e = 0; e < query.dim(3); e++) {
      sum += query.get(batch, head, i, e) * key.get(batch, shared, j, e);
    }
    return sum / Math.sqrt(query.dim(3));
  }
}
