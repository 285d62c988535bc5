package org.gatun.onnx.format;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gatun.FileMapping;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Function;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Model;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.SparseTensorData;
import org.gatun.onnx.model.TensorData;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.model.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of {@code onnx.proto}. The numbers of fields are those of that file.
 *
 * <p>Source: <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>.
 */
public final class ModelReader {
  private final WireReader in;
  private final TensorReader tensors;

  private ModelReader(
      MemorySegment bytes, @Nullable FileMapping file, @Nullable ExternalFiles external) {
    this.in = new WireReader(bytes);
    this.tensors = new TensorReader(in, file, external);
  }

  /**
   * Returns what a {@code ModelProto} says.
   *
   * @param bytes the whole file
   * @param file the mapping that the bytes are, or null
   * @param external the files beside the model, or null where it has no folder
   * @throws OnnxException if it is damaged
   */
  public static Model read(
      MemorySegment bytes, @Nullable FileMapping file, @Nullable ExternalFiles external) {
    return new ModelReader(bytes, file, external).model();
  }

  /**
   * Returns what a {@code TensorProto} says.
   *
   * @throws OnnxException if it is damaged
   */
  public static TensorData readTensor(MemorySegment bytes) {
    return new TensorReader(new WireReader(MemorySegment.NULL), null, null).tensor(bytes);
  }

  private Model model() {
    var said =
        new Object() {
          long irVersion;
          String producer = "";
          String version = "";
          @Nullable Graph graph;
        };
    var opsets = new LinkedHashMap<String, Long>();
    var functions = new ArrayList<Function>();
    var metadata = new LinkedHashMap<String, String>();
    in.fields(
        field -> {
          switch (field) {
            case 1 -> said.irVersion = in.integer();
            case 2 -> said.producer = in.text();
            case 3 -> said.version = in.text();
            case 7 -> said.graph = graph();
            case 8 -> opset(opsets);
            case 14 -> in.entry(metadata);
            case 25 -> functions.add(function());
            default -> {}
          }
        });
    Graph graph = said.graph;
    if (graph == null) {
      throw new OnnxException(
          "model: no graph in " + in.position() + " bytes; the file is damaged or no ONNX model");
    }
    String producer = (said.producer + " " + said.version).strip();
    return new Model(said.irVersion, producer, opsets, graph, functions, metadata);
  }

  private void opset(Map<String, Long> opsets) throws IOException {
    var said =
        new Object() {
          String domain = "";
          long version;
        };
    in.message(
        field -> {
          switch (field) {
            case 1 -> said.domain = domain(in.text());
            case 2 -> said.version = in.integer();
            default -> {}
          }
        });
    opsets.put(said.domain, said.version);
  }

  /** ONNX's own domain has two spellings. */
  private static String domain(String spelled) {
    return spelled.equals("ai.onnx") ? "" : spelled;
  }

  private Function function() throws IOException {
    var said =
        new Object() {
          String domain = "";
          String name = "";
          String overload = "";
        };
    var inputs = new ArrayList<String>();
    var outputs = new ArrayList<String>();
    var attributes = new ArrayList<String>();
    var defaults = new LinkedHashMap<String, Attribute>();
    var nodes = new ArrayList<Node>();
    var opsets = new LinkedHashMap<String, Long>();
    in.message(
        field -> {
          switch (field) {
            case 1 -> said.name = in.text();
            case 4 -> inputs.add(in.text());
            case 5 -> outputs.add(in.text());
            case 6 -> attributes.add(in.text());
            case 7 -> nodes.add(node());
            case 9 -> opset(opsets);
            case 10 -> said.domain = domain(in.text());
            case 11 -> attribute(defaults);
            case 13 -> said.overload = in.text();
            default -> {}
          }
        });
    return new Function(
        said.domain,
        said.name,
        said.overload,
        inputs,
        outputs,
        attributes,
        defaults,
        nodes,
        opsets);
  }

