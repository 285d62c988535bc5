package org.gatun.onnx.operator;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.nn.Functional;
import org.gatun.onnx.operator.HeadAttention.Stage;
import org.jspecify.annotations.Nullable;

/** ONNX Runtime's attention of language models, whose heads share keys, and its rotations. */
final class GroupedFamily {
  private GroupedFamily() {}

  static void register(Registry microsoft) {
    microsoft.addAll("GemmaRotaryEmbedding", 1, GroupedFamily::gemmaRotaryEmbedding);
    microsoft.addAll("GroupQueryAttention", 1, GroupedFamily::groupQueryAttention);
    microsoft.add("MRotaryEmbedding", 1, GroupedFamily::multimodalRotaryEmbedding);
    microsoft.add("RotaryEmbedding", 1, GroupedFamily::rotaryEmbedding);
  }

  // GroupQueryAttention.

  private static final int SEQUENCE_LENGTHS = 5;
  private static final int TOTAL_LENGTH = 6;

  /**
   * Where the new tokens of each element of the batch stand.
   *
   * @param first the position of the first one where it is the same for all, else -1
   * @param firsts the positions of the first ones, {@code i64} of shape (batch)
   * @param lengths how many tokens there are with the new ones, likewise
   * @param total the most of them
   */
  private record Places(long first, Tensor firsts, Tensor lengths, long total) {
    static Places of(Call call, long batch, long fresh, long past) {
      long total = call.scalarLong(TOTAL_LENGTH);
      Tensor given = call.tensor(SEQUENCE_LENGTHS);
      if (given.size() != batch) {
        throw call.failure("seqlens_k of shape " + given.shape() + ", expected " + batch);
      }
      if (total < fresh || total > past + fresh) {
        throw call.failure(
            "total_sequence_length " + total + ", expected " + fresh + " to " + (past + fresh));
      }
      Tensor lengths = given.to(DType.I64).reshape(batch).add(1);
      // Prompts begin at 0, whatever their length is. One sequence is the longest of its batch.
      boolean known = total == fresh || batch == 1;
      Tensor firsts = known ? Tensor.full(DType.I64, total - fresh, batch) : lengths.sub(fresh);
      return new Places(known ? total - fresh : -1, firsts, lengths, total);
    }

    /** Returns the past with the new tokens behind it. */
    Tensor append(@Nullable Tensor past, Tensor fresh) {
      if (past == null) {
        return fresh;
      }
      return first >= 0
          ? KeyCache.append(past, fresh, first)
          : KeyCache.append(past, fresh, firsts, Math.max(past.dim(2), total));
    }

    /** Returns what queries see: the window counts a query's own key. */
    KeyMask mask(long queries, boolean causal, long window) {
      KeyMask mask = causal ? KeyMask.NONE : KeyMask.NONE.seeing(KeyMask.below(lengths, total));
      if (causal && first >= 0 && window < 0) {
        return mask.causal(queries, total, first);
      }
      if (!causal && window < 0) {
        return mask;
      }
      Tensor positions =
          first >= 0 ? KeyMask.positions(queries, first) : KeyMask.positions(queries, firsts);
      return mask.seeing(
          KeyMask.band(positions, total, window < 0 ? -1 : window - 1, causal ? 0 : -1));
    }
  }

