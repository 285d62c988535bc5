package org.gatun;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.gatun.runtime.Engine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Views are the same memory, at the place and with the strides that they should have. */
class ViewsTest {
  private final Scope scope = Scope.open();
  private final Tensor x = Tensor.arange(DType.F32, 0, 24, 1).view(2, 3, 4);

  @BeforeEach
  void startsAtTheBase() {
    assertEquals(0, x.get(0, 0, 0));
    assertEquals(23, x.get(1, 2, 3));
  }

  @AfterEach
  void close() {
    scope.close();
  }

  /** Checks the place in memory, shape and strides of a view of {@link #x}. */
  private void assertView(Tensor view, long offset, long[] shape, long... strides) {
    assertEquals(Shape.of(shape), view.shape());
    assertArrayEquals(strides, view.layout().strides());
    assertEquals(x.segment().address() + 4 * offset, view.segment().address(), "the view's memory");
  }

  private static long[] dims(long... dims) {
    return dims;
  }

  @Test
  void reshape() {
    assertView(x.reshape(6, 4), 0, dims(6, 4), 4, 1);
    assertView(x.reshape(-1), 0, dims(24), 1);
    assertView(x.reshape(2, -1, 2), 0, dims(2, 6, 2), 12, 2, 1);
    assertView(x.view(4, 3, 2), 0, dims(4, 3, 2), 6, 2, 1);
    assertView(x.permute(2, 0, 1).reshape(4, 6), 0, dims(4, 6), 1, 4);
    assertView(x.slice(2, 0, 2).view(6, 2), 0, dims(6, 2), 4, 1);
    assertView(x.select(0, 1).view(2, 6), 12, dims(2, 6), 6, 1);
  }

