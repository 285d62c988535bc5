package org.gatun.safety.arguments;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.op.Slice;
import org.gatun.runtime.Engine;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of one call. Most have one shape and one dtype, and half of those shapes have one
 * size along all axes, so that many calls get past the checks of their arguments.
 */
final class Operands {
  private static final DType[] OFTEN = {DType.F32, DType.F32, DType.F32, DType.F64, DType.I64};
  private static final long[][] EMPTY = {
    {0}, {0, 3}, {2, 0, 3}, {0, 1L << 62}, {1L << 40, 0, 1L << 20}, {3, 0}, {1, 2, 0, 2}
  };

  private final Numbers numbers;
  private final Surroundings surroundings;
  private final long[] dims;
  private final DType dtype;
  private final boolean wild;
  private final int images;
  private boolean compared = true;

  Operands(Numbers numbers, Surroundings surroundings) {
    this.numbers = numbers;
    this.surroundings = surroundings;
    int rank = numbers.below(6);
    long side = numbers.chance(0.5) ? numbers.between(1, 4) : 0;
    this.dims = new long[rank];
    for (int axis = 0; axis < rank; axis++) {
      dims[axis] = side > 0 ? side : numbers.between(1, 5);
    }
    this.dtype =
        numbers.chance(0.8)
            ? OFTEN[numbers.below(OFTEN.length)]
            : DType.values()[numbers.below(DType.values().length)];
    this.wild = numbers.chance(0.1);
    this.images = numbers.below(4);
  }

  long[] dims() {
    return dims.clone();
  }

  /** Returns whether the values are such that kernels and the reference agree closely. */
  boolean areTame() {
    return compared && !wild;
  }

  DType dtype() {
    return numbers.chance(0.7) ? dtype : DType.values()[numbers.below(DType.values().length)];
  }

  Shape shape(boolean hostile) {
    if (hostile) {
      return Shape.of(EMPTY[numbers.below(EMPTY.length)]);
    }
    return numbers.chance(0.6) ? Shape.of(dims) : Shape.of(other());
  }

  /** Returns a shape that goes with the common one: broadcast to it, a vector or weights of it. */
  private long[] other() {
    return switch (numbers.below(6)) {
      case 0 -> {
        long[] some = dims.clone();
        for (int axis = 0; axis < some.length; axis++) {
          some[axis] = numbers.chance(0.4) ? 1 : some[axis];
        }
        yield some;
      }
      case 1 -> java.util.Arrays.copyOfRange(dims, numbers.below(dims.length + 1), dims.length);
      case 2 -> new long[] {dims.length == 0 ? 1 : dims[numbers.below(dims.length)]};
      case 3 -> dims.length < 2 ? dims : weights();
      case 4 -> new long[] {numbers.between(1, 4), dims.length == 0 ? 2 : dims[dims.length - 1]};
      default -> {
        long[] random = new long[numbers.below(5)];
        for (int axis = 0; axis < random.length; axis++) {
          random[axis] = numbers.below(5);
        }
        yield random;
      }
    };
  }

  private long[] weights() {
    long[] weights = dims.clone();
    weights[0] = numbers.between(1, 4);
    for (int axis = 2; axis < weights.length; axis++) {
      weights[axis] = numbers.between(1, 2);
    }
    return weights;
  }

  /** Returns a tensor that operators take: most like the others, some indices, masks or views. */
  Tensor plausible() {
    if (numbers.chance(0.1)) {
      return indices();
    }
    if (numbers.chance(0.06)) {
      return filled(DType.BOOL, shape(false));
    }
    boolean common = numbers.chance(images == 0 ? 0.3 : 0.75);
    Tensor tensor =
        filled(
            numbers.chance(0.9) ? dtype : DType.values()[numbers.below(DType.values().length)],
            common ? Shape.of(dims) : Shape.of(other()));
    return numbers.chance(0.15) ? view(tensor) : tensor;
  }

  private Tensor indices() {
    Shape shape = shape(false);
    long bound = dims.length == 0 ? 1 : dims[numbers.below(dims.length)];
    DType type = numbers.chance(0.8) ? DType.I64 : DType.I32;
    return Tensor.of(
        Layout.of(type, shape),
        memory -> {
          for (long i = 0; i < shape.size(); i++) {
            long index = numbers.below((int) bound);
            if (type == DType.I64) {
              memory.setAtIndex(java.lang.foreign.ValueLayout.JAVA_LONG, i, index);
            } else {
              memory.setAtIndex(java.lang.foreign.ValueLayout.JAVA_INT, i, (int) index);
            }
          }
        });
  }

