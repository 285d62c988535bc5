package org.gatun.benchmarks.peers;

import java.util.List;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.LongArrayRef;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.op.Ints;
import org.gatun.op.Op;

/**
 * The operands of a case, and arguments made once, since each array that crosses to native code in
 * a call is copied.
 *
 * @param tensors the operands in order
 */
record TorchOperands(List<Tensor> tensors) {
  /** Returns an operand. */
  Tensor get(int index) {
    return tensors.get(index);
  }

  /** Returns the number of operands. */
  int size() {
    return tensors.size();
  }

  /** Returns the first operands. */
  TorchOperands first(int count) {
    return new TorchOperands(tensors.subList(0, count));
  }

  /** Returns an operand as an argument that may be missing. */
  TensorOptional optional(boolean present, int index) {
    return present ? new TensorOptional(get(index)) : new TensorOptional();
  }

  /** Returns the shape of the result. */
  Shape result(Op op) {
    List<Layout> layouts =
        tensors.stream().map(t -> Layout.of(DType.F32, Shape.of(dims(t)))).toList();
    return op.infer(layouts).getFirst().shape();
  }

  /** Returns the shape of a tensor. */
  static long[] dims(Tensor tensor) {
    long[] dims = new long[Math.toIntExact(tensor.dim())];
    for (int i = 0; i < dims.length; i++) {
      dims[i] = tensor.size(i);
    }
    return dims;
  }

  /** Returns a tensor without elements, which a call makes as large as its result. */
  static Tensor unsized() {
    return torch.empty(0L);
  }

  /** Returns numbers as an argument. */
  static LongArrayRef numbers(long... values) {
    return new LongArrayRef(new LongPointer(values), values.length);
  }

  /** Returns numbers as an argument. */
  static LongArrayRef numbers(Ints values) {
    return numbers(longs(values));
  }

  /** Returns numbers as longs. */
  static long[] longs(Ints values) {
    long[] longs = new long[values.size()];
    for (int i = 0; i < longs.length; i++) {
      longs[i] = values.get(i);
    }
    return longs;
  }
}
