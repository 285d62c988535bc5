package org.gatun.safety.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.gatun.MinAndMax;
import org.gatun.Precision;
import org.gatun.Scope;
import org.gatun.SpreadAndMean;
import org.gatun.Tensor;
import org.gatun.ValuesAndIndices;
import org.gatun.io.Safetensors;
import org.gatun.nn.BatchNorm2d;
import org.gatun.nn.Bilinear;
import org.gatun.nn.Conv2d;
import org.gatun.nn.ConvOptions;
import org.gatun.nn.DeepNorm;
import org.gatun.nn.InstanceNorm2d;
import org.gatun.nn.Layer;
import org.gatun.nn.Linear;
import org.gatun.nn.MultiheadAttention;
import org.gatun.nn.NormOptions;
import org.gatun.nn.PRelu;
import org.gatun.nn.QuantizedTensor;
import org.gatun.nn.Sequential;
import org.gatun.nn.Swish;
import org.gatun.nn.SwitchNorm;
import org.gatun.onnx.OnnxModel;
import org.gatun.onnx.OnnxSession;
import org.gatun.op.Conv;
import org.gatun.op.Ints;
import org.gatun.op.MatMul;
import org.gatun.op.PadMode;
import org.gatun.runtime.Backend;
import org.gatun.runtime.Engine;
import org.gatun.runtime.NativeBackend;
import org.gatun.runtime.Program;
import org.gatun.runtime.Recording;
import org.gatun.runtime.Runner;
import org.gatun.runtime.Weights;

/** Everything public that is closed, and how it is made and used. */
final class Subjects implements AutoCloseable {
  /** Makes or uses what is tested, and may throw. */
  @FunctionalInterface
  interface Action<A, R> {
    R apply(A argument) throws IOException;
  }

  /** What becomes of one that is used after it was closed. */
  enum AfterClose {
    /** It throws {@link IllegalStateException}. */
    REFUSES,
    /** It throws {@link ClosedChannelException}, as files do. */
    REFUSES_AS_FILES,
    /** It works again: what was closed is what it had made so far. */
    GOES_ON
  }

  /**
   * A type that is closed.
   *
   * @param <T> the type
   * @param type it, or the interface that stands for it
   * @param name for messages
   * @param maker makes one that owns all that it needs
   * @param use does something with one that needs what it owns
   * @param after what becomes of that after it was closed
   * @param isShared whether many threads may use one
   */
  record Subject<T extends AutoCloseable>(
      Class<T> type,
      String name,
      Action<Subjects, T> maker,
      Action<T, Object> use,
      AfterClose after,
      boolean isShared) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final int[] ROWS = {0};
  private static final Conv CONV =
      new Conv(Ints.of(1, 1), Ints.of(1, 1), Ints.of(1, 1), Ints.of(1, 1), 1, false);

  private static final ConvOptions REFLECTED =
      ConvOptions.defaults().withPadding(1, 1).withPaddingMode(PadMode.REFLECT);

  private final Backend backend;
  private final Engine engine;
  private final Weights weights;
  private final Tensor x = wave(4, 8);
  private final Tensor w = wave(8, 8);
  private final OnnxModel model = OnnxModel.load(SmallModel.bytes());
  private final Path file;

  private Subjects(Backend backend, Path file) {
    this.backend = backend;
    this.engine = Engine.of(backend);
    this.weights = new Weights(engine);
    this.file = file;
  }

  /** Returns the subjects' surroundings, with a file in a folder that is there. */
  static Subjects in(Path folder) throws IOException {
    return in(folder, NativeBackend.create());
  }

  /** Likewise, with what computes. */
  static Subjects in(Path folder, Backend backend) throws IOException {
    Subjects subjects = new Subjects(backend, folder.resolve("tensors.safetensors"));
    Safetensors.write(subjects.file, Map.of("x", subjects.x));
    return subjects;
  }

  /** Returns the engine that computes, for those that take the current one. */
  Engine engine() {
    return engine;
  }

