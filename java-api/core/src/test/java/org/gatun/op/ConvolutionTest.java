package org.gatun.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What convolutions take and what they refuse. */
class ConvolutionTest {
  private static final Ints ONE = Ints.of(1, 1);
  private static final Ints ZERO = Ints.of(0, 0);
  private static final Conv PLAIN = new Conv(ONE, ZERO, ZERO, ONE, 1, false);
  private static final ConvTranspose TRANSPOSED =
      new ConvTranspose(ONE, ZERO, ZERO, ZERO, ONE, 1, false);

  private static List<Layout> inputs(long[]... shapes) {
    return Arrays.stream(shapes).map(s -> Layout.of(DType.F32, Shape.of(s))).toList();
  }

  private static long[] of(long... dims) {
    return dims;
  }

  private static void refuses(String message, Executable action) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, action).getMessage());
  }

  private static void refuses(String message, Convolution op, long[]... shapes) {
    refuses(message, () -> op.infer(inputs(shapes)));
  }

  private static Shape shape(Convolution op, long[]... shapes) {
    return op.infer(inputs(shapes)).getFirst().shape();
  }

  @Test
  void refusesNumbersOutOfRange() {
    refuses(
        "conv2d: stride 0 in [0, 1], expected 1 or more",
        () -> new Conv(Ints.of(0, 1), ZERO, ZERO, ONE, 1, false));
    refuses(
        "conv2d: padding -1 in [0, -1], expected 0 or more",
        () -> new Conv(ONE, Ints.of(0, -1), ZERO, ONE, 1, false));
    refuses(
        "conv2d: padding -2 in [-2, 0], expected 0 or more",
        () -> new Conv(ONE, ZERO, Ints.of(-2, 0), ONE, 1, false));
    refuses(
        "conv2d: dilation 0 in [1, 0], expected 1 or more",
        () -> new Conv(ONE, ZERO, ZERO, Ints.of(1, 0), 1, false));
    refuses("conv2d: groups 0, expected 1 or more", () -> new Conv(ONE, ZERO, ZERO, ONE, 0, false));
    refuses(
        "conv2d: padding [0], expected 2 numbers",
        () -> new Conv(ONE, Ints.of(0), ZERO, ONE, 1, false));
    refuses(
        "conv4d: stride [1, 1, 1, 1], expected 1 to 3 numbers",
        () -> new Conv(Ints.repeat(1, 4), ZERO, ZERO, ONE, 1, false));
    refuses(
        "conv_transpose2d: output padding -1 in [-1, 0], expected 0 or more",
        () -> new ConvTranspose(ONE, ZERO, ZERO, Ints.of(-1, 0), ONE, 1, false));
    refuses(
        "conv_transpose2d: output padding 3 in [1, 3], expected less than 3, the larger of stride"
            + " and dilation",
        () -> new ConvTranspose(Ints.of(2, 2), ZERO, ZERO, Ints.of(1, 3), Ints.of(1, 3), 1, false));
  }

  @Test
  void namesTheRank() {
    assertEquals(
        "conv1d", new Conv(Ints.of(1), Ints.of(0), Ints.of(0), Ints.of(1), 1, true).name());
    Ints ones = Ints.repeat(1, 3);
    Ints zeros = Ints.repeat(0, 3);
    assertEquals(
        "conv_transpose3d", new ConvTranspose(ones, zeros, zeros, zeros, ones, 1, true).name());
  }

  @Test
  void refusesInputsThatDoNotFit() {
    refuses("conv2d: 1 inputs, expected 2", PLAIN, of(1, 3, 8, 8));
    refuses(
        "conv2d: input has shape [8, 8], expected 4 dimensions, or 3 without a batch",
        PLAIN,
        of(8, 8),
        of(4, 3, 3, 3));
    refuses(
        "conv2d: weights have shape [4, 3, 3], expected (out, in/groups) and 2 spatial dimensions",
        PLAIN,
        of(1, 3, 8, 8),
        of(4, 3, 3));
    refuses(
        "conv2d: input of shape [1, 5, 8, 8] has 5 channels, expected 3 for weights of shape"
            + " [4, 3, 3, 3] and groups 1",
        PLAIN,
        of(1, 5, 8, 8),
        of(4, 3, 3, 3));
    refuses(
        "conv2d: groups 3 for weights of shape [4, 1, 3, 3], expected a divisor of 4",
        new Conv(ONE, ZERO, ZERO, ONE, 3, false),
        of(1, 3, 8, 8),
        of(4, 1, 3, 3));
    refuses(
        "conv2d: weights have shape [4, 3, 0, 3], expected a kernel of 1 or more",
        PLAIN,
        of(1, 3, 8, 8),
        of(4, 3, 0, 3));
    refuses(
        "conv2d: bias has shape [3], expected [4]",
        new Conv(ONE, ZERO, ZERO, ONE, 1, true),
        of(1, 3, 8, 8),
        of(4, 3, 3, 3),
        of(3));
    refuses(
        "conv_transpose2d: bias has shape [3], expected [8]",
        new ConvTranspose(ONE, ZERO, ZERO, ZERO, ONE, 2, true),
        of(1, 2, 8, 8),
        of(2, 4, 3, 3),
        of(3));
    refuses(
        "conv_transpose2d: input of shape [1, 5, 8, 8] has 5 channels, expected 4 for weights of"
            + " shape [4, 3, 3, 3] and groups 1",
        TRANSPOSED,
        of(1, 5, 8, 8),
        of(4, 3, 3, 3));
  }

  @Test
  void refusesDTypesThatDiffer() {
    Layout x = Layout.of(DType.F32, Shape.of(1, 3, 8, 8));
    Layout weights = Layout.of(DType.F64, Shape.of(4, 3, 3, 3));
    refuses("conv2d: input 1 has dtype f64, expected f32", () -> PLAIN.infer(List.of(x, weights)));
    Layout whole = x.withDType(DType.I32);
    refuses(
        "conv2d: input has dtype i32, expected a floating-point one",
        () -> PLAIN.infer(List.of(whole, whole)));
  }

  @Test
  void refusesKernelsThatReachTooFar() {
    refuses(
        "conv2d: kernel 3 with dilation 4 reaches over 9 elements, expected at most the 8 of the"
            + " padded input of shape [1, 3, 8, 8]",
        new Conv(ONE, ZERO, ZERO, Ints.of(4, 1), 1, false),
        of(1, 3, 8, 8),
        of(4, 3, 3, 3));
    refuses(
        "conv_transpose2d: padding 2 and 1 for input of shape [1, 3, 1, 8] cuts 3 elements off 3,"
            + " expected less",
        new ConvTranspose(ONE, Ints.of(2, 0), Ints.of(1, 0), ZERO, ONE, 1, false),
        of(1, 3, 1, 8),
        of(3, 4, 3, 3));
  }

  @Test
  void refusesSizesThatOverflow() {
    int most = Integer.MAX_VALUE;
    Ints padding = Ints.of(most, most);
    IllegalArgumentException tooLarge =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new Conv(ONE, padding, padding, ONE, 1, false)
                    .infer(inputs(of(4, 1, 1, 1), of(2, 1, 1, 1))));
    assertTrue(
        tooLarge.getMessage().startsWith("conv2d: input of shape [4, 1, 1, 1], its result is"),
        tooLarge.getMessage());
    Ints stride = Ints.of(most, most);
    IllegalArgumentException overflow =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new ConvTranspose(stride, ZERO, ZERO, ZERO, ONE, 1, false)
                    .infer(inputs(of(1, 0, Long.MAX_VALUE, 1), of(0, 1, 1, 1))));
    assertTrue(overflow.getMessage().endsWith("overflow a long"), overflow.getMessage());
  }

  @Test
  void infersSizes() {
    Conv first = new Conv(Ints.of(2, 2), Ints.of(3, 3), Ints.of(3, 3), ONE, 1, false);
    assertEquals(Shape.of(1, 64, 112, 112), shape(first, of(1, 3, 224, 224), of(64, 3, 7, 7)));
    Conv asymmetric = new Conv(ONE, Ints.of(0, 1), Ints.of(1, 0), ONE, 1, false);
    assertEquals(Shape.of(0, 4, 8, 8), shape(asymmetric, of(0, 3, 8, 8), of(4, 3, 2, 2)));
    assertEquals(Shape.of(4, 6, 6), shape(PLAIN, of(3, 8, 8), of(4, 3, 3, 3)));
    ConvTranspose up = new ConvTranspose(Ints.of(2, 2), ONE, ONE, ONE, ONE, 2, false);
    assertEquals(Shape.of(1, 6, 16, 16), shape(up, of(1, 4, 8, 8), of(4, 3, 3, 3)));
  }

  @Test
  void keepsChannelsLast() {
    Layout x = Layout.channelsLast(DType.F32, Shape.of(2, 3, 8, 8));
    Layout weights = Layout.of(DType.F32, Shape.of(4, 3, 3, 3));
    assertTrue(PLAIN.infer(List.of(x, weights)).getFirst().isChannelsLast());
    assertTrue(
        TRANSPOSED
            .infer(List.of(x, Layout.of(DType.F32, Shape.of(3, 4, 3, 3))))
            .getFirst()
            .isChannelsLast());
    Layout rowMajor = Layout.of(DType.F32, Shape.of(2, 3, 8, 8));
    assertTrue(PLAIN.infer(List.of(rowMajor, weights)).getFirst().isContiguous());
    // One image of a channels-last batch, without its batch dimension.
    Layout image = Layout.of(DType.F32, Shape.of(3, 8, 8), 1, 24, 3);
    Layout result = PLAIN.infer(List.of(image, weights)).getFirst();
    assertEquals(Layout.of(DType.F32, Shape.of(4, 6, 6), 1, 24, 4), result);
    assertFalse(result.isContiguous());
  }

  @Test
  void isAValue() {
    assertEquals(PLAIN, new Conv(Ints.of(1, 1), ZERO, ZERO, ONE, 1, false));
    assertFalse(PLAIN.equals(new Conv(Ints.of(1, 2), ZERO, ZERO, ONE, 1, false)));
  }
}