  private static List<@Nullable Tensor> groupQueryAttention(Call call) {
    for (String quantization : List.of("k_quant_type", "v_quant_type")) {
      if (!call.text(quantization, "NONE").equals("NONE")) {
        throw call.failure(quantization + ", expected NONE: the cache is not quantized");
      }
    }
    if (call.flag("sliding_window_cache", false)) {
      throw call.failure("sliding_window_cache 1, expected 0: the cache holds all tokens");
    }
    long heads = call.integer("num_heads");
    long shared = call.integer("kv_num_heads");
    Tensor given = call.tensor(0);
    if (given.rank() != 3) {
      throw call.failure("query of shape " + given.shape() + ", expected (batch, length, size)");
    }
    Tensor query;
    Tensor key;
    Tensor value;
    if (call.has(1)) {
      query = HeadAttention.split(given, heads);
      key = HeadAttention.split(call.tensor(1), shared);
      value = HeadAttention.split(call.tensor(2), shared);
    } else {
      Tensor all = HeadAttention.split(given, heads + 2 * shared);
      query = all.slice(1, 0, heads);
      key = all.slice(1, heads, heads + shared);
      value = all.slice(1, heads + shared, heads + 2 * shared);
    }
    if (call.has(14) && call.has(15)) {
      query = normalized(call, query, call.tensor(14));
      key = normalized(call, key, call.tensor(15));
    }
    Tensor pastKey = call.optional(3);
    Tensor pastValue = call.optional(4);
    if ((pastKey == null) != (pastValue == null)) {
      throw call.failure("past_key and past_value, expected both or neither");
    }
    long past = pastKey == null ? 0 : pastKey.dim(2);
    Places places = Places.of(call, given.dim(0), key.dim(2), past);
    if (call.flag("do_rotary", false)) {
      Rotation rotation = rotation(call, places, query);
      query = rotation.apply(query);
      key = rotation.apply(key);
    }
    Tensor presentKey = places.append(pastKey, key);
    Tensor presentValue = places.append(pastValue, value);
    KeyMask mask =
        places.mask(query.dim(2), call.flag("causal", true), call.integer("local_window_size", -1));
    if (call.has(10)) {
      mask = mask.adding(call.tensor(10));
    }
    HeadAttention attention =
        new HeadAttention(
            query,
            presentKey.slice(2, 0, places.total),
            presentValue.slice(2, 0, places.total),
            mask,
            TransformerFamily.scale(call),
            call.number("softcap", 0),
            null,
            sink(call, heads));
    Stage stage = stage(call);
    HeadAttention.Result result =
        stage == null || !call.wants(3)
            ? new HeadAttention.Result(attention.attend(), null)
            : shown(attention.attend(stage));
    return Arrays.asList(
        HeadAttention.join(result.output()),
        call.wants(1) ? presentKey : null,
        call.wants(2) ? presentValue : null,
        result.products());
  }

  private static Tensor normalized(Call call, Tensor heads, Tensor weight) {
    Tensor beside = heads.permute(0, 2, 1, 3);
    OptionalDouble epsilon = OptionalDouble.of(call.number("qk_norm_epsilon", 1e-6f));
    return Functional.rmsNorm(beside, new long[] {beside.dim(3)}, weight, epsilon)
        .permute(0, 2, 1, 3);
  }

  /** Returns the result with 0 for the products of keys that are not seen. */
  private static HeadAttention.Result shown(HeadAttention.Result result) {
    Tensor products = Objects.requireNonNull(result.products());
    return new HeadAttention.Result(result.output(), products.maskedFill(products.isneginf(), 0.0));
  }

  private static @Nullable Stage stage(Call call) {
    long which = call.integer("qk_output", 0);
    return switch ((int) which) {
      case 0 -> null;
      case 1 -> Stage.MASKED;
      case 2 -> Stage.WEIGHTS;
      default -> throw call.failure("qk_output " + which + ", expected 0, 1 or 2");
    };
  }

  private static @Nullable Tensor sink(Call call, long heads) {
    if (call.has(11)) {
      return call.tensor(11);
    }
    return call.integer("smooth_softmax", 0) > 0 ? Tensor.zeros(DType.F32, heads) : null;
  }

