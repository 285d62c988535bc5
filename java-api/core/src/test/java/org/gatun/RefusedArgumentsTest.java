package org.gatun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Set;
import org.gatun.nn.Dropout;
import org.gatun.nn.Linear;
import org.gatun.nn.Sequential;
import org.gatun.op.Ints;
import org.gatun.op.Longs;
import org.gatun.op.Permute;
import org.gatun.op.Softmax;
import org.gatun.op.Split;
import org.gatun.runtime.Engine;
import org.gatun.runtime.NativeBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Arguments that are refused where they are given, before they do harm elsewhere. */
class RefusedArgumentsTest {
  private static void refused(
      Class<? extends RuntimeException> kind, String message, Executable call) {
    assertEquals(message, assertThrows(kind, call).getMessage());
  }

  @Test
  void nullIsNamedWhereItIsGiven() {
    Class<NullPointerException> kind = NullPointerException.class;
    refused(kind, "dropout: generator is null", () -> new Dropout(0.5, null));
    refused(kind, "permute: axes is null", () -> new Permute(null));
    refused(
        kind,
        "softmax: tensor 0 is null",
        () -> Engine.current().run(new Softmax(0), (Tensor) null));
    refused(kind, "promote: b is null", () -> DType.promote(DType.F32, null));
    try (Tensor weight = Tensor.ones(DType.F32, 2, 2);
        Linear layer = new Linear(weight, null);
        Sequential nothing = new Sequential()) {
      refused(kind, "linear: precision is null", () -> layer.computeIn(null));
      refused(kind, "sequential: x is null", () -> nothing.forward(null));
    }
  }

  @Test
  void aLayersResultIsNotNull() {
    try (Tensor x = Tensor.ones(DType.F32, 2);
        Sequential layers = new Sequential(tensor -> null)) {
      refused(
          NullPointerException.class,
          "sequential: a layer's result is null",
          () -> layers.forward(x));
    }
  }

  @Test
  void partsAreAsManyAsThereIsRoomFor() {
    Class<IllegalArgumentException> kind = IllegalArgumentException.class;
    try (Tensor x = Tensor.ones(DType.F32, 4);
        Tensor sections = Tensor.scalar(0x1p32).to(DType.I64);
        Tensor one = Tensor.ones(DType.F32);
        Tensor wide = one.expand(1L << 62)) {
      String most = " parts of shape [4], expected at most 262144";
      refused(kind, "tensor_split: 1073741824" + most, () -> x.tensorSplit(1 << 30, 0));
      refused(kind, "tensor_split: 4294967296" + most, () -> x.tensorSplit(sections, 0));
      refused(
          kind,
          "unbind: 4611686018427387904 parts of shape [4611686018427387904], expected at most"
              + " 262144",
          () -> wide.unbind(0));
      long[] sizes = {Long.MAX_VALUE, Long.MAX_VALUE, 6};
      refused(
          kind,
          "split: sizes "
              + Longs.of(sizes)
              + " add up to more than 2^63 - 1, expected 4, the size of axis 0 in shape [4]",
          () -> x.split(sizes, 0));
    }
    refused(
        kind,
        "split: 262145 sizes, expected at most 262144",
        () -> new Split(0, Longs.of(new long[Split.MOST_PARTS + 1])));
  }

  @Test
  void listsOfNumbersSayWhatTheyHave() {
    refused(
        IndexOutOfBoundsException.class,
        "ints: index -1 out of range for 2 values",
        () -> Ints.of(1, 2).get(-1));
    refused(
        IllegalArgumentException.class,
        "longs: count -1, expected 0 to 1000000",
        () -> Longs.repeat(1, -1));
  }

  @Test
  void aBackendHasLibraries() {
    refused(
        IllegalArgumentException.class,
        "backend: no libraries, expected one or more",
        () -> NativeBackend.of(Set.of(), false));
  }
}
