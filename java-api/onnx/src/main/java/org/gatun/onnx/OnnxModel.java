package org.gatun.onnx;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.gatun.FileMapping;
import org.gatun.onnx.format.ExternalFiles;
import org.gatun.onnx.format.ModelCheck;
import org.gatun.onnx.format.ModelReader;
import org.gatun.onnx.model.Model;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.session.Preparation;
import org.jspecify.annotations.Nullable;

/**
 * A model that was read from a file: its graph, its weights and what they need to run.
 *
 * <pre>{@code
 * OnnxModel model = OnnxModel.load(Path.of("model.onnx"));
 * System.out.println(model.inputs()); // names, elements and dimensions
 * try (Scope scope = Scope.open(); // closes the tensors that are made inside
 *     OnnxSession session = model.session()) {
 *   Tensor image = Tensor.zeros(DType.F32, 1, 3, 224, 224);
 *   Map<String, Tensor> outputs = session.run(Map.of("input", image));
 * }
 * }</pre>
 *
 * <p>Weights stay in the file, which is mapped into memory, where they are aligned there. The file
 * must not be written to or cut off while the model is in use.
 *
 * <p>Source: <a href="https://github.com/onnx/onnx/blob/main/docs/IR.md">ONNX, the format</a>.
 */
public final class OnnxModel {
  private final Model model;

  private OnnxModel(Model model) {
    ModelCheck.check(model);
    this.model = model;
  }

  /**
   * Returns the model in a file, with the files beside it that hold its external data.
   *
   * @throws IOException if the file cannot be read
   * @throws OnnxException if it holds no valid model, or lies where files cannot be mapped, as in a
   *     zip file
   */
  public static OnnxModel load(Path file) throws IOException {
    Preparation.start();
    FileMapping mapping;
    try {
      mapping = FileMapping.of(file);
    } catch (UnsupportedOperationException e) {
      throw new OnnxException(
          "model: " + file + " cannot be mapped into memory; load its bytes instead", e);
    }
    Path folder = file.toAbsolutePath().getParent();
    ExternalFiles external = folder == null ? null : new ExternalFiles(folder);
    return read(mapping.segment(), mapping, external);
  }

  /**
   * Returns the model in these bytes, which must not be changed afterwards.
   *
   * @throws OnnxException if they hold no valid model, or it has external data
   */
  public static OnnxModel load(byte[] bytes) {
    return load(MemorySegment.ofArray(Objects.requireNonNull(bytes, "model: bytes is null")));
  }

  /**
   * Returns the model in this memory, which must stay open and unchanged while sessions are made.
   *
   * @throws OnnxException if it holds no valid model, or one with external data
   */
  public static OnnxModel load(MemorySegment bytes) {
    Objects.requireNonNull(bytes, "model: bytes is null");
    return read(bytes, null, null);
  }

  private static OnnxModel read(
      MemorySegment bytes, @Nullable FileMapping file, @Nullable ExternalFiles external) {
    try {
      return new OnnxModel(ModelReader.read(bytes, file, external));
    } catch (OutOfMemoryError e) {
      // A message of two bytes is an object of a hundred.
      throw new OnnxException(
          "model: no room on the heap for what " + bytes.byteSize() + " bytes say", e);
    }
  }

  /**
   * Returns the model that these records are.
   *
   * @throws OnnxException if its versions are not those that Gatun knows
   */
  public static OnnxModel of(Model definition) {
    return new OnnxModel(definition);
  }

  /** Returns what the file says. */
  public Model definition() {
    return model;
  }

  /** Returns the inputs that have no default, in order: their names, elements and dimensions. */
  public List<ValueInfo> inputs() {
    Set<String> defaults = model.graph().initializerNames();
    return model.graph().inputs().stream()
        .filter(input -> !defaults.contains(input.name()))
        .toList();
  }

  /** Returns the outputs, in order. */
  public List<ValueInfo> outputs() {
    return model.graph().outputs();
  }

  /**
   * Returns a session that runs the model.
   *
   * @throws OnnxException if the model uses what Gatun does not have, there is no memory for it, or
   *     the thread is interrupted
   */
  public OnnxSession session() {
    return session(SessionOptions.defaults());
  }

  /**
   * Returns a session that runs the model.
   *
   * @throws OnnxException if the model uses what Gatun does not have, there is no memory for it, or
   *     the thread is interrupted
   */
  public OnnxSession session(SessionOptions options) {
    try {
      return new OnnxSession(this, options);
    } catch (OutOfMemoryError e) {
      throw new OnnxException("session: no room on the heap: " + e.getMessage(), e);
    }
  }
}
