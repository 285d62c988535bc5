package org.gatun.onnx.operator;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.runtime.Engine;
import org.gatun.runtime.HostFunction;

/**
 * TfIdfVectorizer: counts of n-grams of integers, with gaps between their elements.
 *
 * <p>Source: <a href="https://onnx.ai/onnx/operators/onnx__TfIdfVectorizer.html">ONNX,
 * TfIdfVectorizer</a>.
 */
final class NgramFamily {
  private NgramFamily() {}

  static void register(Registry onnx) {
    onnx.add("TfIdfVectorizer", 9, NgramFamily::count);
  }

  private static Tensor count(Call call) {
    if (call.hasAttribute("pool_strings")) {
      throw call.failure("attribute pool_strings: text, which no tensor holds");
    }
    Tensor x = call.tensor(0);
    if (x.rank() > 2 || !x.dtype().isInteger()) {
      throw call.failure("an input of " + x.layout() + ", expected integers, (C) or (N, C)");
    }
    Ngrams ngrams = Ngrams.of(call);
    int width = ngrams.width();
    long rows = x.rank() == 2 ? x.dim(0) : 1;
    Shape shape = x.rank() == 2 ? Shape.of(rows, width) : Shape.of(width);
    HostFunction function =
        HostFunction.of(
            "tf idf",
            (inputs, outputs) -> {
              long[] items = inputs.getFirst().toLongArray();
              float[] counts = new float[Math.toIntExact(shape.size())];
              int length = rows == 0 ? 0 : Math.toIntExact(items.length / rows);
              for (int row = 0; row < rows; row++) {
                ngrams.count(items, row * length, length, counts, row * width);
              }
              outputs.getFirst().copyFrom(Tensor.of(counts, shape.dims()));
            });
    Layout layout = Layout.of(DType.F32, shape);
    return Engine.current().call(function, List.of(layout), x.to(DType.I64)).getFirst();
  }

  /** The n-grams that begin alike. */
  private static final class Branch {
    final Map<Long, Branch> next = new HashMap<>();

    /** The column of the n-gram that ends here, or -1. */
    int column = -1;
  }

  /**
   * What is counted, and how.
   *
   * @param shortest the shortest n-grams that count
   * @param longest the longest
   * @param gap the most elements that are left out between two
   * @param mode {@code TF}, {@code IDF} or {@code TFIDF}
   * @param weights of the columns, empty for ones
   */
  private record Ngrams(
      Branch root, int width, int shortest, int longest, int gap, String mode, float[] weights) {
    static Ngrams of(Call call) {
      long[] pool = required(call, "pool_int64s");
      long[] starts = required(call, "ngram_counts");
      long[] columns = required(call, "ngram_indexes");
      int width = 0;
      for (long column : columns) {
        if (column < 0 || column >= Integer.MAX_VALUE) {
          throw call.failure("attribute ngram_indexes has " + column + ", expected 0 or more");
        }
        width = Math.max(width, (int) column + 1);
      }
      String mode = call.text("mode", "");
      if (!List.of("TF", "IDF", "TFIDF").contains(mode)) {
        throw call.failure("attribute mode is '" + mode + "', expected TF, IDF or TFIDF");
      }
      float[] given = call.numbers("weights");
      float[] weights = given == null ? new float[0] : given;
      if (weights.length != 0 && weights.length < width) {
        throw call.failure(weights.length + " weights for " + width + " columns");
      }
      int shortest = call.smallInteger("min_gram_length", 1);
      int longest = call.smallInteger("max_gram_length", 1);
      int gap = call.smallInteger("max_skip_count", 0);
      if (shortest < 1 || longest < shortest || gap < 0) {
        throw call.failure(
            "n-grams of " + shortest + " to " + longest + " elements and gaps up to " + gap);
      }
      Branch root = new Branch();
      int next = 0;
      for (int i = 0; i < starts.length; i++) {
        long end = i + 1 < starts.length ? starts[i + 1] : pool.length;
        int size = i + 1;
        if (starts[i] < 0 || end > pool.length || starts[i] > end) {
          throw call.failure(
              "attribute ngram_counts is "
                  + Arrays.toString(starts)
                  + " for a pool of "
                  + pool.length);
        }
        for (int at = (int) starts[i]; at + size <= end; at += size) {
          if (next >= columns.length) {
            throw call.failure(columns.length + " columns for more n-grams");
          }
          Branch leaf = root;
          for (int j = 0; j < size; j++) {
            leaf = leaf.next.computeIfAbsent(pool[at + j], _ -> new Branch());
          }
          leaf.column = (int) columns[next++];
        }
      }
      return new Ngrams(root, width, shortest, longest, gap, mode, weights);
    }

    private static long[] required(Call call, String attribute) {
      long[] values = call.integers(attribute);
      if (values == null) {
        throw call.failure("attribute " + attribute + " is missing");
      }
      return values;
    }

    void count(long[] items, int from, int length, float[] counts, int to) {
      for (int distance = 1; distance <= gap + 1; distance++) {
        for (int start = 0; start < length; start++) {
          Branch branch = root;
          long at = start;
          for (int size = 1; size <= longest && at < length && branch != null; size++) {
            branch = branch.next.get(items[from + (int) at]);
            // Of single elements there are no others with gaps.
            if (branch != null
                && branch.column >= 0
                && size >= shortest
                && (size > 1 || distance == 1)) {
              counts[to + branch.column]++;
            }
            at += distance;
          }
        }
      }
      for (int i = to; i < to + width; i++) {
        float weight = weights.length == 0 ? 1 : weights[i - to];
        counts[i] =
            switch (mode) {
              case "IDF" -> counts[i] > 0 ? weight : 0;
              case "TFIDF" -> counts[i] * weight;
              default -> counts[i];
            };
      }
    }
  }
}
