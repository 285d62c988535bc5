package org.gatun.testkit.torch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.reference.Elements;
import org.gatun.reference.NdArray;
import org.jspecify.annotations.Nullable;

/** A set of samples: a zip file or a folder with {@code manifest.json} and the tensors' files. */
public final class TorchSamples implements AutoCloseable {
  private static final String MANIFEST = "manifest.json";

  private final Path root;
  private final @Nullable FileSystem zip;
  private final List<TorchSample> samples;

  private TorchSamples(Path root, @Nullable FileSystem zip) throws IOException {
    this.root = root;
    this.zip = zip;
    this.samples = parse(root.resolve(MANIFEST));
  }

  /**
   * Returns the sets at a path: the path itself, or what lies in that folder, by name.
   *
   * @throws NoSuchFileException if there is none
   */
  public static List<Path> find(Path path) throws IOException {
    if (isSet(path)) {
      return List.of(path);
    }
    List<Path> found = List.of();
    if (Files.isDirectory(path)) {
      try (Stream<Path> entries = Files.list(path)) {
        found = entries.filter(TorchSamples::isSet).sorted().toList();
      }
    }
    if (found.isEmpty()) {
      throw new NoSuchFileException(
          path.toString(), null, "expected samples, a zip file or a folder with " + MANIFEST);
    }
    return found;
  }

  private static boolean isSet(Path path) {
    return path.toString().endsWith(".zip")
        ? Files.isRegularFile(path)
        : Files.isRegularFile(path.resolve(MANIFEST));
  }

  /** Opens a set. */
  public static TorchSamples open(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return new TorchSamples(path, null);
    }
    FileSystem zip = FileSystems.newFileSystem(path);
    try {
      return new TorchSamples(zip.getPath("/"), zip);
    } catch (IOException | RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  /** Returns the samples, in the order of the manifest. */
  public List<TorchSample> samples() {
    return samples;
  }

  /**
   * Returns the elements of a tensor.
   *
   * @throws IOException if the file cannot be read or has not the bytes of the shape
   */
  public NdArray read(TorchValue.Array array) throws IOException {
    byte[] bytes = Files.readAllBytes(root.resolve(array.file()));
    Layout layout = Layout.of(array.dtype(), array.shape());
    if (bytes.length != layout.byteSpan()) {
      throw new IOException(
          array.file()
              + ": "
              + bytes.length
              + " bytes for "
              + layout
              + ", expected "
              + layout.byteSpan());
    }
    MemorySegment memory = Elements.heap(layout);
    memory.copyFrom(MemorySegment.ofArray(bytes));
    return Elements.read(memory, layout);
  }

  @Override
  public void close() throws IOException {
    if (zip != null) {
      zip.close();
    }
  }

  // The manifest.

  private static List<TorchSample> parse(Path manifest) throws IOException {
    try (InputStream in = Files.newInputStream(manifest);
        JsonParser parser = new JsonFactory().createParser(in)) {
      parser.nextToken();
      List<TorchSample> samples = new ArrayList<>();
      if (!(tree(parser) instanceof Map<?, ?> content)) {
        throw new IllegalArgumentException("expected an object");
      }
      for (Object sample : (List<?>) field(content, "samples")) {
        samples.add(sample((Map<?, ?>) sample));
      }
      return List.copyOf(samples);
    } catch (ClassCastException | IllegalArgumentException e) {
      throw new IOException(manifest + ": not a manifest of samples: " + e.getMessage(), e);
    }
  }

  /** Reads a value: a map, list, string, Long, Double, Boolean or null. */
  private static @Nullable Object tree(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          map.put(name, tree(parser));
        }
        yield map;
      }
      case START_ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(tree(parser));
        }
        yield list;
      }
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case null, default ->
          throw new IOException("unexpected " + parser.currentToken() + " in a manifest");
    };
  }

  private static TorchSample sample(Map<?, ?> map) {
    Map<String, TorchValue> kwargs = new LinkedHashMap<>();
    ((Map<?, ?>) field(map, "kwargs"))
        .forEach((name, value) -> kwargs.put((String) name, value(value)));
    return new TorchSample(
        (String) field(map, "op"),
        (String) field(map, "variant"),
        value(map.get("input")),
        values(field(map, "args")),
        kwargs,
        values(field(map, "outputs")),
        values(field(map, "running_after")),
        map.get("grad") instanceof Map<?, ?> gradient ? gradient(gradient) : null);
  }

  private static TorchSample.Gradient gradient(Map<?, ?> map) {
    return new TorchSample.Gradient(values(field(map, "cotangents")), values(field(map, "inputs")));
  }

  private static Object field(Map<?, ?> map, String name) {
    Object value = map.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no \"" + name + "\" in " + map.keySet());
    }
    return value;
  }

  private static List<TorchValue> values(Object list) {
    return ((List<?>) list).stream().map(TorchSamples::value).toList();
  }

  private static TorchValue value(@Nullable Object tree) {
    return switch (tree) {
      case null -> new TorchValue.None();
      case Boolean flag -> new TorchValue.Flag(flag);
      case Long number -> new TorchValue.Whole(number);
      case Double number -> new TorchValue.Real(number);
      case String text -> new TorchValue.Text(text);
      case List<?> list -> new TorchValue.Sequence(values(list));
      case Map<?, ?> map -> tagged(map);
      default -> throw new IllegalArgumentException("unexpected " + tree);
    };
  }

  private static TorchValue tagged(Map<?, ?> map) {
    if (map.get("tensor") instanceof String file) {
      long[] dims = ((List<?>) field(map, "shape")).stream().mapToLong(dim -> (Long) dim).toArray();
      DType dtype = dtype((String) field(map, "dtype"));
      return dtype == null ? foreign(map) : new TorchValue.Array(file, dtype, Shape.of(dims));
    }
    if (map.get("list") instanceof List<?> list) {
      return new TorchValue.Sequence(values(list));
    }
    if (map.get("slice") instanceof List<?> slice && slice.size() == 3) {
      return new TorchValue.Slice((Long) slice.get(0), (Long) slice.get(1), (Long) slice.get(2));
    }
    if (map.get("dtype") instanceof String name) {
      DType dtype = dtype(name);
      return dtype == null ? foreign(map) : new TorchValue.Type(dtype);
    }
    return map.get("float") instanceof String number ? special(number) : foreign(map);
  }

  private static TorchValue special(String number) {
    return switch (number) {
      case "inf" -> new TorchValue.Real(Double.POSITIVE_INFINITY);
      case "-inf" -> new TorchValue.Real(Double.NEGATIVE_INFINITY);
      case "nan" -> new TorchValue.Real(Double.NaN);
      default -> throw new IllegalArgumentException("number " + number);
    };
  }

  private static TorchValue foreign(Map<?, ?> map) {
    return new TorchValue.Foreign(map.toString());
  }

  /** Returns the dtype of a name, null if Gatun does not have it. */
  private static @Nullable DType dtype(String name) {
    return switch (name.toLowerCase(Locale.ROOT).replace("torch.", "")) {
      case "float32" -> DType.F32;
      case "float64" -> DType.F64;
      case "float16" -> DType.F16;
      case "bfloat16" -> DType.BF16;
      case "int8" -> DType.I8;
      case "uint8" -> DType.U8;
      case "int16" -> DType.I16;
      case "int32" -> DType.I32;
      case "int64" -> DType.I64;
      case "bool" -> DType.BOOL;
      default -> null;
    };
  }
}
