package org.gatun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DTypeTest {
  /** PyTorch 2's table of torch.promote_types. */
  private static final String PROMOTION =
      """
           u8   i8   i16  i32  i64  f16  f32  f64  bool bf16
      u8   u8   i16  i16  i32  i64  f16  f32  f64  u8   bf16
      i8   i16  i8   i16  i32  i64  f16  f32  f64  i8   bf16
      i16  i16  i16  i16  i32  i64  f16  f32  f64  i16  bf16
      i32  i32  i32  i32  i32  i64  f16  f32  f64  i32  bf16
      i64  i64  i64  i64  i64  i64  f16  f32  f64  i64  bf16
      f16  f16  f16  f16  f16  f16  f16  f32  f64  f16  f32
      f32  f32  f32  f32  f32  f32  f32  f32  f64  f32  f32
      f64  f64  f64  f64  f64  f64  f64  f64  f64  f64  f64
      bool u8   i8   i16  i32  i64  f16  f32  f64  bool bf16
      bf16 bf16 bf16 bf16 bf16 bf16 f32  f32  f64  bf16 bf16
      """;

  private static DType named(String spelling) {
    for (DType dtype : DType.values()) {
      if (dtype.spelling().equals(spelling)) {
        return dtype;
      }
    }
    throw new AssertionError(spelling);
  }

  @Test
  void promotesAsPyTorch() {
    String[] lines = PROMOTION.split("\n");
    String[] columns = lines[0].strip().split(" +");
    int pairs = 0;
    for (int row = 1; row < lines.length; row++) {
      String[] cells = lines[row].split(" +");
      for (int column = 0; column < columns.length; column++, pairs++) {
        assertEquals(
            named(cells[column + 1]),
            DType.promote(named(cells[0]), named(columns[column])),
            cells[0] + " with " + columns[column]);
      }
    }
    assertEquals(DType.values().length * DType.values().length, pairs);
  }

  @Test
  void sizesAndKinds() {
    assertEquals(2, DType.BF16.byteSize());
    assertEquals(8, DType.I64.byteSize());
    assertTrue(DType.BF16.isFloating() && DType.U8.isInteger());
    assertFalse(DType.BOOL.isInteger() || DType.BOOL.isFloating() || DType.I8.isFloating());
  }
}
