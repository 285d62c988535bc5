package org.gatun.onnx.pass;

import static org.gatun.onnx.pass.RewriteCheck.node;
import static org.gatun.onnx.pass.RewriteCheck.numbers;
import static org.gatun.onnx.pass.RewriteCheck.operators;
import static org.gatun.onnx.pass.RewriteCheck.positive;
import static org.gatun.onnx.pass.RewriteCheck.same;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gatun.onnx.GraphBuilder;
import org.gatun.onnx.SessionOptions;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Graph;
import org.junit.jupiter.api.Test;

class ConvolutionPassesTest {
  private static final Map<String, ?> NONE = Map.of();
  private static final Map<String, ?> PADDED = Map.of("pads", new int[] {1, 1, 1, 1});

  private static GraphBuilder of() {
    return new GraphBuilder(17)
        .input("x", ElementType.FLOAT, 2, 4, 5, 6)
        .constant("w", numbers(4 * 4 * 9), 4, 4, 3, 3)
        .constant("v", numbers(4 * 2 * 9), 4, 2, 3, 3)
        .constant("b", numbers(4), 4)
        .constant("scale", numbers(4), 4)
        .constant("shift", numbers(4), 4)
        .constant("mean", numbers(4), 4)
        .constant("variance", positive(4), 4)
        .constant("factor", numbers(4), 1, 4, 1, 1)
        .constant("column", numbers(6), 1, 1, 1, 6)
        .constant("zero", new float[] {0})
        .constant("six", new float[] {6});
  }

  private static final List<String> NORM = List.of("c", "scale", "shift", "mean", "variance");

  @Test
  void batchNormIntoConvolution() {
    for (List<String> inputs : List.of(List.of("x", "w"), List.of("x", "w", "b"))) {
      Graph graph =
          same(
              of().node("Conv", inputs, List.of("c"), PADDED)
                  .node("BatchNormalization", NORM, List.of("y"), NONE)
                  .output("y"));
      assertEquals(List.of("Conv"), operators(graph));
    }
  }

