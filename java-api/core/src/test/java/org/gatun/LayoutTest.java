package org.gatun;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LayoutTest {
  private static Layout f32(Shape shape, long... strides) {
    return Layout.of(DType.F32, shape, strides);
  }

  @Test
  void rowMajorStrides() {
    Layout layout = Layout.of(DType.F64, Shape.of(2, 3, 5));
    assertArrayEquals(new long[] {15, 5, 1}, layout.strides());
    assertEquals(30, layout.span());
    assertEquals(240, layout.byteSpan());
    assertTrue(layout.isContiguous() && layout.isDense());
    assertFalse(layout.isChannelsLast() || layout.overlaps());
  }

  @Test
  void scalarsAndEmptyOnes() {
    Layout scalar = Layout.of(DType.I8, Shape.scalar());
    assertTrue(scalar.isContiguous() && scalar.isDense());
    assertEquals(1, scalar.span());
    Layout empty = f32(Shape.of(2, 0, 3), 100, 7, 50);
    assertEquals(0, empty.span());
    assertEquals(0, empty.byteSpan());
    assertTrue(empty.isContiguous() && empty.isDense());
    assertFalse(empty.overlaps());
  }

  @Test
  void stridesOfSingleIndicesSayNothing() {
    Layout odd = f32(Shape.of(1, 3, 1, 2), 99, 2, 0, 1);
    assertTrue(odd.isContiguous());
    assertFalse(odd.overlaps());
    assertEquals(6, odd.span());
    assertTrue(odd.sameArrangement(Layout.of(DType.F32, Shape.of(1, 3, 1, 2))));
    assertNotEquals(odd, Layout.of(DType.F32, Shape.of(1, 3, 1, 2)));
    assertFalse(f32(Shape.of(2, 3), 4, 1).isContiguous());
  }

  @Test
  void resultsOfPartsOfChannelsLastAreChannelsLast() {
    Shape part = Shape.of(2, 3, 4, 5);
    Layout channels = Layout.of(DType.F32, part, 4 * 5 * 8, 1, 5 * 8, 8);
    Layout pixels = Layout.of(DType.F32, part, 600, 1, 60, 6);
    Layout rows = Layout.of(DType.F32, part, 3 * 4 * 8, 4 * 8, 8, 1);
    Layout exchanged = Layout.of(DType.F32, part, 4 * 5 * 8, 1, 8, 4 * 8);
    Layout oneChannel = Layout.of(DType.F32, Shape.of(2, 1, 4, 5), 160, 1, 40, 8);
    for (Layout layout : List.of(channels, pixels)) {
      assertTrue(Layout.like(layout, DType.F32, part).isChannelsLast());
    }
    for (Layout layout : List.of(rows, exchanged, oneChannel)) {
      assertTrue(Layout.like(layout, DType.F32, part).isContiguous());
    }
  }

  @Test
  void channelsLast() {
    Layout layout = Layout.channelsLast(DType.F32, Shape.of(2, 3, 4, 5));
    assertArrayEquals(new long[] {60, 1, 15, 3}, layout.strides());
    assertTrue(layout.isChannelsLast() && layout.isDense());
    assertFalse(layout.isContiguous() || layout.overlaps());
    // With one channel, or one position, the two orders are the same memory.
    assertTrue(Layout.of(DType.F32, Shape.of(2, 1, 4, 5)).isChannelsLast());
    assertTrue(Layout.of(DType.F32, Shape.of(2, 3, 1, 1)).isChannelsLast());
    assertTrue(Layout.channelsLast(DType.F32, Shape.of(2, 3, 1, 1)).isContiguous());
    assertFalse(Layout.of(DType.F32, Shape.of(4, 5)).isChannelsLast());
    assertThrows(
        IllegalArgumentException.class, () -> Layout.channelsLast(DType.F32, Shape.of(4, 5)));
  }

  @Test
  void likeKeepsChannelsLastAlone() {
    Layout nhwc = Layout.channelsLast(DType.F32, Shape.of(2, 3, 4, 5));
    assertTrue(Layout.like(nhwc, DType.F64, Shape.of(2, 8, 2, 2)).isChannelsLast());
    assertTrue(Layout.like(nhwc, DType.F32, Shape.of(2, 8, 2)).isContiguous());
    Layout either = Layout.of(DType.F32, Shape.of(2, 1, 4, 5));
    assertTrue(Layout.like(either, DType.F32, Shape.of(2, 8, 4, 5)).isContiguous());
  }

  @Test
  void densePermutationsHaveNoGaps() {
    assertTrue(f32(Shape.of(3, 2), 1, 3).isDense());
    assertTrue(f32(Shape.of(5, 2, 3), 1, 15, 5).isDense());
    assertFalse(f32(Shape.of(3, 2), 1, 4).isDense());
    assertFalse(f32(Shape.of(3, 2), 2, 6).isDense());
    assertFalse(f32(Shape.of(3, 2), 0, 1).isDense());
  }

  @Test
  void overlapsAsCountingFinds() {
    long[][] dims = {{3}, {2, 3}, {3, 2}, {2, 2, 3}, {1, 4}};
    for (long[] shape : dims) {
      for (long code = 0; code < Math.pow(8, shape.length); code++) {
        long[] strides = new long[shape.length];
        for (int i = 0; i < strides.length; i++) {
          strides[i] = (code >> (3 * i)) & 7;
        }
        Layout layout = f32(Shape.of(shape), strides);
        Set<Long> positions = new HashSet<>();
        boolean twice = false;
        long last = 0;
        for (long i = 0; i < layout.size(); i++) {
          long rest = i;
          long at = 0;
          for (int axis = shape.length - 1; axis >= 0; axis--) {
            at += rest % shape[axis] * strides[axis];
            rest /= shape[axis];
          }
          twice |= !positions.add(at);
          last = Math.max(last, at);
        }
        assertEquals(last + 1, layout.span(), layout::toString);
        assertEquals(!twice && last + 1 == layout.size(), layout.isDense(), layout::toString);
        if (twice) {
          assertTrue(layout.overlaps(), layout::toString);
        }
        if (layout.isDense()) {
          assertFalse(layout.overlaps(), layout::toString);
        }
      }
    }
  }

  @Test
  void slicesDoNotOverlap() {
    assertFalse(f32(Shape.of(3, 2), 8, 2).overlaps());
    assertTrue(f32(Shape.of(4, 3), 1, 1).overlaps());
    assertTrue(f32(Shape.of(4, 3), 0, 1).overlaps());
  }

  @Test
  void refusesWhatNoLongCounts() {
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> Layout.of(DType.F64, Shape.of(1L << 61)));
    assertEquals(
        "layout: f64[2305843009213693952] spans 2305843009213693952 elements, more than 2^63 - 1"
            + " bytes",
        e.getMessage());
    assertEquals(1L << 62, Layout.of(DType.F64, Shape.of(1L << 59)).byteSpan());
    assertEquals(1L << 61, Layout.of(DType.I8, Shape.of(1L << 61)).byteSpan());
    assertThrows(IllegalArgumentException.class, () -> f32(Shape.of(3, 3), Long.MAX_VALUE, 1));
    assertThrows(
        IllegalArgumentException.class, () -> f32(Shape.of(2, 2), Long.MAX_VALUE, Long.MAX_VALUE));
  }

  @Test
  void refusesBadStrides() {
    var few = assertThrows(IllegalArgumentException.class, () -> f32(Shape.of(2, 3), 1));
    assertEquals(
        "layout: strides [1] for shape [2, 3], expected one for each dimension", few.getMessage());
    var negative = assertThrows(IllegalArgumentException.class, () -> f32(Shape.of(2, 3), -3, 1));
    assertEquals("layout: stride -3 in [-3, 1], expected 0 or more", negative.getMessage());
  }

  @Test
  void strideOfAnAxis() {
    Layout layout = Layout.of(DType.F32, Shape.of(2, 3));
    assertEquals(3, layout.stride(0));
    assertEquals(1, layout.stride(-1));
    assertThrows(IndexOutOfBoundsException.class, () -> layout.stride(2));
    assertThrows(IndexOutOfBoundsException.class, () -> layout.stride(-3));
  }

  @Test
  void equalityIsOfTypeShapeAndStrides() {
    Layout layout = Layout.of(DType.F32, Shape.of(2, 3));
    assertEquals(layout, f32(Shape.of(2, 3), 3, 1));
    assertEquals(layout.hashCode(), f32(Shape.of(2, 3), 3, 1).hashCode());
    assertNotEquals(layout, f32(Shape.of(2, 3), 1, 2));
    assertNotEquals(layout, layout.withDType(DType.I32));
    assertEquals("f32[2, 3]", layout.toString());
    assertEquals("f32[2, 3] strides [1, 2]", f32(Shape.of(2, 3), 1, 2).toString());
  }
}
