package org.gatun.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.gatun.DType;
import org.gatun.LiveBlocks;
import org.gatun.Plain;
import org.gatun.Scope;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NpyTest {
  private final Scope scope = Scope.open();

  @TempDir Path folder;

  @AfterEach
  void close() {
    scope.close();
  }

  /** Returns a file of this version with this header, which is padded as NumPy pads it. */
  static byte[] npy(int version, String header, byte[] data) {
    int before = version == 1 ? 10 : 12;
    int length = (before + header.length() + 64) / 64 * 64 - before;
    String padded = header + " ".repeat(length - header.length() - 1) + "\n";
    ByteBuffer file =
        ByteBuffer.allocate(before + length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    file.put((byte) version).put((byte) 0);
    if (version == 1) {
      file.putShort((short) length);
    } else {
      file.putInt(length);
    }
    return file.put(padded.getBytes(StandardCharsets.UTF_8)).put(data).array();
  }

  private static String header(String descr, boolean fortran, String shape) {
    return "{'descr': '"
        + descr
        + "', 'fortran_order': "
        + (fortran ? "True" : "False")
        + ", 'shape': "
        + shape
        + ", }";
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("a.npy"), bytes);
  }

  private Tensor read(byte[] bytes) throws IOException {
    return Npy.read(file(bytes));
  }

  private String refused(byte[] bytes) throws IOException {
    Path file = file(bytes);
    long live = LiveBlocks.count();
    var e = assertThrows(MalformedFileException.class, () -> Npy.read(file));
    assertTrue(LiveBlocks.count() <= live, "a file that was refused leaves a tensor behind");
    assertTrue(e.getMessage().startsWith("npy: " + file + ": "), e.getMessage());
    return e.getMessage().substring(("npy: " + file + ": ").length());
  }

  @Test
  void writesWhatNumPyWrites() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Npy.write(out, Tensor.of(new int[] {1, 2, 3, 4, 5, -6}, 2, 3));
    byte[] data = new byte[24];
    ByteBuffer.wrap(data)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asIntBuffer()
        .put(new int[] {1, 2, 3, 4, 5, -6});
    assertArrayEquals(npy(1, header("<i4", false, "(2, 3)"), data), out.toByteArray());
    assertEquals(128 + 24, out.size());
  }

  @ParameterizedTest
  @CsvSource(
      value = {"; ()", "3; (3,)", "0; (0,)", "2,0,3; (2, 0, 3)", "1,1; (1, 1)"},
      delimiter = ';')
  void shapesAreTuples(String dims, String tuple) throws IOException {
    long[] shape =
        dims == null
            ? new long[0]
            : Arrays.stream(dims.split(",")).mapToLong(Long::parseLong).toArray();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Npy.write(out, Tensor.zeros(DType.BOOL, shape));
    String text = out.toString(StandardCharsets.ISO_8859_1);
    assertTrue(text.contains(header("|b1", false, tuple)), text);
    assertEquals(Shape.of(shape), Npy.read(new ByteArrayInputStream(out.toByteArray())).shape());
  }

  @ParameterizedTest
  @EnumSource(value = DType.class, mode = EnumSource.Mode.EXCLUDE, names = "BF16")
  void comesBack(DType dtype) throws IOException {
    Path file = folder.resolve("x.npy");
    Tensor tensor =
        dtype == DType.BOOL
            ? Tensor.of(new boolean[] {true, false, true, true, false, true}, 2, 3)
            : Tensor.arange(dtype, 0, 6, 1).view(2, 3);
    Npy.write(file, tensor);
    Tensor back = Npy.read(file);
    assertEquals(tensor.layout(), back.layout());
    assertEquals(tensor.toString(), back.toString());
    assertEquals(0, Files.size(file) % 2);
    try (var left = Files.list(folder)) {
      assertEquals(List.of(file), left.toList(), "nothing else is left in the folder");
    }
  }

  @Test
  void bfloat16HasNoNumPyType() {
    Path file = folder.resolve("x.npy");
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> Npy.write(file, Tensor.ones(DType.BF16, 2)));
    assertTrue(e.getMessage().startsWith("npy: dtype bf16, expected one of"), e.getMessage());
    assertFalse(Files.exists(file));
  }

  @Test
  void viewsAreWrittenInTheirOrder() throws IOException {
    Path file = folder.resolve("x.npy");
    Plain.run(
        () -> {
          try {
            Npy.write(file, Tensor.arange(6).view(2, 3).transpose(0, 1));
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
    assertArrayEquals(new long[] {0, 3, 1, 4, 2, 5}, Npy.read(file).toLongArray());
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3"})
  void allVersions(int version) throws IOException {
    Tensor tensor = read(npy(version, header("|u1", false, "(3,)"), new byte[] {1, -1, 3}));
    assertEquals(DType.U8, tensor.dtype());
    assertEquals(255, tensor.get(1));
  }

  @Test
  void bothByteOrders() throws IOException {
    for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      String mark = order == ByteOrder.BIG_ENDIAN ? ">" : "<";
      ByteBuffer data = ByteBuffer.allocate(16).order(order);
      data.asDoubleBuffer().put(new double[] {Math.PI, -1e-300});
      Tensor doubles = read(npy(1, header(mark + "f8", false, "(2,)"), data.array()));
      assertArrayEquals(new double[] {Math.PI, -1e-300}, doubles.toDoubleArray());
      data.asFloatBuffer().put(new float[] {1.5f, 2.5f, 1e-40f, -0f});
      Tensor floats = read(npy(1, header(mark + "f4", false, "(4,)"), data.array()));
      assertArrayEquals(new float[] {1.5f, 2.5f, 1e-40f, -0f}, floats.toFloatArray());
      data.asShortBuffer().put(0, (short) 0x0102).put(1, (short) -2);
      Tensor shorts =
          read(npy(1, header(mark + "i2", false, "(2,)"), Arrays.copyOf(data.array(), 4)));
      assertArrayEquals(new short[] {0x0102, -2}, shorts.toShortArray());
      data.asShortBuffer().put(0, Float.floatToFloat16(0.375f));
      Tensor half = read(npy(1, header(mark + "f2", false, "()"), Arrays.copyOf(data.array(), 2)));
      assertEquals(0.375, half.item());
      data.asLongBuffer().put(new long[] {1L << 50, -5});
      Tensor longs = read(npy(1, header(mark + "i8", false, "(2,)"), data.array()));
      assertArrayEquals(new long[] {1L << 50, -5}, longs.toLongArray());
    }
  }

  @Test
  void fortranOrder() throws IOException {
    // np.asfortranarray(np.arange(6).reshape(2, 3)): its columns one after the other.
    byte[] data = {0, 3, 1, 4, 2, 5};
    Tensor tensor = read(npy(1, header("|i1", true, "(2, 3)"), data));
    assertEquals(Shape.of(2, 3), tensor.shape());
    assertArrayEquals(new long[] {1, 2}, tensor.layout().strides());
    for (int i = 0; i < 6; i++) {
      assertEquals(i, tensor.get(i / 3, i % 3));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{'shape': (2,), 'fortran_order': False, 'descr': '|i1'}",
        "{\"descr\":\"|i1\",\"fortran_order\":False,\"shape\":(2,)}",
        "{'descr': '<i1', 'fortran_order': True, 'shape': (2L,), }",
        "  { 'descr' : '=i1' , 'fortran_order' : False , 'shape' : ( 2 , ) , } ",
      })
  void headersOfOtherWriters(String header) throws IOException {
    assertArrayEquals(new byte[] {7, 8}, read(npy(1, header, new byte[] {7, 8})).toByteArray());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}; descr '<c8', expected",
        "{'descr': '<u4', 'fortran_order': False, 'shape': (1,)}; descr '<u4', expected",
        "{'descr': '|O', 'fortran_order': False, 'shape': (1,)}; descr '|O', expected",
        "{'descr': '|f4', 'fortran_order': False, 'shape': (1,)}; descr '|f4', expected",
        "{'descr': 'f4', 'fortran_order': False, 'shape': (1,)}; descr 'f4', expected",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}; a structured descr",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}; '0' for fortran_order, expected",
        "{'descr': '<f4', 'shape': (1,)}; no key 'fortran_order'",
        "{'descr': '<f4', 'fortran_order': False}; no key 'shape'",
        "{'fortran_order': False, 'shape': ()}; no key 'descr'",
        "{'descr': '<f4', 'descr': '<f4', 'shape': (1,)}; key 'descr' given twice",
        "{'descr': '<f4', 'x': 1}; key 'x', expected descr, fortran_order or shape",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1)}; shape (1), expected a tuple",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1 2)}; '2' in shape, expected ','",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}; '-' in shape, expected a number",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x; 'x' after the dictionary",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,); the end of the header at",
        "{'descr: '<f4'}; '<' at character 10, expected ':'",
        "['descr']; '[' at character 0, expected '{'",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)};"
            + "dimension 99999999999999999999 in shape, expected one below",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4)};"
            + "shape [4611686018427387904, 4]: shape:",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2305843009213693952,)};"
            + "shape [2305843009213693952]: layout:",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,)};"
            + "4 bytes of data, expected 4000000000000 for f32[1000000000000]",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)};"
            + "4 bytes of data, expected 8 for f32[2]",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (0,)};"
            + "4 bytes of data, expected 0 for f32[0]",
      })
  void brokenHeaders(String header, String problem) throws IOException {
    String message = refused(npy(1, header, new byte[4]));
    assertTrue(message.startsWith(problem), message);
  }

  @Test
  void brokenBeginnings() throws IOException {
    byte[] good = npy(1, header("|b1", false, "(2,)"), new byte[] {0, 1});
    assertArrayEquals(new boolean[] {false, true}, read(good).toBooleanArray());
    byte[] magic = good.clone();
    magic[1] = 'X';
    assertTrue(refused(magic).startsWith("it starts with the bytes [-109, 88,"));
    byte[] version = good.clone();
    version[6] = 4;
    assertEquals("version 4.0, expected 1.0, 2.0 or 3.0", refused(version));
    version[6] = 1;
    version[7] = 1;
    assertEquals("version 1.1, expected 1.0, 2.0 or 3.0", refused(version));
    byte[] bool = good.clone();
    bool[bool.length - 1] = 2;
    assertEquals("data: element 1 is the byte 2, expected a bool of 0 or 1", refused(bool));
    byte[] lying = npy(2, header("|b1", false, "(2,)"), new byte[2]);
    ByteBuffer.wrap(lying).order(ByteOrder.LITTLE_ENDIAN).putInt(8, -1);
    assertEquals("header of 4294967295 bytes, expected at most 118", refused(lying));
    for (int length = 0; length < good.length; length++) {
      refused(Arrays.copyOf(good, length));
    }
    refused(Arrays.copyOf(good, good.length + 1));
  }

  @Test
  void streamsGiveOneArrayAfterTheOther() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Npy.write(out, Tensor.arange(3));
    Npy.write(out, Tensor.of(new float[] {4, 5}));
    ByteArrayInputStream in = new ByteArrayInputStream(out.toByteArray());
    assertArrayEquals(new long[] {0, 1, 2}, Npy.read(in).toLongArray());
    assertArrayEquals(new float[] {4, 5}, Npy.read(in).toFloatArray());
    assertEquals(-1, in.read());
    var e = assertThrows(MalformedFileException.class, () -> Npy.read(in));
    assertEquals("npy: stream: header ends after 0 bytes, expected 8", e.getMessage());
  }

  @Test
  void aStreamThatLiesTakesNoMemory() {
    // Four terabytes that are not there: refused by what is missing, not by a failing allocation.
    byte[] bytes = npy(1, header("<f4", false, "(1000000000000,)"), new byte[16]);
    var e =
        assertThrows(MalformedFileException.class, () -> Npy.read(new ByteArrayInputStream(bytes)));
    assertTrue(e.getMessage().startsWith("npy: stream: data ends after 16 bytes"), e.getMessage());
  }

  @Test
  void largeStreamsAreReadInPieces() throws IOException {
    long size = (1 << 26) + 12_345;
    Path file = folder.resolve("large.npy");
    Tensor tensor = Tensor.zeros(DType.I8, size);
    tensor.set(7, size - 1);
    tensor.set(5, (1 << 26) - 1);
    tensor.set(6, 1 << 26);
    Npy.write(file, tensor);
    try (var in = Files.newInputStream(file)) {
      Tensor back = Npy.read(in);
      assertEquals(7, back.get(size - 1));
      assertEquals(5, back.get((1 << 26) - 1));
      assertEquals(6, back.get(1 << 26));
      assertEquals(0, back.get((1 << 26) + 1));
    }
  }

  @Test
  void aFailureLeavesTheOldFile() throws IOException {
    Path file = folder.resolve("x.npy");
    Npy.write(file, Tensor.arange(3));
    Tensor closed = Tensor.arange(9);
    closed.close();
    assertThrows(IllegalStateException.class, () -> Npy.write(file, closed));
    assertArrayEquals(new long[] {0, 1, 2}, Npy.read(file).toLongArray());
    try (var left = Files.list(folder)) {
      assertEquals(1, left.count());
    }
  }
}
