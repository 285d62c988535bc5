package org.gatun.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Files that appear when they are complete. A file that is replaced lives on, out of sight, where
 * it is mapped: writing into it would change, or take away, the memory of tensors.
 */
final class FileReplacement {
  /** Writes the content of a file. */
  @FunctionalInterface
  interface Writer {
    void write(FileChannel out) throws IOException;
  }

  private FileReplacement() {}

  /** Writes a file beside the given one, and moves it there. */
  static void write(Path file, Writer writer) throws IOException {
    // Through a symbolic link the file is replaced, not the link.
    Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    Path part = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
    try {
      try (FileChannel out =
          FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        writer.write(out);
      }
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
