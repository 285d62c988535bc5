package org.gatun.onnx.operator;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Tensor;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.operator.Operator.Typing;
import org.jspecify.annotations.Nullable;

/**
 * Operators that draw random numbers: the same at each run where there is an attribute {@code
 * seed}, and others where there is none.
 */
final class RandomFamily {
  private RandomFamily() {}

  /** Draws numbers of a dtype and shape. */
  @FunctionalInterface
  private interface Distribution {
    Tensor draw(Call call, DType dtype, long[] shape);
  }

  static void register(Registry onnx) {
    onnx.add("Bernoulli", 15, Typing.ANY, RandomFamily::bernoulli);
    onnx.addAll("Dropout", 6, c -> keepAll(c, c.tensor(0).dtype()));
    onnx.addAll("Dropout", 10, c -> keepAll(c, DType.BOOL));
    onnx.addAll("Dropout", 12, RandomFamily::dropout);
    onnx.add("Multinomial", 7, RandomFamily::multinomial);
    onnx.add("RandomNormal", 1, c -> ofShape(c, RandomFamily::normal));
    onnx.add("RandomNormalLike", 1, Typing.ANY, c -> like(c, RandomFamily::normal));
    onnx.add("RandomUniform", 1, c -> ofShape(c, RandomFamily::uniform));
    onnx.add("RandomUniformLike", 1, Typing.ANY, c -> like(c, RandomFamily::uniform));
  }

  private static Generator generator(Call call) {
    if (!call.hasAttribute("seed")) {
      return new Generator(ThreadLocalRandom.current().nextLong());
    }
    boolean whole = call.node().operator().equals("Dropout");
    return new Generator(
        whole ? call.integer("seed") : Float.floatToIntBits(call.number("seed", 0)));
  }

  private static Tensor normal(Call call, DType dtype, long[] shape) {
    return generator(call).normal(call.number("mean", 0), call.number("scale", 1), dtype, shape);
  }

  private static Tensor uniform(Call call, DType dtype, long[] shape) {
    return generator(call).uniform(call.number("low", 0), call.number("high", 1), dtype, shape);
  }

  private static Tensor ofShape(Call call, Distribution distribution) {
    long[] shape = call.integers("shape");
    if (shape == null) {
      throw call.failure("attribute shape is missing");
    }
    return distribution.draw(call, floating(call, ElementType.FLOAT), shape);
  }

  private static List<Value> like(Call call, Distribution distribution) {
    DType dtype = floating(call, call.type(0));
    return List.of(Value.of(distribution.draw(call, dtype, call.shape(0).dims())));
  }

  private static DType floating(Call call, ElementType otherwise) {
    ElementType type = call.elementType("dtype", otherwise);
    if (!type.isNative() || !type.carrier().isFloating()) {
      throw call.failure("random numbers of " + type + ", expected a floating-point type");
    }
    return type.carrier();
  }

  private static List<Value> bernoulli(Call call) {
    Tensor drawn = generator(call).bernoulli(call.tensor(0));
    return List.of(Conversions.cast(Value.of(drawn), call.elementType("dtype", call.type(0))));
  }

  /** Draws by the sums of the probabilities of all outcomes up to each. */
  private static Tensor multinomial(Call call) {
    Tensor x = call.tensor(0);
    long samples = call.integer("sample_size", 1);
    if (x.rank() != 2 || samples < 1) {
      throw call.failure(
          samples
              + " samples of an input of shape "
              + x.shape()
              + ", expected 1 or more of one of two dimensions");
    }
    ElementType type = call.elementType("dtype", ElementType.INT32);
    if (type != ElementType.INT32 && type != ElementType.INT64) {
      throw call.failure("attribute dtype is " + type + ", expected int32 or int64");
    }
    Tensor sums = x.to(DType.F64).softmax(1).cumsum(1).unsqueeze(1);
    Tensor drawn = generator(call).rand(DType.F64, x.dim(0), samples, 1);
    Tensor passed = sums.le(drawn).to(DType.I64).sum(2);
    // The last sum may be rounded to less than 1.
    return passed.clampMax(x.dim(1) - 1).to(type.carrier());
  }

  /** Of versions that know no training: nothing is dropped. */
  private static List<@Nullable Tensor> keepAll(Call call, DType mask) {
    Tensor x = call.tensor(0);
    return Arrays.asList(x, call.wants(1) ? Tensor.ones(mask, x.shape().dims()) : null);
  }

  private static List<@Nullable Tensor> dropout(Call call) {
    if (!call.has(2) || call.scalar(2) == 0) {
      return keepAll(call, DType.BOOL);
    }
    Tensor x = call.tensor(0);
    Tensor ratio =
        call.has(1) ? call.tensor(1).reshape().to(x.dtype()) : Tensor.full(x.dtype(), 0.5);
    Tensor drawn = generator(call).rand(DType.F32, x.shape().dims());
    Tensor mask = drawn.ge(ratio.to(DType.F32));
    Tensor scaled = x.div(ratio.rsub(1.0));
    return Arrays.asList(scaled.where(mask, Tensor.full(x.dtype(), 0)), mask);
  }
}
