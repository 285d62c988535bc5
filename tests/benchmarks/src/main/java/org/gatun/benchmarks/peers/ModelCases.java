package org.gatun.benchmarks.peers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.gatun.benchmarks.peers.PeerCase.Operand;
import org.gatun.onnx.OnnxModel;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.model.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * The models that are compared: trained ones out of Maven's jars, and where {@code shared} lies
 * beside the checkout, exported ones with made weights and the light ones of ONNX's tests.
 */
final class ModelCases {
  private static final String[] LIGHT = {
    "resnet50",
    "densenet121",
    "squeezenet",
    "vgg19",
    "shufflenet",
    "inception_v1",
    "inception_v2",
    "bvlc_alexnet",
    "zfnet512"
  };
  private static final String[] EXPORTED = {
    "resnet50", "mobilenet_v2", "shufflenet_v2", "unet", "vit_b_16", "bert_base", "llama_small"
  };
  private static final int VOCABULARY = 1000;

  private final Path folder;
  private final Predicate<String> wanted;
  private final List<ModelCase> cases = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();

  private ModelCases(Path folder, Predicate<String> wanted) {
    this.folder = folder;
    this.wanted = wanted;
  }

  /**
   * The models that were found.
   *
   * @param cases the models
   * @param missing the names of those whose files are not there
   */
  record Found(List<ModelCase> cases, List<String> missing) {}

  /**
   * Returns the models with these names.
   *
   * @param folder where their files are put
   */
  static Found in(Path folder, Predicate<String> wanted) throws IOException, InterruptedException {
    ModelCases models = new ModelCases(folder, wanted);
    models.sentences();
    models.textRecognition();
    models.light();
    models.exported();
    return new Found(List.copyOf(models.cases), List.copyOf(models.missing));
  }

  private void sentences() throws IOException {
    Map<String, String> resources = new LinkedHashMap<>();
    resources.put("minilm-l6", "all-minilm-l6-v2.onnx");
    resources.put("minilm-l6-int8", "all-minilm-l6-v2-q.onnx");
    resources.put("bge-small", "bge-small-en-v1.5.onnx");
    for (Map.Entry<String, String> model : resources.entrySet()) {
      for (long batch : new long[] {1, 8}) {
        for (long length : new long[] {8, 64, 256}) {
          String name = "%s-b%d-s%d".formatted(model.getKey(), batch, length);
          if (wanted.test(name)) {
            add(name, resource(model.getValue()), batch, length);
          }
        }
      }
    }
  }

  private void textRecognition() throws IOException {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put("ocr-det-v3-640x640", new long[] {1, 3, 640, 640});
    shapes.put("ocr-det-v4-640x640", new long[] {1, 3, 640, 640});
    shapes.put("ocr-det-v4-736x1280", new long[] {1, 3, 736, 1280});
    shapes.put("ocr-cls-48x192", new long[] {1, 3, 48, 192});
    shapes.put("ocr-cls-48x192-b6", new long[] {6, 3, 48, 192});
    shapes.put("ocr-rec-v3-48x320", new long[] {1, 3, 48, 320});
    shapes.put("ocr-rec-v4-48x320", new long[] {1, 3, 48, 320});
    shapes.put("ocr-rec-v4-48x320-b6", new long[] {6, 3, 48, 320});
    for (Map.Entry<String, long[]> model : shapes.entrySet()) {
      String name = model.getKey();
      if (wanted.test(name)) {
        String file =
            name.startsWith("ocr-cls")
                ? "ch_ppocr_mobile_v2.0_cls_infer"
                : "ch_PP-OCR%s_%s_infer".formatted(name.substring(8, 10), name.substring(4, 7));
        add(name, resource("models/" + file + ".onnx"), model.getValue());
      }
    }
  }

  private void light() throws IOException {
    Path zip = shared("onnx/light.zip");
    for (String model : LIGHT) {
      String name = "light-" + model;
      if (!wanted.test(name)) {
        continue;
      }
      if (zip == null) {
        missing.add(name);
        continue;
      }
      Path file = folder.resolve(name + ".onnx");
      if (!Files.exists(file)) {
        try (FileSystem files = FileSystems.newFileSystem(zip);
            InputStream in = Files.newInputStream(files.getPath("light_" + model + ".onnx"))) {
          write(in, file);
        }
      }
      add(name, file);
    }
  }

  private void exported() throws IOException, InterruptedException {
    for (String name : EXPORTED) {
      if (!wanted.test(name)) {
        continue;
      }
      Path zip = shared("models/" + name + ".zip");
      if (zip == null) {
        missing.add(name);
        continue;
      }
      Path done = folder.resolve(name).resolve("complete");
      if (!Files.exists(done)) {
        makeWeights(zip.resolveSibling("MakeWeights.java"), name);
        Files.writeString(done, "");
      }
      add(name, folder.resolve(name).resolve("model.onnx"));
    }
  }

  /** The exported models come with the recipe of their weights. */
  private void makeWeights(Path program, String name) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dmodels.dir=" + program.getParent(),
                program.toString(),
                folder.toString(),
                name)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (process.waitFor() != 0) {
      throw new IOException("%s failed for %s".formatted(program, name));
    }
  }

  private Path resource(String name) throws IOException {
    Path file = folder.resolve(Path.of(name).getFileName());
    if (!Files.exists(file)) {
      try (InputStream in = ModelCases.class.getClassLoader().getResourceAsStream(name)) {
        if (in == null) {
          throw new IOException("no resource " + name);
        }
        write(in, file);
      }
    }
    return file;
  }

  private static void write(InputStream in, Path file) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Adds a model.
   *
   * @param shape the shape of its inputs; none for the shapes that the model declares
   */
  private void add(String name, Path file, long... shape) throws IOException {
    List<ModelCase.Input> inputs = new ArrayList<>();
    for (ValueInfo input : OnnxModel.load(file).inputs()) {
      if (!(input.type() instanceof ValueType.OfTensor(ElementType type, var dims))
          || dims == null) {
        throw new IOException("%s: input %s is %s".formatted(name, input.name(), input.type()));
      }
      long[] made = shape.length > 0 ? shape : declared(dims);
      inputs.add(new ModelCase.Input(input.name(), operand(input.name(), type, made)));
    }
    cases.add(new ModelCase(name, file, inputs));
  }

  private static long[] declared(List<Dimension> dims) {
    return dims.stream()
        .mapToLong(dimension -> dimension instanceof Dimension.Known(long size) ? size : 1)
        .toArray();
  }

  /** Tokens are words of the vocabulary; all of them count, and are of the first sentence. */
  private static Operand operand(String name, ElementType type, long[] shape) {
    Operand operand = Operand.of(shape);
    if (type != ElementType.INT64) {
      return operand;
    }
    return switch (name) {
      case "attention_mask" -> new Operand(operand.shape(), false, 1, 2, true);
      case "token_type_ids" -> operand.indices(1);
      default -> operand.indices(VOCABULARY);
    };
  }

  /** Returns a file that lies in {@code shared} beside the checkout, or null. */
  private static @Nullable Path shared(String name) {
    Path start = Path.of(System.getProperty("gatun.root", "")).toAbsolutePath();
    for (Path at = start; at != null; at = at.getParent()) {
      Path found = at.resolve("shared").resolve(name);
      if (Files.exists(found)) {
        return found;
      }
    }
    return null;
  }
}