  private Graph graph() throws IOException {
    var said =
        new Object() {
          String name = "";
        };
    var nodes = new ArrayList<Node>();
    var initializers = new ArrayList<TensorData>();
    var sparse = new ArrayList<SparseTensorData>();
    var inputs = new ArrayList<ValueInfo>();
    var outputs = new ArrayList<ValueInfo>();
    var values = new ArrayList<ValueInfo>();
    in.message(
        field -> {
          switch (field) {
            case 1 -> nodes.add(node());
            case 2 -> said.name = in.text();
            case 5 -> initializers.add(tensors.tensor());
            case 11 -> inputs.add(valueInfo());
            case 12 -> outputs.add(valueInfo());
            case 13 -> values.add(valueInfo());
            case 15 -> sparse.add(tensors.sparse());
            default -> {}
          }
        });
    return new Graph(said.name, nodes, initializers, sparse, inputs, outputs, values);
  }

  private Node node() throws IOException {
    var said =
        new Object() {
          String name = "";
          String domain = "";
          String operator = "";
          String overload = "";
        };
    var inputs = new ArrayList<String>();
    var outputs = new ArrayList<String>();
    var attributes = new LinkedHashMap<String, Attribute>();
    in.message(
        field -> {
          switch (field) {
            case 1 -> inputs.add(in.text());
            case 2 -> outputs.add(in.text());
            case 3 -> said.name = in.text();
            case 4 -> said.operator = in.text();
            case 5 -> attribute(attributes);
            case 7 -> said.domain = domain(in.text());
            case 8 -> said.overload = in.text();
            default -> {}
          }
        });
    return new Node(
        said.name, said.domain, said.operator, said.overload, inputs, outputs, attributes);
  }

  private void attribute(Map<String, Attribute> attributes) throws IOException {
    var said =
        new Object() {
          String name = "";
          String reference = "";
          long type;
          long seen;
          float number;
          long integer;
          String text = "";
          @Nullable TensorData tensor;
          @Nullable SparseTensorData sparse;
          @Nullable Graph graph;
          @Nullable ValueType valueType;
        };
    var numbers = new ArrayList<Float>();
    var integers = new ArrayList<Long>();
    var texts = new ArrayList<String>();
    var manyTensors = new ArrayList<TensorData>();
    var manySparse = new ArrayList<SparseTensorData>();
    var graphs = new ArrayList<Graph>();
    var types = new ArrayList<ValueType>();
    in.message(
        field -> {
          said.seen = Math.max(said.seen, typeOf(field));
          switch (field) {
            case 1 -> said.name = in.text();
            case 2 -> said.number = in.number();
            case 3 -> said.integer = in.integer();
            case 4 -> said.text = in.bytesAsText();
            case 5 -> said.tensor = tensors.tensor();
            case 6 -> said.graph = graph();
            case 7 -> floats(numbers);
            case 8 -> in.integers(integers::add);
            case 9 -> texts.add(in.bytesAsText());
            case 10 -> manyTensors.add(tensors.tensor());
            case 11 -> graphs.add(graph());
            case 14 -> said.valueType = type();
            case 15 -> types.add(type());
            case 20 -> said.type = in.integer();
            case 21 -> said.reference = in.text();
            case 22 -> said.sparse = tensors.sparse();
            case 23 -> manySparse.add(tensors.sparse());
            default -> {}
          }
        });
    attributes.put(
        said.name,
        said.reference.isEmpty()
            ? switch ((int) (said.type == 0 ? said.seen : said.type)) {
              case 1 -> new Attribute.OfFloat(said.number);
              case 2 -> new Attribute.OfInt(said.integer);
              case 3 -> new Attribute.OfString(said.text);
              case 4 -> new Attribute.OfTensor(present(said.name, said.tensor));
              case 5 -> new Attribute.OfGraph(present(said.name, said.graph));
              case 6 -> new Attribute.OfFloats(numbers);
              case 7 -> new Attribute.OfInts(integers);
              case 8 -> new Attribute.OfStrings(texts);
              case 9 -> new Attribute.OfTensors(manyTensors);
              case 10 -> new Attribute.OfGraphs(graphs);
              case 11 -> new Attribute.OfSparseTensor(present(said.name, said.sparse));
              case 12 -> new Attribute.OfSparseTensors(manySparse);
              case 13 -> new Attribute.OfType(present(said.name, said.valueType));
              case 14 -> new Attribute.OfTypes(types);
              default ->
                  throw in.broken(
                      "attribute '" + said.name + "' of type " + said.type + ", expected 1 to 14");
            }
            : new Attribute.Reference(said.reference));
  }