  static Tensor wave(long... shape) {
    int size = 1;
    for (long dim : shape) {
      size = Math.toIntExact(size * dim);
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) Math.cos(i);
    }
    return Tensor.of(values, shape);
  }

  /** Returns all of them. */
  static List<Subject<?>> all() {
    return List.of(
        shared(Tensor.class, s -> wave(4, 8), Tensor::toFloatArray),
        shared(ValuesAndIndices.class, s -> s.x.sort(), both -> both.values().toFloatArray()),
        shared(
            SpreadAndMean.class,
            s -> s.x.stdMean(ROWS, 1, false),
            both -> both.mean().toFloatArray()),
        shared(MinAndMax.class, s -> s.x.aminmax(ROWS, false), both -> both.max().toFloatArray()),
        shared(QuantizedTensor.class, s -> QuantizedTensor.of(s.x), q -> closed(q.dequantize())),
        new Subject<>(
            Scope.class,
            "Scope",
            s -> {
              Scope scope = Scope.open();
              Tensor ofScope = wave(2, 2);
              return ofScope.isClosed() ? null : scope;
            },
            scope -> {
              try (Tensor kept = wave(4, 8)) {
                return scope.keep(kept).toFloatArray();
              }
            },
            AfterClose.REFUSES,
            false),
        new Subject<>(
            Engine.class,
            "Engine",
            s -> Engine.of(s.backend),
            engine -> engine.with(Subjects::eager),
            AfterClose.GOES_ON,
            true),
        shared(Runner.class, s -> s.engine.bind(new MatMul(), s.w), Subjects::runs),
        new Subject<>(
            Runner.class,
            "Runner of a convolution",
            s -> s.convolution(),
            runner -> {
              try (Tensor x = wave(1, 3, 8, 8)) {
                return closed(runner.run(x));
              }
            },
            AfterClose.REFUSES,
            true),
        new Subject<>(
            Weights.class,
            "Weights",
            s -> new Weights(s.engine),
            Subjects::records,
            AfterClose.REFUSES,
            false),
        new Subject<>(
            Recording.class,
            "Recording",
            s -> Recording.start(s.engine, s.weights, List.of(s.x)),
            recording ->
                recording.run(
                    () -> {
                      try (Tensor w = wave(8, 3);
                          Tensor product = recording.inputs().getFirst().matmul(w)) {
                        return product.shape();
                      }
                    }),
            AfterClose.REFUSES,
            false),
        shared(Program.class, Subjects::program, program -> runs(program)),
        shared(OnnxSession.class, s -> s.model.session(), Subjects::runs),
        layer("Linear", s -> new Linear(8, 5, 1), 4, 8),
        layer("BatchNorm2d", s -> new BatchNorm2d(3), 2, 3, 4, 4),
        layer(
            "MultiheadAttention",
            s -> new MultiheadAttention(MultiheadAttention.Options.of(8, 2), 1),
            4,
            8),
        layer("Sequential", s -> new Sequential(new Linear(8, 5, 1), new Linear(5, 2, 2)), 4, 8),
        new Subject<>(
            Safetensors.class,
            "Safetensors",
            s -> Safetensors.open(s.file),
            file -> closed(file.tensor("x")),
            AfterClose.REFUSES_AS_FILES,
            true));
  }

  /** Returns layers beside those of {@link #all}, each with a way of its own to compute. */
  static List<Subject<?>> moreLayers() {
    return List.of(
        layer("SwitchNorm", s -> new SwitchNorm(3), 2, 3, 4, 4),
        layer("InstanceNorm2d", s -> new InstanceNorm2d(3, NormOptions.BATCH), 2, 3, 4, 4),
        layer("PRelu", s -> new PRelu(8), 4, 8),
        layer("Swish", s -> new Swish(), 4, 8),
        layer("Bilinear", s -> new Bilinear(8, 8, 3, 1), 4, 8),
        layer("DeepNorm", s -> new DeepNorm(new Linear(8, 8, 1), 2, 8), 4, 8),
        layer("Conv2d with reflections", s -> new Conv2d(3, 4, 3, REFLECTED, 1), 1, 3, 8, 8),
        layer(
            "MultiheadAttention by batches",
            s ->
                new MultiheadAttention(
                    MultiheadAttention.Options.of(8, 2).withBatchFirst(true).withDropout(0.5), 1),
            2,
            4,
            8),
        layer("MultiheadAttention in bf16", Subjects::narrowAttention, 4, 8),
        layer("Linear in bf16", Subjects::narrowLinear, 4, 8));
  }

  private static Layer narrowAttention(Subjects subjects) {
    Layer layer = new MultiheadAttention(8, 2, 1);
    layer.computeIn(Precision.BF16);
    return layer;
  }

  private static Layer narrowLinear(Subjects subjects) {
    Layer layer = new Linear(8, 5, 1);
    layer.computeIn(Precision.BF16);
    return layer;
  }

  private static <T extends AutoCloseable> Subject<T> shared(
      Class<T> type, Action<Subjects, T> maker, Action<T, Object> use) {
    return new Subject<>(type, type.getSimpleName(), maker, use, AfterClose.REFUSES, true);
  }

  private static Subject<Layer> layer(String name, Action<Subjects, Layer> maker, long... shape) {
    return new Subject<>(
        Layer.class,
        name,
        s -> s.engine.with(() -> unchecked(maker, s)),
        layer -> {
          try (Tensor x = wave(shape)) {
            return closed(layer.forward(x));
          }
        },
        AfterClose.REFUSES,
        true);
  }

  private static <T> T unchecked(Action<Subjects, T> maker, Subjects subjects) {
    try {
      return maker.apply(subjects);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static float[] closed(Tensor tensor) {
    try (tensor) {
      return tensor.toFloatArray();
    }
  }

  private static float[] eager() {
    try (Tensor a = wave(4, 8);
        Tensor b = wave(8, 5)) {
      return closed(a.matmul(b));
    }
  }

  private static float[] runs(Runner runner) {
    try (Tensor x = wave(4, 8)) {
      return closed(runner.run(x));
    }
  }

  private Runner convolution() {
    try (Tensor weight = wave(8, 3, 3, 3)) {
      return engine.bind(CONV, weight);
    }
  }

  private static float[] records(Weights weights) {
    try (Tensor x = wave(4, 8);
        Tensor w = wave(8, 8);
        Recording recording = Recording.start(weights.engine(), weights, List.of(x))) {
      Tensor y = recording.run(() -> recording.inputs().getFirst().matmul(w));
      try (y;
          Program program = recording.finish(List.of(y))) {
        return runs(program);
      }
    }
  }

  private Program program() {
    try (Recording recording = Recording.start(engine, weights, List.of(x))) {
      try (Tensor product = recording.run(() -> recording.inputs().getFirst().matmul(w));
          Tensor y = recording.run(product::exp)) {
        return recording.finish(List.of(y));
      }
    }
  }

  private static float[] runs(Program program) {
    try (Tensor x = wave(4, 8)) {
      return closed(program.run(List.of(x)).getFirst());
    }
  }

  private static Object runs(OnnxSession session) {
    try (Tensor x = wave(SmallModel.INPUT)) {
      Map<String, Tensor> outputs = session.run(Map.of("x", x));
      outputs.values().forEach(Tensor::close);
      return outputs;
    }
  }

  @Override
  public void close() throws IOException {
    weights.close();
    engine.close();
    for (Tensor tensor : List.of(x, w)) {
      tensor.close();
    }
    Files.deleteIfExists(file);
  }
}
