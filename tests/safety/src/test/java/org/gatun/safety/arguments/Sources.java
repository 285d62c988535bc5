package org.gatun.safety.arguments;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.gatun.DType;
import org.gatun.FileMapping;
import org.gatun.MemoryAction;
import org.gatun.Scope;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.onnx.OnnxSession;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.operator.Operator;
import org.gatun.onnx.operator.OperatorTable;
import org.gatun.onnx.pass.Pass;
import org.gatun.onnx.pass.Passes;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Op;
import org.gatun.op.PointwiseFunction;
import org.gatun.runtime.Engine;
import org.gatun.runtime.HostFunction;
import org.gatun.runtime.Program;
import org.gatun.runtime.Recording;
import org.gatun.runtime.Runner;
import org.gatun.runtime.TensorAccess;
import org.gatun.runtime.Weights;
import org.jspecify.annotations.Nullable;

/** The table of the types whose values are not made by constructors alone. */
final class Sources {
  /** Makes a value. */
  @FunctionalInterface
  private interface Source {
    @Nullable Object draw(Arguments a, boolean hostile) throws Exception;
  }

  private static final Map<Class<?>, Source> TABLE = new HashMap<>();
  private static final Map<Class<?>, Source> ARRAYS = new HashMap<>();

  private Sources() {}

  static boolean has(Class<?> type) {
    return TABLE.containsKey(type) || isOfTensors(type);
  }

  /** The interfaces that a tensor's methods are in. */
  private static boolean isOfTensors(Class<?> type) {
    return type.isInterface()
        && type.getPackageName().equals("org.gatun")
        && type.isAssignableFrom(Tensor.class);
  }

  static boolean hasArrayOf(Class<?> type) {
    return ARRAYS.containsKey(type);
  }

  static @Nullable Object draw(Class<?> type, Arguments a, boolean hostile) {
    return draw(TABLE.get(isOfTensors(type) ? Tensor.class : type), a, hostile);
  }

  static @Nullable Object drawArrayOf(Class<?> type, Arguments a, boolean hostile) {
    return draw(ARRAYS.get(type), a, hostile);
  }

