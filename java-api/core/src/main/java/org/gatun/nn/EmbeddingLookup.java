package org.gatun.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.gatun.DType;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.op.Embedding;
import org.gatun.op.EmbeddingBag;
import org.gatun.op.Renorm;
import org.gatun.runtime.Engine;
import org.jspecify.annotations.Nullable;

/** Rows of tables by index, with the arguments of PyTorch's functions. */
final class EmbeddingLookup {
  private EmbeddingLookup() {}

  /** Limits the norms of the rows that the indices name, in place. */
  static void renormalize(Tensor indices, Tensor table, double maxNorm, double normType) {
    Renorm op = new Renorm(normType, maxNorm);
    try (Scope _ = Scope.open()) {
      // Refuses what is no index before anything is written.
      Engine.current().run(new Embedding(), table, indices);
      long[] rows = distinct(indices);
      Tensor chosen = Engine.current().run(new Embedding(), table, Tensor.of(rows));
      Tensor limited = Engine.current().run(op, chosen);
      for (int i = 0; i < rows.length; i++) {
        table.select(0, rows[i]).copyFrom(limited.select(0, i));
      }
    }
  }

  private static long[] distinct(Tensor indices) {
    return Arrays.stream(indices.to(DType.I64).toLongArray()).distinct().toArray();
  }

  /** Returns the rows' number for a padding index, negative ones counted from the last. */
  static long padding(String name, long index, long rows) {
    if (index < -rows || index >= rows) {
      throw new IllegalArgumentException(
          name
              + ": padding "
              + index
              + ", expected "
              + -rows
              + " or more and less than "
              + rows
              + ", the rows of the table");
    }
    return index < 0 ? index + rows : index;
  }

  static Tensor bag(
      Tensor indices,
      Tensor table,
      @Nullable Tensor offsets,
      @Nullable Tensor weights,
      EmbeddingBagOptions options) {
    Long given = options.paddingIndex();
    long padding = given == null ? -1 : padding("embedding_bag", given, table.dim(0));
    Double limit = options.maxNorm();
    EmbeddingBag op =
        new EmbeddingBag(
            options.mode(), padding, offsets != null, options.includesEnd(), weights != null);
    List<Tensor> inputs = new ArrayList<>();
    inputs.add(Objects.requireNonNull(table, "embedding_bag: table is null"));
    inputs.add(Objects.requireNonNull(indices, "embedding_bag: indices is null"));
    if (offsets != null) {
      inputs.add(offsets);
    }
    if (weights != null) {
      inputs.add(weights);
    }
    op.infer(inputs.stream().map(Tensor::layout).toList());
    if (limit != null) {
      renormalize(indices, table, limit, options.normType());
    }
    return Engine.current().run(op, inputs.toArray(Tensor[]::new));
  }
}