  /** Returns a tensor of numbers, quarters unless the call is a wild one. */
  Tensor filled(DType type, Shape shape) {
    Tensor tensor = Tensor.zeros(type, shape.dims());
    fill(tensor, wild);
    return tensor;
  }

  private void fill(Tensor tensor, boolean hostile) {
    long[] index = new long[tensor.rank()];
    for (long i = 0; i < tensor.size() && i < 2000; i++) {
      tensor.set(hostile ? numbers.number(true) : numbers.between(-8, 8) * 0.25, index);
      for (int axis = index.length - 1; axis >= 0; axis--) {
        if (++index[axis] < tensor.dim(axis)) {
          break;
        }
        index[axis] = 0;
      }
    }
  }

  /** Returns the same elements, or some of them, in another order. */
  private Tensor view(Tensor tensor) {
    int rank = tensor.rank();
    if (rank == 0) {
      return tensor;
    }
    return switch (numbers.below(4)) {
      case 0 -> tensor.transpose(0, rank - 1);
      case 1 -> tensor.dim(0) > 1 ? tensor.slice(0, 1, tensor.dim(0)) : tensor;
      case 2 -> tensor.unsqueeze(0).expand(prepended(tensor.shape().dims(), 2)).select(0, 1);
      default -> rank >= 4 ? tensor.permute(reversed(rank)).copy().permute(reversed(rank)) : tensor;
    };
  }

  private static long[] prepended(long[] dims, long first) {
    long[] longer = new long[dims.length + 1];
    longer[0] = first;
    System.arraycopy(dims, 0, longer, 1, dims.length);
    return longer;
  }

  private static int[] reversed(int rank) {
    int[] axes = new int[rank];
    for (int i = 0; i < rank; i++) {
      axes[i] = rank - 1 - i;
    }
    return axes;
  }

  /** Returns a tensor that an operator has to look at twice. */
  Tensor hostile() {
    compared = false;
    Tensor plain = filled(dtype, Shape.of(dims));
    return switch (numbers.below(13)) {
      case 0 -> {
        plain.close();
        yield plain;
      }
      case 1, 2 -> surroundings.wrapped(numbers.below(6));
      case 3 -> Tensor.zeros(dtype, EMPTY[numbers.below(EMPTY.length)]);
      case 4 -> Tensor.full(dtype, 1).expand(dims);
      case 5 -> {
        // Two of these share all elements but one.
        Tensor base = overlapping();
        yield base;
      }
      case 6 -> filled(DType.values()[numbers.below(DType.values().length)], Shape.of(dims));
      case 7 -> {
        fill(plain, true);
        yield plain;
      }
      case 8 -> Tensor.full(DType.I64, numbers.whole(true), dims);
      case 9 ->
          Tensor.full(
              DType.I32, numbers.integer(true), dims.length == 0 ? dims : new long[] {dims[0]});
      case 10 -> filled(dtype, Shape.of(other()));
      case 11 -> untrue(plain.shape());
      default -> {
        long[] deep = new long[numbers.between(6, 12)];
        java.util.Arrays.fill(deep, 1);
        deep[0] = 2;
        yield filled(dtype, Shape.of(deep));
      }
    };
  }

  /** Returns truth values that are neither 0 nor 1, which no operator of the library makes. */
  private Tensor untrue(Shape shape) {
    byte[] bytes = new byte[(int) shape.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) numbers.below(256);
    }
    return Tensor.copyOf(MemorySegment.ofArray(bytes), DType.BOOL, shape.dims());
  }

  private @Nullable Tensor shared;

  /** Returns a view, of the common shape, of memory that all such tensors of this call share. */
  private Tensor overlapping() {
    long size = Shape.of(dims).size();
    if (shared == null) {
      shared = filled(dtype, Shape.of(size + 3));
    }
    int offset = numbers.below(4);
    return Engine.current().run(new Slice(0, offset, offset + size, 1), shared).reshape(dims);
  }

  /** Returns some tensors of the call's. */
  List<Tensor> several(int count) {
    return java.util.stream.Stream.generate(this::plausible).limit(count).toList();
  }
}
