package org.gatun.safety.models;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.OnnxModel;
import org.gatun.testkit.onnx.ModelWriter;

/**
 * The models that mutants are made of: small ones that are written here, ONNX's own tests where
 * they lie in {@code shared/onnx} beside the checkout, and a model that was trained.
 */
final class Seeds {
  /** Larger files would make every mutant slow; what they are made of is in the small ones too. */
  private static final int MOST_BYTES = 1 << 16;

  private static final String TRAINED = "models/ch_ppocr_mobile_v2.0_cls_infer.onnx";

  private Seeds() {}

  /** Returns the small models, always in one order. */
  static List<Seed> small() throws IOException {
    List<Seed> seeds = new ArrayList<>();
    SmallModels.all()
        .forEach(
            (name, model) -> seeds.add(new Seed(name, ModelWriter.write(model), model, List.of())));
    for (String name : List.of("node", "simple", "pytorch-operator", "pytorch-converted")) {
      Path file = shared("onnx/" + name + ".zip");
      if (file != null) {
        try (FileSystem zip = FileSystems.newFileSystem(file)) {
          add(zip.getPath("/"), name, seeds);
        }
      }
    }
    return seeds;
  }

  /** Returns models as people use them: their mutants take some hundred times as long. */
  static List<Seed> real() throws IOException {
    List<Seed> seeds = new ArrayList<>();
    try (InputStream in = Seeds.class.getClassLoader().getResourceAsStream(TRAINED)) {
      if (in == null) {
        throw new IOException("no resource " + TRAINED);
      }
      seeds.add(seed(TRAINED, in.readAllBytes(), List.of(image(1, 3, 48, 192))));
    }
    Path light = shared("onnx/light.zip");
    if (light != null) {
      try (FileSystem zip = FileSystems.newFileSystem(light)) {
        for (String name : List.of("squeezenet", "shufflenet")) {
          Path file = zip.getPath("/light_" + name + ".onnx");
          if (Files.exists(file)) {
            seeds.add(seed(name, Files.readAllBytes(file), List.of(image(1, 3, 224, 224))));
          }
        }
      }
    }
    return seeds;
  }

  private static void add(Path root, String set, List<Seed> seeds) throws IOException {
    List<Path> models;
    try (Stream<Path> files = Files.walk(root, 3)) {
      models = files.filter(file -> file.toString().endsWith(".onnx")).sorted().toList();
    }
    for (Path model : models) {
      byte[] bytes = Files.readAllBytes(model);
      if (bytes.length > MOST_BYTES) {
        continue;
      }
      List<byte[]> inputs = new ArrayList<>();
      Path data = model.resolveSibling("test_data_set_0");
      for (int i = 0; Files.exists(data.resolve("input_" + i + ".pb")); i++) {
        inputs.add(Files.readAllBytes(data.resolve("input_" + i + ".pb")));
      }
      try {
        seeds.add(seed(set + model, bytes, inputs));
      } catch (OnnxException _) {
        // A model of maps or text, which is refused as a whole.
      }
    }
  }

  /** Returns the file of a tensor of floats. */
  private static byte[] image(long... dims) {
    byte[] shape = {};
    long size = 1;
    for (long dim : dims) {
      shape = Wire.concat(shape, Wire.number(1, dim));
      size *= dim;
    }
    ByteBuffer elements =
        ByteBuffer.allocate(Math.toIntExact(Float.BYTES * size)).order(ByteOrder.LITTLE_ENDIAN);
    while (elements.hasRemaining()) {
      elements.putFloat(elements.position() % 251 / 251f);
    }
    return Wire.concat(shape, Wire.number(2, 1), Wire.message(9, elements.array()));
  }

  private static Seed seed(String name, byte[] bytes, List<byte[]> inputs) {
    return new Seed(name, bytes, OnnxModel.load(bytes).definition(), inputs);
  }

  private static Path shared(String name) {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      Path found = folder.resolve("shared").resolve(name);
      if (Files.exists(found)) {
        return found;
      }
    }
    return null;
  }
}
