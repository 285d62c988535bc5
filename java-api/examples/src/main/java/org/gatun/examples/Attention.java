package org.gatun.examples;

import static org.gatun.examples.Chapter.holds;
import static org.gatun.examples.Chapter.refused;
import static org.gatun.examples.Chapter.same;
import static org.gatun.examples.Chapter.section;
import static org.gatun.examples.Chapter.shape;
import static org.gatun.examples.Chapter.show;

import java.util.List;
import java.util.Map;
import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.nn.AttentionOptions;
import org.gatun.nn.Functional;
import org.gatun.nn.MultiheadAttention;

/** Attention: each query gets a mean of values, weighed by how well their keys fit it. */
public final class Attention {
  private static final AttentionOptions PLAIN = AttentionOptions.DEFAULT;

  private Attention() {}

  /** Runs the chapter. */
  static void main() {
    try (Scope scope = Scope.open()) {
      Generator random = new Generator(7);
      // A batch of 2, 4 heads, 5 queries and 6 keys of 8 elements, values of 3.
      Tensor query = random.randn(DType.F32, 2, 4, 5, 8);
      Tensor key = random.randn(DType.F32, 2, 4, 6, 8);
      Tensor value = random.randn(DType.F32, 2, 4, 6, 3);
      plain(query, key, value);
      masked(query, key, value);
      causal();
      grouped(query, key, value);
      layer();
    }
  }

  /** Returns what queries find, by hand. */
  private static Tensor byHand(Tensor query, Tensor key, Tensor value, Tensor added) {
    Tensor fit = query.matmul(key.mT()).div(Math.sqrt(query.dim(-1)));
    return fit.add(added).softmax(-1).matmul(value);
  }

  private static void plain(Tensor query, Tensor key, Tensor value) {
    section("scaled_dot_product_attention");
    Tensor found = Functional.scaledDotProductAttention(query, key, value);
    shape("a value for each query", found, 2, 4, 5, 3);
    Tensor nothing = Tensor.zeros(DType.F32);
    same("softmax(Q K^T / sqrt(E)) V", found, byHand(query, key, value, nothing));
    same(
        "with a scale of 0 all keys fit alike: the mean of the values",
        Functional.scaledDotProductAttention(query, key, value, PLAIN.withScale(0)),
        value.mean(new int[] {-2}, true).expand(-1, -1, 5, -1));
    same(
        "with a large one the best key takes all",
        Functional.scaledDotProductAttention(query, key, value, PLAIN.withScale(1e4)),
        value.takeAlongDim(query.matmul(key.mT()).argmax(-1, true).expand(-1, -1, -1, 3), -2));
    refused(
        "keys of another size than queries",
        () -> Functional.scaledDotProductAttention(query, key.slice(-1, 0, 7), value));
  }

  private static void masked(Tensor query, Tensor key, Tensor value) {
    section("masks: which keys are seen");
    Tensor seen = Tensor.of(new boolean[] {true, true, true, true, false, false});
    Tensor found = Functional.scaledDotProductAttention(query, key, value, PLAIN.withMask(seen));
    same(
        "where it is false a key might as well not be there",
        found,
        Functional.scaledDotProductAttention(query, key.slice(2, 0, 4), value.slice(2, 0, 4)));
    Tensor added = Tensor.zeros(DType.F32, 6).where(seen, Double.NEGATIVE_INFINITY);
    show("numbers are added, so that the same is", added);
    same(
        "by numbers",
        Functional.scaledDotProductAttention(query, key, value, PLAIN.withMask(added)),
        found);
    same("and by hand", byHand(query, key, value, added), found);
    Tensor none = Tensor.zeros(DType.BOOL, 6);
    same(
        "a query that sees nothing finds zeros",
        Functional.scaledDotProductAttention(query, key, value, PLAIN.withMask(none)),
        Tensor.zeros(DType.F32, 2, 4, 5, 3));
  }