  private static Rotation rotation(Call call, Places places, Tensor query) {
    Tensor positions;
    if (call.has(9)) {
      positions = call.tensor(9);
    } else {
      // Padding behind a sequence may stand at positions that the tables do not have.
      Tensor all = Tensor.arange(query.dim(2)).add(places.firsts.unsqueeze(1));
      positions = places.first >= 0 ? all : all.clamp(0L, call.tensor(7).dim(0) - 1);
    }
    boolean interleaved = call.flag("rotary_interleaved", false);
    return Rotation.at(positions, call.tensor(7), call.tensor(8), interleaved);
  }

  // Rotations.

  private static Tensor rotaryEmbedding(Call call) {
    Tensor x = call.tensor(0);
    Tensor positions = call.tensor(1);
    Tensor cos = call.tensor(2);
    boolean joined = x.rank() == 3;
    Tensor heads = heads(call, x, cos);
    Tensor at =
        positions.rank() == 2 ? positions : Tensor.arange(heads.dim(2)).add(positions).unsqueeze(0);
    boolean interleaved = call.flag("interleaved", false);
    Tensor result = Rotation.at(at, cos, call.tensor(3), interleaved).apply(heads);
    return joined ? HeadAttention.join(result) : result;
  }

  private static Tensor heads(Call call, Tensor x, Tensor cos) {
    if (x.rank() == 4) {
      return x;
    }
    if (x.rank() != 3) {
      throw call.failure("input of shape " + x.shape() + ", expected 3 or 4 dimensions");
    }
    long count = call.integer("num_heads", 0);
    return HeadAttention.split(x, count > 0 ? count : x.dim(2) / Math.max(1, 2 * cos.dim(1)));
  }

  private static Tensor multimodalRotaryEmbedding(Call call) {
    Tensor x = call.tensor(0);
    Tensor positions = call.tensor(1);
    long[] sections = call.integers("mrope_section");
    Tensor cos = call.tensor(2);
    Tensor sin = call.tensor(3);
    long pairs = cos.dim(1);
    if (sections == null || sections.length != 3 || Arrays.stream(sections).sum() != pairs) {
      throw call.failure(
          "mrope_section " + Arrays.toString(sections) + ", expected three of sum " + pairs);
    }
    Tensor which = sectionOfPair(call, sections, Math.toIntExact(pairs));
    Tensor heads = heads(call, x, cos);
    Tensor result =
        new Rotation(
                chosen(positions, cos, which),
                chosen(positions, sin, which),
                call.flag("interleaved", false))
            .apply(heads);
    return x.rank() == 3 ? HeadAttention.join(result) : result;
  }

  /** Returns which of the three positions turns each pair. */
  private static Tensor sectionOfPair(Call call, long[] sections, int pairs) {
    long[] which = new long[pairs];
    boolean interleaved = call.integer("mrope_layout", 0) == 1;
    for (int pair = 0; pair < pairs; pair++) {
      if (interleaved) {
        int phase = pair % 3;
        which[pair] = phase > 0 && pair < 3 * sections[phase] ? phase : 0;
      } else {
        which[pair] = pair < sections[0] ? 0 : pair < sections[0] + sections[1] ? 1 : 2;
      }
    }
    return Tensor.of(which);
  }

  /** Returns of three tables' rows (3, batch, length, pairs) the one that is each pair's. */
  private static Tensor chosen(Tensor positions, Tensor table, Tensor which) {
    Tensor rows = Functional.embedding(positions, table);
    Tensor first = rows.select(0, 0);
    Tensor second = rows.select(0, 1).where(which.eq(1), first);
    return rows.select(0, 2).where(which.eq(2), second);
  }

  private static List<Tensor> gemmaRotaryEmbedding(Call call) {
    DType dtype = call.tensor(1).dtype();
    Tensor angles = call.tensor(0).unsqueeze(1);
    Tensor cos = angles.cos().to(dtype);
    Tensor sin = angles.sin().to(dtype);
    return List.of(
        call.tensor(1).mul(cos).add(call.tensor(2).mul(sin)),
        call.tensor(3).mul(cos).add(call.tensor(4).mul(sin)));
  }
}
