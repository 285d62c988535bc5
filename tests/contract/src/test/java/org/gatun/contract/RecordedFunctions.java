package org.gatun.contract;

import java.util.ArrayList;
import java.util.List;
import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.ValuesAndIndices;
import org.gatun.nn.AttentionOptions;
import org.gatun.nn.ConvOptions;
import org.gatun.nn.Functional;
import org.gatun.op.Binary;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Linear;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;
import org.gatun.runtime.Engine;
import org.gatun.runtime.HostFunction;

/**
 * Functions that are recorded and replayed: layers, views, writes, integers, tensors of nothing.
 */
enum RecordedFunctions {
  ONE_OPERATOR(Inputs.MATRIX, (x, w) -> List.of(x.getFirst().relu())),
  CHAIN(Inputs.MATRIX, (x, w) -> List.of(x.getFirst().add(1).mul(2).exp().log().sub(3))),
  DIAMOND(
      Inputs.MATRIX,
      (x, w) -> {
        Tensor y = x.getFirst().tanh();
        return List.of(y.add(1).mul(y.exp()).add(y));
      }),
  TWO_VIEWS_OF_ONE(
      Inputs.MATRIX,
      (x, w) -> {
        // The first row is read with each of the others: none may be written over it before.
        Tensor y = x.getFirst().tanh();
        return List.of(y.sub(y.select(0, 0)).mul(2));
      }),
  TWO_INPUTS(Inputs.TWO, (x, w) -> List.of(x.get(0).add(x.get(1)), x.get(1).sub(x.get(0)))),
  UNUSED_INPUT(Inputs.TWO, (x, w) -> List.of(x.get(1).square())),
  UNUSED_RESULT(
      Inputs.MATRIX,
      (x, w) -> {
        Tensor unused = x.getFirst().exp();
        return List.of(x.getFirst().add(1).relu());
      }),
  CONSTANT_OPERANDS(
      Inputs.MATRIX, (x, w) -> List.of(x.getFirst().add(w.row()).mul(w.row().exp().add(1)))),
  FOLDED_WEIGHTS(
      Inputs.MATRIX,
      (x, w) -> List.of(x.getFirst().matmul(w.matrix().mul(2).add(1)).relu()),
      false),
  LINEAR(
      Inputs.MATRIX,
      (x, w) -> List.of(Functional.linear(x.getFirst(), w.linear(), w.bias()).gelu()),
      false),
  SAME_WEIGHT_TWICE(
      Inputs.MATRIX,
      (x, w) -> {
        Tensor y = Functional.linear(x.getFirst(), w.linear(), null);
        return List.of(
            y.matmul(w.linear()), Functional.linear(x.getFirst().add(1), w.linear(), null));
      },
      false),
  TRANSPOSED_WEIGHT(
      Inputs.MATRIX, (x, w) -> List.of(x.getFirst().matmul(w.linear().t()).add(w.bias())), false),
  CONSTANT_ON_THE_LEFT(
      Inputs.MATRIX, (x, w) -> List.of(w.linear().matmul(x.getFirst().t())), false),
  CONSTANT_IN_THE_MIDDLE(
      Inputs.TWO, (x, w) -> List.of(x.get(0).addmm(w.square(), x.get(1))), false),
  FUSED(
      Inputs.MATRIX,
      (x, w) ->
          List.of(
              Engine.current()
                  .run(
                      new org.gatun.op.Fused(
                          new Linear(true),
                          List.of(
                              new org.gatun.op.Fused.Step.Add(),
                              new org.gatun.op.Fused.Step.Activate(UnaryFunction.RELU))),
                      x.getFirst(),
                      w.linear(),
                      w.bias(),
                      x.getFirst().slice(1, 0, 1).expand(6, 5).contiguous())),
      false),
  HALF_PRECISION(
      Inputs.MATRIX,
      (x, w) -> {
        Tensor y = x.getFirst().to(DType.BF16);
        return List.of(y.matmul(w.linear().to(DType.BF16).t()).add(w.bias().to(DType.BF16)));
      },
      false),
  CONVOLUTIONS(
      Inputs.IMAGES,
      (x, w) -> {
        Tensor y =
            Functional.conv2d(x.getFirst(), w.kernel(), w.channels(), ConvOptions.defaults());
        return List.of(Functional.maxPool2d(y.relu(), 2), y.mean(2, 3));
      },
      false),
  CHANNELS_LAST(
      Inputs.IMAGES,
      (x, w) ->
          List.of(
              Functional.conv2d(
                      x.getFirst().channelsLast(), w.kernel(), null, ConvOptions.defaults())
                  .relu()),
      false),
  ATTENTION(
      Inputs.SEQUENCES,
      (x, w) -> {
        List<Tensor> heads = x.getFirst().unflatten(2, 3, 2, 4).unbind(2);
        return List.of(
            Functional.scaledDotProductAttention(
                heads.get(0).transpose(1, 2),
                heads.get(1).transpose(1, 2),
                heads.get(2).transpose(1, 2),
                AttentionOptions.DEFAULT));
      }),
  LAYER_NORM(
      Inputs.MATRIX,
      (x, w) ->
          List.of(Functional.layerNorm(x.getFirst(), new long[] {4}, w.row(), w.row(), 1e-5))),
  SOFTMAX_OF_VIEWS(
      Inputs.MATRIX,
      (x, w) ->
          List.of(x.getFirst().t().softmax(-1).t(), x.getFirst().slice(0, 1, 5, 2).softmax(0))),
  VIEWS_OF_VIEWS(
      Inputs.MATRIX,
      (x, w) -> {
        Tensor y = x.getFirst().add(1).t().slice(0, 1, 3).unsqueeze(1).expand(2, 3, 6);
        return List.of(y.mul(2), y.permute(2, 0, 1).reshape(36));
      }),
  OUTPUT_IS_A_VIEW(
      Inputs.MATRIX,
      (x, w) -> {
        Tensor y = x.getFirst().exp();
        return List.of(y, y.t(), y.select(0, 2), y.slice(1, 0, 2), y.expand(2, 6, 4));
      }),
  OUTPUT_IS_THE_INPUT(Inputs.TWO, (x, w) -> List.of(x.get(1), x.get(0).t(), x.get(0).select(1, 3))),
  OUTPUT_IS_CONSTANT(Inputs.MATRIX, (x, w) -> List.of(w.row(), w.row().add(1), x.getFirst().neg())),
  OUTPUT_TWICE(
      Inputs.MATRIX,
      (x, w) -> {
        Tensor y = x.getFirst().relu();
        return List.of(y, y);
      }),
  CONCAT_AND_SPLIT(
      Inputs.TWO,
      (x, w) -> {
        Tensor joined = Tensor.concat(1, x.get(0), x.get(1).neg());
        List<Tensor> parts = joined.split(new long[] {3, 1, 4}, 1);
        return List.of(parts.get(2).add(1), Tensor.stack(0, parts.get(0), parts.get(0).exp()));
      }),
  SPLIT_INTO_OPERATORS(
      Inputs.MATRIX,
      (x, w) -> {
        List<Tensor> halves = x.getFirst().sigmoid().chunk(2, 1);
        return List.of(halves.get(0).mul(halves.get(1)));
      }),
  IN_PLACE(
      Inputs.MATRIX,
      (x, w) -> {
        Tensor y = x.getFirst().exp();
        y.addInPlace(1);
        y.mulInPlace(x.getFirst());
        return List.of(y, y.sum());
      }),
  IN_PLACE_OF_A_VIEW(
      Inputs.MATRIX,
      (x, w) -> {
        Tensor y = x.getFirst().exp();
        Tensor before = y.add(0);
        y.select(0, 1).addInPlace(10);
        y.t().select(0, 2).copyFrom(x.getFirst().select(1, 0));
        return List.of(y, before);
      }),
  SHIFTED_IN_PLACE(
      Inputs.MATRIX,
      (x, w) -> {
        Tensor y = x.getFirst().exp();
        Engine.current()
            .run(
                new Binary(BinaryFunction.ADD),
                List.of(y.slice(0, 0, 5), y.slice(0, 1, 6)),
                List.of(y.slice(0, 1, 6)));
        return List.of(y.add(0));
      }),
  INTO_ZEROS(
      Inputs.MATRIX,
      (x, w) -> {
        Tensor y = Tensor.zeros(DType.F32, 8, 4);
        Tensor before = x.getFirst().add(y.slice(0, 0, 6));
        y.slice(0, 1, 7).copyFrom(x.getFirst());
        y.select(1, 3).fill(7);
        return List.of(y, before);
      }),
  INTO_CONSTANTS_IN_USE(
      Inputs.MATRIX,
      (x, w) -> {
        Tensor c = Tensor.full(DType.F32, 2, 6, 4);
        Tensor first = x.getFirst().mul(c);
        c.set(5, 0, 0);
        Tensor second = x.getFirst().mul(c);
        c.addInPlace(w.row());
        Tensor third = x.getFirst().mul(c);
        c.addInPlace(x.getFirst());
        return List.of(first, second, third, x.getFirst().mul(c));
      }),
  INTO_EMPTY(
      Inputs.MATRIX,
      (x, w) -> {
        Tensor y = Tensor.empty(Layout.of(DType.F32, Shape.of(6, 4), 1, 6));
        Engine.current().run(new Unary(UnaryFunction.EXP), List.of(x.getFirst()), List.of(y));
        return List.of(y, y.add(1));
      }),
  INTEGERS(
      Inputs.INTEGERS,
      (x, w) -> {
        Tensor i = x.getFirst();
        return List.of(i.add(3).mul(i).remainder(5), i.cumsum(0), i.eq(2), i.to(DType.I32).neg());
      }),
  EMBEDDED(
      Inputs.INTEGERS,
      (x, w) -> List.of(Functional.embedding(x.getFirst().remainder(4), w.square()))),
  GATHERED(
      Inputs.MATRIX,
      (x, w) -> {
        ValuesAndIndices top = x.getFirst().max(1, true);
        return List.of(
            top.values(),
            top.indices(),
            x.getFirst().gather(1, top.indices()),
            x.getFirst().argsort(0, true));
      }),
  SCATTERED(
      Inputs.MATRIX,
      (x, w) -> List.of(x.getFirst().scatterAdd(0, x.getFirst().argmax(0, true), x.getFirst()))),
  WHERE(
      Inputs.TWO,
      (x, w) ->
          List.of(
              x.get(0).where(x.get(0).gt(x.get(1)), x.get(1)),
              x.get(0).maskedFill(x.get(1).lt(0), 0))),
  REDUCTIONS(
      Inputs.MATRIX,
      (x, w) ->
          List.of(
              x.getFirst().sum(), x.getFirst().mean(0), x.getFirst().amax(1), x.getFirst().var(0))),
  NOTHING_IN(Inputs.NONE, (x, w) -> List.of(x.getFirst().add(1), x.getFirst().sum(0))),
  NOTHING_OUT(
      Inputs.MATRIX,
      (x, w) -> {
        Tensor none = x.getFirst().slice(0, 2, 2);
        return List.of(none, none.exp(), Tensor.concat(0, none, x.getFirst()));
      }),
  SCALARS(
      Inputs.SCALAR, (x, w) -> List.of(x.getFirst().add(1).mul(w.row()), x.getFirst().square())),
  TWO_ENGINES(
      Inputs.MATRIX,
      (x, w) ->
          List.of(Engines.SCALAR.with(() -> x.getFirst().tanh().matmul(w.matrix())).add(w.bias())),
      false),
  HOST_FUNCTION(
      Inputs.MATRIX,
      (x, w) -> {
        HostFunction reversed =
            HostFunction.of(
                "reversed",
                (in, out) -> {
                  float[] values = in.getFirst().toFloatArray();
                  try (Tensor halves = out.getFirst().mul(0)) {
                    out.getFirst().copyFrom(halves);
                  }
                  for (int i = 0; i < values.length; i++) {
                    out.getFirst().set(values[values.length - 1 - i], i / 4, i % 4);
                  }
                });
        Layout layout = Layout.of(DType.F32, Shape.of(6, 4));
        Tensor y = Engine.current().call(reversed, List.of(layout), x.getFirst().add(1)).getFirst();
        return List.of(y.mul(2));
      }),
  LONG_CHAIN(
      Inputs.MATRIX,
      (x, w) -> {
        List<Tensor> all = new ArrayList<>(x);
        for (int i = 0; i < 60; i++) {
          Tensor last = all.getLast();
          all.add(
              i % 3 == 0
                  ? last.add(all.get(i / 2))
                  : i % 3 == 1 ? last.t().tanh().t() : last.mul(0.5));
        }
        return List.of(all.getLast(), all.get(30));
      });

