package org.gatun.onnx.operator;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.model.Node;
import org.jspecify.annotations.Nullable;

/** All operators: of each name the newest that is not above the model's version is the one. */
public final class OperatorTable {
  private static final OperatorTable INSTANCE = new OperatorTable();

  /**
   * Who writes lines of the table, those first that most models need after the rewrites: all lines
   * together take 60 ms of a start, so a family writes its own when a name has not been found
   * before it.
   */
  private enum Family {
    CONVOLUTION,
    POOLING,
    PRODUCT,
    MOVEMENT,
    REDUCTION,
    IMAGE,
    CAST,
    CONSTANT,
    INDEXING,
    LAYER_NORM,
    NORMALIZATION,
    FUSED,
    ARITHMETIC,
    POINTWISE,
    ACTIVATION,
    ATTENTION,
    CONTROL,
    CUMULATIVE,
    DETECTION,
    DIFFUSION,
    EXPERT,
    GROUPED,
    INTEGER_PRODUCT,
    LINEAR_ALGEBRA,
    LOGIC,
    LOSS,
    NGRAM,
    ORDERING,
    PACKED_WEIGHTS,
    PAD,
    QUANTIZATION,
    QUANTIZED_LAYER,
    RANDOM,
    RECURRENCE,
    RECURRENT,
    RUNTIME,
    SCALE,
    SCAN,
    SCATTER,
    SEQUENCE,
    SIGNAL,
    SLICE,
    TRAINING,
    TRANSFORMER,
    WINDOW
  }

  private record Name(String domain, String operator) {}

  /** The versions of an operator, all from one family. */
  private record Versions(Family family, TreeMap<Long, Operator> since) {}

  private final Registry onnx = new Registry("", this::add);
  private final Registry microsoft = new Registry("com.microsoft", this::add);
  private final Registry own = new Registry("org.gatun", this::add);
  private final Registry preview = new Registry("ai.onnx.preview", this::add);
  private final Registry training = new Registry("ai.onnx.preview.training", this::add);

  private final TreeMap<Name, Versions> operators =
      new TreeMap<>(Comparator.comparing(Name::domain).thenComparing(Name::operator));
  private final Deque<Family> waiting = new ArrayDeque<>(List.of(Family.values()));
  private Family writing = Family.values()[0];

  private OperatorTable() {}

  private void register(Family family) {
    writing = family;
    switch (family) {
      case CONVOLUTION -> ConvolutionFamily.register(onnx, microsoft, own);
      case POOLING -> PoolingFamily.register(onnx, microsoft);
      case POINTWISE -> PointwiseFamily.register(onnx);
      case PRODUCT -> ProductFamily.register(onnx);
      case FUSED -> FusedFamily.register(microsoft, own);
      case MOVEMENT -> {
        MovementFamily.register(onnx);
        addAlsoToMicrosoft("Trilu");
      }
      case REDUCTION -> ReductionFamily.register(onnx);
      case ACTIVATION -> ActivationFamily.register(onnx);
      case IMAGE -> ImageFamily.register(onnx, microsoft, own);
      case ARITHMETIC -> ArithmeticFamily.register(onnx);
      case ATTENTION -> AttentionFamily.register(onnx, preview);
      case CAST -> CastFamily.register(onnx);
      case CONSTANT -> ConstantFamily.register(onnx);
      case CONTROL -> ControlFamily.register(onnx);
      case CUMULATIVE -> CumulativeFamily.register(onnx);
      case DETECTION -> DetectionFamily.register(onnx);
      case DIFFUSION -> DiffusionFamily.register(microsoft, own);
      case EXPERT -> ExpertFamily.register(microsoft);
      case GROUPED -> GroupedFamily.register(microsoft);
      case INDEXING -> {
        IndexingFamily.register(onnx);
        addAlsoToMicrosoft("GatherND");
      }
      case INTEGER_PRODUCT -> IntegerProductFamily.register(onnx, microsoft, own);
      case LAYER_NORM -> LayerNormFamily.register(onnx, microsoft);
      case LINEAR_ALGEBRA -> LinearAlgebraFamily.register(onnx);
      case LOGIC -> LogicFamily.register(onnx);
      case LOSS -> LossFamily.register(onnx);
      case NGRAM -> NgramFamily.register(onnx);
      case NORMALIZATION -> NormalizationFamily.register(onnx);
      case ORDERING -> OrderingFamily.register(onnx);
      case PACKED_WEIGHTS -> PackedWeightsFamily.register(microsoft);
      case PAD -> {
        PadFamily.register(onnx);
        addAlsoToMicrosoft("Pad");
      }
      case QUANTIZATION -> QuantizationFamily.register(onnx, microsoft);
      case QUANTIZED_LAYER -> QuantizedLayerFamily.register(microsoft);
      case RANDOM -> RandomFamily.register(onnx);
      case RECURRENCE -> RecurrenceFamily.register(onnx, microsoft);
      case RECURRENT -> RecurrentFamily.register(onnx);
      case RUNTIME -> RuntimeFamily.register(microsoft);
      case SCALE -> ScaleFamily.register(onnx);
      case SCAN -> ScanFamily.register(onnx);
      case SCATTER -> ScatterFamily.register(onnx);
      case SEQUENCE -> SequenceFamily.register(onnx);
      case SIGNAL -> SignalFamily.register(onnx);
      case SLICE -> SliceFamily.register(onnx);
      case TRAINING -> TrainingFamily.register(training);
      case TRANSFORMER -> TransformerFamily.register(microsoft);
      case WINDOW -> WindowFamily.register(onnx);
    }
  }

