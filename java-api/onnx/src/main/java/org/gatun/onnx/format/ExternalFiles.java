package org.gatun.onnx.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.gatun.FileMapping;
import org.gatun.onnx.OnnxException;

/** The files beside a model that its tensors stand in. Each is mapped once. */
public final class ExternalFiles {
  private final Path folder;
  private final Map<Path, FileMapping> mapped = new HashMap<>();

  /** Makes the files of a folder. */
  public ExternalFiles(Path folder) {
    this.folder = folder;
  }

  /**
   * Returns the mapping of a file in the folder.
   *
   * @throws OnnxException if it is not there or lies elsewhere
   */
  FileMapping map(String tensor, String location) {
    Path file = resolve(tensor, location);
    return mapped.computeIfAbsent(
        file,
        path -> {
          try {
            return FileMapping.of(path);
          } catch (IOException e) {
            throw new OnnxException(
                "model: initializer '" + tensor + "': cannot read " + path + ": " + e.getMessage(),
                e);
          }
        });
  }

  private Path resolve(String tensor, String location) {
    try {
      Path root = folder.toRealPath();
      Path file = root.resolve(location);
      if (!Path.of(location).isAbsolute() && Files.exists(file)) {
        Path real = file.toRealPath();
        // Opening a pipe waits until somebody writes to it.
        if (real.startsWith(root) && Files.isRegularFile(real)) {
          return real;
        }
      } else if (!Path.of(location).isAbsolute() && file.normalize().startsWith(root)) {
        throw new OnnxException(
            "model: initializer '" + tensor + "': no file " + file + " with its external data");
      }
    } catch (IOException | InvalidPathException e) {
      throw new OnnxException(
          "model: initializer '" + tensor + "': external data '" + location + "': " + e, e);
    }
    throw new OnnxException(
        "model: initializer '"
            + tensor
            + "': external data '"
            + location
            + "', expected a file in the model's folder");
  }
}
