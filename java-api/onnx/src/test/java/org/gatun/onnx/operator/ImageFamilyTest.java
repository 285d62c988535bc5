package org.gatun.onnx.operator;

import static org.gatun.onnx.Agreement.assertElements;
import static org.gatun.onnx.Agreement.assertSame;
import static org.gatun.onnx.SampleTensors.counting;
import static org.gatun.onnx.SampleTensors.mixed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.nn.Functional;
import org.gatun.onnx.NodeCheck;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Node;
import org.gatun.op.InterpolationMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFamilyTest {
  private static double[] numbers(String text) {
    return Stream.of(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
  }

  private static NodeCheck resize(long opset, Tensor x) {
    return NodeCheck.of("Resize", opset).in(x).none();
  }

  // Positions.

  @ParameterizedTest
  @CsvSource({
    // Positions of a result of three of the elements 0 1 2 3 4: 1/3 2 11/3 with centres upon each
    // other, 0 2 4 with corners, 0 5/3 10/3 with beginnings.
    "half_pixel, linear, 0.3333333 2 3.6666667",
    "align_corners, linear, 0 2 4",
    "asymmetric, linear, 0 1.6666667 3.3333333",
    "half_pixel, nearest, 0 2 4",
    "asymmetric, nearest, 0 2 3",
    "tf_half_pixel_for_nn, linear, 0.8333333 2.5 4"
  })
  void findsPositions(String coordinates, String mode, String expected) {
    Tensor y =
        resize(11, counting(1, 1, 5))
            .none()
            .constant(1L, 1L, 3L)
            .with("coordinate_transformation_mode", coordinates)
            .with("mode", mode)
            .tensor();
    assertElements(y, numbers(expected));
  }

  @ParameterizedTest
  @CsvSource({
    // Positions -0.25 0.25 0.75 1.25 of the elements 0 1; for twice the size with beginnings
    // upon each other, 0 0.5 1 1.5.
    "round_prefer_floor, 0 0 1 1",
    "round_prefer_ceil, 0 1 1 1",
    "floor, 0 0 1 1",
    "ceil, 0 1 1 1"
  })
  void takesTheNearest(String nearest, String expected) {
    Tensor y =
        resize(13, counting(1, 1, 2))
            .constant(1f, 1f, 2f)
            .with("coordinate_transformation_mode", "asymmetric")
            .with("nearest_mode", nearest)
            .tensor();
    assertElements(y, numbers(expected));
  }

  @Test
  void takesTheNextElementOfASmallerResultInVersion10() {
    Tensor y = NodeCheck.of("Resize", 10).in(counting(1, 1, 5)).constant(1f, 1f, 0.6f).tensor();
    assertElements(y, 0, 2, 4);
  }

  @Test
  void takesTheElementBeforeInVersion7() {
    Tensor y =
        NodeCheck.of("Upsample", 7)
            .in(counting(1, 1, 2))
            .with("scales", new float[] {1, 1, 2.5f})
            .tensor();
    assertElements(y, 0, 0, 0, 1, 1);
  }

  @Test
  void centresASizeThatWasRoundedDown() {
    // 4 x 0.6 is 2.4, and a result of 2 lies 0.2 / 0.6 further in than one of 2.4.
    Tensor y =
        resize(19, counting(1, 1, 4))
            .constant(1f, 1f, 0.6f)
            .with("coordinate_transformation_mode", "half_pixel_symmetric")
            .with("mode", "linear")
            .tensor();
    double first = 0.5 / 0.6 - 0.5 + 0.2 / 0.6;
    assertElements(y, first, 3 - first);
  }

  @Test
  void smoothsBeforeItReduces() {
    // Triangles four elements wide: weights 1 3 3 1 by eighths, those outside the nearest.
    Tensor y =
        resize(18, Tensor.of(new float[] {8, 0, 0, 16, 0, 0}, 1, 1, 6))
            .constant(1f, 1f, 0.5f)
            .with("mode", "linear")
            .with("antialias", 1)
            .tensor();
    assertElements(y, 4, 6, 2);
  }

  @Test
  void leavesOutWhatIsOutside() {
    Tensor y =
        resize(13, counting(1, 1, 2).add(1.0))
            .constant(1f, 1f, 2f)
            .with("mode", "cubic")
            .with("exclude_outside", 1)
            .tensor();
    // At -0.25 the elements 0 and 1, with the weights w(0.25) and w(1.25) divided by their sum.
    double near = (1.25 * 0.25 - 2.25) * 0.0625 + 1;
    double far = -0.75 * (1.953125 - 5 * 1.5625 + 8 * 1.25 - 4);
    double first = (near + 2 * far) / (near + far);
    assertEquals(first, y.get(0, 0, 0), 1e-5);
    assertEquals(3 - first, y.get(0, 0, 3), 1e-5);
  }

  @Test
  void neitherLooksAtNorWeighsWhatDoesNotCount() {
    float[] values = {1, Float.POSITIVE_INFINITY, 3, 4};
    Tensor y =
        resize(13, Tensor.of(values, 1, 1, 4))
            .constant(1f, 1f, 2f)
            .with("mode", "linear")
            .with("coordinate_transformation_mode", "asymmetric")
            .tensor();
    assertEquals(1, y.get(0, 0, 0));
    assertEquals(3, y.get(0, 0, 4));
  }

  // Sizes.

  @ParameterizedTest
  @CsvSource({"stretch, 6, 3", "not_larger, 3, 3", "not_smaller, 6, 6"})
  void keepsTheAspectRatio(String policy, long height, long width) {
    Tensor y =
        resize(18, counting(1, 1, 4, 4))
            .none()
            .constant(6L, 3L)
            .with("axes", new long[] {2, -1})
            .with("keep_aspect_ratio_policy", policy)
            .tensor();
    assertEquals(Shape.of(1, 1, height, width), y.shape());
  }

  @Test
  void multipliesSizesAsFloats() {
    Tensor y = resize(13, counting(1, 1, 10)).constant(1f, 1f, 0.7f).tensor();
    assertEquals(Shape.of(1, 1, 7), y.shape());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "3", "1 2", "0 3", "0 1 2", "0 1 2 3"})
  void resizesAnyAxes(String text) {
    long[] axes = Stream.of(text.split(" ")).mapToLong(Long::parseLong).toArray();
    Tensor x = mixed(2, 3, 4, 5);
    float[] scales = new float[axes.length];
    Arrays.fill(scales, 2);
    Tensor y = resize(18, x).constant(scales).with("axes", axes).with("mode", "linear").tensor();
    Tensor expected = x;
    for (long axis : axes) {
      expected = doubled(expected, (int) axis);
    }
    assertSame(expected, y);
  }

  /** Returns twice the elements along an axis, by core's operator for signals. */
  private static Tensor doubled(Tensor x, int axis) {
    Tensor last = x.movedim(axis, x.rank() - 1);
    long[] shape = last.shape().dims();
    Tensor signals = last.reshape(1, x.size() / x.dim(axis), x.dim(axis));
    shape[shape.length - 1] *= 2;
    return Functional.interpolate(signals, InterpolationMode.LINEAR, false, shape[shape.length - 1])
        .reshape(shape)
        .movedim(x.rank() - 1, axis);
  }

  @Test
  void givesNothingForASizeOfNothing() {
    Tensor y = resize(13, counting(1, 1, 4)).none().constant(1L, 1L, 0L).tensor();
    assertEquals(Shape.of(1, 1, 0), y.shape());
  }

  // Types.

  @Test
  void roundsIntegersIntoTheirRange() {
    Tensor y =
        resize(13, Tensor.of(new byte[] {-128, 127, 127, -128}, 1, 1, 4))
            .constant(1f, 1f, 2f)
            .with("mode", "cubic")
            .tensor();
    assertEquals(DType.I8, y.dtype());
    assertEquals(127, y.get(0, 0, 3));
    assertEquals(-128, y.get(0, 0, 0));
  }

  @Test
  void keepsUnsignedTypes() {
    Tensor y =
        NodeCheck.of("Resize", 13)
            .in(ElementType.UINT16, Tensor.of(new int[] {0, 65535}, 1, 1, 2))
            .none()
            .constant(1f, 1f, 2f)
            .with("mode", "linear")
            .tensor();
    assertElements(y, 0, 16384, 49151, 65535);
  }

  @Test
  void movesTruthValues() {
    Tensor y =
        resize(13, Tensor.of(new boolean[] {true, false}, 1, 1, 2)).constant(1f, 1f, 2f).tensor();
    assertElements(y, 1, 1, 0, 0);
  }

  // What is refused.

  @Test
  void refusesScalesAndSizes() {
    resize(13, counting(1, 1, 4))
        .constant(1f, 1f, 2f)
        .constant(1L, 1L, 8L)
        .refuses("scales and sizes");
  }

  @Test
  void refusesAScaleOfNothing() {
    resize(13, counting(1, 1, 4)).constant(1f, 1f, 0f).refuses("scale 0.0");
  }

  @Test
  void refusesAModeThatIsNone() {
    resize(13, counting(1, 1, 4))
        .constant(1f, 1f, 2f)
        .with("mode", "lanczos")
        .refuses("attribute mode is 'lanczos', expected one of [nearest, linear, cubic]");
  }

  @Test
  void refusesARegionThatIsMissing() {
    resize(13, counting(1, 1, 4))
        .constant(1f, 1f, 2f)
        .with("coordinate_transformation_mode", "tf_crop_and_resize")
        .refuses("roi is missing");
  }

  // Positions that are inputs.

  private static NodeCheck sample(Tensor x, float... positions) {
    return NodeCheck.of("GridSample", 20)
        .in(x)
        .in(Tensor.of(positions, 1, positions.length, 1))
        .with("align_corners", 1);
  }

  @ParameterizedTest
  @CsvSource({
    // The elements 1 2 3 at -1 0 1: positions beyond, far beyond, and between.
    "zeros, linear, 0.5 0 2.5",
    "border, linear, 1 1 2.5",
    "reflection, linear, 1.5 1 2.5",
    "zeros, nearest, 1 0 3",
    "reflection, nearest, 1 1 3"
  })
  void looksBeyondSignals(String padding, String mode, String expected) {
    Tensor x = counting(1, 1, 3).add(1.0);
    Tensor y =
        sample(x, -1.5f, -5f, 0.5f).with("padding_mode", padding).with("mode", mode).tensor();
    assertElements(y, numbers(expected));
  }

  @Test
  void isNotTouchedByInfinitiesElsewhere() {
    Tensor x = Tensor.of(new float[] {Float.POSITIVE_INFINITY, 2, 3}, 1, 1, 3);
    assertElements(sample(x, 5f, Float.NaN).with("mode", "nearest").tensor(), 0, 0);
  }

  @Test
  void samplesIntegersAndDropsWhatFollowsThePoint() {
    Tensor x = Tensor.of(new int[] {-1, 2, -4}, 1, 1, 3);
    assertElements(sample(x, -0.5f, 0.5f).tensor(), 0, -1);
  }

  @Test
  void takesOldNamesOfModes() {
    Tensor x = mixed(2, 3, 4, 5);
    Tensor grid = mixed(2, 3, 3, 2);
    Tensor old = NodeCheck.of("GridSample", 16).in(x).in(grid).with("mode", "bicubic").tensor();
    Tensor y = NodeCheck.of("GridSample", 20).in(x).in(grid).with("mode", "cubic").tensor();
    assertSame(old, y);
  }

  @Test
  void refusesAGridOfAnotherRank() {
    NodeCheck.of("GridSample", 20)
        .in(mixed(2, 3, 4, 5))
        .in(mixed(2, 3, 3, 3))
        .refuses("grid of shape [2, 3, 3, 3]");
  }

  @Test
  void putsASingleElementInTheMiddle() {
    Tensor y =
        NodeCheck.of("AffineGrid", 20)
            .in(Tensor.of(new float[] {1, 0, 5, 0, 1, 7}, 1, 2, 3))
            .constant(1L, 1L, 1L, 3L)
            .with("align_corners", 1)
            .tensor();
    assertElements(y, 4, 7, 5, 7, 6, 7);
  }

  @Test
  void cropsBoxesAndFillsWhatIsBeyond() {
    Tensor x = counting(2, 1, 3, 3);
    Tensor y =
        NodeCheck.of("com.microsoft", "CropAndResize")
            .in(x)
            .in(Tensor.of(new float[] {0, 0, 1, 1, 0.5f, 0.5f, 1.5f, 1}, 2, 4))
            .constant(1, 0)
            .constant(2, 2)
            .with("extrapolation_value", -1f)
            .tensor();
    assertElements(y, 9, 11, 15, 17, 4, 5, -1, -1);
  }

  // Layouts.

  /** Runs an operator by itself: what a session gives is row-major. */
  private static Tensor operator(
      String domain, String name, Map<String, Attribute> attributes, Tensor... inputs) {
    List<String> names = Collections.nCopies(inputs.length, "x");
    Node node = new Node("", domain, name, "", names, List.of("y"), attributes);
    Value[] values = Stream.of(inputs).map(Value::of).toArray(Value[]::new);
    Call call = new Call(node, 13, values, (_, _) -> List.of());
    Operator operator = OperatorTable.get().find(node, 13);
    return ((Value.Dense) operator.function().run(call).getFirst()).tensor();
  }

  @Test
  void laysImagesOutChannelsLast() {
    Tensor y = operator("org.gatun", "ChannelsLast", Map.of(), counting(1, 2, 3, 4));
    assertTrue(y.layout().isChannelsLast());
    assertElements(y, LongStream.range(0, 24).asDoubleStream().toArray());
  }

  @Test
  void keepsChannelsLast() {
    Tensor x = mixed(1, 8, 4, 5).channelsLast();
    Tensor none = Tensor.of(new float[0]);
    Tensor scales = Tensor.of(new float[] {1, 1, 2, 2});
    Map<String, Attribute> linear = Map.of("mode", new Attribute.OfString("linear"));
    Tensor y = operator("", "Resize", linear, x, none, scales);
    assertTrue(y.layout().isChannelsLast());
    assertSame(operator("", "Resize", linear, x.contiguous(), none, scales), y);
  }
}
