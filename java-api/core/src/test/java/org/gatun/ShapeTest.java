package org.gatun;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.gatun.op.Doubles;
import org.gatun.op.Ints;
import org.gatun.op.Longs;
import org.junit.jupiter.api.Test;

class ShapeTest {
  @Test
  void scalarHasOneElement() {
    assertEquals(1, Shape.of().size());
    assertEquals(0, Shape.scalar().rank());
    assertEquals(Shape.scalar(), Shape.of());
    assertEquals("[]", Shape.scalar().toString());
    assertFalse(Shape.scalar().isEmpty());
  }

  @Test
  void aZeroMakesItEmpty() {
    assertEquals(0, Shape.of(2, 0, 3).size());
    assertTrue(Shape.of(2, 0, 3).isEmpty());
    assertNotEquals(Shape.of(0, 2), Shape.of(2, 0));
  }

  @Test
  void negativeDimensionsAreRefused() {
    var e = assertThrows(IllegalArgumentException.class, () -> Shape.of(2, -1));
    assertEquals("shape: dimension -1 in [2, -1], expected 0 or more", e.getMessage());
  }

  @Test
  void sizesUpToTheLimitOfALong() {
    assertEquals(Long.MAX_VALUE, Shape.of(Long.MAX_VALUE).size());
    assertEquals(1L << 62, Shape.of(1L << 31, 1L << 31).size());
    var e = assertThrows(IllegalArgumentException.class, () -> Shape.of(1L << 31, 1L << 32));
    assertEquals("shape: [2147483648, 4294967296] has more than 2^63 - 1 elements", e.getMessage());
    // A zero does not excuse strides that no long holds.
    assertThrows(IllegalArgumentException.class, () -> Shape.of(1L << 31, 0, 1L << 32));
    // Products that come round to a small positive number are found as well.
    assertThrows(IllegalArgumentException.class, () -> Shape.of(3, 0x5555555555555556L));
  }

  @Test
  void isImmutable() {
    long[] dims = {2, 3};
    Shape shape = Shape.of(dims);
    dims[0] = 7;
    shape.dims()[1] = 7;
    assertEquals(Shape.of(2, 3), shape);
  }

  @Test
  void axesCountFromEitherEnd() {
    Shape shape = Shape.of(2, 3, 5);
    assertEquals(5, shape.dim(2));
    assertEquals(5, shape.dim(-1));
    assertEquals(2, shape.dim(-3));
    for (int axis : new int[] {3, -4, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      var e = assertThrows(IndexOutOfBoundsException.class, () -> shape.dim(axis));
      assertEquals("shape: axis " + axis + " out of range for shape [2, 3, 5]", e.getMessage());
      assertThrows(IndexOutOfBoundsException.class, () -> shape.with(axis, 1));
    }
    assertEquals(Shape.of(2, 3, 7), shape.with(-1, 7));
    assertThrows(IllegalArgumentException.class, () -> shape.with(0, -7));
  }

  @Test
  void rangesStayInside() {
    Shape shape = Shape.of(2, 3, 5);
    assertArrayEquals(new long[] {3, 5}, shape.range(1, 3).dims());
    assertEquals(Shape.scalar(), shape.range(3, 3));
    assertThrows(IndexOutOfBoundsException.class, () -> shape.range(1, 4));
    assertThrows(IndexOutOfBoundsException.class, () -> shape.range(2, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> shape.range(-1, 1));
  }

  @Test
  void concatenationMayOverflow() {
    assertEquals(Shape.of(2, 3), Shape.of(2).concat(Shape.of(3)));
    Shape large = Shape.of(1L << 40);
    assertThrows(IllegalArgumentException.class, () -> large.concat(large));
  }

  @Test
  void textOfVeryManyNumbersIsShort() {
    long[] many = new long[1 << 20];
    for (Object numbers :
        List.of(
            Shape.of(many),
            Longs.of(many),
            Ints.of(new int[1 << 20]),
            Doubles.of(new double[1 << 20]))) {
      String text = numbers.toString();
      assertTrue(text.length() < 1000 && text.endsWith(", ... 1048576 in all]"), text);
    }
    assertEquals("[1, 2]", Longs.of(1, 2).toString());
  }
}
