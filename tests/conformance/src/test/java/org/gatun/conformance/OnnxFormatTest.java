package org.gatun.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.gatun.Tensor;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.OnnxModel;
import org.gatun.onnx.OnnxSession;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Function;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Model;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.SparseTensorData;
import org.gatun.onnx.model.TensorData;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.model.ValueType;
import org.gatun.testkit.onnx.ModelWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read from a file, and what is said of damaged ones. */
class OnnxFormatTest {
  private static final ValueType FLOATS =
      new ValueType.OfTensor(
          ElementType.FLOAT, List.of(new Dimension.Named("batch"), new Dimension.Known(2)));

  private static TensorData floats(String name, List<Long> shape, float... values) {
    return new TensorData(
        name, ElementType.FLOAT, shape, MemorySegment.ofArray(values), null, List.of());
  }

  private static Node node(
      String operator,
      List<String> inputs,
      List<String> outputs,
      Map<String, Attribute> attributes) {
    return new Node("n", "", operator, "", inputs, outputs, attributes);
  }

  private static Model model(Graph graph) {
    return new Model(8, "tests", Map.of("", 17L), graph, List.of(), Map.of("key", "value"));
  }

  private static Graph graph(List<Node> nodes, List<TensorData> initializers) {
    return new Graph(
        "g",
        nodes,
        initializers,
        List.of(),
        List.of(new ValueInfo("x", FLOATS)),
        List.of(new ValueInfo("y", FLOATS)),
        List.of());
  }

  private static Model adder() {
    return model(
        graph(
            List.of(node("Add", List.of("x", "w"), List.of("y"), Map.of())),
            List.of(floats("w", List.of(2L), 10, 20))));
  }

  /** Everything but the memory of tensors, whose equality is identity. */
  private static String text(Object record) {
    return record.toString().replaceAll("MemorySegment\\{[^}]*\\}|FileMapping@[0-9a-f]+", "");
  }

  @Test
  void everythingIsReadBackAsItWasWritten() {
    Graph inner =
        new Graph("inner", List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
    TensorData tensor = floats("t", List.of(2L), 1, 2);
    SparseTensorData sparse =
        new SparseTensorData(
            tensor,
            new TensorData(
                "",
                ElementType.INT64,
                List.of(2L),
                MemorySegment.ofArray(new long[] {0, 3}),
                null,
                List.of()),
            List.of(5L));
    Map<String, Attribute> attributes =
        Map.ofEntries(
            Map.entry("int", new Attribute.OfInt(-3)),
            Map.entry("float", new Attribute.OfFloat(1.5f)),
            Map.entry("text", new Attribute.OfString("Fjord ø")),
            Map.entry("tensor", new Attribute.OfTensor(tensor)),
            Map.entry("sparse", new Attribute.OfSparseTensor(sparse)),
            Map.entry("graph", new Attribute.OfGraph(inner)),
            Map.entry("type", new Attribute.OfType(new ValueType.OfSequence(FLOATS))),
            Map.entry("ints", new Attribute.OfInts(List.of(1L, Long.MIN_VALUE))),
            Map.entry("floats", new Attribute.OfFloats(List.of(1f, -0f))),
            Map.entry("texts", new Attribute.OfStrings(List.of("a", ""))),
            Map.entry("tensors", new Attribute.OfTensors(List.of(tensor, tensor))),
            Map.entry("graphs", new Attribute.OfGraphs(List.of(inner))),
            Map.entry("reference", new Attribute.Reference("outer")));
    Graph graph =
        new Graph(
            "g",
            List.of(new Node("n", "d", "Op", "o", List.of("a", ""), List.of("b"), attributes)),
            List.of(tensor),
            List.of(sparse),
            List.of(
                new ValueInfo("a", FLOATS),
                new ValueInfo("o", new ValueType.OfOptional(FLOATS)),
                new ValueInfo("m", new ValueType.OfMap(ElementType.INT64, FLOATS)),
                new ValueInfo("s", new ValueType.OfSparseTensor(ElementType.DOUBLE, null))),
            List.of(new ValueInfo("b", new ValueType.Unknown())),
            List.of());
    Function function =
        new Function(
            "d",
            "Op",
            "o",
            List.of("a"),
            List.of("b"),
            List.of("alpha"),
            Map.of("beta", new Attribute.OfFloat(2)),
            graph.nodes(),
            Map.of("", 18L));
    Model model =
        new Model(
            10, "tests", Map.of("", 18L, "d", 1L), graph, List.of(function), Map.of("k", "v"));

    Model read = OnnxModel.load(ModelWriter.write(model)).definition();

    for (String name : attributes.keySet()) {
      assertEquals(
          text(attributes.get(name)),
          text(read.graph().nodes().getFirst().attributes().get(name)),
          name);
    }
    assertEquals(model.graph().inputs(), read.graph().inputs());
    assertEquals(model.graph().outputs(), read.graph().outputs());
    assertEquals(model.opsets(), read.opsets());
    assertEquals(model.metadata(), read.metadata());
    assertEquals(function.opsets(), read.functions().getFirst().opsets());
    assertEquals(function.attributes(), read.functions().getFirst().attributes());
    assertEquals(sparse.shape(), read.graph().sparseInitializers().getFirst().shape());
    assertArrayEquals(
        new float[] {1, 2},
        read.graph()
            .initializers()
            .getFirst()
            .elements()
            .toArray(ValueLayout.JAVA_FLOAT_UNALIGNED));
  }

  @Test
  void aModelRunsFromPathBytesAndMemory(@TempDir Path folder) throws IOException {
    byte[] bytes = ModelWriter.write(adder());
    Path file = folder.resolve("model.onnx");
    Files.write(file, bytes);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(bytes.length);
      memory.copyFrom(MemorySegment.ofArray(bytes));
      for (OnnxModel model :
          List.of(OnnxModel.load(file), OnnxModel.load(bytes), OnnxModel.load(memory))) {
        runsTheAdder(model);
      }
    }
  }

