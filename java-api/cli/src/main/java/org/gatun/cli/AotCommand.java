package org.gatun.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Model;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.TensorData;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.model.ValueType;
import org.gatun.testkit.onnx.ModelWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What the JVM is to record for its AOT cache. */
@Command(
    name = "aot",
    description = {
      "Run what a start of Gatun runs, for the JVM to record in an AOT cache: a small model, the",
      "facts of this machine. scripts/gatun does that by itself after a build, and uses the cache;",
      "'scripts/gatun aot' makes it again."
    })
final class AotCommand implements Callable<Integer> {
  private static final long WIDTH = 16;
  private static final long SIDE = 32;

  @Spec private CommandSpec spec;

  /** Made by picocli. */
  AotCommand() {}

  @Override
  public Integer call() throws IOException {
    Path file = Files.createTempFile("gatun", ".onnx");
    try {
      Files.write(file, ModelWriter.write(model()));
      int failures =
          List.of(List.of("run", file.toString(), "--repeat", "20"), List.of("info")).stream()
              .mapToInt(AotCommand::run)
              .sum();
      PrintWriter out = spec.commandLine().getOut();
      out.println(failures == 0 ? "recorded" : "a command of the start failed");
      out.flush();
      return failures == 0 ? 0 : 1;
    } finally {
      Files.delete(file);
    }
  }

  /** Runs a command line, and returns its exit code. */
  private static int run(List<String> arguments) {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    return GatunCommand.commandLine()
        .setOut(nowhere)
        .setErr(nowhere)
        .execute(arguments.toArray(String[]::new));
  }

  /** Returns a block of a convolutional network, one of a transformer, and a classifier. */
  static Model model() {
    Attribute border = new Attribute.OfInts(List.of(1L, 1L, 1L, 1L));
    Attribute window = new Attribute.OfInts(List.of(3L, 3L));
    Attribute last = new Attribute.OfInt(-1);
    List<Node> nodes =
        List.of(
            node("Conv", List.of("image", "filter", "shift"), "a", Map.of("pads", border)),
            node("Relu", List.of("a"), "b", Map.of()),
            node("MaxPool", List.of("b"), "c", Map.of("kernel_shape", window, "pads", border)),
            node("Conv", List.of("c", "point", "shift"), "d", Map.of()),
            node("Add", List.of("d", "c"), "e", Map.of()),
            node("Relu", List.of("e"), "f", Map.of()),
            node("GlobalAveragePool", List.of("f"), "g", Map.of()),
            node("Flatten", List.of("g"), "h", Map.of()),
            node("MatMul", List.of("h", "matrix"), "i", Map.of()),
            node("Add", List.of("i", "shift"), "j", Map.of()),
            node("Sigmoid", List.of("j"), "k", Map.of()),
            node("Mul", List.of("j", "k"), "l", Map.of()),
            node("LayerNormalization", List.of("l", "shift", "shift"), "m", Map.of("axis", last)),
            node("Gemm", List.of("m", "matrix", "shift"), "n", Map.of()),
            node("Softmax", List.of("n"), "scores", Map.of("axis", last)));
    List<TensorData> weights =
        List.of(
            weights("filter", WIDTH, 3, 3, 3),
            weights("point", WIDTH, WIDTH, 1, 1),
            weights("matrix", WIDTH, WIDTH),
            weights("shift", WIDTH));
    Graph graph =
        new Graph(
            "start",
            nodes,
            weights,
            List.of(),
            List.of(value("image", 1, 3, SIDE, SIDE)),
            List.of(value("scores", 1, WIDTH)),
            List.of());
    return new Model(8, "gatun", Map.of("", 17L), graph, List.of(), Map.of());
  }

  private static Node node(
      String operator, List<String> inputs, String output, Map<String, Attribute> attributes) {
    return new Node("", "", operator, "", inputs, List.of(output), attributes);
  }

  private static TensorData weights(String name, long... dims) {
    float[] values = new float[(int) LongStream.of(dims).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i % 7 - 3) / 8f;
    }
    List<Long> shape = LongStream.of(dims).boxed().toList();
    return new TensorData(
        name, ElementType.FLOAT, shape, MemorySegment.ofArray(values), null, List.of());
  }

  private static ValueInfo value(String name, long... dims) {
    List<Dimension> shape = LongStream.of(dims).<Dimension>mapToObj(Dimension.Known::new).toList();
    return new ValueInfo(name, new ValueType.OfTensor(ElementType.FLOAT, shape));
  }
}