  private static @Nullable Object draw(Source source, Arguments a, boolean hostile) {
    try {
      return source.draw(a, hostile);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void put(Class<?> type, Source source) {
    TABLE.put(type, source);
  }

  static {
    numbers();
    arrays();
    buffers();
    files();
    put(Tensor.class, (a, h) -> h ? a.operands.hostile() : a.operands.plausible());
    put(DType.class, (a, h) -> a.operands.dtype());
    put(Shape.class, (a, h) -> a.operands.shape(h));
    callbacks();
    running();
  }

  private static void numbers() {
    put(int.class, (a, h) -> a.numbers.integer(h));
    put(long.class, (a, h) -> a.numbers.whole(h));
    put(double.class, (a, h) -> a.numbers.number(h));
    put(float.class, (a, h) -> (float) a.numbers.number(h));
    put(boolean.class, (a, h) -> a.numbers.chance(0.5));
    put(Integer.class, (a, h) -> a.numbers.integer(h));
    put(Long.class, (a, h) -> a.numbers.whole(h));
    put(Double.class, (a, h) -> a.numbers.number(h));
    put(Float.class, (a, h) -> (float) a.numbers.number(h));
    put(String.class, (a, h) -> a.numbers.text(h));
    put(Object.class, (a, h) -> h ? a.operands.hostile() : a.numbers.text(false));
    put(OptionalDouble.class, Arguments::optional);
    put(Throwable.class, (a, h) -> new HostileException());
  }

  private static void arrays() {
    ARRAYS.put(int.class, (a, h) -> ints(a, h));
    ARRAYS.put(long.class, (a, h) -> longs(a, h));
    ARRAYS.put(
        double.class,
        (a, h) -> {
          double[] array = new double[size(a, h)];
          int bad = bad(a, h, array.length);
          for (int i = 0; i < array.length; i++) {
            array[i] = a.numbers.number(i == bad);
          }
          return array;
        });
    ARRAYS.put(float.class, (a, h) -> new float[size(a, h)]);
    ARRAYS.put(short.class, (a, h) -> new short[size(a, h)]);
    ARRAYS.put(boolean.class, (a, h) -> new boolean[size(a, h)]);
    ARRAYS.put(byte.class, (a, h) -> bytes(a, h));
    ARRAYS.put(
        Object.class,
        (a, h) ->
            switch (a.numbers.below(h ? 5 : 2)) {
              case 0 -> new float[2][3];
              case 1 -> new int[1][2][2];
              case 2 -> new Object[] {new float[2], new float[3]};
              case 3 -> new Object[] {new float[2], null};
              default -> nestedInItself();
            });
  }

  private static Object[] nestedInItself() {
    Object[] array = new Object[1];
    array[0] = array;
    return array;
  }

  private static int size(Arguments a, boolean hostile) {
    return hostile && a.numbers.chance(0.03)
        ? 100_000
        : a.numbers.chance(0.4)
            ? (int) Shape.of(a.operands.dims()).size()
            : a.numbers.count(hostile);
  }

  private static int bad(Arguments a, boolean hostile, int length) {
    return hostile && length > 0 ? a.numbers.below(length) : -1;
  }

  private static int[] ints(Arguments a, boolean hostile) {
    int[] array = new int[hostile ? a.numbers.count(true) : rank(a)];
    int bad = bad(a, hostile, array.length);
    boolean permutation = a.numbers.chance(0.3);
    for (int i = 0; i < array.length; i++) {
      array[i] = i == bad ? a.numbers.integer(true) : permutation ? i : a.numbers.below(4);
    }
    return array;
  }

  private static int rank(Arguments a) {
    int rank = a.operands.dims().length;
    return a.numbers.chance(0.4)
        ? rank
        : a.numbers.chance(0.5) ? Math.max(0, rank - 2) : a.numbers.below(4);
  }

  private static long[] longs(Arguments a, boolean hostile) {
    long[] array =
        a.numbers.chance(0.5)
            ? a.operands.dims()
            : new long[hostile ? a.numbers.count(true) : rank(a)];
    int bad = bad(a, hostile, array.length);
    boolean same = a.numbers.chance(0.5);
    for (int i = 0; i < array.length; i++) {
      array[i] =
          i == bad ? a.numbers.whole(true) : same && array[i] > 0 ? array[i] : a.numbers.below(5);
    }
    return array;
  }

  private static byte[] bytes(Arguments a, boolean hostile) {
    if (a.numbers.chance(0.3)) {
      return new byte[size(a, hostile)];
    }
    return fileBytes(a, hostile);
  }

  private static byte[] fileBytes(Arguments a, boolean hostile) {
    try {
      List<Path> files = a.surroundings.readable;
      Path file = files.get(a.numbers.below(files.size()));
      byte[] bytes = Files.isRegularFile(file) ? Files.readAllBytes(file) : new byte[0];
      return hostile && bytes.length > 0
          ? Surroundings.mutated(bytes, new SplittableRandom(a.numbers.below(1 << 20)))
          : bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void buffers() {
    put(ByteBuffer.class, (a, h) -> buffer(a, h).slice());
    put(FloatBuffer.class, (a, h) -> buffer(a, h).asFloatBuffer());
    put(DoubleBuffer.class, (a, h) -> buffer(a, h).asDoubleBuffer());
    put(IntBuffer.class, (a, h) -> buffer(a, h).asIntBuffer());
    put(LongBuffer.class, (a, h) -> buffer(a, h).asLongBuffer());
    put(ShortBuffer.class, (a, h) -> buffer(a, h).asShortBuffer());
    put(
        MemorySegment.class,
        (a, h) -> a.surroundings.segment(h ? a.numbers.below(12) : a.numbers.below(2)));
  }

  private static ByteBuffer buffer(Arguments a, boolean hostile) {
    int bytes = (int) Shape.of(a.operands.dims()).size() * (1 << a.numbers.below(4));
    ByteBuffer buffer =
        a.numbers.chance(0.5)
            ? ByteBuffer.allocate(bytes + 3)
            : ByteBuffer.allocateDirect(bytes + 3);
    buffer
        .position(hostile ? Math.min(a.numbers.below(5), bytes) : 0)
        .limit(hostile ? bytes + 3 : bytes);
    return hostile && a.numbers.chance(0.3) ? buffer.asReadOnlyBuffer() : buffer;
  }

  private static void files() {
    put(
        Path.class,
        (a, h) -> {
          List<Path> paths = a.writes ? a.surroundings.writable : a.surroundings.readable;
          return a.writes && !h ? paths.getFirst() : paths.get(a.numbers.below(paths.size()));
        });
    put(InputStream.class, (a, h) -> input(a, h));
    put(
        OutputStream.class,
        (a, h) -> h ? new FailingOutput(a.numbers.below(200)) : new ByteArrayOutputStream());
    put(
        FileChannel.class,
        (a, h) -> {
          FileChannel channel = FileChannel.open(a.surroundings.readable.get(a.numbers.below(6)));
          if (h) {
            channel.close();
          }
          return channel;
        });
    put(
        FileMapping.class,
        (a, h) ->
            a.numbers.chance(0.5)
                ? FileMapping.of(a.surroundings.readable.get(a.numbers.below(6)))
                : FileMapping.ofMemory(a.numbers.below(64), memory -> memory.fill((byte) 1)));
    put(
        org.gatun.io.Safetensors.class,
        (a, h) -> {
          Path file =
              a.surroundings.readable.stream()
                  .filter(path -> path.endsWith("a.safetensors"))
                  .findFirst()
                  .orElseThrow();
          org.gatun.io.Safetensors open = org.gatun.io.Safetensors.open(file);
          if (h) {
            open.close();
          }
          return open;
        });
  }

  /** Says that it read nothing, more than there was room for, or fails. */
  private static InputStream input(Arguments a, boolean hostile) {
    byte[] bytes = fileBytes(a, hostile);
    int does = hostile ? a.numbers.below(4) : 0;
    return new ByteArrayInputStream(bytes) {
      @Override
      public synchronized int read(byte[] into, int from, int length) {
        return switch (does) {
          case 1 -> throw new HostileException();
          case 2 -> Math.min(1, super.read(into, from, Math.min(1, length)));
          default -> super.read(into, from, length);
        };
      }
    };
  }

  private static final class FailingOutput extends OutputStream {
    private int left;

    FailingOutput(int bytes) {
      this.left = bytes;
    }

    @Override
    public void write(int b) throws IOException {
      if (left-- <= 0) {
        throw new IOException("no space left on device");
      }
    }
  }

  private static void callbacks() {
    put(
        Supplier.class,
        (a, h) -> {
          int does = h ? a.numbers.below(4) : 3;
          return (Supplier<Object>)
              () ->
                  switch (does) {
                    case 0 -> throw new HostileException();
                    case 1 -> {
                      a.returnNull();
                      yield null;
                    }
                    case 2 -> a.operands.hostile();
                    default -> a.operands.plausible().reshape(-1);
                  };
        });
    put(Consumer.class, (a, h) -> (Consumer<MemorySegment>) memory -> use(memory, h));
    put(MemoryAction.class, (a, h) -> (MemoryAction<Exception>) memory -> use(memory, h));
    put(
        HostFunction.class,
        (a, h) -> {
          int does = h ? a.numbers.below(5) : 4;
          return (HostFunction)
              (inputs, outputs) -> {
                switch (does) {
                  case 0 -> throw new HostileException();
                  case 1 -> inputs.forEach(Tensor::close);
                  case 2 -> outputs.forEach(Tensor::close);
                  case 3 -> inputs.forEach(input -> input.fill(1));
                  default -> outputs.forEach(output -> output.fill(1));
                }
              };
        });
  }

  private static void use(MemorySegment memory, boolean hostile) {
    if (hostile) {
      throw new HostileException();
    }
    if (!memory.isReadOnly()) {
      memory.fill((byte) 1);
    }
  }

  private static void running() {
    put(Engine.class, (a, h) -> engine(a, h));
    put(
        Weights.class,
        (a, h) -> {
          Weights weights = new Weights(engine(a, false));
          if (h) {
            weights.close();
          }
          return weights;
        });
    put(Scope.class, (a, h) -> Scope.open());
    put(Runner.class, (a, h) -> runner(a, h));
    put(Recording.class, (a, h) -> recording(a, h));
    put(Program.class, (a, h) -> program(a, h));
    put(Graph.class, (a, h) -> TinyModels.graph(a, h));
    put(OnnxSession.class, (a, h) -> TinyModels.session(a, h));
    put(org.gatun.onnx.OnnxModel.class, (a, h) -> TinyModels.model(a));
    put(Pass.class, (a, h) -> any(a, Passes.all()));
    put(PointwiseFunction.class, (a, h) -> any(a, List.of(BinaryFunction.values())));
    put(Operator.Function.class, (a, h) -> any(a, OperatorTable.get().all()).function());
    put(Value.class, (a, h) -> Value.of(h ? a.operands.hostile() : a.operands.plausible()));
    put(
        TensorAccess.class,
        (a, h) -> null); // Abstract, with nothing to call: there is no second one.
  }

  private static <T> T any(Arguments a, List<T> list) {
    return list.get(a.numbers.below(list.size()));
  }

  private static Engine engine(Arguments a, boolean hostile) {
    List<Engine> engines = a.surroundings.engines;
    Engine engine = engines.get(a.numbers.below(engines.size()));
    if (hostile) {
      engine.close();
    }
    return engine;
  }

  private static Runner runner(Arguments a, boolean hostile) {
    for (int attempt = 0; ; attempt++) {
      try {
        Op op = attempt < 5 ? (Op) a.draw(Op.class, false, 1) : new org.gatun.op.MatMul();
        if (op != null) {
          List<Tensor> constants = a.operands.several(a.numbers.below(3));
          Runner runner = engine(a, false).bind(op, constants.toArray(Tensor[]::new));
          if (hostile) {
            runner.close();
          }
          return runner;
        }
      } catch (IllegalArgumentException e) {
        // Another one.
      }
    }
  }

  private static Recording recording(Arguments a, boolean hostile) {
    Engine engine = engine(a, false);
    Weights weights = a.own(new Weights(engine));
    Recording recording = a.own(Recording.start(engine, weights, a.operands.several(2)));
    if (hostile) {
      recording.close();
    }
    return recording;
  }

  private static Program program(Arguments a, boolean hostile) {
    Engine engine = engine(a, false);
    Weights weights = a.own(new Weights(engine));
    List<Tensor> inputs =
        new ArrayList<>(List.of(a.operands.filled(DType.F32, a.operands.shape(false))));
    try (Recording recording = Recording.start(engine, weights, inputs)) {
      Tensor result = recording.run(() -> recording.inputs().getFirst().mul(2).relu());
      Program program = a.own(recording.finish(List.of(result)));
      if (hostile) {
        program.close();
      }
      return program;
    }
  }
}
