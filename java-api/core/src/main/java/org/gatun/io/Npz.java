package org.gatun.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.gatun.Tensor;

/**
 * NumPy's {@code .npz} files: zip archives of {@code .npy} files, stored or deflated, each under
 * the name of its array.
 *
 * <p>Source: <a href="https://numpy.org/doc/stable/reference/generated/numpy.savez.html">NumPy,
 * savez</a>.
 */
public final class Npz {
  /** What a zip file counts a name's bytes in has 16 bits, and a character up to three bytes. */
  private static final int MOST_CHARACTERS = 20_000;

  private static final String SUFFIX = ".npy";

  /** What deflate makes of one byte at most. */
  private static final long DEFLATE_RATIO = 1032;

  /**
   * The time of every entry: the same tensors make the same file. For the first day that zip files
   * know, NumPy's choice, Java would add the time in UTC, which depends on the time zone.
   */
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

  private Npz() {}

  /**
   * Returns the arrays of a file by their names, in the file's order, as new tensors.
   *
   * @throws MalformedFileException if the file is no zip archive, or one of its entries is broken,
   *     no {@code .npy} file or there twice
   */
  public static Map<String, Tensor> read(Path file) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    boolean done = false;
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        String name = entry.getName();
        if (!name.endsWith(SUFFIX)) {
          throw new MalformedFileException(
              "npz: " + file + ": entry '" + name + "', expected names that end in " + SUFFIX);
        }
        String key = name.substring(0, name.length() - SUFFIX.length());
        if (tensors.containsKey(key)) {
          throw new MalformedFileException(
              "npz: " + file + ": entry '" + name + "' is there twice");
        }
        tensors.put(key, read(zip, entry, file + "(" + name + ")"));
      }
      done = true;
      return Collections.unmodifiableMap(tensors);
    } catch (ZipException e) {
      throw new MalformedFileException(
          "npz: " + file + ": " + e.getMessage() + ", expected a zip archive of .npy files", e);
    } catch (EOFException e) {
      throw new MalformedFileException(
          "npz: " + file + ": ends within an entry, expected a zip archive of .npy files", e);
    } finally {
      if (!done) {
        tensors.values().forEach(Tensor::close);
      }
    }
  }

  private static Tensor read(ZipFile zip, ZipEntry entry, String name) throws IOException {
    long size = entry.getSize();
    if (size / DEFLATE_RATIO > entry.getCompressedSize()) {
      throw new MalformedFileException(
          "npz: "
              + name
              + ": "
              + size
              + " bytes, expected no more than deflate can make of "
              + entry.getCompressedSize());
    }
    try (CheckedInputStream in = new CheckedInputStream(zip.getInputStream(entry), new CRC32())) {
      Tensor tensor = Npy.read(Channels.newChannel(in), name, size);
      if (in.getChecksum().getValue() != entry.getCrc()) {
        tensor.close();
        throw new MalformedFileException(
            String.format(
                "npz: %s: checksum %08x, expected %08x",
                name, in.getChecksum().getValue(), entry.getCrc()));
      }
      return tensor;
    }
  }

  /**
   * Writes tensors by their names to a file, stored as they are. The file appears, or replaces the
   * old one, when it is complete.
   *
   * @throws IllegalArgumentException if NumPy has no such dtype: {@code bf16}
   */
  public static void write(Path file, Map<String, Tensor> tensors) throws IOException {
    write(file, tensors, ZipEntry.STORED);
  }

  /** Writes tensors by their names to a file, compressed; see {@link #write}. */
  public static void writeCompressed(Path file, Map<String, Tensor> tensors) throws IOException {
    write(file, tensors, ZipEntry.DEFLATED);
  }

  private static void write(Path file, Map<String, Tensor> tensors, int method) throws IOException {
    FileReplacement.write(
        file,
        out -> {
          try (ZipOutputStream zip = new ZipOutputStream(Channels.newOutputStream(out))) {
            for (Map.Entry<String, Tensor> named : tensors.entrySet()) {
              int length = named.getKey().length();
              if (length > MOST_CHARACTERS) {
                throw new IllegalArgumentException(
                    "npz: a name of "
                        + length
                        + " characters, expected at most "
                        + MOST_CHARACTERS);
              }
              ZipEntry entry = new ZipEntry(named.getKey() + SUFFIX);
              entry.setTimeLocal(TIME);
              entry.setMethod(method);
              if (method == ZipEntry.STORED) {
                measure(entry, named.getValue());
              }
              zip.putNextEntry(entry);
              Npy.write(zip, named.getValue());
              zip.closeEntry();
            }
          }
        });
  }

  /** What is stored has its size and checksum in front of it. */
  private static void measure(ZipEntry entry, Tensor tensor) throws IOException {
    CRC32 checksum = new CRC32();
    Counter counter = new Counter();
    Npy.write(new CheckedOutputStream(counter, checksum), tensor);
    entry.setSize(counter.bytes);
    entry.setCompressedSize(counter.bytes);
    entry.setCrc(checksum.getValue());
  }

  private static final class Counter extends OutputStream {
    private long bytes;

    @Override
    public void write(int value) {
      bytes++;
    }

    @Override
    public void write(byte[] values, int offset, int length) {
      bytes += length;
    }
  }
}
