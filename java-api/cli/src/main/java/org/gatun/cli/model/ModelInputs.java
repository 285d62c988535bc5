package org.gatun.cli.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.io.Npy;
import org.gatun.io.Npz;
import org.gatun.onnx.OnnxModel;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.model.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * Makes the inputs of a model: read from files where they are given, made up where they are not.
 * Dimensions with a name are as large in all inputs.
 */
public final class ModelInputs {
  private static final String RANDOM = "random";

  private final OnnxModel model;
  private final InputSpec spec;

  /** What is known of dimensions with names. */
  private final Map<String, Long> sizes;

  private final Map<String, ModelInput> read = new HashMap<>();

  private ModelInputs(OnnxModel model, InputSpec spec) {
    this.model = model;
    this.spec = spec;
    this.sizes = new HashMap<>(spec.dimensions());
  }

  /**
   * Returns a value for each input that has no default, and for those others that are given.
   *
   * @throws InputException if the model has no such input, or a file is not for it
   * @throws IOException if a file cannot be read
   */
  public static List<ModelInput> of(OnnxModel model, InputSpec spec) throws IOException {
    return new ModelInputs(model, spec).all();
  }

  private List<ModelInput> all() throws IOException {
    checkNames("--shape", spec.shapes().keySet());
    checkDimensions();
    for (Map.Entry<String, String> given : spec.files().entrySet()) {
      if (!given.getValue().equals(RANDOM)) {
        read(given.getKey(), Path.of(given.getValue()));
      } else {
        checkNames("--input", Set.of(given.getKey()));
      }
    }
    Map<String, ValueInfo> wanted = new LinkedHashMap<>();
    model.inputs().forEach(input -> wanted.put(input.name(), input));
    for (ValueInfo input : model.definition().graph().inputs()) {
      if (read.containsKey(input.name())) {
        wanted.putIfAbsent(input.name(), input);
        bind(input, read.get(input.name()).value());
      }
    }
    RandomValues random = new RandomValues(model.definition().graph(), spec.seed());
    List<ModelInput> inputs = new ArrayList<>();
    for (ValueInfo input : wanted.values()) {
      ModelInput given = read.get(input.name());
      inputs.add(given != null ? given : random.input(input, shape(input)));
    }
    return inputs;
  }

  /** The empty name stands for the only input. */
  private void checkNames(String option, Set<String> names) {
    for (String name : names) {
      find(option, name);
    }
  }