  @Test
  void batchNormIntoTransposedConvolutionOfGroups() {
    Graph graph =
        same(
            of().node("ConvTranspose", List.of("x", "v"), List.of("c"), Map.of("group", 2))
                .node("BatchNormalization", NORM, List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("ConvTranspose"), operators(graph));
  }

  @Test
  void batchNormIntoGemm() {
    for (int rows = 0; rows < 2; rows++) {
      Graph graph =
          same(
              new GraphBuilder(17)
                  .input("x", ElementType.FLOAT, 3, 5)
                  .constant("w", numbers(20), rows == 1 ? 4 : 5, rows == 1 ? 5 : 4)
                  .constant("scale", numbers(4), 4)
                  .constant("shift", numbers(4), 4)
                  .constant("mean", numbers(4), 4)
                  .constant("variance", positive(4), 4)
                  .node("Gemm", List.of("x", "w"), List.of("c"), Map.of("transB", rows))
                  .node("BatchNormalization", NORM, List.of("y"), NONE)
                  .output("y"));
      assertEquals(List.of("Gemm"), operators(graph));
    }
  }

  @Test
  void batchNormIntoWeightsOfManyPieces() {
    for (int rows = 0; rows < 2; rows++) {
      Graph graph =
          same(
              new GraphBuilder(17)
                  .input("x", ElementType.FLOAT, 2, 200)
                  .constant("w", numbers(200 * 130), rows == 1 ? 130 : 200, rows == 1 ? 200 : 130)
                  .constant("scale", numbers(130), 130)
                  .constant("shift", numbers(130), 130)
                  .constant("mean", numbers(130), 130)
                  .constant("variance", positive(130), 130)
                  .node("Gemm", List.of("x", "w"), List.of("c"), Map.of("transB", rows))
                  .node("BatchNormalization", NORM, List.of("y"), NONE)
                  .output("y"));
      assertEquals(List.of("Gemm"), operators(graph));
    }
  }

  @Test
  void factorsAndTermsOfChannelsIntoConvolution() {
    Graph graph =
        same(
            of().node("Conv", List.of("x", "w"), List.of("c"), NONE)
                .node("Mul", List.of("factor", "c"), List.of("d"), NONE)
                .node("Sub", List.of("d", "factor"), List.of("e"), NONE)
                .node("Div", List.of("e", "six"), List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("Conv"), operators(graph));
  }

  @Test
  void whatIsNotOfChannelsStays() {
    Graph graph =
        same(
            new GraphBuilder(17)
                .input("x", ElementType.FLOAT, 1, 1, 4, 6)
                .constant("w", numbers(9), 1, 1, 3, 3)
                .constant("column", numbers(4), 1, 1, 1, 4)
                .node("Conv", List.of("x", "w"), List.of("c"), NONE)
                .node("Mul", List.of("c", "column"), List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("Conv", "Mul"), operators(graph));
  }

  @Test
  void factorsAndTermsOfChannelsIntoBatchNormThatStandsAlone() {
    List<String> second = List.of("e", "scale", "shift", "mean", "variance");
    Graph graph =
        same(
            of().node("Exp", List.of("x"), List.of("c"), NONE)
                .node("BatchNormalization", NORM, List.of("d"), NONE)
                .node("Mul", List.of("factor", "d"), List.of("d2"), NONE)
                .node("Add", List.of("d2", "six"), List.of("e"), NONE)
                .node("BatchNormalization", second, List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("Exp", "BatchNormalization"), operators(graph));
  }

  @Test
  void whatFollowsBatchNormAndIsNotOfChannelsStays() {
    Graph graph =
        same(
            of().node("Exp", List.of("x"), List.of("c"), NONE)
                .node("BatchNormalization", NORM, List.of("d"), NONE)
                .node("Mul", List.of("column", "d"), List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("Exp", "BatchNormalization", "Mul"), operators(graph));
  }

  @Test
  void batchNormInTrainingStays() {
    Graph graph =
        Passes.optimize(
            of().node("Conv", List.of("x", "w"), List.of("c"), NONE)
                .node(
                    "BatchNormalization", NORM, List.of("y", "m", "v2"), Map.of("training_mode", 1))
                .output("y", "m", "v2")
                .graph(),
            Map.of("", 17L),
            Set.of());
    assertEquals(List.of("Conv", "BatchNormalization"), operators(graph));
  }

  @Test
  void aResultThatIsUsedTwiceIsNotFolded() {
    Graph graph =
        same(
            of().node("Conv", List.of("x", "w"), List.of("c"), PADDED)
                .node("Relu", List.of("c"), List.of("r"), NONE)
                .node("Add", List.of("c", "r"), List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("Conv", "Relu", "Add"), operators(graph));
  }

  @Test
  void activationsIntoConvolution() {
    Map<String, Map<String, ?>> activations =
        Map.of(
            "Relu",
            NONE,
            "Sigmoid",
            NONE,
            "Tanh",
            NONE,
            "HardSwish",
            NONE,
            "Mish",
            Map.of(),
            "Elu",
            Map.of("alpha", 0.5f),
            "LeakyRelu",
            Map.of("alpha", 0.2f),
            "HardSigmoid",
            Map.of("alpha", 0.3f, "beta", 0.4f));
    activations.forEach(
        (name, attributes) -> {
          Graph graph =
              same(
                  new GraphBuilder(18)
                      .input("x", ElementType.FLOAT, 2, 4, 5, 6)
                      .constant("w", numbers(4 * 4 * 9), 4, 4, 3, 3)
                      .constant("b", numbers(4), 4)
                      .node("Conv", List.of("x", "w", "b"), List.of("c"), PADDED)
                      .node(name, List.of("c"), List.of("y"), attributes)
                      .output("y"));
          assertEquals(List.of("FusedConv"), operators(graph), name);
        });
  }

  @Test
  void clipIntoConvolution() {
    Graph graph =
        same(
            of().node("Conv", List.of("x", "w"), List.of("c"), PADDED)
                .node("Clip", List.of("c", "zero", "six"), List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("FusedConv"), operators(graph));
  }

  @Test
  void aResidualAndWhatFollowsIntoTheLaterConvolution() {
    Graph graph =
        same(
            of().node("Conv", List.of("x", "w"), List.of("c"), PADDED)
                .node("Conv", List.of("x", "w", "b"), List.of("d"), PADDED)
                .node("Add", List.of("c", "d"), List.of("e"), NONE)
                .node("Relu", List.of("e"), List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("Conv", "FusedConv"), operators(graph));
    assertEquals(List.of("x", "w", "b", "c"), node(graph, "FusedConv").inputs());
    assertEquals("Relu", Attributes.text(node(graph, "FusedConv"), "activation", ""));
  }

  @Test
  void biasIntoConvolutionWithoutFolding() {
    Graph graph =
        same(
            of().node("Conv", List.of("x", "w"), List.of("c"), PADDED)
                .node("Add", List.of("c", "factor"), List.of("y"), NONE)
                .output("y"),
            SessionOptions.defaults().withoutPass("fold-batch-norm"));
    assertEquals(List.of("Conv"), operators(graph));
  }

  @Test
  void chainsThatForkOftenEnterChannelsLastToo() {
    GraphBuilder builder =
        of().node("Conv", List.of("x", "w"), List.of("c0"), PADDED)
            .node(
                "BatchNormalization",
                List.of("c0", "scale", "shift", "mean", "variance"),
                List.of("n"),
                NONE)
            .node("Tanh", List.of("n"), List.of("t"), NONE);
    String joined = "n";
    for (int i = 0; i < 20; i++) {
      builder.node("Max", List.of(joined, "n"), List.of("j" + i), NONE);
      joined = "j" + i;
    }
    Graph graph =
        same(
            builder
                .node("Conv", List.of("t", "w"), List.of("c1"), PADDED)
                .node("Add", List.of("c1", joined), List.of("y"), NONE)
                .output("y"));
    assertEquals("ChannelsLast", graph.nodes().getFirst().operator());
  }

  @Test
  void sumOfTwoIntoConvolution() {
    Graph graph =
        same(
            of().node("Conv", List.of("x", "w"), List.of("c"), PADDED)
                .node("Sum", List.of("c", "x"), List.of("d"), NONE)
                .node("Relu", List.of("d"), List.of("y"), NONE)
                .output("y"));
    assertEquals(List.of("FusedConv"), operators(graph));
  }

  private static GraphBuilder shuffled(long... split) {
    return of().constant("split", split, 5)
        .constant("joined", new long[] {2, 4, 5, 6}, 4)
        .node("Conv", List.of("x", "w"), List.of("c"), PADDED)
        .node("Reshape", List.of("c", "split"), List.of("s"), NONE)
        .node("Transpose", List.of("s"), List.of("t"), Map.of("perm", new int[] {0, 2, 1, 3, 4}))
        .node("Reshape", List.of("t", "joined"), List.of("d"), NONE)
        .node("Conv", List.of("d", "w"), List.of("y"), PADDED)
        .output("y");
  }

  @Test
  void channelsOfGroupsAreShuffledChannelsLast() {
    Graph graph = same(shuffled(2, 2, 2, 5, 6));
    assertEquals(List.of("ChannelsLast", "Conv", "ChannelShuffle", "Conv"), operators(graph));
    SessionOptions off = SessionOptions.defaults().withoutPass("channels-last");
    assertEquals(
        List.of("Conv", "ChannelShuffle", "Conv"), operators(same(shuffled(2, 2, 2, 5, 6), off)));
  }

  @Test
  void whatSplitsMoreThanChannelsIsNoShuffle() {
    Graph graph = same(shuffled(2, 4, 5, 2, 3));
    assertEquals(1, operators(graph).stream().filter("Transpose"::equals).count());
  }

  @Test
  void chainsOfConvolutionsEnterChannelsLastOnce() {
    Graph graph =
        same(
            of().node("Conv", List.of("x", "w"), List.of("c"), PADDED)
                .node("Conv", List.of("x", "w", "b"), List.of("d"), PADDED)
                .node("Conv", List.of("c", "w"), List.of("e"), PADDED)
                .node("Mul", List.of("d", "e"), List.of("f"), NONE)
                .node("Conv", List.of("f", "w"), List.of("y"), PADDED)
                .output("y"));
    assertEquals(1, operators(graph).stream().filter("ChannelsLast"::equals).count());
    assertEquals("ChannelsLast", graph.nodes().getFirst().operator());
  }
}
