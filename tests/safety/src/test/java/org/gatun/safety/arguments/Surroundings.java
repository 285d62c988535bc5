package org.gatun.safety.arguments;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.io.Npy;
import org.gatun.io.Npz;
import org.gatun.io.Safetensors;
import org.gatun.kernel.Library;
import org.gatun.reference.ReferenceBackend;
import org.gatun.runtime.Engine;
import org.gatun.runtime.NativeBackend;

/** What the calls of a run share: engines, the caller's own memory, and files. Made once. */
final class Surroundings {
  private static final int MUTANTS = 24;

  final Engine reference = Engine.of(new ReferenceBackend());
  final List<Engine> engines =
      List.of(
          Engine.current(),
          Engine.of(NativeBackend.of(EnumSet.of(Library.JAVA), true)),
          Engine.of(NativeBackend.of(EnumSet.of(Library.JAVA), false)));

  private final ExecutorService anotherThread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
  private final MemorySegment open = Arena.global().allocate(256, 64);
  private final MemorySegment closed = closed();
  private final MemorySegment elsewhere =
      elsewhere(() -> Arena.ofConfined().allocate(96, 64)); // Never closed, and not this thread's.

  final List<Path> readable = new ArrayList<>();
  final List<Path> writable = new ArrayList<>();

  Surroundings(Path folder) throws IOException {
    files(folder, new SplittableRandom(7));
  }

  private static MemorySegment closed() {
    try (Arena arena = Arena.ofConfined()) {
      return arena.allocate(96, 64);
    }
  }

  private <T> T elsewhere(Callable<T> action) {
    try {
      return anotherThread.submit(action).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Returns memory of the caller's own: open, closed, of another thread, read-only, of the heap,
   * misaligned. Its numbers are the same each time.
   */
  MemorySegment segment(int which) {
    refill();
    return switch (which % 12) {
      case 0, 1 -> open.asSlice(0, 96);
      case 2 -> open.asSlice(0, 96).asReadOnly();
      case 3 -> open.asSlice(1, 96);
      case 4 -> open.asSlice(0, 0);
      case 5 -> open;
      case 6 -> MemorySegment.NULL;
      case 7 -> MemorySegment.ofArray(new float[24]);
      case 8 -> MemorySegment.ofArray(new byte[97]).asSlice(1);
      case 9 -> MemorySegment.ofArray(new long[0]);
      case 10 -> closed;
      default -> elsewhere;
    };
  }

  /** Returns a tensor on the caller's own memory that may not be there any more. */
  Tensor wrapped(int which) {
    refill();
    return switch (which % 6) {
      case 0 -> {
        try (Arena arena = Arena.ofConfined()) {
          yield Tensor.wrap(arena.allocate(96, 64), DType.F32, 2, 3, 4);
        }
      }
      case 1 -> elsewhere(() -> Tensor.wrap(elsewhere, DType.F32, 2, 3, 4));
      case 2 -> Tensor.wrap(open.asSlice(0, 96).asReadOnly(), DType.F32, 2, 3, 4);
      case 3 -> Tensor.wrap(open.asSlice(4, 96), DType.F32, 2, 3, 4);
      case 4 -> Tensor.wrap(open.asSlice(0, 36), DType.F32, 3, 3);
      default -> Tensor.wrap(open.asSlice(8, 16).asReadOnly(), DType.I64, 2);
    };
  }

  private void refill() {
    for (int i = 0; i < 64; i++) {
      open.setAtIndex(ValueLayout.JAVA_FLOAT, i, i * 0.25f);
    }
  }

  private void files(Path folder, SplittableRandom random) throws IOException {
    Path good = Files.createDirectories(folder.resolve("in"));
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try (Tensor a = Tensor.ones(DType.F32, 3, 4);
        Tensor b = Tensor.arange(7)) {
      tensors.put("a", a);
      tensors.put("b", b);
      Npy.write(good.resolve("a.npy"), a);
      Npz.write(good.resolve("a.npz"), tensors);
      Npz.writeCompressed(good.resolve("compressed.npz"), tensors);
      Safetensors.write(good.resolve("a.safetensors"), tensors, Map.of("made", "by hand"));
    }
    Files.writeString(good.resolve("text"), "no numbers\n");
    Files.write(good.resolve("empty"), new byte[0]);
    for (int i = 0; i < HEADERS.size(); i++) {
      Files.write(good.resolve("header-" + i), safetensors(HEADERS.get(i)));
    }
    List<Path> originals;
    try (var listed = Files.list(good)) {
      originals = listed.sorted().toList();
    }
    readable.addAll(originals);
    for (Path original : originals) {
      byte[] bytes = Files.readAllBytes(original);
      for (int i = 0; i < MUTANTS && bytes.length > 0; i++) {
        Path mutant = good.resolve("mutant-" + i + "-" + original.getFileName());
        readable.add(Files.write(mutant, mutated(bytes, random)));
      }
    }
    readable.add(good);
    readable.add(folder.resolve("is not there"));
    readable.add(Path.of(""));
    readable.add(Path.of("/dev/null"));
    Path out = Files.createDirectories(folder.resolve("out"));
    writable.addAll(
        List.of(
            out.resolve("x"),
            out,
            out.resolve("no folder").resolve("x"),
            Path.of(""),
            Path.of("/"),
            out.resolve("n".repeat(300)),
            Path.of("/proc/x")));
  }

  /** Returns bytes with some of them changed, cut off or repeated. */
  static byte[] mutated(byte[] bytes, SplittableRandom random) {
    byte[] changed = bytes.clone();
    int changes = random.nextInt(1, 5);
    for (int i = 0; i < changes; i++) {
      // The beginning is where lengths are.
      int at = random.nextInt(random.nextBoolean() ? Math.min(64, changed.length) : changed.length);
      changed[at] =
          (byte) (random.nextBoolean() ? random.nextInt() : INTERESTING[random.nextInt(8)]);
    }
    return random.nextInt(4) == 0
        ? java.util.Arrays.copyOf(changed, random.nextInt(changed.length + 1))
        : changed;
  }

  private static final byte[] INTERESTING = {0, 1, -1, 127, -128, '9', '-', '{'};

  private static final List<String> HEADERS =
      List.of(
          "{}",
          "[]",
          "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
          "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}",
          "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}",
          "{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807,4],\"data_offsets\":[0,8]}}",
          "{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775808],\"data_offsets\":[0,8]}}",
          "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904],\"data_offsets\":[0,0]}}",
          "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,9223372036854775807]}}",
          "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
              + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[2,6]}}",
          "{\"a\":{\"dtype\":\"F99\",\"shape\":[1],\"data_offsets\":[0,4]}}",
          "{\"a\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[0,8]},\"a\":1}",
          "{\"a\":{\"shape\":1e400,\"dtype\":null,\"data_offsets\":[[[]]]}}",
          "{\"\\ud800\\u0000\":{\"dtype\":\"BOOL\",\"shape\":[8],\"data_offsets\":[0,8]}}",
          "[".repeat(4000));

  private static byte[] safetensors(String header) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    byte[] file = new byte[8 + text.length + 8];
    for (int i = 0; i < 8; i++) {
      file[i] = (byte) ((long) text.length >>> (8 * i));
    }
    System.arraycopy(text, 0, file, 8, text.length);
    return file;
  }
}