  private static void runsTheAdder(OnnxModel model) {
    try (OnnxSession session = model.session();
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2)) {
      for (int run = 0; run < 2; run++) {
        try (Tensor y = session.run(Map.of("x", x)).get("y")) {
          assertArrayEquals(new float[] {11, 22, 13, 24}, y.toFloatArray());
        }
      }
    }
  }

  /** The typed fields of a tensor, which exporters use in place of raw bytes. */
  @Test
  void typedNumbersAreReadInAnyOrderOfFields() throws IOException {
    for (boolean typeFirst : List.of(true, false)) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      if (typeFirst) {
        out.writeInt32(2, ElementType.INT8.code());
      }
      for (int value : new int[] {-1, 127, -128}) {
        out.writeInt32(5, value);
      }
      out.writeInt64(1, 3);
      if (!typeFirst) {
        out.writeInt32(2, ElementType.INT8.code());
      }
      out.flush();
      Value value = Value.read(bytes.toByteArray(), new ValueType.OfTensor(ElementType.INT8, null));
      try (Tensor tensor = assertInstanceOf(Value.Dense.class, value).tensor()) {
        assertArrayEquals(new byte[] {-1, 127, -128}, tensor.toByteArray());
      }
    }
  }

  // External data.

  private static byte[] external(String location, long offset, long length, long... shape)
      throws IOException {
    byte[] tensor =
        message(
            out -> {
              for (long dim : shape) {
                out.writeInt64(1, dim);
              }
              out.writeInt32(2, 1);
              out.writeString(8, "w");
              out.writeByteArray(13, pair("location", location));
              out.writeByteArray(13, pair("offset", Long.toString(offset)));
              out.writeByteArray(13, pair("length", Long.toString(length)));
              out.writeInt32(14, 1);
            });
    Model plain = model(graph(adder().graph().nodes(), List.of()));
    byte[] model = ModelWriter.write(plain);
    // A second graph message would replace the first: write the graph's own bytes with the tensor.
    byte[] whole =
        message(
            out -> {
              out.writeInt64(1, 8);
              out.writeByteArray(
                  7,
                  message(
                      to -> {
                        to.write(graphOf(model), 0, graphOf(model).length);
                        to.writeByteArray(5, tensor);
                      }));
              out.writeByteArray(8, message(to -> to.writeInt64(2, 17)));
            });
    return whole;
  }

  private interface Fields {
    void write(CodedOutputStream out) throws IOException;
  }

  private static byte[] message(Fields fields) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    fields.write(out);
    out.flush();
    return bytes.toByteArray();
  }

  private static byte[] pair(String key, String value) throws IOException {
    return message(
        out -> {
          out.writeString(1, key);
          out.writeString(2, value);
        });
  }

  private static byte[] graphOf(byte[] model) throws IOException {
    var in = CodedInputStream.newInstance(model);
    while (true) {
      int tag = in.readTag();
      if (tag >>> 3 == 7) {
        return in.readByteArray();
      }
      in.skipField(tag);
    }
  }

  @Test
  void externalDataIsMappedBeyondTwoGigabytes(@TempDir Path folder) throws IOException {
    long offset = (1L << 31) + 4096;
    try (FileChannel data =
        FileChannel.open(
            folder.resolve("weights.bin"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE)) {
      data.write(
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putFloat(10).putFloat(20).flip(),
          offset);
    }
    Path file = folder.resolve("model.onnx");
    Files.write(file, external("weights.bin", offset, 8, 2));
    OnnxModel model = OnnxModel.load(file);
    assertTrue(model.definition().graph().initializers().getFirst().elements().isMapped());
    runsTheAdder(model);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../secret.bin", "/etc/passwd", "a/../../secret.bin", "", "\0"})
  void externalDataOutsideTheFolderIsRefused(String location, @TempDir Path folder)
      throws IOException {
    Path inside = Files.createDirectory(folder.resolve("model"));
    Files.write(folder.resolve("secret.bin"), new byte[8]);
    Files.write(inside.resolve("model.onnx"), external(location, 0, 8, 2));
    OnnxException e =
        assertThrows(OnnxException.class, () -> OnnxModel.load(inside.resolve("model.onnx")));
    assertTrue(String.valueOf(e.getMessage()).contains("'w'"), e.getMessage());
  }

  @Test
  void externalDataByALinkOutOfTheFolderIsRefused(@TempDir Path folder) throws IOException {
    Path inside = Files.createDirectory(folder.resolve("model"));
    Path secret = Files.write(folder.resolve("secret.bin"), new byte[8]);
    Files.createSymbolicLink(inside.resolve("weights.bin"), secret);
    Files.write(inside.resolve("model.onnx"), external("weights.bin", 0, 8, 2));
    assertThrows(OnnxException.class, () -> OnnxModel.load(inside.resolve("model.onnx")));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 1, Long.MAX_VALUE, Long.MIN_VALUE})
  void externalDataOutsideTheFileIsRefused(long offset, @TempDir Path folder) throws IOException {
    Files.write(folder.resolve("weights.bin"), new byte[8]);
    Files.write(folder.resolve("model.onnx"), external("weights.bin", offset, 8, 2));
    assertThrows(OnnxException.class, () -> OnnxModel.load(folder.resolve("model.onnx")));
  }

  @Test
  void externalDataWithoutAFolderIsRefused() throws IOException {
    byte[] bytes = external("weights.bin", 0, 8, 2);
    assertThrows(OnnxException.class, () -> OnnxModel.load(bytes));
  }

  // Damaged files.

  @Test
  void aTensorOfTenExabytesIsRefusedBeforeMemoryIsTaken() throws IOException {
    for (long[] shape :
        new long[][] {{1L << 60}, {1L << 40, 1L << 40}, {Long.MAX_VALUE}, {-1}, {-2, -1}}) {
      byte[] bytes = external("weights.bin", 0, 8, shape);
      assertThrows(OnnxException.class, () -> OnnxModel.load(bytes), Arrays.toString(shape));
    }
    Model huge =
        model(
            graph(
                List.of(node("ConstantOfShape", List.of("dims"), List.of("y"), Map.of())),
                List.of(
                    new TensorData(
                        "dims",
                        ElementType.INT64,
                        List.of(2L),
                        MemorySegment.ofArray(new long[] {1L << 32, 1L << 28}),
                        null,
                        List.of()))));
    OnnxModel model = OnnxModel.load(ModelWriter.write(huge));
    try (Tensor x = Tensor.of(new float[] {1, 2}, 1, 2)) {
      assertThrows(
          OnnxException.class,
          () -> {
            try (OnnxSession session = model.session()) {
              session.run(Map.of("x", x));
            }
          });
    }
  }

  @Test
  void everyTruncationIsRefused() {
    byte[] whole = ModelWriter.write(adder());
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertHarmless(part, "the first " + length + " bytes");
    }
  }

  @Test
  void randomBytesAreRefused() {
    Random random = new Random(17);
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      assertHarmless(bytes, "random bytes " + i);
    }
    assertThrows(OnnxException.class, () -> OnnxModel.load(new byte[0]));
    assertThrows(
        OnnxException.class,
        () -> OnnxModel.load("PK\3\4 is no model".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void mutatedFilesRunOrAreRefused() {
    byte[] whole = ModelWriter.write(adder());
    Random random = new Random(29);
    for (int i = 0; i < 5000; i++) {
      byte[] mutant = whole.clone();
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
      }
      assertHarmless(mutant, "mutant " + i);
    }
  }

  /** Whatever the bytes are: a session that runs, or an exception that says what is wrong. */
  private static void assertHarmless(byte[] bytes, String what) {
    try (Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2)) {
      OnnxModel model = OnnxModel.load(bytes);
      try (OnnxSession session = model.session()) {
        session.run(Map.of("x", x)).values().forEach(Tensor::close);
      }
    } catch (OnnxException e) {
      assertFalse(String.valueOf(e.getMessage()).isBlank(), what);
    }
  }

  @Test
  void nestedGraphsAreBounded() {
    Graph inner = graph(List.of(), List.of());
    for (int depth = 0; depth < 60; depth++) {
      inner =
          graph(
              List.of(
                  node(
                      "If",
                      List.of("x"),
                      List.of("y"),
                      Map.of("then_branch", new Attribute.OfGraph(inner)))),
              List.of());
    }
    byte[] bomb = ModelWriter.write(model(inner));
    assertThrows(OnnxException.class, () -> OnnxModel.load(bomb));
  }

  @Test
  void versionsThatGatunDoesNotKnowAreRefused() {
    Graph graph = adder().graph();
    for (long version : new long[] {0, 2, 14, -1}) {
      Model model = new Model(version, "", Map.of("", 17L), graph, List.of(), Map.of());
      assertThrows(OnnxException.class, () -> OnnxModel.load(ModelWriter.write(model)));
    }
    for (long opset : new long[] {0, 29, -1}) {
      Model model = new Model(8, "", Map.of("", opset), graph, List.of(), Map.of());
      assertThrows(OnnxException.class, () -> OnnxModel.load(ModelWriter.write(model)));
    }
  }
}
