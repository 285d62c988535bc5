package org.gatun.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.gatun.DType;
import org.gatun.LiveBlocks;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzTest {
  private final Scope scope = Scope.open();

  @TempDir Path folder;

  @AfterEach
  void close() {
    scope.close();
  }

  private static Map<String, Tensor> some() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("weight", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2));
    tensors.put("layer/bias", Tensor.arange(1000));
    tensors.put("empty", Tensor.zeros(DType.F64, 0));
    return tensors;
  }

  private static void assertSome(Map<String, Tensor> tensors) {
    assertEquals(List.of("weight", "layer/bias", "empty"), List.copyOf(tensors.keySet()));
    assertArrayEquals(new float[] {1, 2, 3, 4}, tensors.get("weight").toFloatArray());
    assertEquals(999, tensors.get("layer/bias").get(999));
    assertEquals(0, tensors.get("empty").size());
  }

  @Test
  void storedAndDeflated() throws IOException {
    Path stored = folder.resolve("a.npz");
    Path deflated = folder.resolve("b.npz");
    Npz.write(stored, some());
    Npz.writeCompressed(deflated, some());
    assertSome(Npz.read(stored));
    assertSome(Npz.read(deflated));
    assertTrue(Files.size(deflated) < Files.size(stored));
    try (ZipFile zip = new ZipFile(stored.toFile())) {
      assertEquals(ZipEntry.STORED, zip.getEntry("weight.npy").getMethod());
    }
    try (ZipFile zip = new ZipFile(deflated.toFile())) {
      assertEquals(ZipEntry.DEFLATED, zip.getEntry("weight.npy").getMethod());
    }
  }

  @Test
  void aNameThatNoZipFileHoldsIsRefused() {
    Map<String, Tensor> tensors = Map.of("x".repeat(30_000), some().values().iterator().next());
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class, () -> Npz.write(folder.resolve("c.npz"), tensors));
    assertEquals("npz: a name of 30000 characters, expected at most 20000", thrown.getMessage());
  }

  @Test
  void theSameTensorsMakeTheSameFile() throws IOException {
    Path a = folder.resolve("a.npz");
    Path b = folder.resolve("b.npz");
    Npz.write(a, some());
    Npz.write(b, some());
    assertArrayEquals(Files.readAllBytes(a), Files.readAllBytes(b));
  }

  @Test
  void refusesAnEntryThatBeginsAtTheEnd() throws IOException {
    Path file = zip(Map.of("a.npy", npy()));
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int directory = bytes.getInt(bytes.limit() - 6); // In the last record of 22 bytes.
    bytes.putInt(directory + 42, directory - 1); // The first entry's place in the file.
    Files.write(file, bytes.array());
    String message = refused(file);
    assertTrue(message.contains("expected a zip archive of .npy files"), message);
  }

  private Path zip(Map<String, byte[]> entries) throws IOException {
    Path file = folder.resolve("x.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    }
    return file;
  }

  private static String refused(Path file) {
    long live = LiveBlocks.count();
    var e = assertThrows(MalformedFileException.class, () -> Npz.read(file));
    assertTrue(LiveBlocks.count() <= live, "a file that was refused leaves tensors behind");
    assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    return e.getMessage();
  }

  private static byte[] npy() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Npy.write(out, Tensor.arange(4));
    return out.toByteArray();
  }

  @Test
  void otherEntriesAreNamed() throws IOException {
    Path file = zip(new LinkedHashMap<>(Map.of("a.npy", npy(), "readme.txt", new byte[3])));
    assertTrue(refused(file).contains("entry 'readme.txt', expected names that end in .npy"));
  }

  @Test
  void brokenEntriesAreNamed() throws IOException {
    byte[] cut = java.util.Arrays.copyOf(npy(), 140);
    assertTrue(
        refused(zip(Map.of("a.npy", cut)))
            .endsWith("(a.npy): 12 bytes of data, expected 32 for i64[4]"));
    assertTrue(refused(zip(Map.of("a.npy", new byte[0]))).contains("(a.npy): header ends after 0"));
  }

  @Test
  void wrongChecksumsAreFound() throws IOException {
    Path file = folder.resolve("a.npz");
    Npz.write(file, Map.of("a", Tensor.arange(4)));
    byte[] bytes = Files.readAllBytes(file);
    // The data of the only, stored, entry ends where the central directory begins.
    int directory = bytes.length - 22 - 46 - "a.npy".length();
    assertEquals('P', bytes[directory]);
    bytes[directory - 1] ^= 1;
    Files.write(file, bytes);
    assertTrue(refused(file).contains("checksum"));
  }

  @Test
  void whatIsNoZipIsRefused() throws IOException {
    Path file = Files.write(folder.resolve("x.npz"), npy());
    assertTrue(refused(file).endsWith("expected a zip archive of .npy files"));
    Path none = Files.write(folder.resolve("y.npz"), new byte[0]);
    refused(none);
  }

  @Test
  void everyCutIsRefused() throws IOException {
    Path file = folder.resolve("a.npz");
    Npz.write(file, Map.of("a", Tensor.arange(2)));
    byte[] bytes = Files.readAllBytes(file);
    for (int length = 0; length < bytes.length; length += 7) {
      Path cut = Files.write(folder.resolve("cut.npz"), java.util.Arrays.copyOf(bytes, length));
      assertThrows(IOException.class, () -> Npz.read(cut));
    }
  }

  @Test
  void duplicatesAreRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(zip(new LinkedHashMap<>(Map.of("a.npy", npy()))));
    // A zip of two entries, the second renamed to the first's name, in both of its places.
    Map<String, byte[]> two = new LinkedHashMap<>();
    two.put("a.npy", npy());
    two.put("b.npy", npy());
    Path file = zip(two);
    byte[] zip = Files.readAllBytes(file);
    int renamed = 0;
    for (int i = 0; i + 5 <= zip.length; i++) {
      if (zip[i] == 'b' && zip[i + 1] == '.' && zip[i + 2] == 'n' && zip[i + 4] == 'y') {
        zip[i] = 'a';
        renamed++;
      }
    }
    assertEquals(2, renamed);
    assertTrue(bytes.length < zip.length);
    Files.write(file, zip);
    assertTrue(refused(file).contains("twice"));
  }
}
