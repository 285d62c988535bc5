package org.gatun.testkit.torch;

import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.Tensor;

/** PyTorch's new tensors, and tensors of another dtype. */
final class TorchCreation {
  /** Makes a tensor of a dtype and a shape. */
  @FunctionalInterface
  private interface Maker {
    Tensor of(DType dtype, long... shape);
  }

  private TorchCreation() {}

  /** Returns the calls by PyTorch's names. */
  static Stream<Map.Entry<String, TorchOperators.Call>> calls() {
    return Stream.of(sequences(), constants(), empty(), casts()).flatMap(calls -> calls);
  }

  private static Stream<Map.Entry<String, TorchOperators.Call>> sequences() {
    return Stream.of(
        TorchOperators.one("arange", TorchCreation::arange),
        TorchOperators.one("eye", TorchCreation::eye),
        TorchOperators.one("linspace", TorchCreation::linspace),
        TorchOperators.one("logspace", TorchCreation::logspace));
  }

  private static Stream<Map.Entry<String, TorchOperators.Call>> constants() {
    return Stream.of(
        TorchOperators.one("fill", a -> full(a.input().dtype(), a, 1, "value", dims(a.input()))),
        TorchOperators.one("full", a -> full(fullType(a), a, 1, "fill_value", size(a))),
        TorchOperators.one("full_like", a -> full(type(a), a, 1, "fill_value", dims(a.input()))),
        TorchOperators.one(
            "new_full", a -> full(type(a), a, 2, "fill_value", TorchOperators.dims(a, 1, "size"))),
        newOf("new_ones", Tensor::ones),
        newOf("new_zeros", Tensor::zeros),
        TorchOperators.one("ones", a -> Tensor.ones(type(a), size(a))),
        likeOf("ones_like", Tensor::ones),
        TorchOperators.one("scalar_tensor", a -> full(type(a), a, 0, "s")),
        TorchOperators.one("zero_", a -> Tensor.zeros(a.input().dtype(), dims(a.input()))),
        TorchOperators.one("zeros", a -> Tensor.zeros(type(a), size(a))),
        likeOf("zeros_like", Tensor::zeros));
  }

  /** Tensors whose elements have no particular value: no more than their shape can be checked. */
  private static Stream<Map.Entry<String, TorchOperators.Call>> empty() {
    return Stream.of(
        TorchOperators.one("empty", a -> valueless(a, type(a), size(a))),
        TorchOperators.one("empty_like", a -> valueless(a, type(a), dims(a.input()))),
        TorchOperators.one(
            "empty_permuted",
            a -> {
              a.ignore(1, "physical_layout");
              return valueless(a, type(a), size(a));
            }),
        TorchOperators.one(
            "empty_strided",
            a -> {
              a.ignore(1, "stride");
              return valueless(a, type(a), size(a));
            }),
        TorchOperators.one(
            "new_empty", a -> valueless(a, type(a), TorchOperators.dims(a, 1, "size"))),
        TorchOperators.one(
            "new_empty_strided",
            a -> {
              a.ignore(2, "stride");
              return valueless(a, type(a), TorchOperators.dims(a, 1, "size"));
            }));
  }

  private static Stream<Map.Entry<String, TorchOperators.Call>> casts() {
    return Stream.of(
        cast("bfloat16", DType.BF16),
        cast("bool", DType.BOOL),
        cast("byte", DType.U8),
        cast("char", DType.I8),
        cast("double", DType.F64),
        cast("float", DType.F32),
        cast("half", DType.F16),
        cast("int", DType.I32),
        cast("long", DType.I64),
        cast("short", DType.I16),
        TorchOperators.one("to", TorchCreation::to));
  }

  private static Map.Entry<String, TorchOperators.Call> cast(String name, DType dtype) {
    return TorchOperators.one(name, a -> a.input().to(dtype));
  }