  /** Kinds of inputs. */
  private enum Inputs {
    MATRIX,
    TWO,
    IMAGES,
    SEQUENCES,
    INTEGERS,
    NONE,
    SCALAR
  }

  @FunctionalInterface
  private interface Function {
    List<Tensor> apply(List<Tensor> inputs, Constants constants);
  }

  /** What the functions compute with beside their inputs; closed by the scope around. */
  record Constants(
      Tensor matrix,
      Tensor square,
      Tensor linear,
      Tensor bias,
      Tensor row,
      Tensor kernel,
      Tensor channels) {
    static Constants make() {
      Generator numbers = new Generator(7);
      return new Constants(
          numbers.randn(DType.F32, 4, 5),
          numbers.randn(DType.F32, 4, 4),
          numbers.randn(DType.F32, 5, 4),
          numbers.randn(DType.F32, 5),
          numbers.randn(DType.F32, 4),
          numbers.randn(DType.F32, 8, 3, 3, 3),
          numbers.randn(DType.F32, 8));
    }
  }

  private final Inputs inputs;
  private final Function function;

  /** Whether packing changes no bit: then the program is held against the plain operators too. */
  private final boolean exact;

  RecordedFunctions(Inputs inputs, Function function) {
    this(inputs, function, true);
  }

  RecordedFunctions(Inputs inputs, Function function, boolean exact) {
    this.inputs = inputs;
    this.function = function;
    this.exact = exact;
  }

  boolean exact() {
    return exact;
  }

  /** Returns new inputs, others for each seed. */
  List<Tensor> inputs(long seed) {
    Generator numbers = new Generator(seed);
    return switch (inputs) {
      case MATRIX -> List.of(numbers.randn(DType.F32, 6, 4));
      case TWO ->
          this == CONSTANT_IN_THE_MIDDLE
              ? List.of(numbers.randn(DType.F32, 4, 4), numbers.randn(DType.F32, 4, 4))
              : List.of(numbers.randn(DType.F32, 6, 4), numbers.randn(DType.F32, 6, 4));
      case IMAGES -> List.of(numbers.randn(DType.F32, 2, 3, 9, 9));
      case SEQUENCES -> List.of(numbers.randn(DType.F32, 2, 7, 24));
      case INTEGERS -> List.of(numbers.randint(0, 100, DType.I64, 5, 3));
      case NONE -> List.of(Tensor.empty(DType.F32, 0, 4));
      case SCALAR -> List.of(numbers.randn(DType.F32));
    };
  }

  List<Tensor> apply(List<Tensor> in, Constants constants) {
    return function.apply(in, constants);
  }
}
