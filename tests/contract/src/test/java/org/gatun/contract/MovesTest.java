package org.gatun.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Supplier;
import org.gatun.DType;
import org.gatun.Scope;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.nn.Functional;
import org.gatun.op.PadMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Methods that are a copy of a view, or a few: repetitions, turns, joins, channels. */
class MovesTest {
  private final Scope scope = Scope.open();
  private final Tensor x = Tensor.arange(DType.I64, 1, 7, 1).view(2, 3);

  @AfterEach
  void close() {
    scope.close();
  }

  private static void assertTensor(Tensor actual, long[] shape, long... values) {
    assertEquals(Shape.of(shape), actual.shape());
    assertEquals(DType.I64, actual.dtype());
    try (Tensor dense = actual.contiguous()) {
      assertArrayEquals(values, dense.toLongArray());
    }
  }

  private static long[] dims(long... dims) {
    return dims;
  }

  private static Tensor longs(long... values) {
    return Tensor.of(values);
  }

  private static void assertSays(Supplier<?> call, String part) {
    var e = assertThrows(IllegalArgumentException.class, call::get);
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  @Test
  void repeat() {
    assertTensor(x.repeat(1, 2), dims(2, 6), 1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6);
    assertTensor(x.t().repeat(2, 1, 1).select(0, 1), dims(3, 2), 1, 4, 2, 5, 3, 6);
    assertTensor(x.tile(2), dims(2, 6), 1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6);
    assertTensor(x.repeat(0, 1), dims(0, 3));
    assertTensor(longs(5).view().repeat(), dims(), 5);
    assertTensor(longs(5).view().tile(2, 1), dims(2, 1), 5, 5);
    assertSays(() -> x.repeat(2), "repeat: repeats [2] for shape [2, 3]");
    assertSays(() -> x.tile(-1), "tile: repeats [1, -1]");
  }

  @Test
  void repeatInterleave() {
    assertTensor(x.repeatInterleave(2, 1).select(0, 1), dims(6), 4, 4, 5, 5, 6, 6);
    assertTensor(x.repeatInterleave(2, 0), dims(4, 3), 1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6);
    assertTensor(longs(1, 2).repeatInterleave(2), dims(4), 1, 1, 2, 2);
    assertTensor(x.repeatInterleave(longs(0, 1, 2), -1), dims(2, 3), 2, 3, 3, 5, 6, 6);
    assertTensor(x.repeatInterleave(longs(2).view(), 0).select(1, 0), dims(4), 1, 1, 4, 4);
    assertTensor(longs(7).view().repeatInterleave(3, 0), dims(3), 7, 7, 7);
    assertSays(() -> x.repeatInterleave(longs(1, 2), 1), "repeat_interleave: repeats i64[2]");
    assertSays(() -> x.repeatInterleave(longs(1, -2), 0), "repeat_interleave: repeats -2");
    assertSays(() -> x.repeatInterleave(-1, 0), "repeat_interleave: repeats -1");
  }

  @Test
  void turns() {
    assertTensor(x.rot90(1, 0, 1), dims(3, 2), 3, 6, 2, 5, 1, 4);
    assertTensor(x.rot90(-1, 0, 1), dims(3, 2), 4, 1, 5, 2, 6, 3);
    assertTensor(x.rot90(2, 0, 1), dims(2, 3), 6, 5, 4, 3, 2, 1);
    assertTensor(x.rot90(4, 0, 1), dims(2, 3), 1, 2, 3, 4, 5, 6);
    assertTensor(x.fliplr(), dims(2, 3), 3, 2, 1, 6, 5, 4);
    assertTensor(x.flipud(), dims(2, 3), 4, 5, 6, 1, 2, 3);
    assertTensor(x.roll(2), dims(2, 3), 5, 6, 1, 2, 3, 4);
    assertTensor(x.roll(-1, 1), dims(2, 3), 2, 3, 1, 5, 6, 4);
    assertSays(() -> x.rot90(1, 0, -2), "rot90: axes 0 and -2");
    assertSays(() -> longs(1).fliplr(), "fliplr: shape [1]");
  }

  @Test
  void diagonals() {
    assertTensor(longs(1, 2).diag(), dims(2, 2), 1, 0, 0, 2);
    assertTensor(longs(1, 2).diag(-1), dims(3, 3), 0, 0, 0, 1, 0, 0, 0, 2, 0);
    assertTensor(x.diag(1), dims(2), 2, 6);
    assertTensor(x.diagflat(0).select(0, 5), dims(6), 0, 0, 0, 0, 0, 6);
    Tensor matrices = x.diagEmbed(1, 0, -1);
    assertEquals(Shape.of(4, 2, 4), matrices.shape());
    assertTensor(matrices.select(1, 1).diagonal(1, 0, 1), dims(3), 4, 5, 6);
    assertTensor(x.triu(), dims(2, 3), 1, 2, 3, 0, 5, 6);
    assertTensor(x.tril(), dims(2, 3), 1, 0, 0, 4, 5, 0);
    assertSays(() -> x.diagEmbed(0, 1, -2), "diag_embed: axes 1 and -2");
    assertSays(() -> longs(1).view().diag(), "diag: shape []");
  }

  @Test
  void joins() {
    Tensor row = longs(7, 8, 9);
    assertTensor(Tensor.vstack(x, row), dims(3, 3), 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertTensor(Tensor.hstack(x, x.slice(1, 0, 1)), dims(2, 4), 1, 2, 3, 1, 4, 5, 6, 4);
    assertTensor(Tensor.hstack(row, row.slice(0, 0, 1)), dims(4), 7, 8, 9, 7);
    assertTensor(Tensor.dstack(row, row), dims(1, 3, 2), 7, 7, 8, 8, 9, 9);
    assertTensor(Tensor.columnStack(row, x.t()), dims(3, 3), 7, 1, 4, 8, 2, 5, 9, 3, 6);
    assertTensor(Tensor.stack(1, row, row), dims(3, 2), 7, 7, 8, 8, 9, 9);
    assertTensor(Tensor.stack(-1, row, row), dims(3, 2), 7, 7, 8, 8, 9, 9);
    assertTensor(Tensor.stack(0, x.unbind(0)), dims(2, 3), 1, 2, 3, 4, 5, 6);
    assertTensor(Tensor.concat(0, Tensor.of(new int[] {1}), longs(2)), dims(2), 1, 2);
    assertTensor(Tensor.concat(1, x.split(2, 1)), dims(2, 3), 1, 2, 3, 4, 5, 6);
    assertTensor(Tensor.concat(1, Tensor.of(new int[0]), x), dims(2, 3), 1, 2, 3, 4, 5, 6);
    assertEquals(DType.F32, Tensor.concat(0, row, Tensor.of(new float[] {0.5f})).dtype());
    assertSays(() -> Tensor.stack(0, row, x), "stack: shapes [3] and [2, 3]");
    assertSays(() -> Tensor.concat(0, row, x), "concat: input 1");
    assertSays(() -> Tensor.stack(0), "concat: no inputs");
  }

  @Test
  void grids() {
    List<Tensor> grids = Tensor.meshgrid(longs(1, 2), longs(3, 4, 5));
    assertTensor(grids.get(0), dims(2, 3), 1, 1, 1, 2, 2, 2);
    assertTensor(grids.get(1), dims(2, 3), 3, 4, 5, 3, 4, 5);
    List<Tensor> same = Tensor.broadcastTensors(longs(1, 2), longs(3).view(1, 1));
    assertTensor(same.get(1), dims(1, 2), 3, 3);
    assertSays(() -> Tensor.meshgrid(x), "meshgrid: shape [2, 3]");
    assertSays(
        () -> Tensor.broadcastTensors(x, longs(1, 2)), "broadcast_tensors: shapes [2, 3] and [2]");
  }

  @Test
  void channels() {
    Tensor image = Tensor.arange(DType.I64, 0, 8, 1).view(4, 1, 2);
    Tensor large = Functional.pixelShuffle(image, 2);
    assertTensor(large, dims(1, 2, 4), 0, 2, 1, 3, 4, 6, 5, 7);
    assertTensor(Functional.pixelUnshuffle(large, 2), dims(4, 1, 2), 0, 1, 2, 3, 4, 5, 6, 7);
    assertTensor(
        Functional.channelShuffle(image.unsqueeze(0), 2), dims(1, 4, 1, 2), 0, 1, 4, 5, 2, 3, 6, 7);
    assertSays(() -> Functional.pixelShuffle(image, 3), "pixel_shuffle: 4 channels");
    assertSays(() -> Functional.pixelUnshuffle(image, 2), "pixel_unshuffle: shape [4, 1, 2]");
    assertSays(() -> Functional.channelShuffle(image, 2), "channel_shuffle: groups 2");
  }

  @Test
  void paddingComesInPairsFromTheLastDimension() {
    assertTensor(Functional.pad(x, 1, 0, 0, 1), dims(3, 4), 0, 1, 2, 3, 0, 4, 5, 6, 0, 0, 0, 0);
    assertTensor(
        Functional.pad(x, dims(1, 1), PadMode.REFLECT, 0),
        dims(2, 5),
        2,
        1,
        2,
        3,
        2,
        5,
        4,
        5,
        6,
        5);
    assertTensor(Functional.pad(x, dims(-1, 1), PadMode.CONSTANT, 9), dims(2, 3), 2, 3, 9, 5, 6, 9);
    assertSays(() -> Functional.pad(x, 1, 1, 1), "pad: padding [1, 1, 1], expected two");
  }
}
