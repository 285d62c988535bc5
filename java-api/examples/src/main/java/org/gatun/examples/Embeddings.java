package org.gatun.examples;

import static org.gatun.examples.Chapter.holds;
import static org.gatun.examples.Chapter.refused;
import static org.gatun.examples.Chapter.same;
import static org.gatun.examples.Chapter.section;
import static org.gatun.examples.Chapter.shape;
import static org.gatun.examples.Chapter.show;

import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.nn.Embedding;
import org.gatun.nn.EmbeddingBag;
import org.gatun.nn.EmbeddingBagOptions;
import org.gatun.nn.Functional;
import org.gatun.op.BagMode;

/** Embeddings: a table of vectors, one for each word, looked up by the words' numbers. */
public final class Embeddings {
  private Embeddings() {}

  /** Runs the chapter. */
  static void main() {
    try (Scope scope = Scope.open()) {
      lookUp();
      padding();
      pretrained();
      limited();
      bags();
    }
  }

  private static void lookUp() {
    section("embedding: a row for each index");
    try (Embedding layer = new Embedding(10, 3, 42)) {
      Tensor sentences = Tensor.of(new long[] {1, 2, 4, 5, 4, 3, 2, 9}, 2, 4);
      Tensor vectors = shape("two sentences of four words", layer.forward(sentences), 2, 4, 3);
      Tensor table = layer.parameters().get("weight");
      same("the word 4 is row 4", vectors.select(0, 0).select(0, 2), table.select(0, 4));
      same("wherever it stands", vectors.select(0, 1).select(0, 0), table.select(0, 4));
      same(
          "it is a product with rows of a single one",
          vectors,
          Functional.oneHot(sentences, 10).to(DType.F32).matmul(table));
      same("the function takes the table", vectors, Functional.embedding(sentences, table));
      shape("a single index", layer.forward(Tensor.of(new long[] {7}).view()), 3);
      refused("index 10 of 10 rows", () -> layer.forward(Tensor.of(new long[] {3, 10})));
      refused("index -1", () -> layer.forward(Tensor.of(new long[] {-1})));
      refused("indices with a point", () -> layer.forward(Tensor.of(new float[] {1})));
    }
  }

  private static void padding() {
    section("padding_idx: a row of zeros for what is no word");
    try (Embedding layer = Embedding.withPadding(10, 3, 0, 42)) {
      Tensor sentence = Tensor.of(new long[] {0, 2, 0, 5});
      Tensor vectors = show("the vectors of 0, 2, 0, 5", layer.forward(sentence));
      same("that of 0 is zeros", vectors.select(0, 2), Tensor.zeros(DType.F32, 3));
      Tensor table = layer.parameters().get("weight");
      table.select(0, 0).fill(1);
      same(
          "it is a row like others to look up",
          layer.forward(sentence).select(0, 0),
          Tensor.ones(DType.F32, 3));
    }
    try (Embedding layer = Embedding.withPadding(10, 3, -1, 42)) {
      holds("-1 is the last row", layer.paddingIndex() == 9);
    }
    refused("a padding beyond the rows", () -> Embedding.withPadding(10, 3, 10, 42));
  }

  private static void pretrained() {
    section("from_pretrained: a table that there is");
    Tensor table = Tensor.of(new float[] {1, 2.3f, 3, 4, 5.1f, 6.3f}, 2, 3);
    try (Embedding layer = Embedding.fromPretrained(table)) {
      show("row 1", layer.forward(Tensor.of(new long[] {1})));
      holds(
          "the table is the one given, not a copy", layer.parameters().get("weight").equals(table));
    }
    holds("and belongs to the layer, which closed it", table.isClosed());
    refused("a table of one dimension", () -> Embedding.fromPretrained(Tensor.ones(DType.F32, 3)));
  }

  private static void limited() {
    section("max_norm: rows that are too long are cut, in the table itself");
    Tensor table = Tensor.of(new float[] {3, 4, 0.3f, 0.4f, 6, 8}, 3, 2);
    try (Embedding layer = Embedding.fromPretrained(table, null, 1.0, 2)) {
      Tensor found = show("rows 0 and 1", layer.forward(Tensor.of(new long[] {0, 1})));
      same("their norms are no more than 1", found.norm(2, 1), Tensor.of(new float[] {1, 0.5f}));
      show("row 0 of the table has changed, row 2 nobody asked for", table);
    }
  }

  private static void bags() {
    section("embedding_bag: the rows of a bag become one");
    Tensor table = new Generator(3).randn(DType.F32, 10, 3);
    Tensor words = Tensor.of(new long[] {1, 2, 4, 5, 4, 3, 2, 9});
    // Bags of the words 0 to 2, none, and 3 to 7.
    Tensor starts = Tensor.of(new long[] {0, 3, 3});
    Tensor rows = Functional.embedding(words, table);
    try (EmbeddingBag bag = bag(table, BagMode.MEAN)) {
      Tensor means = shape("means of three bags", bag.forward(words, starts, null), 3, 3);
      same("the first", means.select(0, 0), rows.slice(0, 0, 3).mean(0));
      same("that of an empty bag is 0", means.select(0, 1), Tensor.zeros(DType.F32, 3));
      same("the last goes to the end", means.select(0, 2), rows.slice(0, 3, 8).mean(0));
      same(
          "bags of one size need no starts",
          bag.forward(words.view(2, 4)),
          rows.view(2, 4, 3).mean(1));
      refused("starts that are not in order", () -> bag.forward(words, starts.flip(0), null));
    }
    try (EmbeddingBag bag = bag(table, BagMode.SUM)) {
      Tensor weights = Tensor.linspace(DType.F32, 0, 1, 8);
      same(
          "a sum may weigh its rows",
          bag.forward(words.view(2, 4), null, weights.view(2, 4)),
          rows.mul(weights.view(8, 1)).view(2, 4, 3).sum(1));
    }
    try (EmbeddingBag bag = bag(table, BagMode.MAX)) {
      same("the largest of each", bag.forward(words.view(2, 4)), rows.view(2, 4, 3).amax(1));
    }
    EmbeddingBagOptions padded = EmbeddingBagOptions.of(BagMode.MEAN).withPaddingIndex(2);
    try (EmbeddingBag bag = EmbeddingBag.fromPretrained(table.copy(), padded)) {
      same(
          "a padding index is left out: of 1, 2, 4 that of 1 and 4",
          bag.forward(words.slice(0, 0, 3).view(1, 3)).select(0, 0),
          rows.select(0, 0).add(rows.select(0, 2)).div(2));
    }
  }

  private static EmbeddingBag bag(Tensor table, BagMode mode) {
    return EmbeddingBag.fromPretrained(table.copy(), EmbeddingBagOptions.of(mode));
  }
}
