package org.gatun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is printed, against what NumPy prints for the same elements. */
class TensorFormatTest {
  private final Scope scope = Scope.open();

  @AfterEach
  void close() {
    scope.close();
  }

  private static void assertPrinted(String expected, Tensor tensor) {
    assertEquals(expected.stripTrailing(), tensor.toString());
  }

  @Test
  void floatsShareTheirDecimals() {
    assertPrinted(
        """
        tensor([[ 1.   ,  2.5  ],
                [-3.125, 10.   ]], f32[2, 2])
        """,
        Tensor.of(new float[] {1, 2.5f, -3.125f, 10}, 2, 2));
    assertPrinted("tensor([0.1, 0.2, 0.3], f32[3])", Tensor.of(new float[] {0.1f, 0.2f, 0.3f}));
    assertPrinted("tensor([1., 2.], f64[2])", Tensor.of(new double[] {1, 2}));
  }

  @Test
  void decimalsRoundHalfToEven() {
    assertPrinted("tensor([0.3333, 0.6667], f64[2])", Tensor.of(new double[] {1.0 / 3, 2.0 / 3}));
    assertPrinted("tensor([0.1234, 0.1236], f64[2])", Tensor.of(new double[] {0.12345, 0.12355}));
  }

  @Test
  void scientificForLargeSmallAndDistantNumbers() {
    assertPrinted("tensor([1.0e+10, 1.5e+00], f64[2])", Tensor.of(new double[] {1e10, 1.5}));
    assertPrinted(
        "tensor([ 1.0000e-05, -1.2346e+00], f64[2])", Tensor.of(new double[] {1e-5, -1.23456}));
    assertPrinted("tensor([1.e+08], f32[1])", Tensor.of(new float[] {1e8f}));
    assertPrinted(
        "tensor([0.e+00, 1.e-02, 1.e+02], f32[3])", Tensor.of(new float[] {0, 0.01f, 100}));
    assertPrinted(
        "tensor([2.2251e-308, 1.7977e+308], f64[2])",
        Tensor.of(new double[] {Double.MIN_NORMAL, Double.MAX_VALUE}));
    // The mantissa may round up to the next power of ten.
    assertPrinted("tensor([1.e+10], f64[1])", Tensor.of(new double[] {9.99999e9}));
  }

  @Test
  void fixedUpToTheLimits() {
    assertPrinted(
        "tensor([99999999., 99999998.], f64[2])", Tensor.of(new double[] {99999999, 99999998}));
    assertPrinted("tensor([0.0001, 0.1   ], f64[2])", Tensor.of(new double[] {1e-4, 0.1}));
  }

  @Test
  void notFinite() {
    assertPrinted(
        "tensor([ nan,  inf, -inf,  1.5], f32[4])",
        Tensor.of(new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1.5f}));
    assertPrinted("tensor([nan, nan], f32[2])", Tensor.of(new float[] {Float.NaN, Float.NaN}));
  }

  @Test
  void negativeZeroShowsItsSign() {
    assertPrinted("tensor([-0.,  0.], f32[2])", Tensor.of(new float[] {-0f, 0f}));
  }

  @Test
  void integersAndBooleans() {
    assertPrinted(
        """
        tensor([[  1, -20],
                [300,   4]], i32[2, 2])
        """,
        Tensor.of(new int[] {1, -20, 300, 4}, 2, 2));
    assertPrinted(
        "tensor([9223372036854775807,                   1], i64[2])",
        Tensor.of(new long[] {Long.MAX_VALUE, 1}));
    assertPrinted("tensor([ true, false], bool[2])", Tensor.of(new boolean[] {true, false}));
    assertPrinted("tensor([-1], i8[1])", Tensor.of(new byte[] {-1}));
    assertPrinted("tensor([255], u8[1])", Tensor.full(DType.U8, 255, 1));
  }

  @Test
  void halves() {
    assertPrinted("tensor([0.1, 0.1], f16[2])", Tensor.full(DType.F16, 0.1, 2));
    // The digits that tell them from their neighbours, not those of the same number in 32 bits.
    assertPrinted("tensor([3.14], bf16[1])", Tensor.full(DType.BF16, Math.PI, 1));
    assertPrinted("tensor([3.14], f16[1])", Tensor.full(DType.F16, Math.PI, 1));
    assertPrinted("tensor([60000.], f16[1])", Tensor.full(DType.F16, 60000, 1));
  }

  @Test
  void scalarsAndEmptyOnes() {
    assertPrinted("tensor(2.5, f32[])", Tensor.scalar(2.5f));
    assertPrinted("tensor(-7, i64[])", Tensor.full(DType.I64, -7));
    assertPrinted("tensor([], f32[0, 3])", Tensor.zeros(DType.F32, 0, 3));
    assertPrinted("tensor([], i8[2, 0])", Tensor.zeros(DType.I8, 2, 0));
  }

  @Test
  void matricesOfMatricesStandApart() {
    assertPrinted(
        """
        tensor([[[0, 1],
                 [2, 3]],

                [[4, 5],
                 [6, 7]]], i64[2, 2, 2])
        """,
        Tensor.arange(8).view(2, 2, 2));
  }

  @Test
  void viewsPrintTheirElements() {
    assertPrinted(
        """
        tensor([[0, 3],
                [1, 4],
                [2, 5]], i64[3, 2])
        """,
        Tensor.arange(6).view(2, 3).transpose(0, 1));
    assertPrinted("tensor([7, 7, 7], i32[3])", Tensor.full(DType.I32, 7).expand(3));
  }

  @Test
  void longRowsWrap() {
    String printed = Tensor.arange(DType.I64, 1000, 1030, 1).toString();
    assertEquals(
        """
        tensor([1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010, 1011,
                1012, 1013, 1014, 1015, 1016, 1017, 1018, 1019, 1020, 1021, 1022, 1023,
                1024, 1025, 1026, 1027, 1028, 1029], i64[30])\
        """,
        printed);
    assertTrue(printed.lines().allMatch(line -> line.length() <= 80), printed);
  }

  @Test
  void manyElementsAreSummarized() {
    assertPrinted(
        "tensor([   0,    1,    2, ...,  998,  999, 1000], i64[1001])", Tensor.arange(1001));
    assertPrinted(
        """
        tensor([[   0,    1,    2, ...,   97,   98,   99],
                [ 100,  101,  102, ...,  197,  198,  199],
                [ 200,  201,  202, ...,  297,  298,  299],
                ...,
                [ 800,  801,  802, ...,  897,  898,  899],
                [ 900,  901,  902, ...,  997,  998,  999],
                [1000, 1001, 1002, ..., 1097, 1098, 1099]], i64[11, 100])
        """,
        Tensor.arange(1100).view(11, 100));
    // Six or fewer are printed all the same.
    assertPrinted(
        """
        tensor([[   0,    1,    2, ...,  597,  598,  599],
                [ 600,  601,  602, ..., 1197, 1198, 1199]], i64[2, 600])
        """,
        Tensor.arange(1200).view(2, 600));
  }

  @Test
  void thousandElementsAreNot() {
    assertTrue(Tensor.arange(1000).toString().contains(" 500,"));
  }

  @Test
  void hugeTensorsPrintAtOnce() {
    Tensor huge = Tensor.scalar(1f).expand(1L << 40, 1L << 20);
    assertTrue(huge.toString().endsWith("f32[1099511627776, 1048576])"), huge::toString);
  }

  @Test
  void closedOnesSaySo() {
    Tensor tensor = Tensor.of(new float[] {1, 2});
    tensor.close();
    assertEquals("tensor(closed, f32[2])", tensor.toString());
  }
}