  private ValueInfo find(String option, String name) {
    if (name.isEmpty()) {
      if (model.inputs().size() != 1) {
        throw new InputException(option + ": which input? The model has " + names(model.inputs()));
      }
      return model.inputs().getFirst();
    }
    return model.definition().graph().inputs().stream()
        .filter(input -> input.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    option
                        + " "
                        + name
                        + ": the model has no such input; it has "
                        + names(model.definition().graph().inputs())));
  }

  private static String names(List<ValueInfo> inputs) {
    return inputs.isEmpty()
        ? "none"
        : String.join(", ", inputs.stream().map(ValueInfo::name).toList());
  }

  private void checkDimensions() {
    Set<String> declared = new LinkedHashSet<>();
    for (ValueInfo input : model.definition().graph().inputs()) {
      for (Dimension dimension : dimensions(input.type())) {
        if (dimension instanceof Dimension.Named(String name)) {
          declared.add(name);
        }
      }
    }
    for (String name : spec.dimensions().keySet()) {
      if (!declared.contains(name)) {
        throw new InputException(
            "--dim "
                + name
                + ": no input has such a dimension; there are "
                + (declared.isEmpty() ? "none with names" : String.join(", ", declared)));
      }
    }
  }

  private static List<Dimension> dimensions(ValueType type) {
    return type instanceof ValueType.OfTensor tensor && tensor.shape() != null
        ? tensor.shape()
        : List.of();
  }

  // Files.

  private void read(String name, Path file) throws IOException {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new InputException("--input " + file + ": no file that can be read");
    }
    String lower = file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (lower.endsWith(".npz")) {
      readAll(name, file);
      return;
    }
    ValueInfo input = find("--input", name);
    Value value;
    if (lower.endsWith(".npy")) {
      value = typed(input, Npy.read(file), file);
    } else if (lower.endsWith(".pb")) {
      value = Value.read(Files.readAllBytes(file), input.type());
    } else if (Images.reads(lower)) {
      value = Images.read(file, input, knownShape(input), spec.mean(), spec.std());
    } else {
      throw new InputException(
          "--input " + file + ": expected a name in .npy, .npz, .pb, .png or .jpg, or 'random'");
    }
    read.put(input.name(), new ModelInput(input.name(), value, file.getFileName().toString()));
  }

  private void readAll(String name, Path file) throws IOException {
    Map<String, Tensor> arrays = Npz.read(file);
    if (name.isEmpty()) {
      for (Map.Entry<String, Tensor> array : arrays.entrySet()) {
        ValueInfo input = find("--input " + file, array.getKey());
        put(input, array.getValue(), file);
      }
      return;
    }
    ValueInfo input = find("--input", name);
    Tensor array = arrays.size() == 1 ? arrays.values().iterator().next() : arrays.get(name);
    if (array == null) {
      throw new InputException(
          "--input "
              + name
              + "="
              + file
              + ": it has no array of that name, but "
              + arrays.keySet());
    }
    put(input, array, file);
  }

  private void put(ValueInfo input, Tensor array, Path file) {
    read.put(
        input.name(),
        new ModelInput(input.name(), typed(input, array, file), file.getFileName().toString()));
  }

  /** An array is converted to the declared type where that is of the same kind. */
  private static Value typed(ValueInfo input, Tensor array, Path file) {
    if (!(input.type() instanceof ValueType.OfTensor declared)
        || !declared.element().hasCarrier()) {
      throw new InputException(
          "--input " + file + ": input " + input.name() + " is no tensor of numbers");
    }
    DType carrier = declared.element().carrier();
    if (array.dtype() != carrier && array.dtype().isFloating() != carrier.isFloating()) {
      throw new InputException(
          "--input "
              + file
              + ": it has elements of "
              + array.dtype().spelling()
              + ", expected "
              + declared.element()
              + " for "
              + input.name());
    }
    return new Value.Dense(declared.element(), array.to(carrier));
  }

  private void bind(ValueInfo input, Value value) {
    List<Dimension> declared = dimensions(input.type());
    if (value instanceof Value.Dense dense && dense.tensor().shape().rank() == declared.size()) {
      for (int i = 0; i < declared.size(); i++) {
        if (declared.get(i) instanceof Dimension.Named(String name)) {
          sizes.putIfAbsent(name, dense.tensor().shape().dim(i));
        }
      }
    }
  }

  // Shapes.

  private @Nullable List<Long> asked(ValueInfo input) {
    List<Long> shape = spec.shapes().get(input.name());
    if (shape == null && model.inputs().size() == 1) {
      shape = spec.shapes().get("");
    }
    int rank = dimensions(input.type()).size();
    if (shape != null && isTensor(input.type()) && shape.size() != rank) {
      throw new InputException(
          "--shape " + input.name() + ": " + shape.size() + " dimensions, expected " + rank);
    }
    return shape;
  }

  private static boolean isTensor(ValueType type) {
    return type instanceof ValueType.OfTensor tensor && tensor.shape() != null;
  }

  /** The shape, with -1 where nothing says how large a dimension is; null for any rank. */
  private @Nullable List<Long> knownShape(ValueInfo input) {
    List<Long> asked = asked(input);
    if (asked != null || !isTensor(input.type())) {
      return asked;
    }
    return dimensions(input.type()).stream()
        .map(
            dimension ->
                switch (dimension) {
                  case Dimension.Known(long size) -> size;
                  case Dimension.Named(String name) -> sizes.getOrDefault(name, -1L);
                  case Dimension.Any _ -> -1L;
                })
        .toList();
  }

  /** The shape of an input that is made up. */
  private Shape shape(ValueInfo input) {
    List<Long> known = knownShape(input);
    if (known == null) {
      throw new InputException(
          "input "
              + input.name()
              + ": the model does not say its shape; give it by --shape "
              + input.name()
              + "=1x3x224x224, or its value by --input");
    }
    long[] shape = new long[known.size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = known.get(i) >= 0 ? known.get(i) : assumed(input, i, shape.length);
    }
    return Shape.of(shape);
  }

  /** What is usual for a dimension of this name or place. */
  private long assumed(ValueInfo input, int axis, int rank) {
    String name =
        dimensions(input.type()).get(axis) instanceof Dimension.Named(String given) ? given : "";
    String lower = name.toLowerCase(Locale.ROOT);
    long size;
    if (lower.contains("past")) {
      size = 0;
    } else if (lower.contains("batch") || (axis == 0 && !lower.contains("seq"))) {
      size = 1;
    } else if (rank == 4) {
      size = axis == 1 ? 3 : 224;
    } else {
      size = 16;
    }
    if (!name.isEmpty()) {
      sizes.put(name, size);
    }
    return size;
  }
}
