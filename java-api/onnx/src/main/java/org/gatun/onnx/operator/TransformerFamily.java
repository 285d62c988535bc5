package org.gatun.onnx.operator;

import java.util.Arrays;
import java.util.List;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.nn.Functional;
import org.gatun.onnx.operator.HeadAttention.Stage;
import org.jspecify.annotations.Nullable;

/** ONNX Runtime's attention: with its projection, with its cache, and for a token at a time. */
final class TransformerFamily {
  private TransformerFamily() {}

  static void register(Registry microsoft) {
    microsoft.addAll("Attention", 1, TransformerFamily::attention);
    microsoft.addAll(
        "DecoderMaskedMultiHeadAttention", 1, TransformerFamily::decoderMaskedAttention);
    microsoft.addAll("DecoderMaskedSelfAttention", 1, TransformerFamily::attention);
    microsoft.addAll("MultiHeadAttention", 1, TransformerFamily::multiHeadAttention);
  }

  /** Returns the scale, of which 0 stands for the usual one. */
  static double scale(Call call) {
    float scale = call.number("scale", 0);
    return scale == 0 ? Double.NaN : scale;
  }

  // Attention.

  private static List<@Nullable Tensor> attention(Call call) {
    Tensor x = call.tensor(0);
    Tensor weights = call.tensor(1);
    if (x.rank() != 3 || weights.rank() != 2) {
      throw call.failure(
          "input of shape "
              + x.shape()
              + " and weights of shape "
              + weights.shape()
              + ", expected (batch, length, size) and (size, 3 size)");
    }
    long heads = call.integer("num_heads");
    long[] sizes = sizes(call, weights.dim(1));
    Tensor projected = Functional.linear(x, weights.transpose(0, 1), call.optional(2));
    Tensor query = HeadAttention.split(projected.slice(2, 0, sizes[0]), heads);
    Tensor key = HeadAttention.split(projected.slice(2, sizes[0], sizes[0] + sizes[1]), heads);
    Tensor value =
        HeadAttention.split(projected.slice(2, sizes[0] + sizes[1], projected.dim(2)), heads);
    Tensor past = call.optional(4);
    if (past != null && (past.rank() != 5 || past.dim(0) != 2)) {
      throw call.failure(
          "past of shape " + past.shape() + ", expected (2, batch, heads, length, size)");
    }
    long before = past == null ? 0 : past.dim(3);
    if (past != null && call.flag("past_present_share_buffer", false)) {
      before = call.scalarLong(6);
    }
    if (call.flag("do_rotary", false)) {
      Rotation rotation = rotation(call, query, before);
      query = rotation.apply(query);
      key = rotation.apply(key);
    }
    Tensor present = null;
    if (past != null) {
      present = KeyCache.append(past, Tensor.stack(0, key, value), before);
      long keys = before + key.dim(2);
      key = present.select(0, 0).slice(2, 0, keys);
      value = present.select(0, 1).slice(2, 0, keys);
    } else if (call.wants(1)) {
      present = Tensor.stack(0, key, value);
    }
    KeyMask mask = mask(call, query, key, before, call.optional(3), call.optional(5));
    Tensor output = new HeadAttention(query, key, value, mask, scale(call)).attend();
    return Arrays.asList(HeadAttention.join(output), present);
  }

  /** Returns the sizes of queries, keys and values. */
  private static long[] sizes(Call call, long all) {
    long[] given = call.integers("qkv_hidden_sizes");
    long[] sizes =
        given == null || given.length == 0 ? new long[] {all / 3, all / 3, all / 3} : given;
    if (sizes.length != 3 || Arrays.stream(sizes).sum() != all) {
      throw call.failure(
          "qkv_hidden_sizes " + Arrays.toString(sizes) + ", expected three of sum " + all);
    }
    return sizes;
  }

  /** Returns the rotation whose angles are the position times powers of 1 / 10000. */
  private static Rotation rotation(Call call, Tensor query, long before) {
    long rotated = call.integer("rotary_embedding_dim", 0);
    long pairs = (rotated == 0 ? query.dim(3) : rotated) / 2;
    Tensor powers = Tensor.arange(DType.F32, 0, pairs, 1).mul(-1.0 / pairs).rpow(10000.0);
    Tensor positions = KeyMask.positions(query.dim(2), before).to(DType.F32);
    Tensor angles = positions.mul(powers).unsqueeze(0);
    DType dtype = query.dtype();
    return new Rotation(angles.cos().to(dtype), angles.sin().to(dtype), false);
  }

  private static KeyMask mask(
      Call call,
      Tensor query,
      Tensor key,
      long past,
      @Nullable Tensor padding,
      @Nullable Tensor added) {
    long queries = query.dim(2);
    long keys = key.dim(2);
    KeyMask mask = KeyMask.NONE;
    if (call.flag("unidirectional", false)) {
      mask = mask.causal(queries, keys, past);
    }
    if (padding != null) {
      PaddingMask known = new PaddingMask(query.dim(0), queries, keys, past);
      mask = mask.adding(known.added(call, padding, query.dtype()));
    }
    return added == null ? mask : mask.adding(added);
  }

  // MultiHeadAttention.

