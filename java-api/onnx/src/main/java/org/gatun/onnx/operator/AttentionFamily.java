package org.gatun.onnx.operator;

import java.util.Arrays;
import java.util.List;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.operator.HeadAttention.Stage;
import org.gatun.onnx.operator.Operator.Typing;
import org.jspecify.annotations.Nullable;

/** ONNX's attention, with the rotation of positions that comes before it. */
final class AttentionFamily {
  private AttentionFamily() {}

  static void register(Registry onnx, Registry preview) {
    onnx.addAll("Attention", 23, AttentionFamily::attention);
    onnx.add("RotaryEmbedding", 23, AttentionFamily::rotaryEmbedding);
    preview.add("FlexAttention", 1, Typing.NATIVE, AttentionFamily::flexAttention);
  }

  // Attention.

  private static final int PAST_KEY = 4;
  private static final int PAST_VALUE = 5;
  private static final int KEY_LENGTHS = 6;

  private static List<@Nullable Tensor> attention(Call call) {
    boolean joined = call.tensor(0).rank() == 3;
    Tensor query = joined ? heads(call, 0, "q_num_heads") : fourDimensions(call, 0);
    Tensor newKey = joined ? heads(call, 1, "kv_num_heads") : fourDimensions(call, 1);
    Tensor newValue = joined ? heads(call, 2, "kv_num_heads") : fourDimensions(call, 2);
    if (call.has(PAST_KEY) != call.has(PAST_VALUE)) {
      throw call.failure("past_key and past_value, expected both or neither");
    }
    if (call.has(PAST_KEY) && call.has(KEY_LENGTHS)) {
      throw call.failure("nonpad_kv_seqlen with past_key, expected one of them at most");
    }
    Tensor key = newKey;
    Tensor value = newValue;
    if (call.has(PAST_KEY)) {
      key = Tensor.concat(2, call.tensor(PAST_KEY), newKey);
      value = Tensor.concat(2, call.tensor(PAST_VALUE), newValue);
    }
    HeadAttention attention =
        new HeadAttention(
            query,
            key,
            value.to(query.dtype()),
            mask(call, query, key),
            call.hasAttribute("scale") ? call.number("scale", 0) : Double.NaN,
            call.number("softcap", 0),
            precision(call, query.dtype()),
            null);
    Tensor output;
    Tensor products = null;
    if (call.wants(3)) {
      HeadAttention.Result result = attention.attend(stage(call));
      output = result.output();
      products = result.products();
    } else {
      output = attention.attend();
    }
    return Arrays.asList(
        joined ? HeadAttention.join(output) : output,
        call.wants(1) ? key : null,
        call.wants(2) ? value : null,
        products);
  }

  private static Tensor heads(Call call, int input, String attribute) {
    return HeadAttention.split(call.tensor(input), call.integer(attribute));
  }

  private static Tensor fourDimensions(Call call, int input) {
    Tensor x = call.tensor(input);
    if (x.rank() != 4) {
      throw call.failure(
          "input "
              + input
              + " has shape "
              + x.shape()
              + ", expected (batch, heads, length, size) or (batch, length, heads * size) of all");
    }
    return x;
  }

  private static Stage stage(Call call) {
    long mode = call.integer("qk_matmul_output_mode", 0);
    Stage[] stages = Stage.values();
    if (mode < 0 || mode >= stages.length) {
      throw call.failure("qk_matmul_output_mode " + mode + ", expected 0 to 3");
    }
    return stages[(int) mode];
  }

  /** Returns the dtype of the softmax, or null where core's attention has it. */
  private static @Nullable DType precision(Call call, DType dtype) {
    if (!call.hasAttribute("softmax_precision")) {
      return null;
    }
    DType precision = call.elementType("softmax_precision", ElementType.FLOAT).carrier();
    if (!precision.isFloating()) {
      throw call.failure("softmax_precision " + precision.spelling() + ", expected a float");
    }
    // Short floats are computed in f32.
    DType computed = dtype.byteSize() < 4 ? DType.F32 : dtype;
    return precision == computed ? null : precision;
  }

  private static KeyMask mask(Call call, Tensor query, Tensor key) {
    long queries = query.dim(2);
    long keys = key.dim(2);
    KeyMask mask = KeyMask.NONE;
    if (call.has(3)) {
      Tensor given = call.tensor(3);
      if (given.dtype() != DType.BOOL) {
        given = given.to(query.dtype());
      }
      mask = mask.with(lengthened(call, given, keys));
    }
    long left = window(call, "left_window_size");
    long right = window(call, "right_window_size");
    boolean causal = call.flag("is_causal", false);
    Tensor lengths = call.optional(KEY_LENGTHS);
    if (lengths != null) {
      mask = mask.seeing(KeyMask.below(lengths, keys));
    }
    if (causal) {
      right = 0;
    }
    if (left < 0 && right < 0) {
      return mask;
    }
    long past = call.has(PAST_KEY) ? call.tensor(PAST_KEY).dim(2) : 0;
    if (lengths != null) {
      Tensor positions = KeyMask.positions(queries, lengths.to(DType.I64).sub(queries));
      return mask.seeing(KeyMask.band(positions, keys, left, right));
    }
    return left < 0 && right == 0
        ? mask.causal(queries, keys, past)
        : mask.seeing(KeyMask.band(KeyMask.positions(queries, past), keys, left, right));
  }