  /** {@code to(dtype)}, {@code to(device, dtype)} or {@code to(other)}. */
  private static Tensor to(TorchArguments a) {
    a.ignore(2, "non_blocking");
    a.ignore(3, "copy");
    a.ignore(4, "copy");
    if (a.isTensor(1, "other")) {
      return a.input().to(a.tensor(1, "other").dtype());
    }
    int position = a.raw(1, "dtype") instanceof TorchValue.Text ? 2 : 1;
    return a.input().to(Objects.requireNonNull(a.dtype(position, "dtype")));
  }

  /** {@code new_zeros(size, dtype)} and its like. */
  private static Map.Entry<String, TorchOperators.Call> newOf(String name, Maker maker) {
    return TorchOperators.one(name, a -> maker.of(type(a), TorchOperators.dims(a, 1, "size")));
  }

  /** {@code zeros_like(input, dtype)} and its like. */
  private static Map.Entry<String, TorchOperators.Call> likeOf(String name, Maker maker) {
    return TorchOperators.one(name, a -> maker.of(type(a), dims(a.input())));
  }

  /** {@code arange(end)} or {@code arange(start, end, step)}. */
  private static Tensor arange(TorchArguments a) {
    boolean onlyEnd = !a.isGiven(1, "end");
    double start = onlyEnd ? 0 : a.number(0, "start", 0);
    double end = onlyEnd ? a.number(0, "end", 0) : a.number(1, "end", 0);
    double step = a.number(2, "step", 1);
    boolean whole =
        Stream.of(a.raw(0, "start"), a.raw(1, "end"), a.raw(2, "step"))
            .noneMatch(TorchValue.Real.class::isInstance);
    return Tensor.arange(type(a, whole ? DType.I64 : DType.F32), start, end, step);
  }

  private static Tensor eye(TorchArguments a) {
    long rows = a.whole(0, "n", 0);
    return Tensor.eye(type(a), rows, a.whole(1, "m", rows));
  }

  private static Tensor linspace(TorchArguments a) {
    return Tensor.linspace(
        type(a), scalar(a, 0, "start"), scalar(a, 1, "end"), a.whole(2, "steps", 0));
  }

  private static Tensor logspace(TorchArguments a) {
    return Tensor.logspace(
        type(a),
        scalar(a, 0, "start"),
        scalar(a, 1, "end"),
        a.whole(2, "steps", 0),
        a.number(3, "base", 10));
  }

  /** Returns a number that may be given as a tensor without dimensions. */
  private static double scalar(TorchArguments a, int position, String name) {
    return a.isTensor(position, name)
        ? a.tensor(position, name).item()
        : a.number(position, name, 0);
  }

  private static Tensor full(
      DType dtype, TorchArguments a, int position, String name, long... shape) {
    return Tensor.full(dtype, a.number(position, name, 0), shape);
  }

  /** Without a dtype, that of the value. */
  private static DType fullType(TorchArguments a) {
    return type(
        a,
        switch (a.raw(1, "fill_value")) {
          case TorchValue.Flag _ -> DType.BOOL;
          case TorchValue.Whole _ -> DType.I64;
          default -> DType.F32;
        });
  }

  /** Returns PyTorch's elements, where Gatun's tensor is of the same shape and dtype. */
  private static Tensor valueless(TorchArguments a, DType dtype, long[] shape) {
    Tensor empty = Tensor.empty(Layout.of(dtype, Shape.of(shape)));
    return a.expectedOr(empty);
  }

  /** Returns the sizes, which stand in the place of the input. */
  static long[] size(TorchArguments a) {
    return TorchOperators.dims(a, 0, "size");
  }

  static long[] dims(Tensor x) {
    return x.shape().dims();
  }

  /** Returns the dtype that is asked for, else the input's, else f32. */
  static DType type(TorchArguments a) {
    return type(a, a.isTensor(0, "input") ? a.input().dtype() : DType.F32);
  }

  static DType type(TorchArguments a, DType otherwise) {
    DType dtype = a.dtype(-1, "dtype");
    return dtype == null ? otherwise : dtype;
  }
}