  /** Queries, keys and values by head; keys and values that were projected before have no bias. */
  private record Heads(Tensor query, Tensor key, Tensor value) {}

  private static List<@Nullable Tensor> multiHeadAttention(Call call) {
    Heads given = heads(call, 3);
    Tensor pastKey = call.optional(6);
    Tensor pastValue = call.optional(7);
    if ((pastKey == null) != (pastValue == null)) {
      throw call.failure("past_key and past_value, expected both or neither");
    }
    if (call.has(9)) {
      throw call.failure("cache_indirection, expected none: beams are not followed");
    }
    long start = start(call, pastKey, 8);
    return attend(call, given, pastKey, pastValue, start, call.optional(4), call.optional(5));
  }

  private static List<@Nullable Tensor> decoderMaskedAttention(Call call) {
    Heads given = heads(call, 10);
    if (call.has(9)) {
      throw call.failure("cache_indirection, expected none: beams are not followed");
    }
    boolean cross = call.has(1) && call.tensor(1).rank() == 4;
    Tensor pastKey = cross ? null : call.optional(5);
    Tensor pastValue = cross ? null : call.optional(6);
    if ((pastKey == null) != (pastValue == null)) {
      throw call.failure("past_key and past_value, expected both or neither");
    }
    long start = start(call, pastKey, 7);
    return attend(call, given, pastKey, pastValue, start, call.optional(3), call.optional(4));
  }

  /** Returns where new keys begin in the cache: an input says it where the cache is longer. */
  private static long start(Call call, @Nullable Tensor past, int length) {
    if (past == null) {
      return 0;
    }
    return call.has(length) ? call.scalarLong(length) : past.dim(2);
  }

  private static List<@Nullable Tensor> attend(
      Call call,
      Heads given,
      @Nullable Tensor pastKey,
      @Nullable Tensor pastValue,
      long start,
      @Nullable Tensor padding,
      @Nullable Tensor added) {
    Tensor presentKey = given.key;
    Tensor presentValue = given.value;
    Tensor key = given.key;
    Tensor value = given.value;
    if (pastKey != null && pastValue != null) {
      presentKey = KeyCache.append(pastKey, given.key, start);
      presentValue = KeyCache.append(pastValue, given.value, start);
      long keys = start + given.key.dim(2);
      key = presentKey.slice(2, 0, keys);
      value = presentValue.slice(2, 0, keys);
    }
    KeyMask mask = mask(call, given.query, key, start, padding, added);
    HeadAttention attention = new HeadAttention(given.query, key, value, mask, scale(call));
    if (call.wants(3)) {
      HeadAttention.Result result = attention.attend(Stage.MASKED);
      return Arrays.asList(
          HeadAttention.join(result.output()), presentKey, presentValue, result.products());
    }
    return Arrays.asList(
        HeadAttention.join(attention.attend()),
        call.wants(1) ? presentKey : null,
        call.wants(2) ? presentValue : null);
  }

  /** Returns the queries, keys and values of the first three inputs, in one of their forms. */
  private static Heads heads(Call call, int biasInput) {
    long heads = call.integer("num_heads");
    Tensor bias = call.optional(biasInput);
    Tensor first = call.tensor(0);
    if (first.rank() == 5) {
      return biased(
          packed(first, 0),
          packed(first, 1),
          packed(first, 2),
          heads,
          bias,
          first.dim(2) * first.dim(4));
    }
    if (!call.has(1)) {
      // Packed side by side.
      long size = first.dim(2) / 3;
      return biased(
          HeadAttention.split(first.slice(2, 0, size), heads),
          HeadAttention.split(first.slice(2, size, 2 * size), heads),
          HeadAttention.split(first.slice(2, 2 * size, first.dim(2)), heads),
          heads,
          bias,
          size);
    }
    Tensor query = HeadAttention.split(first, heads);
    Tensor second = call.tensor(1);
    long size = first.dim(2);
    if (second.rank() == 4) {
      Tensor own = bias == null ? query : withBias(query, bias.slice(0, 0, size), heads);
      return new Heads(own, second, call.tensor(2));
    }
    if (second.rank() == 5) {
      return biased(query, packed(second, 0), packed(second, 1), heads, bias, size);
    }
    return biased(
        query,
        HeadAttention.split(second, heads),
        HeadAttention.split(call.tensor(2), heads),
        heads,
        bias,
        size);
  }

  /**
   * Returns one of several that lie side by side for each head: (batch, length, heads, n, size).
   */
  private static Tensor packed(Tensor x, long which) {
    return x.select(3, which).permute(0, 2, 1, 3);
  }

  private static Heads biased(
      Tensor query, Tensor key, Tensor value, long heads, @Nullable Tensor bias, long size) {
    if (bias == null) {
      return new Heads(query, key, value);
    }
    return new Heads(
        withBias(query, bias.slice(0, 0, size), heads),
        withBias(key, bias.slice(0, size, 2 * size), heads),
        withBias(value, bias.slice(0, 2 * size, bias.dim(0)), heads));
  }

  private static Tensor withBias(Tensor x, Tensor bias, long heads) {
    Tensor beside = x.permute(0, 2, 1, 3);
    return beside.add(bias.unflatten(0, heads, bias.dim(0) / heads)).permute(0, 2, 1, 3);
  }
}