  private static long window(Call call, String attribute) {
    long size = call.integer(attribute, -1);
    if (size < -1) {
      throw call.failure(attribute + " " + size + ", expected -1 or more");
    }
    return size;
  }

  /** Returns a mask for all keys: what it does not say of the last ones is that they are hidden. */
  private static Tensor lengthened(Call call, Tensor mask, long keys) {
    // Opset 23 knows no shorter masks, but such that broadcast.
    boolean repeated = call.opset() < 24 && mask.rank() > 0 && mask.dim(-1) == 1;
    long missing = mask.rank() == 0 || repeated ? 0 : keys - mask.dim(-1);
    if (missing <= 0) {
      return mask;
    }
    long[] dims = mask.shape().dims();
    dims[dims.length - 1] = missing;
    double hidden = mask.dtype() == DType.BOOL ? 0 : Double.NEGATIVE_INFINITY;
    return Tensor.concat(-1, mask, Tensor.full(mask.dtype(), hidden, dims));
  }

  // FlexAttention.

  private static List<Value> flexAttention(Call call) {
    Tensor query = fourDimensions(call, 0);
    Tensor key = fourDimensions(call, 1);
    Tensor value = fourDimensions(call, 2);
    double scale = call.hasAttribute("scale") ? call.number("scale", 0) : Double.NaN;
    boolean modified = call.hasAttribute("score_mod") || call.hasAttribute("prob_mod");
    DType precision = precision(call, query.dtype());
    HeadAttention attention =
        new HeadAttention(query, key, value, KeyMask.NONE, scale, 0, precision, null);
    if (!modified) {
      return List.of(Value.of(attention.attend()));
    }
    DType wide = query.dtype().byteSize() < 4 ? DType.F32 : query.dtype();
    Tensor scores = attention.products(wide).to(precision == null ? wide : precision);
    Tensor weights = modified(call, "score_mod", scores).softmax(-1);
    Tensor result = modified(call, "prob_mod", weights);
    return List.of(
        Value.of(HeadAttention.byHead(result, value.to(result.dtype())).to(value.dtype())));
  }

  /** Returns what a graph makes of the scores or of the weights; them themselves without one. */
  private static Tensor modified(Call call, String attribute, Tensor scores) {
    if (!call.hasAttribute(attribute)) {
      return scores;
    }
    List<Value> results = call.run(attribute, List.of(Value.of(scores)));
    if (results.size() != 1 || !(results.getFirst() instanceof Value.Dense(var _, Tensor tensor))) {
      throw call.failure(attribute + " gives " + results.size() + " values, expected one tensor");
    }
    if (!tensor.shape().equals(scores.shape())) {
      throw call.failure(
          attribute + " gives shape " + tensor.shape() + ", expected " + scores.shape());
    }
    return tensor.to(scores.dtype());
  }

  // RotaryEmbedding.

  private static Tensor rotaryEmbedding(Call call) {
    Tensor x = call.tensor(0);
    Tensor cos = call.tensor(1);
    Tensor sin = call.tensor(2);
    boolean joined = x.rank() == 3;
    Tensor heads = joined ? heads(call, 0, "num_heads") : fourDimensions(call, 0);
    Tensor positions = call.optional(3);
    boolean interleaved = call.flag("interleaved", false);
    long rotated = call.integer("rotary_embedding_dim", 0);
    checkPairs(call, cos, rotated == 0 ? heads.dim(3) : rotated);
    Rotation rotation =
        positions == null
            ? new Rotation(cos, sin, interleaved)
            : Rotation.at(positions, cos, sin, interleaved);
    Tensor result = rotation.apply(heads);
    return joined ? HeadAttention.join(result) : result;
  }

  private static void checkPairs(Call call, Tensor cos, long rotated) {
    Shape shape = cos.shape();
    if (rotated % 2 != 0 || shape.rank() == 0 || 2 * shape.dim(-1) != rotated) {
      throw new OnnxException(
          call.node().label()
              + ": cos_cache of shape "
              + shape
              + " for a rotation of "
              + rotated
              + " elements");
    }
  }
}
