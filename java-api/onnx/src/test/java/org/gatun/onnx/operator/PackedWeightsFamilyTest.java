package org.gatun.onnx.operator;

import static org.gatun.onnx.model.ElementType.FLOAT;
import static org.gatun.onnx.model.ElementType.INT32;
import static org.gatun.onnx.model.ElementType.INT64;
import static org.gatun.onnx.model.ElementType.UINT4;
import static org.gatun.onnx.model.ElementType.UINT8;

import org.gatun.onnx.NodeCheck;
import org.junit.jupiter.api.Test;

/** Weights of few bits, several in a byte, checked by hand. */
class PackedWeightsFamilyTest {
  private static double[] of(double... numbers) {
    return numbers;
  }

  /** Two rows of three weights in blocks of two: 9, 7, 8, - and 0, 15, 10, -. */
  private static NodeCheck product() {
    return NodeCheck.of("com.microsoft", "MatMulNBits")
        .with("K", 3)
        .with("N", 2)
        .with("bits", 4)
        .with("block_size", 2)
        .in(FLOAT, of(1, 10, 100), 1, 3)
        .in(UINT8, of(0x79, 0xF8, 0xF0, 0x0A), 2, 2, 1)
        .in(FLOAT, of(1, 2, 0.5, 1), 4);
  }

  @Test
  void weightsOfFourBits() {
    // 9 - 8, 7 - 8, (8 - 8) * 2; (0 - 8) / 2, (15 - 8) / 2, 10 - 8.
    product().gives(FLOAT, of(1 - 10, -4 + 35 + 200), 1, 2);
  }

  @Test
  void zeroPointsArePackedOrNumbers() {
    // Of the first row 9 and 8, of the second 0 and 10.
    product().in(UINT8, of(0x89, 0xA0), 2).gives(FLOAT, of(-20, 0 + 75 + 0), 1, 2);
    product().in(FLOAT, of(8.5, 8, 0, 9), 4).gives(FLOAT, of(0.5 - 15, 75 + 100), 1, 2);
  }

  @Test
  void groupsTellEachElementsScale() {
    product().none().in(INT32, of(1, 0, 0), 3).gives(FLOAT, of(2 - 10, -8 + 35 + 100), 1, 2);
  }

  @Test
  void biasIsAdded() {
    product().none().none().in(FLOAT, of(1000, 2000), 2).gives(FLOAT, of(991, 2231), 1, 2);
  }

  @Test
  void weightsOfEightAndTwoBits() {
    NodeCheck.of("com.microsoft", "MatMulNBits")
        .with("K", 2)
        .with("N", 1)
        .with("bits", 8)
        .with("block_size", 16)
        .in(FLOAT, of(1, 10), 1, 2)
        .in(UINT8, of(129, 127, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1), 1, 1, 16)
        .in(FLOAT, of(2), 1)
        .gives(FLOAT, of(2 - 20), 1, 1);
    NodeCheck.of("com.microsoft", "MatMulNBits")
        .with("K", 4)
        .with("N", 1)
        .with("bits", 2)
        .with("block_size", 4)
        .in(FLOAT, of(1, 10, 100, 1000), 1, 4)
        .in(UINT8, of(0b11_10_01_00), 1, 1, 1)
        .in(FLOAT, of(1), 1)
        .gives(FLOAT, of(-2 - 10 + 0 + 1000), 1, 1);
  }

  @Test
  void refusesWhatItDoesNotTake() {
    NodeCheck.of("com.microsoft", "MatMulNBits")
        .with("K", 4)
        .with("N", 1)
        .with("bits", 3)
        .with("block_size", 4)
        .in(FLOAT, of(1, 1, 1, 1), 1, 4)
        .in(UINT8, of(0, 0), 1, 1, 2)
        .in(FLOAT, of(1), 1)
        .refuses("attribute bits is 3, expected 2, 4 or 8");
    NodeCheck.of("com.microsoft", "MatMulNBits")
        .with("K", 4)
        .with("N", 1)
        .with("block_size", 4)
        .in(FLOAT, of(1, 1, 1, 1), 1, 4)
        .in(UINT8, of(0, 0, 0), 1, 1, 3)
        .in(FLOAT, of(1), 1)
        .refuses("expected u8[1, 1, 2]");
  }

  @Test
  void gathersRowsOfATable() {
    NodeCheck.of("com.microsoft", "GatherBlockQuantized")
        .with("block_size", 2)
        .in(UINT4, of(1, 2, 3, 4, 5, 6, 7, 8), 2, 4)
        .in(INT64, of(1, 0), 2)
        .in(FLOAT, of(1, 10, 100, 1000), 2, 2)
        .gives(FLOAT, of(500, 600, 7000, 8000, 1, 2, 30, 40), 2, 4);
    NodeCheck.of("com.microsoft", "GatherBlockQuantized")
        .with("block_size", 2)
        .in(UINT8, of(0x21, 0x43, 0x65, 0x87), 2, 2)
        .in(INT64, of(1), 1)
        .in(FLOAT, of(1, 10, 100, 1000), 2, 2)
        .gives(FLOAT, of(-300, -200, -1000, 0), 1, 4);
  }
}
