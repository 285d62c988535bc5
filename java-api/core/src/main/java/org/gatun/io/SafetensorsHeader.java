package org.gatun.io;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What the header of a safetensors file says: a JSON object of tensors' names with their dtypes,
 * shapes and places.
 *
 * @param tensors by their names, in the header's order
 * @param metadata texts by their names
 */
record SafetensorsHeader(Map<String, Entry> tensors, Map<String, String> metadata) {
  static final String METADATA = "__metadata__";
  private static final int MAX_RANK = 64;

  /**
   * One tensor.
   *
   * @param type the dtype as the format spells it
   * @param dims the shape
   * @param begin where the data begins, in bytes behind the header
   * @param end where it ends, exclusive
   */
  record Entry(String type, List<Long> dims, long begin, long end) {
    /** Returns the dtype, or null where Gatun has none. */
    @Nullable DType dtype() {
      return switch (type) {
        case "BOOL" -> DType.BOOL;
        case "U8" -> DType.U8;
        case "I8" -> DType.I8;
        case "I16" -> DType.I16;
        case "I32" -> DType.I32;
        case "I64" -> DType.I64;
        case "F16" -> DType.F16;
        case "BF16" -> DType.BF16;
        case "F32" -> DType.F32;
        case "F64" -> DType.F64;
        default -> null;
      };
    }

    Shape shape() {
      return Shape.of(dims.stream().mapToLong(dim -> dim).toArray());
    }
  }

  /**
   * Returns what a header says.
   *
   * @param dataSize the bytes behind the header, each of which belongs to one tensor
   * @param file names the file in exceptions
   */
  static SafetensorsHeader parse(ByteBuffer text, long dataSize, String file)
      throws MalformedFileException {
    String json;
    try {
      json = StandardCharsets.UTF_8.newDecoder().decode(text).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedFileException(
          "safetensors: " + file + ": header that is not UTF-8, expected JSON", e);
    }
    SafetensorsHeader header = new Parser(new JsonCursor(json, file)).header();
    header.check(dataSize, file);
    return header;
  }

  /** Returns the header of tensors whose data follows in this order, without gaps. */
  static String text(List<Map.Entry<String, Tensor>> tensors, Map<String, String> metadata) {
    List<String> fields = new ArrayList<>();
    if (!metadata.isEmpty()) {
      List<String> texts = new ArrayList<>();
      metadata.forEach((key, value) -> texts.add(quoted(key) + ":" + quoted(value)));
      fields.add(quoted(METADATA) + ":{" + String.join(",", texts) + "}");
    }
    long begin = 0;
    for (Map.Entry<String, Tensor> named : tensors) {
      Tensor tensor = named.getValue();
      long end = Math.addExact(begin, Layout.of(tensor.dtype(), tensor.shape()).byteSpan());
      // The format spells dtypes as Gatun does, in capitals.
      fields.add(
          quoted(named.getKey())
              + ":{\"dtype\":\""
              + tensor.dtype()
              + "\",\"shape\":"
              + tensor.shape().toString().replace(" ", "")
              + ",\"data_offsets\":["
              + begin
              + ","
              + end
              + "]}");
      begin = end;
    }
    return "{" + String.join(",", fields) + "}";
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  private void check(long dataSize, String file) throws MalformedFileException {
    for (Map.Entry<String, Entry> named : tensors.entrySet()) {
      Entry entry = named.getValue();
      String what = "safetensors: " + file + ": tensor '" + named.getKey() + "': ";
      String offsets = "data_offsets [" + entry.begin + ", " + entry.end + "]";
      if (entry.begin > entry.end || entry.end > dataSize) {
        throw new MalformedFileException(
            what + offsets + ", expected a range within the data of " + dataSize + " bytes");
      }
      try {
        Shape shape = entry.shape();
        DType dtype = entry.dtype();
        long bytes = dtype == null ? -1 : Layout.of(dtype, shape).byteSpan();
        if (dtype != null && entry.end - entry.begin != bytes) {
          throw new MalformedFileException(
              what + offsets + ", expected " + bytes + " bytes for " + entry.type + shape);
        }
      } catch (IllegalArgumentException e) {
        throw new MalformedFileException(what + "shape " + entry.dims + ": " + e.getMessage(), e);
      }
    }
    checkPlaces(dataSize, file);
  }

  /** Every byte of the data belongs to one tensor: what overlaps or lies between is an attack. */
  private void checkPlaces(long dataSize, String file) throws MalformedFileException {
    List<Map.Entry<String, Entry>> placed = new ArrayList<>(tensors.entrySet());
    placed.sort(
        Comparator.comparingLong((Map.Entry<String, Entry> named) -> named.getValue().begin)
            .thenComparingLong(named -> named.getValue().end));
    long end = 0;
    for (Map.Entry<String, Entry> named : placed) {
      Entry entry = named.getValue();
      if (entry.begin != end) {
        throw new MalformedFileException(
            "safetensors: "
                + file
                + ": tensor '"
                + named.getKey()
                + "': data_offsets ["
                + entry.begin
                + ", "
                + entry.end
                + "] "
                + (entry.begin < end ? "overlap another tensor" : "leave a hole")
                + ", expected to begin at "
                + end);
      }
      end = entry.end;
    }
    if (end != dataSize) {
      throw new MalformedFileException(
          "safetensors: "
              + file
              + ": "
              + dataSize
              + " bytes of data, expected "
              + end
              + " as the tensors have");
    }
  }

  /** The grammar of the header. */
  private static final class Parser {
    private final JsonCursor json;

    Parser(JsonCursor json) {
      this.json = json;
    }

    SafetensorsHeader header() throws MalformedFileException {
      Map<String, Entry> tensors = new LinkedHashMap<>();
      Map<String, String> metadata = new LinkedHashMap<>();
      Set<String> names = new HashSet<>();
      json.expect('{');
      for (boolean more = !json.accept('}'); more; more = json.more('}')) {
        String name = json.key(names);
        if (name.equals(METADATA)) {
          metadata.putAll(texts());
        } else {
          tensors.put(name, entry(name));
        }
      }
      json.end();
      return new SafetensorsHeader(
          Collections.unmodifiableMap(tensors), Collections.unmodifiableMap(metadata));
    }

    private Map<String, String> texts() throws MalformedFileException {
      Map<String, String> texts = new LinkedHashMap<>();
      Set<String> names = new HashSet<>();
      json.expect('{');
      for (boolean more = !json.accept('}'); more; more = json.more('}')) {
        String name = json.key(names);
        texts.put(name, json.string());
      }
      return texts;
    }

    private Entry entry(String name) throws MalformedFileException {
      String type = null;
      List<Long> dims = null;
      List<Long> offsets = null;
      Set<String> fields = new HashSet<>();
      json.expect('{');
      for (boolean more = !json.accept('}'); more; more = json.more('}')) {
        String field = json.key(fields);
        switch (field) {
          case "dtype" -> type = json.string();
          case "shape" -> dims = json.numbers(MAX_RANK);
          case "data_offsets" -> offsets = json.numbers(2);
          default ->
              throw json.malformed(
                  "tensor '"
                      + name
                      + "': field '"
                      + field
                      + "', expected dtype, shape and data_offsets");
        }
      }
      if (type == null || dims == null || offsets == null || offsets.size() != 2) {
        throw json.malformed(
            "tensor '"
                + name
                + "': dtype "
                + type
                + ", shape "
                + dims
                + ", data_offsets "
                + offsets
                + ", expected all three, and two offsets");
      }
      return new Entry(type, dims, offsets.getFirst(), offsets.getLast());
    }
  }
}
