package org.gatun.onnx;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.gatun.DType;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Model;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.TensorData;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.model.ValueType;
import org.gatun.runtime.Libraries;
import org.gatun.runtime.Threads;

/**
 * What the first model of a process waits for, done beside reading it where there is a second
 * processor: the native libraries are loaded, and a small model is run, which has most of the
 * classes loaded and the calls into the libraries linked. It is half of a start.
 */
final class Preparation {
  private static final AtomicBoolean STARTED = new AtomicBoolean();
  private static final long CHANNELS = 16;
  private static final long SIDE = 8;

  private Preparation() {}

  /** Starts a thread that prepares, unless this was called before. */
  static void start() {
    if (Runtime.getRuntime().availableProcessors() > 1 && STARTED.compareAndSet(false, true)) {
      Thread.ofPlatform().name("gatun-preparation").daemon().start(Preparation::run);
    }
  }

  private static void run() {
    try {
      Libraries.report();
      // On one thread: a team of workers for this thread would stay.
      Threads.with(1, Preparation::runModel);
    } catch (RuntimeException | LinkageError e) {
      // Whatever is wrong with the libraries, the operators that need them say it.
      System.getLogger("org.gatun.onnx").log(System.Logger.Level.DEBUG, "preparation failed", e);
    }
  }

  private static boolean runModel() {
    try (Scope scope = Scope.open();
        OnnxSession session = OnnxModel.of(model()).session()) {
      Tensor image = Tensor.zeros(DType.F32, 1, CHANNELS, SIDE, SIDE);
      session.run(image);
      session.run(image);
    }
    return true;
  }

  /** A block of a convolutional network and a classifier. */
  private static Model model() {
    Attribute same = new Attribute.OfInts(List.of(1L, 1L, 1L, 1L));
    Attribute window = new Attribute.OfInts(List.of(3L, 3L));
    List<Node> nodes =
        List.of(
            node("Conv", List.of("x", "filter", "bias"), "a", Map.of("pads", same)),
            node("Relu", List.of("a"), "b", Map.of()),
            node("MaxPool", List.of("b"), "c", Map.of("kernel_shape", window, "pads", same)),
            node("Conv", List.of("c", "point", "bias"), "d", Map.of()),
            node("Add", List.of("d", "c"), "e", Map.of()),
            node("Relu", List.of("e"), "f", Map.of()),
            node("GlobalAveragePool", List.of("f"), "g", Map.of()),
            node("Flatten", List.of("g"), "h", Map.of()),
            node("Gemm", List.of("h", "matrix", "bias"), "i", Map.of()),
            node("Softmax", List.of("i"), "y", Map.of()));
    List<TensorData> weights =
        List.of(
            weights("filter", CHANNELS, CHANNELS, 3, 3),
            weights("point", CHANNELS, CHANNELS, 1, 1),
            weights("matrix", CHANNELS, CHANNELS),
            weights("bias", CHANNELS));
    Graph graph =
        new Graph(
            "preparation",
            nodes,
            weights,
            List.of(),
            List.of(value("x", 1, CHANNELS, SIDE, SIDE)),
            List.of(value("y", 1, CHANNELS)),
            List.of());
    return new Model(10, "gatun", Map.of("", 17L), graph, List.of(), Map.of());
  }

  private static Node node(
      String operator, List<String> inputs, String output, Map<String, Attribute> attributes) {
    return new Node("", "", operator, "", inputs, List.of(output), attributes);
  }

  private static TensorData weights(String name, long... dims) {
    long count = LongStream.of(dims).reduce(1, (a, b) -> a * b);
    MemorySegment zeros = MemorySegment.ofArray(new float[(int) count]);
    List<Long> shape = LongStream.of(dims).boxed().toList();
    return new TensorData(name, ElementType.FLOAT, shape, zeros, null, List.of());
  }

  private static ValueInfo value(String name, long... dims) {
    List<Dimension> shape = LongStream.of(dims).<Dimension>mapToObj(Dimension.Known::new).toList();
    return new ValueInfo(name, new ValueType.OfTensor(ElementType.FLOAT, shape));
  }
}
