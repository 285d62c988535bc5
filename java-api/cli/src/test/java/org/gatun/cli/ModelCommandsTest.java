package org.gatun.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.io.Npy;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Model;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.TensorData;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.model.ValueType;
import org.gatun.runtime.Engine;
import org.gatun.testkit.onnx.ModelWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The commands that run and draw models, on small ones. */
class ModelCommandsTest {
  @TempDir Path folder;

  private record Said(int exitCode, String out, String err) {}

  private Said run(String command) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        GatunCommand.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err, true));
    int exitCode = line.execute(command.replace("DIR", folder.toString()).split(" "));
    line.getOut().flush();
    return new Said(exitCode, out.toString(), err.toString());
  }

  private static ValueInfo tensor(String name, ElementType type, Dimension... shape) {
    return new ValueInfo(name, new ValueType.OfTensor(type, List.of(shape)));
  }

  private static Node node(String operator, List<String> inputs, String output) {
    return new Node("the " + operator, "", operator, "", inputs, List.of(output), Map.of());
  }

  private void write(
      String file, List<Node> nodes, List<TensorData> constants, List<ValueInfo> inputs)
      throws IOException {
    Graph graph =
        new Graph(
            "small",
            nodes,
            constants,
            List.of(),
            inputs,
            List.of(new ValueInfo("y", new ValueType.OfTensor(ElementType.FLOAT, null))),
            List.of());
    Model model = new Model(8, "a test", Map.of("", 17L), graph, List.of(), Map.of());
    Files.write(folder.resolve(file), ModelWriter.write(model));
  }

  /** y = relu(x w), with x of any number of rows, and w = ((1, -1), (2, -2)). */
  private void writeProduct() throws IOException {
    TensorData weights =
        new TensorData(
            "w",
            ElementType.FLOAT,
            List.of(2L, 2L),
            MemorySegment.ofArray(new float[] {1, -1, 2, -2}),
            null,
            List.of());
    write(
        "product.onnx",
        List.of(node("MatMul", List.of("x", "w"), "xw"), node("Relu", List.of("xw"), "y")),
        List.of(weights),
        List.of(
            tensor("x", ElementType.FLOAT, new Dimension.Named("rows"), new Dimension.Known(2))));
  }

  @Test
  void runTellsInputsOutputsAndTimes() throws IOException {
    writeProduct();
    Npy.write(folder.resolve("x.npy"), Tensor.of(new float[] {1, 2, 3, -4}, 2, 2));

    Said said =
        run(
            "run DIR/product.onnx --input DIR/x.npy --repeat 3 --profile --output DIR/out"
                + " --json DIR/run.json");

    assertEquals(0, said.exitCode(), said.err());
    for (String part :
        new String[] {
          "opset 17", "float[2, 2]", "x.npy", "then 3: median", "kernels", "matmul", "slowest nodes"
        }) {
      assertTrue(said.out().contains(part), part + " in " + said.out());
    }
    float[] y = Npy.read(folder.resolve("out").resolve("y.npy")).toFloatArray();
    assertArrayEquals(new float[] {5, 0, 0, 5}, y);
    assertTrue(Files.readString(folder.resolve("run.json")).contains("\"median_ms\""));
  }

  @Test
  void whatIsNotGivenIsMadeUpTheSameEachTime() throws IOException {
    writeProduct();

    Said once = run("run DIR/product.onnx --dim rows=3 --seed 7 --output DIR/a");
    run("run DIR/product.onnx --shape 3x2 --seed 7 --output DIR/b");
    run("run DIR/product.onnx --dim rows=3 --seed 8 --output DIR/c");

    assertTrue(once.out().contains("float[3, 2]"), once.out());
    float[] a = Npy.read(folder.resolve("a").resolve("y.npy")).toFloatArray();
    float[] b = Npy.read(folder.resolve("b").resolve("y.npy")).toFloatArray();
    float[] c = Npy.read(folder.resolve("c").resolve("y.npy")).toFloatArray();
    assertArrayEquals(a, b);
    assertFalse(java.util.Arrays.equals(a, c));
  }

  @Test
  void tokensAreRowsOfTheTableThatTheyLookUp() throws IOException {
    TensorData table =
        new TensorData(
            "table",
            ElementType.FLOAT,
            List.of(5L, 1L),
            MemorySegment.ofArray(new float[] {0, 1, 2, 3, 4}),
            null,
            List.of());
    write(
        "lookup.onnx",
        List.of(node("Gather", List.of("table", "ids"), "y")),
        List.of(table),
        List.of(tensor("ids", ElementType.INT64, new Dimension.Any(), new Dimension.Known(200))));

    Said said = run("run DIR/lookup.onnx --output DIR");

    assertEquals(0, said.exitCode(), said.err());
    assertTrue(said.out().contains("random, 0 to 4"), said.out());
    assertEquals(4, Npy.read(folder.resolve("y.npy")).max().item());
  }

  @Test
  void imagesAreReadAsTheModelDeclares() throws IOException {
    write(
        "image.onnx",
        List.of(node("Identity", List.of("x"), "y")),
        List.of(),
        List.of(
            tensor(
                "x",
                ElementType.FLOAT,
                new Dimension.Known(1),
                new Dimension.Known(3),
                new Dimension.Any(),
                new Dimension.Any())));
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 0xFF3300);
    image.setRGB(1, 0, 0x0000FF);
    ImageIO.write(image, "png", folder.resolve("x.png").toFile());

    Said said =
        run("run DIR/image.onnx --input x=DIR/x.png --mean 0,0.2,0 --std 1,1,0.5 --output DIR");

    assertEquals(0, said.exitCode(), said.err());
    Tensor y = Npy.read(folder.resolve("y.npy"));
    assertArrayEquals(new long[] {1, 3, 1, 2}, y.shape().dims());
    assertArrayEquals(new float[] {1, 0, 0, -0.2f, 0, 2}, y.toFloatArray(), 1e-6f);
  }

  @Test
  void graphIsAPageOfItsOwn() throws IOException {
    writeProduct();

    Said said = run("graph DIR/product.onnx --optimized --dim rows=4 --html DIR/graph.html");

    assertEquals(0, said.exitCode(), said.err());
    assertTrue(said.out().startsWith("2 nodes, "), said.out());
    String page = Files.readString(folder.resolve("graph.html"));
    for (String part :
        new String[] {">MatMul<", ">Relu<", "float 4\u00d72", "2\u00d72", "\"g1\""}) {
      assertTrue(page.contains(part), part);
    }
    assertFalse(page.contains("src="), "it needs another file");
  }

  @Test
  void aModelThatCannotRunIsDrawnAsDeclared() throws IOException {
    write(
        "unknown.onnx",
        List.of(node("NoSuchOperator", List.of("x"), "y")),
        List.of(),
        List.of(tensor("x", ElementType.FLOAT, new Dimension.Known(2))));

    Said said = run("graph DIR/unknown.onnx --html DIR/graph.html");

    assertEquals(0, said.exitCode(), said.err());
    assertTrue(said.err().contains("NoSuchOperator"), said.err());
    assertTrue(Files.readString(folder.resolve("graph.html")).contains(">NoSuchOperator<"));
    Said ran = run("run DIR/unknown.onnx");
    assertEquals(1, ran.exitCode());
    assertTrue(ran.err().contains("no such operator"), ran.err());
    assertFalse(ran.err().contains("\tat "), ran.err());
  }

  @Test
  void bf16IsHeldAgainstTheModelAsItIs() throws IOException {
    float[] weights = new float[64 * 12];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) Math.sin(i);
    }
    Path made = Files.createDirectories(folder.resolve("models").resolve("wide"));
    write(
        "models/wide/model.onnx",
        List.of(node("MatMul", List.of("x", "w"), "y")),
        List.of(
            new TensorData(
                "w",
                ElementType.FLOAT,
                List.of(64L, 12L),
                MemorySegment.ofArray(weights),
                null,
                List.of())),
        List.of(tensor("x", ElementType.FLOAT, new Dimension.Known(4), new Dimension.Known(64))));

    Said ran = run("run DIR/models/wide/model.onnx --precision bf16 --json DIR/run.json");
    Said table = run("models DIR/models --precision bf16 --repeat 2");

    assertTrue(Files.exists(made.resolve("model.onnx")));
    assertEquals(0, ran.exitCode(), ran.err());
    if (Engine.current().multiplies(DType.BF16)) {
      assertTrue(ran.out().contains("in bf16, against the model as it is: max 0.00"), ran.out());
      assertTrue(Files.readString(folder.resolve("run.json")).contains("\"loss_cosine\" : 0.9999"));
      assertEquals(0, table.exitCode(), table.err());
      assertTrue(table.out().contains("| wide | [4, 64] | "), table.out());
      assertTrue(table.out().contains(" | 100 % | "), table.out());
    } else {
      assertFalse(ran.out().contains("in bf16"), ran.out());
      assertEquals(1, table.exitCode());
    }
    assertEquals(2, run("run DIR/models/wide/model.onnx --precision f16").exitCode());
    assertEquals(2, run("models DIR/models --precision bf16 --write DIR/run.json").exitCode());
  }

  @Test
  void modelsListsEachOfAFolder() throws IOException {
    writeProduct();
    Path made = Files.createDirectories(folder.resolve("models").resolve("product"));
    Files.move(folder.resolve("product.onnx"), made.resolve("model.onnx"));
    Files.writeString(made.resolve("compared.properties"), "difference=1.2e-07\nshape.x=6x2\n");

    Said said = run("models DIR/models --repeat 2");

    assertEquals(0, said.exitCode(), said.err());
    assertTrue(said.out().contains("| product | [6, 2] | 2 | "), said.out());
    assertTrue(said.out().contains("| 1.2e-07 |"), said.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          run                                          | MODEL
          run DIR/none.onnx                            | no such file
          run DIR/product.onnx --input z=DIR/x.npy     | no file that can be read
          run DIR/product.onnx --input z=random        | the model has no such input; it has x
          run DIR/product.onnx --input x=DIR           | no file that can be read
          run DIR/product.onnx --input DIR/product.onnx | expected a name in .npy
          run DIR/product.onnx --dim columns=2         | no input has such a dimension; there are rows
          run DIR/product.onnx --dim rows=many         | 'many', expected a whole number
          run DIR/product.onnx --shape 2x3x4           | 3 dimensions, expected 2
          run DIR/product.onnx --repeat -1             | expected 0 or more
          run DIR/product.onnx --threads 0             | --threads 0: expected 1 to 1024
          run DIR/product.onnx --without guessing      | no such rewrite
          graph DIR/product.onnx                       | --html
          graph DIR/product.onnx --html DIR/no/a.html  | does not exist
          models DIR/none                              | no NAME/model.onnx there
          conformance onnx DIR/none                    | no such file
          conformance onnx DIR                         | no tests
          """)
  void aWrongCommandLineIsExplainedInALineOrTwo(String command, String expected)
      throws IOException {
    writeProduct();
    if (command.equals("conformance onnx DIR")) {
      Files.delete(folder.resolve("product.onnx"));
    }

    Said said = run(command);

    assertEquals(2, said.exitCode(), said.out());
    assertTrue(said.err().contains(expected), said.err());
    assertFalse(said.err().contains("\tat "), said.err());
    assertTrue(said.err().lines().count() <= 3, said.err());
  }

  @Test
  void shapesThatTheModelDoesNotTakeAreAnError() throws IOException {
    writeProduct();

    Said said = run("run DIR/product.onnx --shape x=2x3");

    assertEquals(1, said.exitCode());
    assertTrue(said.err().contains("input 'x' is float[2, 3]"), said.err());
  }
}
