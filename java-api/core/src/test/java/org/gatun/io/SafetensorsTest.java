package org.gatun.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.LiveBlocks;
import org.gatun.Scope;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SafetensorsTest {
  private final Scope scope = Scope.open();

  @TempDir Path folder;

  @AfterEach
  void close() {
    scope.close();
  }

  private static byte[] bytes(String header, byte[] data) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + text.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .put(data)
        .array();
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("x.safetensors"), bytes);
  }

  private Path file(String header, int dataSize) throws IOException {
    return file(bytes(header, new byte[dataSize]));
  }

  private static String entry(String dtype, String shape, long begin, long end) {
    return "{\"dtype\":\""
        + dtype
        + "\",\"shape\":"
        + shape
        + ",\"data_offsets\":["
        + begin
        + ","
        + end
        + "]}";
  }

  private static String refused(Path file) {
    long live = LiveBlocks.count();
    var e = assertThrows(MalformedFileException.class, () -> Safetensors.read(file));
    assertTrue(LiveBlocks.count() <= live, "a file that was refused leaves tensors behind");
    String start = "safetensors: " + file + ": ";
    assertTrue(e.getMessage().startsWith(start), e.getMessage());
    return e.getMessage().substring(start.length());
  }

  @Test
  void readsWhatOthersWrite() throws IOException {
    ByteBuffer data = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
    data.putFloat(0, 1.5f).putFloat(4, -2).putShort(8, (short) 0x3F80).putShort(10, (short) 0x4040);
    data.putLong(12, 1L << 40);
    String header =
        "{\"__metadata__\":{\"format\":\"pt\"},"
            + "\"w\": {\"dtype\": \"F32\", \"shape\": [1, 2], \"data_offsets\": [0, 8]},"
            + "\"h\\u00e4\\\"\":{\"shape\":[2],\"data_offsets\":[8,12],\"dtype\":\"BF16\"},"
            + "\"n\":"
            + entry("I64", "[]", 12, 20)
            + "}   ";
    Path file = file(bytes(header, data.array()));
    try (Safetensors opened = Safetensors.open(file)) {
      assertEquals(List.of("w", "hä\"", "n"), List.copyOf(opened.names()));
      assertEquals(Map.of("format", "pt"), opened.metadata());
      assertEquals(Layout.of(DType.F32, Shape.of(1, 2)), opened.layout("w"));
      assertArrayEquals(new float[] {1.5f, -2}, opened.tensor("w").toFloatArray());
      assertEquals(3, opened.tensor("hä\"").get(1));
      assertEquals(1L << 40, opened.tensor("n").item());
      var e = assertThrows(IllegalArgumentException.class, () -> opened.tensor("v"));
      assertEquals("safetensors: " + file + ": no tensor 'v' among 3", e.getMessage());
    }
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void comesBack(DType dtype) throws IOException {
    Path file = folder.resolve("a.safetensors");
    Tensor tensor =
        dtype == DType.BOOL
            ? Tensor.of(new boolean[] {true, false, true, true, false, true}, 2, 3)
            : Tensor.arange(dtype, 0, 6, 1).view(2, 3);
    Safetensors.write(file, Map.of("x", tensor), Map.of("by", "gatun\n\"\\"));
    Tensor back = Safetensors.read(file).get("x");
    assertEquals(tensor.layout(), back.layout());
    assertEquals(tensor.toString(), back.toString());
    try (Safetensors opened = Safetensors.open(file)) {
      assertEquals(Map.of("by", "gatun\n\"\\"), opened.metadata());
    }
  }

  @Test
  void writtenTensorsLieAlignedAndAreMapped() throws IOException {
    Path file = folder.resolve("a.safetensors");
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("bytes", Tensor.of(new byte[] {1, 2, 3}));
    tensors.put("half", Tensor.ones(DType.F16, 3));
    tensors.put("none", Tensor.zeros(DType.F32, 0, 4));
    tensors.put("double", Tensor.ones(DType.F64, 3));
    tensors.put("float", Tensor.of(new float[] {1, 2, 3}));
    Safetensors.write(file, tensors);
    long live = LiveBlocks.settled();
    Map<String, Tensor> back = Safetensors.read(file);
    // Only the empty one is a block of the pool: the others are the file.
    assertEquals(live + 1, LiveBlocks.count());
    for (Map.Entry<String, Tensor> named : back.entrySet()) {
      Tensor tensor = named.getValue();
      assertEquals(tensors.get(named.getKey()).toString(), tensor.toString());
      assertEquals(tensor.size() > 0, tensor.isReadOnly(), named.getKey());
      assertEquals(0, tensor.segment().address() % tensor.dtype().byteSize());
    }
    byte[] bytes = Files.readAllBytes(file);
    long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertEquals(0, (8 + header) % 64);
    assertEquals('{', bytes[8]);
  }

  @Test
  void misalignedTensorsAreCopied() throws IOException {
    String header =
        "{\"a\":" + entry("I8", "[1]", 0, 1) + ",\"b\":" + entry("I32", "[2]", 1, 9) + "}";
    header += " ".repeat((64 - (8 + header.length()) % 64) % 64);
    ByteBuffer data = ByteBuffer.allocate(9).order(ByteOrder.LITTLE_ENDIAN);
    data.put(0, (byte) 5).putInt(1, 70_000).putInt(5, -1);
    Map<String, Tensor> tensors = Safetensors.read(file(bytes(header, data.array())));
    assertTrue(tensors.get("a").isReadOnly());
    assertFalse(tensors.get("b").isReadOnly());
    assertArrayEquals(new int[] {70_000, -1}, tensors.get("b").toIntArray());
  }

  @Test
  void tensorsOutliveTheFileAndItsReplacement() throws IOException, InterruptedException {
    Path file = folder.resolve("a.safetensors");
    Safetensors.write(file, Map.of("x", Tensor.full(DType.F32, 3, 10_000)));
    Tensor part;
    Safetensors opened = Safetensors.open(file);
    try (opened;
        Tensor whole = opened.tensor("x")) {
      part = whole.slice(0, 9_000, 10_000);
    }
    assertThrows(ClosedChannelException.class, () -> opened.tensor("x"));
    // Written over the very file that is mapped, from it: in place that would end the JVM.
    Safetensors.write(file, Map.of("x", part));
    Files.delete(file);
    for (int i = 0; i < 5; i++) {
      System.gc();
      Thread.sleep(20);
    }
    assertEquals(3, part.get(999));
    part.read(m -> assertEquals(3, m.getAtIndex(ValueLayout.JAVA_FLOAT, 0)));
  }

  @Test
  void unknownDTypesAreNamedWhenTheyAreAskedFor() throws IOException {
    Path file =
        file(
            "{\"q\":" + entry("F8_E4M3", "[4]", 0, 4) + ",\"x\":" + entry("U8", "[1]", 4, 5) + "}",
            5);
    assertTrue(refused(file).startsWith("tensor 'q': dtype F8_E4M3, expected one of F64, F32"));
    try (Safetensors opened = Safetensors.open(file)) {
      assertEquals(0, opened.tensor("x").item());
    }
  }

  @Test
  void booleansAreChecked() throws IOException {
    Path file = file(bytes("{\"m\":" + entry("BOOL", "[3]", 0, 3) + "}", new byte[] {1, 0, 7}));
    assertEquals("tensor 'm': element 2 is the byte 7, expected a bool of 0 or 1", refused(file));
  }

  @Test
  void placesAreChecked() throws IOException {
    String f32 = entry("F32", "[2]", 0, 8);
    assertEquals(
        "tensor 'a': data_offsets [0, 8], expected a range within the data of 7 bytes",
        refused(file("{\"a\":" + f32 + "}", 7)));
    assertEquals(
        "9 bytes of data, expected 8 as the tensors have", refused(file("{\"a\":" + f32 + "}", 9)));
    assertEquals(
        "tensor 'a': data_offsets [0, 8], expected 12 bytes for F32[3]",
        refused(file("{\"a\":" + entry("F32", "[3]", 0, 8) + "}", 8)));
    assertEquals(
        "tensor 'a': data_offsets [8, 0], expected a range within the data of 8 bytes",
        refused(file("{\"a\":" + entry("F32", "[2]", 8, 0) + "}", 8)));
    assertEquals(
        "tensor 'b': data_offsets [4, 12] overlap another tensor, expected to begin at 8",
        refused(file("{\"a\":" + f32 + ",\"b\":" + entry("F32", "[2]", 4, 12) + "}", 12)));
    assertEquals(
        "tensor 'b': data_offsets [0, 8] overlap another tensor, expected to begin at 8",
        refused(file("{\"a\":" + f32 + ",\"b\":" + f32 + "}", 8)));
    assertEquals(
        "tensor 'b': data_offsets [12, 20] leave a hole, expected to begin at 8",
        refused(file("{\"a\":" + f32 + ",\"b\":" + entry("F32", "[2]", 12, 20) + "}", 20)));
    String overflowing = "[4611686018427387904,4611686018427387904]";
    assertTrue(
        refused(file("{\"a\":" + entry("F32", overflowing, 0, 0) + "}", 0))
            .startsWith("tensor 'a': shape [4611686018427387904, 4611686018427387904]: shape:"));
    assertTrue(
        refused(file("{\"a\":" + entry("F64", "[2305843009213693952]", 0, 0) + "}", 0))
            .contains("layout:"));
    // Empty tensors take no place, wherever they are.
    String none = entry("F32", "[0]", 8, 8);
    assertEquals(2, Safetensors.read(file("{\"b\":" + none + ",\"a\":" + f32 + "}", 8)).size());
    assertEquals(0, Safetensors.read(file("{}", 0)).size());
  }

  @Test
  void lengthsAreChecked() throws IOException {
    assertEquals("4 bytes, expected 8 or more", refused(file(new byte[4])));
    ByteBuffer file = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    file.put(8, (byte) '{').put(9, (byte) '}');
    assertEquals(
        "header of 9 bytes, expected at most 8", refused(file(file.putLong(0, 9).array())));
    assertEquals(
        "header of 9223372036854775807 bytes, expected at most 8",
        refused(file(file.putLong(0, Long.MAX_VALUE).array())));
    assertEquals(
        "header of 18446744073709551615 bytes, expected at most 8",
        refused(file(file.putLong(0, -1).array())));
    Path sparse = folder.resolve("x.safetensors");
    try (var channel =
        java.nio.channels.FileChannel.open(sparse, java.nio.file.StandardOpenOption.WRITE)) {
      channel.write(file.putLong(0, 150_000_000).clear());
      channel.write(ByteBuffer.allocate(1), 200_000_000);
    }
    assertEquals("header of 150000000 bytes, expected at most 100000000", refused(sparse));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "[]# at character 0: '[', expected '{'",
        "{\"a\":1}# at character 5: '1', expected '{'",
        "{\"a\":{}}# tensor 'a': dtype null, shape null, data_offsets null, expected all three",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}# tensor 'a': dtype F32",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,4]}}# at character",
        "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}# key 'dtype' given twice",
        "{\"a\":{\"type\":\"F32\"}}# tensor 'a': field 'type', expected dtype, shape",
        "{\"a\":{\"dtype\":5}}# at character 14: '5', expected a string",
        "{\"a\":{\"shape\":[-1]}}# at character 15: '-', expected a whole number of 0 or more",
        "{\"a\":{\"shape\":[1.5]}}# at character 16: '.', expected ',' or ']'",
        "{\"a\":{\"shape\":[01]}}# at character 15: '0', expected a whole number",
        "{\"a\":{\"shape\":[1,]}}# at character 17: ']', expected a whole number",
        "{\"a\":{\"shape\":[99999999999999999999]}}# number 99999999999999999999, expected one",
        "{\"a\":{\"shape\":\"x\"}}# at character 14: '\"', expected '['",
        "{\"__metadata__\":{\"a\":1}}# at character 21: '1', expected a string",
        "{\"__metadata__\":{\"a\":\"b\",\"a\":\"c\"}}# key 'a' given twice",
        "{\"__metadata__\":{},\"__metadata__\":{}}# key '__metadata__' given twice",
        "{\"a\\x\":{}}# at character 4: no escape, expected one of JSON's",
        "{\"a\\u00g0\":{}}# at character 7: 'g', expected four hexadecimal digits",
        "{\"a# at character 3: the end, expected the rest of a string",
        "{\"a\":# at character 5: the end, expected '{'",
        "{# at character 1: the end, expected a string",
        "{}x# at character 2: 'x', expected the end",
        "{,}# at character 1: ',', expected a string",
      })
  void brokenJson(String header, String problem) throws IOException {
    String message = refused(file(header, 0));
    assertTrue(message.startsWith("header: " + problem), message);
  }

  @Test
  void duplicateNamesAreRefused() throws IOException {
    String f32 = entry("F32", "[2]", 0, 8);
    assertEquals(
        "header: key 'a' given twice",
        refused(file("{\"a\":" + f32 + ",\"a\":" + entry("F32", "[2]", 8, 16) + "}", 16)));
    // The same name in another spelling.
    assertEquals(
        "header: key 'a' given twice",
        refused(file("{\"a\":" + f32 + ",\"\\u0061\":" + entry("F32", "[2]", 8, 16) + "}", 16)));
  }

  @Test
  void otherHeadersAreRefused() throws IOException {
    byte[] header = bytes("{\"a\":" + entry("F32", "[0]", 0, 0) + "}", new byte[0]);
    header[10] = (byte) 0xC3; // Half a character.
    assertEquals("header that is not UTF-8, expected JSON", refused(file(header)));
    assertTrue(
        refused(file("{\"a\nb\":" + entry("F32", "[0]", 0, 0) + "}", 0))
            .startsWith("header: at character 3: '\n', expected the rest of a string"));
    assertTrue(refused(file("{}\0", 0)).startsWith("header: at character 2"));
    String ranks = "[" + "1,".repeat(64) + "1]";
    assertTrue(
        refused(file("{\"a\":" + entry("I8", ranks, 0, 1) + "}", 1))
            .contains("more numbers than 64"));
    // A thousand brackets do not end in a StackOverflowError.
    assertTrue(refused(file("{\"a\":" + "[".repeat(100_000), 0)).contains("expected '{'"));
  }

  @Test
  void everyCutIsRefused() throws IOException {
    Path whole = folder.resolve("a.safetensors");
    Safetensors.write(whole, Map.of("x", Tensor.arange(5), "y", Tensor.ones(DType.F32, 3)));
    byte[] bytes = Files.readAllBytes(whole);
    for (int length = 0; length < bytes.length; length++) {
      Path cut = file(Arrays.copyOf(bytes, length));
      assertThrows(MalformedFileException.class, () -> Safetensors.read(cut));
    }
  }

  @Test
  void reservedNamesAreNotWritten() {
    Path file = folder.resolve("a.safetensors");
    assertThrows(
        IllegalArgumentException.class,
        () -> Safetensors.write(file, Map.of("__metadata__", Tensor.arange(2))));
    assertFalse(Files.exists(file));
  }

  @Test
  void whatIsWrittenHasTheFormatsForm() throws IOException {
    Path file = folder.resolve("a.safetensors");
    Safetensors.write(file, Map.of("x", Tensor.of(new short[] {1, 2})), Map.of("k", "v"));
    String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    assertTrue(
        text.contains(
            "{\"__metadata__\":{\"k\":\"v\"},"
                + "\"x\":{\"dtype\":\"I16\",\"shape\":[2],\"data_offsets\":[0,4]}}   "),
        text);
    assertTrue(text.endsWith(" \1\0\2\0"));
  }

  @Test
  void manyThreadsReadOneFile() throws Exception {
    Map<String, Tensor> written = new LinkedHashMap<>();
    for (int i = 0; i < 8; i++) {
      written.put("t" + i, Tensor.full(DType.F32, i, 3000 + i));
    }
    // Files inside others are read and not mapped.
    Path zip = folder.resolve("tensors.zip");
    try (FileSystem inside = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      Path file = folder.resolve("tensors.safetensors");
      Safetensors.write(file, written);
      Files.copy(file, inside.getPath("/tensors.safetensors"));
    }
    written.values().forEach(Tensor::close);
    List<String> wrong = Collections.synchronizedList(new ArrayList<>());
    try (FileSystem inside = FileSystems.newFileSystem(zip);
        Safetensors file = Safetensors.open(inside.getPath("/tensors.safetensors"))) {
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        int value = t;
        threads.add(Thread.ofPlatform().start(() -> readAgain(file, value, wrong)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
    assertEquals(List.of(), wrong);
  }

  private static void readAgain(Safetensors file, int value, List<String> wrong) {
    for (int round = 0; round < 50; round++) {
      try (Tensor tensor = file.tensor("t" + value)) {
        assertFalse(tensor.isReadOnly(), "it was mapped, which says nothing");
        for (float element : tensor.toFloatArray()) {
          if (element != value) {
            wrong.add("t" + value + " has " + element);
            break;
          }
        }
      } catch (IOException | AssertionError e) {
        wrong.add("t" + value + ": " + e);
      }
    }
  }
}
