package org.gatun.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.junit.jupiter.api.Test;

/** Models that turn sentences into vectors, on random tokens and on sentences. */
class SentenceModelsTest {
  private static final double TOLERANCE = 1e-4;

  /**
   * Where activations are rounded to integers as the model goes, a number in the middle between two
   * of them goes up here and down there for an ulp. What comes after it differs by a step, and the
   * next layers by more: ONNX Runtime with its fused operators differs from itself without them by
   * up to 0.11 in some runs, and by 2e-7 in the others.
   */
  private static final double A_STEP = 0.15;

  private static final int INT8_RUNS = 36;
  private static final int[][] BATCHES_AND_LENGTHS = {{1, 1}, {1, 7}, {2, 16}, {3, 128}};

  @Test
  void miniLm() throws IOException {
    try (RealModel real = RealModel.ofResource("all-minilm-l6-v2", "all-minilm-l6-v2.onnx")) {
      check("all-minilm-l6-v2", real, "all-minilm-l6-v2-tokenizer.json");
    }
  }

  @Test
  void bgeSmall() throws IOException {
    try (RealModel real = RealModel.ofResource("bge-small-en-v1.5", "bge-small-en-v1.5.onnx")) {
      check("bge-small-en-v1.5", real, "bge-small-en-v1.5-tokenizer.json");
    }
  }

  @Test
  void miniLmInt8() throws IOException {
    WordPieces words;
    try (InputStream in = RealModel.resource("all-minilm-l6-v2-q-tokenizer.json")) {
      words = new WordPieces(in);
    }
    try (RealModel real =
        RealModel.ofResource("all-minilm-l6-v2-int8", "all-minilm-l6-v2-q.onnx")) {
      Generator generator = new Generator(42);
      int equal = 0;
      for (int run = 0; run < INT8_RUNS; run++) {
        try (Scope scope = Scope.open()) {
          int length = 1 + run % 12;
          Tensor tokens = generator.randint(0, words.size(), DType.I64, 1, length);
          real.run(
              Map.of(
                  "input_ids", tokens,
                  "attention_mask", Tensor.ones(DType.I64, 1, length),
                  "token_type_ids", Tensor.zeros(DType.I64, 1, length)),
              A_STEP);
          equal += real.lastDifference() <= TOLERANCE ? 1 : 0;
        }
      }
      int count = equal;
      System.out.printf(
          "all-minilm-l6-v2-int8: %d of %d runs within %.0e%n", count, INT8_RUNS, TOLERANCE);
      assertTrue(2 * count > INT8_RUNS, () -> count + " of " + INT8_RUNS + " runs are equal");
      checkMeaning("all-minilm-l6-v2-int8", real, words, A_STEP);
    }
  }

  private static void check(String name, RealModel real, String tokenizer) throws IOException {
    WordPieces words;
    try (InputStream in = RealModel.resource(tokenizer)) {
      words = new WordPieces(in);
    }
    Generator generator = new Generator(42);
    for (int[] size : BATCHES_AND_LENGTHS) {
      try (Scope scope = Scope.open()) {
        Tensor tokens = generator.randint(0, words.size(), DType.I64, size[0], size[1]);
        Tensor mask = Tensor.ones(DType.I64, size[0], size[1]);
        if (size[1] > 1) {
          mask.select(0, size[0] - 1).narrow(0, size[1] / 2, size[1] - size[1] / 2).fill(0);
        }
        Tensor types = generator.randint(0, 2, DType.I64, size[0], size[1]);
        real.run(
            Map.of("input_ids", tokens, "attention_mask", mask, "token_type_ids", types),
            TOLERANCE);
      }
    }
    checkMeaning(name, real, words, TOLERANCE);
  }

  private static void checkMeaning(
      String name, RealModel real, WordPieces words, double tolerance) {
    try (Scope scope = Scope.open()) {
      Tensor cats = vector(real, words, "A cat sleeps on the sofa in the sun.", tolerance);
      Tensor kittens = vector(real, words, "The kitten is napping on a couch.", tolerance);
      Tensor markets = vector(real, words, "Interest rates rose, and shares fell.", tolerance);
      double near = cosine(cats, kittens);
      double far = Math.max(cosine(cats, markets), cosine(kittens, markets));
      assertTrue(
          near > far + 0.15, () -> name + ": " + near + " for cats, " + far + " for markets");
    }
  }

  private static Tensor vector(RealModel model, WordPieces words, String text, double tolerance) {
    long[] tokens = words.of(text);
    assertTrue(tokens.length > text.split(" ").length, text);
    Tensor ids = Tensor.of(tokens, 1, tokens.length);
    Map<String, Tensor> outputs =
        model.run(
            Map.of(
                "input_ids", ids,
                "attention_mask", Tensor.ones(DType.I64, 1, tokens.length),
                "token_type_ids", Tensor.zeros(DType.I64, 1, tokens.length)),
            tolerance);
    assertEquals(1, outputs.size());
    return outputs.values().iterator().next().mean(1).flatten();
  }

  private static double cosine(Tensor a, Tensor b) {
    return a.dot(b).item() / Math.sqrt(a.dot(a).item() * b.dot(b).item());
  }
}
