package org.gatun.testkit.torch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.reference.Elements;
import org.gatun.reference.NdArray;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a call, asked for by position and name as Python's functions take them:
 * positions count from 0, the input, which has no name. Remembers what was asked for, so that no
 * argument is overlooked.
 */
final class TorchArguments {
  /** Arguments that say where elements lie, and whether gradients are wanted. */
  private static final Set<String> WITHOUT_PART_IN_RESULTS =
      Set.of("device", "layout", "memory_format", "pin_memory", "requires_grad");

  private final TorchSample sample;
  private final Function<TorchValue.Array, Tensor> tensors;
  private final Set<Object> read = new HashSet<>();
  private List<Tensor> running = List.of();

  TorchArguments(TorchSample sample, Function<TorchValue.Array, Tensor> tensors) {
    this.sample = sample;
    this.tensors = tensors;
  }

  /** Says that the sample asks for something that Gatun does not have. */
  static final class Unmapped extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unmapped(String reason) {
      super(reason);
    }
  }

  private TorchValue value(int position, String name) {
    if (position == 0) {
      return sample.input();
    }
    if (position > 0 && position <= sample.args().size()) {
      read.add(position);
      return sample.args().get(position - 1);
    }
    TorchValue value = sample.kwargs().get(name);
    if (value == null) {
      return new TorchValue.None();
    }
    read.add(name);
    return value;
  }

  /** Throws {@link Unmapped} if some argument was not asked for. */
  void checkAllRead() {
    for (int i = 1; i <= sample.args().size(); i++) {
      if (!read.contains(i)) {
        throw new Unmapped("argument " + i + " is not mapped");
      }
    }
    for (String name : sample.kwargs().keySet()) {
      if (!read.contains(name) && !WITHOUT_PART_IN_RESULTS.contains(name)) {
        throw new Unmapped("argument " + name + " is not mapped");
      }
    }
  }

  private static RuntimeException unexpected(String name, TorchValue value) {
    String message = "argument " + name + " is " + value;
    return value instanceof TorchValue.Foreign
        ? new Unmapped(message)
        : new IllegalStateException(message);
  }

  /** Returns the variant of the operator. */
  String variant() {
    return sample.variant();
  }

  /** Returns the input. */
  Tensor input() {
    return tensor(0, "input");
  }

  /** Returns PyTorch's own result, for what depends on its random numbers. */
  NdArray expected() {
    return Elements.read(tensor("output", sample.outputs().getFirst()));
  }

  /**
   * Returns PyTorch's own result in the place of one whose elements are others by right, such as
   * random ones; the one given where shape or dtype differ.
   */
  Tensor expectedOr(Tensor result) {
    NdArray expected = expected();
    boolean same = expected.shape().equals(result.shape()) && expected.dtype() == result.dtype();
    return same ? Elements.tensor(expected) : result;
  }

  Tensor tensor(int position, String name) {
    Tensor tensor = optionalTensor(position, name);
    if (tensor == null) {
      throw unexpected(name, new TorchValue.None());
    }
    return tensor;
  }

  @Nullable Tensor optionalTensor(int position, String name) {
    return switch (value(position, name)) {
      case TorchValue.Array array -> tensors.apply(array);
      case TorchValue.None() -> null;
      case TorchValue other -> throw unexpected(name, other);
    };
  }

  /** Returns the tensors of a list. */
  List<Tensor> tensors(int position, String name) {
    return switch (value(position, name)) {
      case TorchValue.Sequence(List<TorchValue> values) -> {
        List<Tensor> list = new ArrayList<>();
        for (TorchValue value : values) {
          list.add(tensor(name, value));
        }
        yield list;
      }
      case TorchValue other -> throw unexpected(name, other);
    };
  }

  /** Returns a tensor that is part of another argument. */
  Tensor tensor(TorchValue.Array array) {
    return tensors.apply(array);
  }

  private Tensor tensor(String name, TorchValue value) {
    return switch (value) {
      case TorchValue.Array array -> tensors.apply(array);
      case TorchValue other -> throw unexpected(name, other);
    };
  }

  /** Returns the input and the arguments after it, which are all tensors, or the list of them. */
  List<Tensor> allTensors() {
    if (isList(0, "tensors")) {
      return tensors(0, "tensors");
    }
    List<Tensor> list = new ArrayList<>();
    for (int i = 0; i <= sample.args().size(); i++) {
      list.add(tensor(i, "tensors"));
    }
    return list;
  }

  boolean isTensor(int position, String name) {
    return value(position, name) instanceof TorchValue.Array;
  }

  boolean isGiven(int position, String name) {
    return !(value(position, name) instanceof TorchValue.None);
  }

  boolean isList(int position, String name) {
    return value(position, name) instanceof TorchValue.Sequence;
  }

  /** Overlooks an argument that has no part in the result, but in gradients. */
  void ignore(int position, String name) {
    TorchValue _ = value(position, name);
  }

  /** Returns a value as it stands. */
  TorchValue raw(int position, String name) {
    return value(position, name);
  }

  boolean flag(int position, String name, boolean otherwise) {
    return switch (value(position, name)) {
      case TorchValue.Flag(boolean flag) -> flag;
      case TorchValue.None() -> otherwise;
      case TorchValue other -> throw unexpected(name, other);
    };
  }

  /** Returns a number; true is 1 and false 0, as in Python. */
  double number(int position, String name, double otherwise) {
    return switch (value(position, name)) {
      case TorchValue.Flag(boolean flag) -> flag ? 1 : 0;
      case TorchValue.Whole(long number) -> number;
      case TorchValue.Real(double number) -> number;
      case TorchValue.None() -> otherwise;
      case TorchValue other -> throw unexpected(name, other);
    };
  }

  String text(int position, String name, String otherwise) {
    return switch (value(position, name)) {
      case TorchValue.Text(String text) -> text;
      case TorchValue.None() -> otherwise;
      case TorchValue other -> throw unexpected(name, other);
    };
  }

  @Nullable DType dtype(int position, String name) {
    return switch (value(position, name)) {
      case TorchValue.Type(DType dtype) -> dtype;
      case TorchValue.None() -> null;
      case TorchValue other -> throw unexpected(name, other);
    };
  }

  long whole(int position, String name, long otherwise) {
    return switch (value(position, name)) {
      case TorchValue.Whole(long number) -> number;
      case TorchValue.Array array when array.shape().size() == 1 ->
          (long) tensors.apply(array).item();
      case TorchValue.None() -> otherwise;
      case TorchValue other -> throw unexpected(name, other);
    };
  }

  int integer(int position, String name, int otherwise) {
    return Math.toIntExact(whole(position, name, otherwise));
  }

  /** Returns the numbers of a list, the one number that stands for it, or null. */
  long @Nullable [] wholes(int position, String name) {
    return switch (value(position, name)) {
      case TorchValue.Sequence(List<TorchValue> values) -> {
        long[] numbers = new long[values.size()];
        for (int i = 0; i < numbers.length; i++) {
          numbers[i] =
              switch (values.get(i)) {
                case TorchValue.Whole(long number) -> number;
                case TorchValue other -> throw unexpected(name, other);
              };
        }
        yield numbers;
      }
      case TorchValue.Whole(long number) -> new long[] {number};
      case TorchValue.None() -> null;
      case TorchValue other -> throw unexpected(name, other);
    };
  }

  /** Returns the axes of a reduction: none where all are meant. */
  int[] axes(int position, String name) {
    long[] axes = wholes(position, name);
    return axes == null ? new int[0] : Arrays.stream(axes).mapToInt(Math::toIntExact).toArray();
  }

  /** Returns {@code count} numbers: those given, or the one given, repeated. */
  int[] integers(int position, String name, int count, int otherwise) {
    long[] given = wholes(position, name);
    int[] numbers = new int[count];
    for (int i = 0; i < count; i++) {
      numbers[i] =
          given == null ? otherwise : Math.toIntExact(given.length == 1 ? given[0] : given[i]);
    }
    return numbers;
  }

  /** Returns {@code count} sizes: those given, or the one given, repeated; -1 for None. */
  int[] sizes(int position, String name, int count) {
    TorchValue given = value(position, name);
    int[] sizes = new int[count];
    for (int i = 0; i < count; i++) {
      TorchValue size =
          given instanceof TorchValue.Sequence(List<TorchValue> values)
              ? values.get(values.size() == 1 ? 0 : i)
              : given;
      sizes[i] =
          switch (size) {
            case TorchValue.Whole(long number) -> Math.toIntExact(number);
            case TorchValue.None() -> -1;
            case TorchValue other -> throw unexpected(name, other);
          };
    }
    return sizes;
  }

  /** Tells the running statistics after the call. */
  void running(List<Tensor> statistics) {
    running = List.copyOf(statistics);
  }

  /** Returns the running statistics that were told. */
  List<Tensor> running() {
    return running;
  }
}
