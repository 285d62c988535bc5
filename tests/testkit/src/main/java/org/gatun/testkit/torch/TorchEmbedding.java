package org.gatun.testkit.torch;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.gatun.Tensor;
import org.gatun.nn.EmbeddingBagOptions;
import org.gatun.nn.Functional;
import org.gatun.op.BagMode;

/** PyTorch's tables of vectors. The samples give the table first, and the indices after it. */
final class TorchEmbedding {
  private TorchEmbedding() {}

  /** Returns the calls by PyTorch's names. */
  static Stream<Map.Entry<String, TorchOperators.Call>> calls() {
    return Stream.of(
        TorchOperators.one("nn.functional.embedding", TorchEmbedding::embedding),
        TorchOperators.one("nn.functional.embedding_bag", TorchEmbedding::bag),
        TorchOperators.one(
            "renorm",
            a ->
                Functional.renorm(
                    a.input(),
                    a.number(1, "p", 2),
                    a.integer(2, "dim", 0),
                    a.number(3, "maxnorm", 1))));
  }

  private static Tensor embedding(TorchArguments a) {
    Tensor indices = a.tensor(1, "indices");
    a.ignore(2, "padding_idx"); // Where gradients end.
    a.ignore(5, "scale_grad_by_freq");
    a.ignore(6, "sparse");
    double normType = a.number(4, "norm_type", 2);
    return a.isGiven(3, "max_norm")
        ? Functional.embedding(indices, a.input(), a.number(3, "max_norm", 0), normType)
        : Functional.embedding(indices, a.input());
  }

  private static Tensor bag(TorchArguments a) {
    BagMode mode = BagMode.valueOf(a.text(6, "mode", "mean").toUpperCase(Locale.ROOT));
    EmbeddingBagOptions options =
        EmbeddingBagOptions.of(mode).withEnd(a.flag(9, "include_last_offset", false));
    double normType = a.number(4, "norm_type", 2);
    if (a.isGiven(3, "max_norm")) {
      options = options.withMaxNorm(a.number(3, "max_norm", 0), normType);
    }
    if (a.isGiven(10, "padding_idx")) {
      options = options.withPaddingIndex(a.whole(10, "padding_idx", 0));
    }
    a.ignore(5, "scale_grad_by_freq");
    a.ignore(7, "sparse");
    return Functional.embeddingBag(
        a.tensor(1, "indices"),
        a.input(),
        a.optionalTensor(2, "offsets"),
        a.optionalTensor(8, "per_sample_weights"),
        options);
  }
}