  @Test
  void permute() {
    assertView(x.permute(2, 0, 1), 0, dims(4, 2, 3), 1, 12, 4);
    assertView(x.permute(-1, -3, -2), 0, dims(4, 2, 3), 1, 12, 4);
    assertView(x.transpose(0, -1), 0, dims(4, 3, 2), 1, 4, 12);
    assertEquals(x.get(1, 2, 3), x.permute(2, 0, 1).get(3, 1, 2));
    assertThrows(IllegalArgumentException.class, () -> x.permute(0, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> x.permute(0, 1));
    assertThrows(IllegalArgumentException.class, () -> x.transpose(0, 3));
  }

  @Test
  void expand() {
    Tensor row = x.slice(1, 1, 2);
    assertView(row.expand(5, 2, 3, 4), 4, dims(5, 2, 3, 4), 0, 12, 0, 1);
    assertView(row.expand(-1, 7, -1), 4, dims(2, 7, 4), 12, 0, 1);
    assertView(row.expand(2, 0, 4), 0, dims(2, 0, 4), 12, 0, 1);
    var e = assertThrows(IllegalArgumentException.class, () -> x.expand(2, 6, 4));
    assertTrue(e.getMessage().startsWith("expand: dimensions [2, 6, 4]"), e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> x.expand(3, 4));
  }

  @Test
  void slice() {
    assertView(x.slice(2, 1, 3), 1, dims(2, 3, 2), 12, 4, 1);
    assertView(x.slice(-1, -3, Long.MAX_VALUE, 2), 1, dims(2, 3, 2), 12, 4, 2);
    assertView(x.slice(1, 1, 100), 4, dims(2, 2, 4), 12, 4, 1);
    assertView(x.slice(2, 0, 4, Long.MAX_VALUE), 0, dims(2, 3, 1), 12, 4, 1);
    assertEquals(Shape.of(2, 0, 4), x.slice(1, 3, 1).shape());
    assertEquals(Shape.of(2, 0, 4), x.slice(1, 7, 9).shape());
    assertThrows(IllegalArgumentException.class, () -> x.slice(1, 0, 2, 0));
    assertThrows(IllegalArgumentException.class, () -> x.slice(3, 0, 2));
  }

  @Test
  void select() {
    assertView(x.select(1, 2), 8, dims(2, 4), 12, 1);
    assertView(x.select(-1, -1), 3, dims(2, 3), 12, 4);
    assertEquals(7, x.select(0, 0).select(0, 1).select(0, 3).item());
    assertThrows(IndexOutOfBoundsException.class, () -> x.select(0, 2));
    assertThrows(IndexOutOfBoundsException.class, () -> x.select(0, -3));
    assertThrows(IndexOutOfBoundsException.class, () -> Tensor.scalar(1f).select(0, 0));
  }

  @Test
  void split() {
    List<Tensor> parts = x.split(3, 2);
    assertEquals(2, parts.size());
    assertView(parts.get(0), 0, dims(2, 3, 3), 12, 4, 1);
    assertView(parts.get(1), 3, dims(2, 3, 1), 12, 4, 1);
    List<Tensor> sized = x.split(new long[] {1, 0, 2}, 1);
    assertView(sized.get(0), 0, dims(2, 1, 4), 12, 4, 1);
    assertEquals(Shape.of(2, 0, 4), sized.get(1).shape());
    assertView(sized.get(2), 4, dims(2, 2, 4), 12, 4, 1);
    assertEquals(1, x.split(Long.MAX_VALUE, 0).size());
    assertEquals(1, x.slice(0, 0, 0).split(2, 0).size());
    assertThrows(IllegalArgumentException.class, () -> x.split(0, 0));
    assertThrows(IllegalArgumentException.class, () -> x.split(new long[] {1, 1}, 1));
    assertThrows(IllegalArgumentException.class, () -> x.split(new long[] {4, -1}, 1));
  }

  @Test
  void squeezeAndUnsqueeze() {
    Tensor one = x.slice(1, 2, 3);
    assertView(one.squeeze(), 8, dims(2, 4), 12, 1);
    assertView(one.squeeze(1), 8, dims(2, 4), 12, 1);
    assertView(one.squeeze(0), 8, dims(2, 1, 4), 12, 4, 1);
    assertEquals(Shape.of(2, 3, 4, 1), x.unsqueeze(-1).shape());
    assertEquals(Shape.of(1, 2, 3, 4), x.unsqueeze(0).shape());
    Tensor turned = x.permute(2, 0, 1).unsqueeze(1);
    assertEquals(Shape.of(4, 1, 2, 3), turned.shape());
    assertEquals(x.segment().address(), turned.segment().address());
    assertEquals(x.get(1, 2, 3), turned.get(3, 0, 1, 2));
    assertThrows(IllegalArgumentException.class, () -> x.unsqueeze(4));
    assertThrows(IllegalArgumentException.class, () -> x.squeeze(3));
  }

  @Test
  void flatten() {
    assertView(x.flatten(), 0, dims(24), 1);
    assertView(x.flatten(1, 2), 0, dims(2, 12), 12, 1);
    assertView(x.permute(1, 2, 0).flatten(0, 1), 0, dims(12, 2), 1, 12);
    assertEquals(Shape.of(1), Tensor.scalar(1f).flatten().shape());
    assertThrows(IllegalArgumentException.class, () -> x.flatten(2, 1));
  }

  @Test
  void aViewThatTheStridesForbidFails() {
    Tensor turned = x.transpose(0, 2);
    var e = assertThrows(IllegalArgumentException.class, () -> turned.view(24));
    assertTrue(e.getMessage().startsWith("view: shape [24] of an input f32[4, 3, 2]"));
    assertThrows(IllegalArgumentException.class, () -> x.slice(2, 0, 3).view(18));
  }

  @Test
  void reshapeCopiesWhereNoViewIs() {
    Plain.run(
        () -> {
          Tensor copy = x.transpose(1, 2).reshape(2, 12);
          assertTrue(copy.isContiguous());
          assertFalse(copy.overlaps(x));
          assertArrayEquals(
              new float[] {0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11}, copy.select(0, 0).toFloatArray());
        });
  }

  @Test
  void badShapesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> x.reshape(5, -1));
    assertThrows(IllegalArgumentException.class, () -> x.reshape(-1, -1));
    assertThrows(IllegalArgumentException.class, () -> x.reshape(25));
    assertThrows(IllegalArgumentException.class, () -> x.reshape(0, -1));
  }

  @Test
  void anEngineIsAskedForNothing() {
    Plain backend = new Plain();
    try (Engine engine = Engine.of(backend)) {
      Tensor view = engine.with(() -> x.permute(2, 0, 1).slice(0, 1, 3).unsqueeze(0).squeeze());
      assertEquals(1, view.get(0, 0, 0));
    }
    assertTrue(backend.planned.isEmpty(), backend.planned::toString);
  }

  @Test
  void aViewKeepsTheMemoryOfItsClosedBase() {
    Tensor base = Tensor.of(new float[] {1, 2, 3});
    Tensor view = base.slice(0, 1, 3);
    base.close();
    assertArrayEquals(new float[] {2, 3}, view.toFloatArray());
    assertThrows(IllegalStateException.class, base::toFloatArray);
  }

  @Test
  void writingThroughAViewIsSeenInTheBase() {
    x.select(0, 1).set(-1, 2, 3);
    assertEquals(-1, x.get(1, 2, 3));
  }

  @Test
  void diagonal() {
    assertView(x.diagonal(), 0, dims(4, 2), 1, 16);
    assertView(x.diagonal(1, 1, 2), 1, dims(2, 3), 12, 5);
    assertView(x.diagonal(-1, 1, -1), 4, dims(2, 2), 12, 5);
    assertView(x.diagonal(7, 1, 2), 0, dims(2, 0), 12, 5);
    assertThrows(IllegalArgumentException.class, () -> x.diagonal(0, 1, -2));
    assertThrows(IllegalArgumentException.class, () -> x.select(0, 0).diagonal(0, 0, 2));
    assertThrows(IllegalArgumentException.class, () -> x.flatten().diagonal());
  }

  @Test
  void unfold() {
    assertView(x.unfold(2, 2, 1), 0, dims(2, 3, 3, 2), 12, 4, 1, 1);
    assertView(x.unfold(1, 2, 3), 0, dims(2, 1, 4, 2), 12, 4, 1, 4);
    assertView(x.unfold(-1, 0, 2), 0, dims(2, 3, 3, 0), 12, 4, 2, 1);
    assertThrows(IllegalArgumentException.class, () -> x.unfold(1, 4, 1));
    assertThrows(IllegalArgumentException.class, () -> x.unfold(1, 2, 0));
    assertThrows(IllegalArgumentException.class, () -> x.unfold(1, -1, 1));
    Tensor windows = x.unfold(2, 3, 1);
    assertThrows(IllegalArgumentException.class, () -> windows.fill(1), "windows share elements");
  }

  @Test
  void otherOrders() {
    assertView(x.movedim(0, 2), 0, dims(3, 4, 2), 4, 1, 12);
    assertView(x.movedim(new int[] {-1, 0}, new int[] {0, -1}), 0, dims(4, 3, 2), 1, 4, 12);
    assertView(x.movedim(new int[] {}, new int[] {}), 0, dims(2, 3, 4), 12, 4, 1);
    assertView(x.swapaxes(1, 2), 0, dims(2, 4, 3), 12, 1, 4);
    assertView(x.mT(), 0, dims(2, 4, 3), 12, 1, 4);
    assertView(x.select(0, 1).t(), 12, dims(4, 3), 1, 4);
    assertView(x.flatten().t(), 0, dims(24), 1);
    assertThrows(IllegalArgumentException.class, x::t);
    assertThrows(IllegalArgumentException.class, () -> x.flatten().mT());
    for (int[][] wrong :
        new int[][][] {{{0, 0}, {1, 2}}, {{0, 1}, {2, 2}}, {{0}, {1, 2}}, {{3}, {0}}}) {
      var e = assertThrows(IllegalArgumentException.class, () -> x.movedim(wrong[0], wrong[1]));
      assertTrue(e.getMessage().startsWith("movedim: "), e.getMessage());
    }
  }

  @Test
  void otherShapes() {
    assertView(x.unflatten(2, 2, -1), 0, dims(2, 3, 2, 2), 12, 4, 2, 1);
    assertView(x.permute(2, 1, 0).unflatten(0, -1, 2), 0, dims(2, 2, 3, 2), 2, 1, 4, 12);
    assertView(x.slice(1, 0, 0).unflatten(-1, -1, 2), 0, dims(2, 0, 2, 2), 4, 4, 2, 1);
    assertView(x.viewAs(Tensor.zeros(DType.F32, 8, 3)), 0, dims(8, 3), 3, 1);
    assertView(x.expandAs(Tensor.zeros(DType.F32, 2, 2, 3, 4)), 0, dims(2, 2, 3, 4), 0, 12, 4, 1);
    assertView(x.view(1, 2, 1, 12).squeeze(0, -2), 0, dims(2, 12), 12, 1);
    assertView(x.view(1, 2, 1, 12).squeeze(0, 1), 0, dims(2, 1, 12), 12, 12, 1);
    for (long[] wrong : new long[][] {{}, {3}, {-1, 3}, {-1, -1}, {-2, 2}, {0, -1}}) {
      var e = assertThrows(IllegalArgumentException.class, () -> x.unflatten(2, wrong));
      assertTrue(e.getMessage().startsWith("unflatten: sizes"), e.getMessage());
    }
    assertThrows(IllegalArgumentException.class, () -> x.squeeze(1, 1));
  }

  @Test
  void narrow() {
    assertView(x.narrow(1, 1, 2), 4, dims(2, 2, 4), 12, 4, 1);
    assertView(x.narrow(2, -2, 2), 2, dims(2, 3, 2), 12, 4, 1);
    assertView(x.narrow(0, 2, 0), 0, dims(0, 3, 4), 12, 4, 1);
    assertView(x.narrow(0, Tensor.of(new int[] {1}, new long[0]), 1), 12, dims(1, 3, 4), 12, 4, 1);
    for (long[] wrong : new long[][] {{3, 1}, {-3, 1}, {0, 3}, {1, -1}, {1, Long.MAX_VALUE}}) {
      var e = assertThrows(IllegalArgumentException.class, () -> x.narrow(0, wrong[0], wrong[1]));
      assertTrue(e.getMessage().startsWith("narrow: start " + wrong[0]), e.getMessage());
    }
    Tensor fraction = Tensor.scalar(1f);
    assertThrows(IllegalArgumentException.class, () -> x.narrow(0, fraction, 1));
  }

  private static List<Long> sizes(List<Tensor> parts, int axis) {
    return parts.stream().map(part -> part.dim(axis)).toList();
  }

  @Test
  void chunksAreFewerWhereFewerAreEnough() {
    Tensor row = x.flatten().slice(0, 0, 10);
    assertEquals(List.of(4L, 4L, 2L), sizes(row.chunk(3, 0), 0));
    assertEquals(List.of(2L, 2L, 2L, 2L, 2L), sizes(row.chunk(6, 0), 0));
    assertEquals(List.of(0L, 0L, 0L), sizes(row.slice(0, 0, 0).chunk(3, 0), 0));
    assertView(x.chunk(2, -1).get(1), 2, dims(2, 3, 2), 12, 4, 1);
    assertThrows(IllegalArgumentException.class, () -> x.chunk(0, 0));
  }

  @Test
  void otherSplits() {
    Tensor row = x.flatten().slice(0, 0, 10);
    assertEquals(List.of(4L, 3L, 3L), sizes(row.tensorSplit(3, 0), 0));
    assertEquals(List.of(1L, 1L, 0L), sizes(row.slice(0, 0, 2).tensorSplit(3, 0), 0));
    assertEquals(List.of(2L, 5L, 3L), sizes(row.tensorSplit(new long[] {2, -3}, 0), 0));
    assertEquals(List.of(7L, 0L, 8L), sizes(row.tensorSplit(new long[] {7, 2}, 0), 0));
    assertEquals(List.of(2L, 8L), sizes(row.tensorSplit(Tensor.of(new long[] {2}), 0), 0));
    assertEquals(List.of(5L, 5L), sizes(row.hsplit(2), 0));
    assertView(x.hsplit(3).get(2), 8, dims(2, 1, 4), 12, 4, 1);
    assertView(x.vsplit(new long[] {1}).get(1), 12, dims(1, 3, 4), 12, 4, 1);
    assertView(x.dsplit(2).get(1), 2, dims(2, 3, 2), 12, 4, 1);
    assertView(x.unbind(1).get(2), 8, dims(2, 4), 12, 1);
    assertThrows(IllegalArgumentException.class, () -> row.hsplit(3));
    assertThrows(IllegalArgumentException.class, () -> row.vsplit(2));
    assertThrows(IllegalArgumentException.class, () -> row.tensorSplit(0, 0));
    assertThrows(IllegalArgumentException.class, () -> Tensor.scalar(1f).unbind(0));
  }
}
