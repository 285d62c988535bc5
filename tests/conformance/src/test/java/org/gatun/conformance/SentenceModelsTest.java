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
  private static final int[][] BATCHES_AND_LENGTHS = {{1, 1}, {1, 7}, {2, 16}, {3, 128}};

  @Test
  void miniLm() throws IOException {
    check("all-minilm-l6-v2", "all-minilm-l6-v2.onnx", "all-minilm-l6-v2-tokenizer.json", 1e-4);
  }

  @Test
  void bgeSmall() throws IOException {
    check("bge-small-en-v1.5", "bge-small-en-v1.5.onnx", "bge-small-en-v1.5-tokenizer.json", 1e-4);
  }

  @Test
  void miniLmInt8() throws IOException {
    // Activations are rounded to 256 steps of their range before each product. A number within an
    // ulp of the middle between two steps goes up here and down there, and what comes after it
    // differs by a step.
    check(
        "all-minilm-l6-v2-int8",
        "all-minilm-l6-v2-q.onnx",
        "all-minilm-l6-v2-q-tokenizer.json",
        2e-2);
  }

  private static void check(String name, String model, String tokenizer, double tolerance)
      throws IOException {
    WordPieces words;
    try (InputStream in = RealModel.resource(tokenizer)) {
      words = new WordPieces(in);
    }
    try (RealModel real = RealModel.ofResource(name, model)) {
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
              tolerance);
        }
      }
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
