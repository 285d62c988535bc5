package org.gatun.onnx.operator;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
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

  private record Name(String domain, String operator) {}

  private final TreeMap<Name, TreeMap<Long, Operator>> operators =
      new TreeMap<>(Comparator.comparing(Name::domain).thenComparing(Name::operator));

  private OperatorTable() {
    Registry onnx = new Registry("", this::add);
    Registry microsoft = new Registry("com.microsoft", this::add);
    Registry own = new Registry("org.gatun", this::add);
    Registry preview = new Registry("ai.onnx.preview", this::add);
    Registry training = new Registry("ai.onnx.preview.training", this::add);
    ActivationFamily.register(onnx);
    ArithmeticFamily.register(onnx);
    AttentionFamily.register(onnx, preview);
    CastFamily.register(onnx);
    ConstantFamily.register(onnx);
    ControlFamily.register(onnx);
    ConvolutionFamily.register(onnx, microsoft, own);
    CumulativeFamily.register(onnx);
    DetectionFamily.register(onnx);
    DiffusionFamily.register(microsoft, own);
    ExpertFamily.register(microsoft);
    FusedFamily.register(microsoft, own);
    GroupedFamily.register(microsoft);
    ImageFamily.register(onnx, microsoft, own);
    IndexingFamily.register(onnx);
    IntegerProductFamily.register(onnx, microsoft, own);
    LayerNormFamily.register(onnx, microsoft);
    LinearAlgebraFamily.register(onnx);
    LogicFamily.register(onnx);
    LossFamily.register(onnx);
    MovementFamily.register(onnx);
    NgramFamily.register(onnx);
    NormalizationFamily.register(onnx);
    OrderingFamily.register(onnx);
    PackedWeightsFamily.register(microsoft);
    PadFamily.register(onnx);
    PointwiseFamily.register(onnx);
    PoolingFamily.register(onnx, microsoft);
    ProductFamily.register(onnx);
    QuantizationFamily.register(onnx, microsoft);
    QuantizedLayerFamily.register(microsoft);
    RandomFamily.register(onnx);
    RecurrenceFamily.register(onnx, microsoft);
    RecurrentFamily.register(onnx);
    ReductionFamily.register(onnx);
    RuntimeFamily.register(microsoft);
    ScaleFamily.register(onnx);
    ScanFamily.register(onnx);
    ScatterFamily.register(onnx);
    SequenceFamily.register(onnx);
    SignalFamily.register(onnx);
    SliceFamily.register(onnx);
    TrainingFamily.register(training);
    TransformerFamily.register(microsoft);
    WindowFamily.register(onnx);
    for (String same : List.of("GatherND", "Pad", "Trilu")) {
      addAlsoToMicrosoft(same);
    }
  }

  /** Returns the table. */
  public static OperatorTable get() {
    return INSTANCE;
  }

  private void add(Operator operator) {
    Operator before =
        operators
            .computeIfAbsent(new Name(operator.domain(), operator.name()), _ -> new TreeMap<>())
            .put(operator.since(), operator);
    if (before != null) {
      throw new IllegalStateException(
          "operator " + operator.name() + " " + operator.since() + " stands twice in the table");
    }
  }

  /** Adds the newest version of an operator of ONNX that ONNX Runtime has in its own domain too. */
  private void addAlsoToMicrosoft(String name) {
    Operator newest =
        Objects.requireNonNull(operators.get(new Name("", name))).lastEntry().getValue();
    add(new Operator("com.microsoft", name, 1, newest.typing(), newest.function()));
  }

  /** Returns all operators, by domain, name and version. */
  public List<Operator> all() {
    return operators.values().stream()
        .map(NavigableMap::values)
        .flatMap(Collection::stream)
        .toList();
  }

  /** Returns the operator, or null where there is none of the name or only of later versions. */
  public @Nullable Operator find(String domain, String name, long opset) {
    TreeMap<Long, Operator> versions = operators.get(new Name(domain, name));
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
    TreeMap<Long, Operator> versions = operators.get(new Name(node.domain(), node.operator()));
    if (versions != null) {
      throw new OnnxException(
          node.label()
              + ": version "
              + opset
              + " of its operators, expected "
              + versions.firstKey()
              + " or newer");
    }
    Set<String> domains = operators.keySet().stream().map(Name::domain).collect(Collectors.toSet());
    throw new OnnxException(
        node.label()
            + (domains.contains(node.domain())
                ? ": no such operator"
                : ": no operators of domain '" + node.domain() + "'"));
  }
}