  /** Returns the table. */
  public static OperatorTable get() {
    return INSTANCE;
  }

  private void add(Operator operator) {
    Versions versions =
        operators.computeIfAbsent(
            new Name(operator.domain(), operator.name()),
            _ -> new Versions(writing, new TreeMap<>()));
    if (versions.family() != writing || versions.since().put(operator.since(), operator) != null) {
      throw new IllegalStateException(
          "operator " + operator.name() + " " + operator.since() + " stands twice in the table");
    }
  }

  /** Returns the versions of an operator by the first that they are for, or null. */
  private synchronized @Nullable TreeMap<Long, Operator> versions(String domain, String operator) {
    Name name = new Name(domain, operator);
    Versions versions = operators.get(name);
    while (versions == null && !waiting.isEmpty()) {
      register(waiting.remove());
      versions = operators.get(name);
    }
    return versions == null ? null : versions.since();
  }

  /** Adds the newest version of an operator of ONNX that ONNX Runtime has in its own domain too. */
  private void addAlsoToMicrosoft(String name) {
    Operator newest =
        Objects.requireNonNull(operators.get(new Name("", name))).since().lastEntry().getValue();
    add(new Operator("com.microsoft", name, 1, newest.typing(), newest.function()));
  }

  /** Returns all operators, by domain, name and version. */
  public synchronized List<Operator> all() {
    while (!waiting.isEmpty()) {
      register(waiting.remove());
    }
    return operators.values().stream()
        .map(versions -> versions.since().values())
        .flatMap(Collection::stream)
        .toList();
  }

  /** Returns the operator, or null where there is none of the name or only of later versions. */
  public @Nullable Operator find(String domain, String name, long opset) {
    Objects.requireNonNull(domain, "operator table: domain is null");
    Objects.requireNonNull(name, "operator table: name is null");
    TreeMap<Long, Operator> versions = versions(domain, name);
    var entry = versions == null ? null : versions.floorEntry(opset);
    return entry == null ? null : entry.getValue();
  }

  /**
   * Returns the operator of a node.
   *
   * @throws OnnxException if there is none; it says why
   */
  public Operator find(Node node, long opset) {
    Operator found = find(node.domain(), node.operator(), opset);
    if (found != null) {
      return found;
    }
    String reason = Exclusions.reason(node.domain(), node.operator());
    if (reason != null) {
      throw new OnnxException(node.label() + ": Gatun leaves this operator out: " + reason);
    }
    TreeMap<Long, Operator> versions = versions(node.domain(), node.operator());
    if (versions != null) {
      throw new OnnxException(
          node.label()
              + ": version "
              + opset
              + " of its operators, expected "
              + versions.firstKey()
              + " or newer");
    }
    Set<String> domains = all().stream().map(Operator::domain).collect(Collectors.toSet());
    throw new OnnxException(
        node.label()
            + (domains.contains(node.domain())
                ? ": no such operator"
                : ": no operators of domain '" + node.domain() + "'"));
  }
}