  private static void causal() {
    section("causal: no word sees those after it");
    Tensor x = new Generator(8).randn(DType.F32, 1, 4, 4);
    Tensor found = Functional.scaledDotProductAttention(x, x, x, PLAIN.withCausal(true));
    same("the first sees itself alone", found.select(1, 0), x.select(1, 0));
    Tensor triangle = show("the mask that does it", Tensor.ones(DType.BOOL, 4, 4).tril());
    same(
        "the same by the mask",
        Functional.scaledDotProductAttention(x, x, x, PLAIN.withMask(triangle)),
        found);
    Tensor changed = x.copy();
    changed.select(1, 3).fill(100);
    same(
        "another last word changes nothing before it",
        Functional.scaledDotProductAttention(changed, changed, changed, PLAIN.withCausal(true))
            .slice(1, 0, 3),
        found.slice(1, 0, 3));
    refused(
        "both a mask and causal",
        () ->
            Functional.scaledDotProductAttention(
                x, x, x, PLAIN.withMask(triangle).withCausal(true)));
  }

  private static void grouped(Tensor query, Tensor key, Tensor value) {
    section("grouped: heads of queries share those of keys");
    Tensor twoKeys = key.slice(1, 0, 2);
    Tensor twoValues = value.slice(1, 0, 2);
    same(
        "4 heads of queries, 2 of keys: each serves two in a row",
        Functional.scaledDotProductAttention(query, twoKeys, twoValues, PLAIN.withGrouped(true)),
        Functional.scaledDotProductAttention(
            query, twoKeys.repeatInterleave(2, 1), twoValues.repeatInterleave(2, 1)));
    refused(
        "without saying so", () -> Functional.scaledDotProductAttention(query, twoKeys, twoValues));
  }

  private static void layer() {
    section("MultiheadAttention: projections around it");
    MultiheadAttention.Options options = MultiheadAttention.Options.of(8, 2).withBatchFirst(true);
    Tensor words = new Generator(9).randn(DType.F32, 3, 5, 8);
    try (MultiheadAttention layer = new MultiheadAttention(options, 1)) {
      Tensor found = shape("three sentences of five words", layer.forward(words), 3, 5, 8);
      Map<String, Tensor> named = layer.parameters();
      holds(
          "its parameters have PyTorch's names",
          named.keySet().containsAll(List.of("in_proj_weight", "in_proj_bias", "out_proj.weight")));
      Tensor projected =
          Functional.linear(words, named.get("in_proj_weight"), named.get("in_proj_bias"));
      // Three thirds, each (batch, length, 2 heads of 4), and the heads before the words.
      List<Tensor> parts =
          projected.chunk(3, -1).stream()
              .map(part -> part.view(3, 5, 2, 4).transpose(1, 2))
              .toList();
      Tensor heads = Functional.scaledDotProductAttention(parts.get(0), parts.get(1), parts.get(2));
      same(
          "by hand: project, split into heads, attend, join, project",
          found,
          Functional.linear(
              heads.transpose(1, 2).reshape(3, 5, 8),
              named.get("out_proj.weight"),
              named.get("out_proj.bias")));
      MultiheadAttention.Attended attended =
          layer.forwardWithWeights(words, words, words, null, null, true);
      same("with the weights it is the same", attended.output(), found);
      shape("the weights, a mean over the heads", attended.weights(), 3, 5, 5);
      same(
          "those of a query add up to 1", attended.weights().sum(-1), Tensor.ones(DType.F32, 3, 5));
      Tensor unseen =
          Tensor.of(new boolean[] {false, false, false, true, true}).expand(3, 5).contiguous();
      same(
          "here a mask is true where a key is not seen, as PyTorch has it",
          layer.forward(words, words, words, unseen, null).slice(1, 0, 3),
          layer.forward(words.slice(1, 0, 3)));
    }
    refused("3 heads for 8 elements", () -> MultiheadAttention.Options.of(8, 3));
  }
}
