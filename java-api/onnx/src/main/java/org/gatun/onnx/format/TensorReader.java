package org.gatun.onnx.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gatun.FileMapping;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.SparseTensorData;
import org.gatun.onnx.model.TensorData;
import org.jspecify.annotations.Nullable;

/** Reads {@code TensorProto} and {@code SparseTensorProto}. */
final class TensorReader {
  private final WireReader in;
  private final @Nullable FileMapping file;
  private final @Nullable ExternalFiles external;

  TensorReader(WireReader in, @Nullable FileMapping file, @Nullable ExternalFiles external) {
    this.in = in;
    this.file = file;
    this.external = external;
  }

  /** What the fields of a tensor say. */
  private static final class Said {
    final List<Long> dims = new ArrayList<>();
    final List<String> strings = new ArrayList<>();
    final Map<String, String> external = new LinkedHashMap<>();
    final ByteArrayOutputStream converted = new ByteArrayOutputStream();
    String name = "";
    long type;
    long location;
    boolean numbersBeforeType;
    @Nullable MemorySegment elements;
  }

  /** Reads the tensor that stands here. */
  TensorData tensor() throws IOException {
    return tensor(in.bytes());
  }

  /** Reads a tensor that is all there is in these bytes. */
  TensorData tensor(MemorySegment bytes) {
    Said said = new Said();
    WireReader fields = new WireReader(bytes);
    fields.fields(field -> field(fields, said, field));
    if (said.numbersBeforeType) {
      // Integers are stored by their type, which may stand behind them.
      WireReader again = new WireReader(bytes);
      again.fields(field -> number(again, said, field));
    }
    return made(said);
  }

  SparseTensorData sparse() throws IOException {
    var dims = new ArrayList<Long>();
    var said =
        new Object() {
          @Nullable TensorData values;
          @Nullable TensorData indices;
        };
    in.message(
        field -> {
          switch (field) {
            case 1 -> said.values = tensor();
            case 2 -> said.indices = tensor();
            case 3 -> in.integers(dims::add);
            default -> {}
          }
        });
    TensorData values = said.values;
    TensorData indices = said.indices;
    if (values == null || indices == null) {
      throw in.broken("a sparse tensor without values or indices");
    }
    return new SparseTensorData(values, indices, dims);
  }

  ElementType elementType(long code) {
    try {
      return ElementType.ofCode(code);
    } catch (IllegalArgumentException e) {
      throw in.broken(String.valueOf(e.getMessage()));
    }
  }

  private void field(WireReader fields, Said said, int field) throws IOException {
    switch (field) {
      case 1 -> fields.integers(said.dims::add);
      case 2 -> said.type = fields.integer();
      case 3 -> throw fields.broken("a tensor in segments, which ONNX does not use");
      case 4 -> append(said, fields.fixed(4));
      case 5, 11 -> {
        if (said.type == 0) {
          said.numbersBeforeType = true;
        } else {
          number(fields, said, field);
        }
      }
      case 6 -> said.strings.add(fields.bytesAsText());
      case 7 -> fields.integers(value -> put(said, value, 8));
      case 8 -> said.name = fields.text();
      case 9 -> said.elements = fields.bytes();
      case 10 -> append(said, fields.fixed(8));
      case 13 -> fields.entry(said.external);
      case 14 -> said.location = fields.integer();
      default -> {}
    }
  }

  private void number(WireReader fields, Said said, int field) throws IOException {
    if (field == 5 || field == 11) {
      int bytes = Math.max(1, elementType(said.type).bits() / 8);
      fields.integers(value -> put(said, value, bytes));
    }
  }

  /** Packed numbers stay where they are; single ones are gathered. */
  private static void append(Said said, MemorySegment numbers) {
    if (numbers.byteSize() > 8 && said.elements == null && said.converted.size() == 0) {
      said.elements = numbers;
    } else {
      said.converted.writeBytes(numbers.toArray(ValueLayout.JAVA_BYTE));
    }
  }

  private static void put(Said said, long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      said.converted.write((int) (value >> (8 * i)));
    }
  }

  private TensorData made(Said said) {
    ElementType type = elementType(said.type);
    long size = 1;
    for (long dim : said.dims) {
      if (dim < 0 || (dim > 0 && size > Long.MAX_VALUE / 64 / dim)) {
        throw new OnnxException(
            "model: tensor '" + said.name + "' of shape " + said.dims + ", which cannot be");
      }
      size *= dim;
    }
    FileMapping mapping = file;
    MemorySegment elements;
    long bytes = (size * type.bits() + 7) / 8;
    if (said.location == 1) {
      mapping = externalFile(said);
      elements = externalElements(said, mapping, bytes);
    } else if (said.elements != null && said.converted.size() == 0) {
      elements = said.elements;
    } else {
      mapping = null;
      elements = MemorySegment.ofArray(said.converted.toByteArray());
    }
    if (type == ElementType.STRING ? said.strings.size() != size : elements.byteSize() != bytes) {
      throw new OnnxException(
          "model: tensor '"
              + said.name
              + "' of "
              + type
              + said.dims
              + " has "
              + (type == ElementType.STRING
                  ? said.strings.size() + " texts, expected " + size
                  : elements.byteSize() + " bytes, expected " + bytes));
    }
    return new TensorData(said.name, type, said.dims, elements, mapping, said.strings);
  }

  private FileMapping externalFile(Said said) {
    String location = said.external.get("location");
    if (location == null || external == null) {
      throw new OnnxException(
          "model: tensor '"
              + said.name
              + "': external data, but "
              + (location == null ? "no location is given" : "the model has no folder")
              + "; load models with external data from their path");
    }
    return external.map(said.name, location);
  }

  private static MemorySegment externalElements(Said said, FileMapping mapping, long bytes) {
    long offset = number(said, "offset", 0);
    long length = number(said, "length", bytes);
    long there = mapping.segment().byteSize();
    if (offset < 0 || length != bytes || offset > there || length > there - offset) {
      throw new OnnxException(
          "model: tensor '"
              + said.name
              + "': external data of "
              + length
              + " bytes from "
              + offset
              + ", expected "
              + bytes
              + " within the file's "
              + there);
    }
    return mapping.segment().asSlice(offset, length);
  }

  private static long number(Said said, String key, long otherwise) {
    String value = said.external.get(key);
    try {
      return value == null ? otherwise : Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new OnnxException(
          "model: tensor '" + said.name + "': external data with " + key + " '" + value + "'", e);
    }
  }
}
