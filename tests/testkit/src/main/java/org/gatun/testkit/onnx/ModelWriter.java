package org.gatun.testkit.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Dimension;
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
 * Writes models as files, for tests: what Gatun reads back, and what other runtimes are given.
 *
 * <p>Source: <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>, whose
 * numbers of fields these are.
 */
public final class ModelWriter {
  private ModelWriter() {}

  /** Writes the fields of a message. */
  @FunctionalInterface
  private interface Fields {
    void write(CodedOutputStream out) throws IOException;
  }

  /** Returns the bytes of a {@code ModelProto}. */
  public static byte[] write(Model model) {
    return bytes(
        out -> {
          out.writeInt64(1, model.irVersion());
          out.writeString(2, model.producer());
          message(out, 7, graph(model.graph()));
          opsets(out, 8, model.opsets());
          for (Map.Entry<String, String> entry : sorted(model.metadata())) {
            message(out, 14, entry(entry.getKey(), entry.getValue()));
          }
          for (Function function : model.functions()) {
            message(out, 25, function(function));
          }
        });
  }

  /** The order of a map of the model is another one in each process; a file is always the same. */
  private static <V> Set<Map.Entry<String, V>> sorted(Map<String, V> map) {
    return new TreeMap<>(map).entrySet();
  }

  private static byte[] bytes(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      fields.write(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return bytes.toByteArray();
  }

  private static void message(CodedOutputStream out, int field, Fields fields) throws IOException {
    out.writeByteArray(field, bytes(fields));
  }

  private static void texts(CodedOutputStream out, int field, List<String> texts)
      throws IOException {
    for (String text : texts) {
      out.writeString(field, text);
    }
  }

  private static Fields entry(String key, String value) {
    return out -> {
      out.writeString(1, key);
      out.writeString(2, value);
    };
  }

  private static void opsets(CodedOutputStream out, int field, Map<String, Long> opsets)
      throws IOException {
    for (Map.Entry<String, Long> opset : sorted(opsets)) {
      message(
          out,
          field,
          to -> {
            to.writeString(1, opset.getKey());
            to.writeInt64(2, opset.getValue());
          });
    }
  }

  private static Fields function(Function function) {
    return out -> {
      out.writeString(1, function.name());
      texts(out, 4, function.inputs());
      texts(out, 5, function.outputs());
      texts(out, 6, function.attributes());
      for (Node node : function.nodes()) {
        message(out, 7, node(node));
      }
      opsets(out, 9, function.opsets());
      out.writeString(10, function.domain());
      for (Map.Entry<String, Attribute> attribute : sorted(function.defaults())) {
        message(out, 11, attribute(attribute.getKey(), attribute.getValue()));
      }
      out.writeString(13, function.overload());
    };
  }

  private static Fields graph(Graph graph) {
    return out -> {
      for (Node node : graph.nodes()) {
        message(out, 1, node(node));
      }
      out.writeString(2, graph.name());
      for (TensorData tensor : graph.initializers()) {
        message(out, 5, tensor(tensor));
      }
      values(out, 11, graph.inputs());
      values(out, 12, graph.outputs());
      values(out, 13, graph.values());
      for (SparseTensorData sparse : graph.sparseInitializers()) {
        message(out, 15, sparse(sparse));
      }
    };
  }

  private static void values(CodedOutputStream out, int field, List<ValueInfo> values)
      throws IOException {
    for (ValueInfo value : values) {
      message(
          out,
          field,
          to -> {
            to.writeString(1, value.name());
            if (!(value.type() instanceof ValueType.Unknown)) {
              message(to, 2, type(value.type()));
            }
          });
    }
  }

  private static Fields type(ValueType type) {
    return out -> {
      switch (type) {
        case ValueType.OfTensor tensor ->
            message(out, 1, tensorType(tensor.element().code(), tensor.shape()));
        case ValueType.OfSparseTensor tensor ->
            message(out, 8, tensorType(tensor.element().code(), tensor.shape()));
        case ValueType.OfSequence sequence ->
            message(out, 4, to -> message(to, 1, type(sequence.element())));
        case ValueType.OfOptional optional ->
            message(out, 9, to -> message(to, 1, type(optional.element())));
        case ValueType.OfMap map ->
            message(
                out,
                5,
                to -> {
                  to.writeInt32(1, map.key().code());
                  message(to, 2, type(map.value()));
                });
        case ValueType.Unknown _ -> {}
      }
    };
  }

  private static Fields tensorType(int element, @Nullable List<Dimension> shape) {
    return out -> {
      out.writeInt32(1, element);
      if (shape != null) {
        message(
            out,
            2,
            to -> {
              for (Dimension dimension : shape) {
                message(to, 1, dimension(dimension));
              }
            });
      }
    };
  }

  private static Fields dimension(Dimension dimension) {
    return out -> {
      switch (dimension) {
        case Dimension.Known(long size) -> out.writeInt64(1, size);
        case Dimension.Named(String name) -> out.writeString(2, name);
        case Dimension.Any _ -> {}
      }
    };
  }

  private static Fields node(Node node) {
    return out -> {
      texts(out, 1, node.inputs());
      texts(out, 2, node.outputs());
      out.writeString(3, node.name());
      out.writeString(4, node.operator());
      for (Map.Entry<String, Attribute> attribute : sorted(node.attributes())) {
        message(out, 5, attribute(attribute.getKey(), attribute.getValue()));
      }
      out.writeString(7, node.domain());
      out.writeString(8, node.overload());
    };
  }

  private static Fields attribute(String name, Attribute attribute) {
    return out -> {
      out.writeString(1, name);
      switch (attribute) {
        case Attribute.OfFloat(float value) -> {
          out.writeFloat(2, value);
          out.writeInt32(20, 1);
        }
        case Attribute.OfInt(long value) -> {
          out.writeInt64(3, value);
          out.writeInt32(20, 2);
        }
        case Attribute.OfString(String value) -> {
          out.writeBytes(4, ByteString.copyFromUtf8(value));
          out.writeInt32(20, 3);
        }
        case Attribute.OfTensor(TensorData value) -> {
          message(out, 5, tensor(value));
          out.writeInt32(20, 4);
        }
        case Attribute.OfGraph(Graph value) -> {
          message(out, 6, graph(value));
          out.writeInt32(20, 5);
        }
        case Attribute.OfFloats(List<Float> values) -> {
          for (float value : values) {
            out.writeFloat(7, value);
          }
          out.writeInt32(20, 6);
        }
        case Attribute.OfInts(List<Long> values) -> {
          for (long value : values) {
            out.writeInt64(8, value);
          }
          out.writeInt32(20, 7);
        }
        case Attribute.OfStrings(List<String> values) -> {
          texts(out, 9, values);
          out.writeInt32(20, 8);
        }
        case Attribute.OfTensors(List<TensorData> values) -> {
          for (TensorData value : values) {
            message(out, 10, tensor(value));
          }
          out.writeInt32(20, 9);
        }
        case Attribute.OfGraphs(List<Graph> values) -> {
          for (Graph value : values) {
            message(out, 11, graph(value));
          }
          out.writeInt32(20, 10);
        }
        case Attribute.OfSparseTensor(SparseTensorData value) -> {
          message(out, 22, sparse(value));
          out.writeInt32(20, 11);
        }
        case Attribute.OfSparseTensors(List<SparseTensorData> values) -> {
          for (SparseTensorData value : values) {
            message(out, 23, sparse(value));
          }
          out.writeInt32(20, 12);
        }
        case Attribute.OfType(ValueType value) -> {
          message(out, 14, type(value));
          out.writeInt32(20, 13);
        }
        case Attribute.OfTypes(List<ValueType> values) -> {
          for (ValueType value : values) {
            message(out, 15, type(value));
          }
          out.writeInt32(20, 14);
        }
        case Attribute.Reference(String reference) -> out.writeString(21, reference);
      }
    };
  }

  private static Fields tensor(TensorData tensor) {
    return out -> {
      for (long dim : tensor.shape()) {
        out.writeInt64(1, dim);
      }
      out.writeInt32(2, tensor.type().code());
      texts(out, 6, tensor.strings());
      out.writeString(8, tensor.name());
      if (tensor.strings().isEmpty()) {
        out.writeByteArray(9, tensor.elements().toArray(ValueLayout.JAVA_BYTE));
      }
    };
  }

  private static Fields sparse(SparseTensorData sparse) {
    return out -> {
      message(out, 1, tensor(sparse.values()));
      message(out, 2, tensor(sparse.indices()));
      for (long dim : sparse.shape()) {
        out.writeInt64(3, dim);
      }
    };
  }
}