  /** The type of attribute whose value a field is: old files do not say it. */
  private static int typeOf(int field) {
    return switch (field) {
      case 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 -> field - 1;
      default -> 0;
    };
  }

  private <T> T present(String attribute, @Nullable T value) {
    if (value == null) {
      throw in.broken("attribute '" + attribute + "' has no value of its type");
    }
    return value;
  }

  private void floats(List<Float> numbers) throws IOException {
    MemorySegment packed = in.fixed(4);
    for (long at = 0; at < packed.byteSize(); at += 4) {
      numbers.add(packed.get(LittleEndian.FLOAT, at));
    }
  }

  private ValueInfo valueInfo() throws IOException {
    var said =
        new Object() {
          String name = "";
          ValueType type = new ValueType.Unknown();
        };
    in.message(
        field -> {
          switch (field) {
            case 1 -> said.name = in.text();
            case 2 -> said.type = type();
            default -> {}
          }
        });
    return new ValueInfo(said.name, said.type);
  }

  private ValueType type() throws IOException {
    var said =
        new Object() {
          ValueType type = new ValueType.Unknown();
        };
    in.message(
        field -> {
          switch (field) {
            case 1 -> said.type = tensorType(false);
            case 4 -> said.type = new ValueType.OfSequence(wrapped());
            case 5 -> said.type = map();
            case 8 -> said.type = tensorType(true);
            case 9 -> said.type = new ValueType.OfOptional(wrapped());
            default -> {}
          }
        });
    return said.type;
  }

  private ValueType wrapped() throws IOException {
    var said =
        new Object() {
          ValueType type = new ValueType.Unknown();
        };
    in.message(
        field -> {
          if (field == 1) {
            said.type = type();
          }
        });
    return said.type;
  }

  private ValueType map() throws IOException {
    var said =
        new Object() {
          ElementType key = ElementType.STRING;
          ValueType value = new ValueType.Unknown();
        };
    in.message(
        field -> {
          switch (field) {
            case 1 -> said.key = tensors.elementType(in.integer());
            case 2 -> said.value = type();
            default -> {}
          }
        });
    return new ValueType.OfMap(said.key, said.value);
  }

  private ValueType tensorType(boolean sparse) throws IOException {
    var said =
        new Object() {
          @Nullable ElementType element;
          @Nullable List<Dimension> shape;
        };
    in.message(
        field -> {
          switch (field) {
            case 1 -> {
              long code = in.integer();
              said.element = code == 0 ? null : tensors.elementType(code);
            }
            case 2 -> said.shape = shape();
            default -> {}
          }
        });
    ElementType element = said.element;
    if (element == null) {
      return new ValueType.Unknown();
    }
    return sparse
        ? new ValueType.OfSparseTensor(element, said.shape)
        : new ValueType.OfTensor(element, said.shape);
  }

  private List<Dimension> shape() throws IOException {
    var dims = new ArrayList<Dimension>();
    in.message(
        field -> {
          if (field == 1) {
            dims.add(dimension());
          }
        });
    return dims;
  }

  private Dimension dimension() throws IOException {
    var said =
        new Object() {
          Dimension dimension = new Dimension.Any();
        };
    in.message(
        field -> {
          switch (field) {
            case 1 -> {
              long size = in.integer();
              // Some exporters write -1 for a dimension of any size.
              said.dimension = size < 0 ? new Dimension.Any() : new Dimension.Known(size);
            }
            case 2 -> {
              String name = in.text();
              said.dimension = isName(name) ? new Dimension.Named(name) : new Dimension.Any();
            }
            default -> {}
          }
        });
    return said.dimension;
  }

  /** Some exporters call every dimension {@code ?} or {@code -1} that they know nothing of. */
  private static boolean isName(String text) {
    return text.chars().anyMatch(Character::isLetter);
  }

  /** The layouts of numbers in a file. */
  static final class LittleEndian {
    static final ValueLayout.OfFloat FLOAT =
        ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private LittleEndian() {}
  }
}
