package org.gatun.bindings;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Which files of a folder had their checksums taken, and what the system said of them then. A
 * lookup costs a start some microseconds, where the checksums of 130 MB cost it 90 to 360 ms.
 *
 * <p>Nobody can write to a file without the system setting the time of its last change (ctime),
 * which no program can set to another: also not one that restores size and time of modification.
 * The folder must be one that nobody else can write to, since this file would be as easily written.
 */
final class VerifiedFiles {
  static final String FILE = "verified";

  private final Path folder;

  /** By the name of the file: its checksum, and what the system said of it. */
  private final Map<String, String> lines;

  private VerifiedFiles(Path folder, Map<String, String> lines) {
    this.folder = folder;
    this.lines = lines;
  }

  /**
   * Returns what is noted in a folder, which is nothing if nothing is, or nothing that is trusted.
   */
  static VerifiedFiles in(Path folder, Ownership ownership) throws IOException {
    Map<String, String> lines = new HashMap<>();
    Path file = folder.resolve(FILE);
    try {
      Map<String, Object> attributes = Ownership.attributes(file);
      if (Ownership.POSIX) {
        ownership.requireOwn(file, attributes);
      }
      if (Ownership.isFile(attributes)) {
        for (String line : Files.readString(file).split("\n")) {
          int space = line.indexOf(' ');
          if (space > 0) {
            lines.put(line.substring(0, space), line.substring(space + 1));
          }
        }
      }
    } catch (NoSuchFileException e) {
      // The folder is new, or an older version of Gatun has filled it.
    }
    return new VerifiedFiles(folder, lines);
  }

  /** Returns whether a file had this checksum when it was taken, and was not touched since. */
  boolean has(String file, String sha256, Map<String, Object> attributes) {
    return line(sha256, attributes).equals(lines.get(file));
  }

  /** Notes that a file has a checksum. */
  void add(String file, String sha256, Map<String, Object> attributes) {
    lines.put(file, line(sha256, attributes));
  }

  /** Writes what is noted, or leaves it where the folder is not to be written to. */
  void write() {
    var text = new StringBuilder();
    lines.keySet().stream()
        .sorted()
        .forEach(file -> text.append(file).append(' ').append(lines.get(file)).append('\n'));
    try {
      Path beside = Files.createTempFile(folder, FILE + ".", ".part");
      try {
        Files.writeString(beside, text);
        Files.move(beside, folder.resolve(FILE), ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(beside);
      }
    } catch (IOException e) {
      // A cache that is only read has its checksums taken at each start.
      System.getLogger("org.gatun.load")
          .log(System.Logger.Level.DEBUG, "cache: " + folder + " cannot be noted as verified", e);
    }
  }

  private static String line(String sha256, Map<String, Object> attributes) {
    var line = new StringJoiner(" ");
    line.add(sha256);
    line.add(requireNonNull(attributes.get("size")).toString());
    line.add(requireNonNull(attributes.get("lastModifiedTime")).toString());
    if (Ownership.POSIX) {
      line.add(requireNonNull(attributes.get("ctime")).toString());
      line.add(requireNonNull(attributes.get("ino")).toString());
    } else {
      line.add(requireNonNull(attributes.get("creationTime")).toString());
    }
    return line.toString();
  }
}
