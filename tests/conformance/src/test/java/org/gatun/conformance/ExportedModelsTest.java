package org.gatun.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Precision;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.onnx.OnnxModel;
import org.gatun.onnx.OnnxSession;
import org.gatun.onnx.SessionOptions;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Model;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.model.ValueType;
import org.gatun.testkit.onnx.ModelWriter;
import org.gatun.testkit.onnx.PrecisionLoss;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Networks that PyTorch exported, with made-up weights, on made-up inputs. They lie in {@code
 * shared/models} beside the checkout; their weights are made by the recipe that lies there.
 */
class ExportedModelsTest {
  private static final double TOLERANCE = 1e-4;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert_base",
        "llama_small",
        "mobilenet_v2",
        "resnet50",
        "shufflenet_v2",
        "unet",
        "vit_b_16"
      })
  void agreesWithOnnxRuntime(String name) throws IOException, InterruptedException {
    Path file = name.equals("vit_b_16") ? withFeatures(model(name)) : model(name);
    try (RealModel model = RealModel.of(name, file)) {
      for (long seed = 1; seed <= 2; seed++) {
        try (Scope scope = Scope.open()) {
          model.run(inputs(model.session(), new Generator(seed)), TOLERANCE);
        }
      }
    }
  }

  /** Of the largest element of an output, and of the angle: what was seen is half of that. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert_base",
        "llama_small",
        "mobilenet_v2",
        "resnet50",
        "shufflenet_v2",
        "unet",
        "vit_b_16"
      })
  void losesLittleInBf16(String name) throws IOException, InterruptedException {
    Path file = name.equals("vit_b_16") ? withFeatures(model(name)) : model(name);
    OnnxModel model = OnnxModel.load(file);
    SessionOptions options = SessionOptions.defaults();
    try (Scope _ = Scope.open();
        OnnxSession exact = model.session(options);
        OnnxSession rounded = model.session(options.withPrecision(Precision.BF16))) {
      assumeTrue(rounded.precision() == Precision.BF16, "the processor multiplies no bf16");
      Map<String, Value> inputs = new LinkedHashMap<>();
      inputs(exact, new Generator(3)).forEach((key, x) -> inputs.put(key, Value.of(x)));
      PrecisionLoss loss = PrecisionLoss.of(exact.runValues(inputs), rounded.runValues(inputs));
      String said = name + ": " + loss;
      assertTrue(loss.largest() > 1e-4 && loss.largest() < 0.04, said);
      assertTrue(loss.cosine() > 0.9995, said);
      assertTrue(Double.isNaN(loss.five()) || loss.five() >= 0.6, said);
    }
  }

  /**
   * The last layer's weights are 0 as PyTorch starts them, so the model gives 0 whatever comes
   * before: what goes into that layer is another output here.
   */
  private static Path withFeatures(Path file) throws IOException {
    Model model = OnnxModel.load(file).definition();
    Graph graph = model.graph();
    List<ValueInfo> outputs = new ArrayList<>(graph.outputs());
    String features = graph.nodes().getLast().inputs().getFirst();
    outputs.add(new ValueInfo(features, new ValueType.OfTensor(ElementType.FLOAT, null)));
    Graph observed =
        new Graph(
            graph.name(),
            graph.nodes(),
            graph.initializers(),
            graph.sparseInitializers(),
            graph.inputs(),
            outputs,
            graph.values());
    Path made = file.resolveSibling("observed.onnx");
    Files.write(
        made,
        ModelWriter.write(
            new Model(
                model.irVersion(),
                model.producer(),
                model.opsets(),
                observed,
                model.functions(),
                model.metadata())));
    return made;
  }

  private static Map<String, Tensor> inputs(OnnxSession session, Generator generator) {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (ValueInfo input : session.inputs()) {
      ValueType.OfTensor type = (ValueType.OfTensor) input.type();
      long[] shape =
          type.shape().stream().mapToLong(size -> ((Dimension.Known) size).size()).toArray();
      inputs.put(
          input.name(),
          switch (input.name()) {
            case "input_ids" -> generator.randint(0, 1000, DType.I64, shape);
            case "attention_mask" -> mask(generator, shape);
            default -> generator.randn(DType.F32, shape);
          });
    }
    return inputs;
  }

  /** The first tokens count, the rest is padding. */
  private static Tensor mask(Generator generator, long[] shape) {
    Tensor mask = Tensor.ones(DType.I64, shape);
    long length = shape[1];
    long used = length / 2 + (long) generator.randint(0, length / 2, DType.I64).item();
    mask.narrow(1, used, length - used).fill(0);
    return mask;
  }

  private static Path model(String name) throws IOException, InterruptedException {
    Path models = RealModel.shared("models/" + name + ".zip");
    if (models == null) {
      String reason = name + " was skipped: no shared/models/" + name + ".zip beside the checkout";
      System.out.println(reason);
      assumeTrue(false, reason);
    }
    Path folder = models.getParent();
    Path made = RealModel.FOLDER.resolve(name);
    Path done = made.resolve("complete");
    if (!Files.exists(done)) {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Dmodels.dir=" + folder,
                  folder.resolve("MakeWeights.java").toString(),
                  RealModel.FOLDER.toString(),
                  name)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      assertTrue(process.waitFor(5, TimeUnit.MINUTES), "the weights take more than 5 minutes");
      assertEquals(0, process.exitValue(), "MakeWeights");
      Files.writeString(done, "");
    }
    return made.resolve("model.onnx");
  }
}
