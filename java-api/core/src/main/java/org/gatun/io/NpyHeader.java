package org.gatun.io;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.jspecify.annotations.Nullable;

/**
 * What the header of an {@code .npy} file says: a Python dictionary of three keys.
 *
 * @param layout of the data as it lies in the file: with the dimensions reversed where it is in
 *     Fortran order
 * @param order the byte order of the elements
 * @param fortran whether the data is in Fortran order, the first dimension's elements side by side
 */
record NpyHeader(Layout layout, ByteOrder order, boolean fortran) {
  private static final int MAX_RANK = 64; // As NumPy.
  private static final Map<DType, String> TYPES = new EnumMap<>(DType.class);

  static {
    TYPES.put(DType.F16, "f2");
    TYPES.put(DType.F32, "f4");
    TYPES.put(DType.F64, "f8");
    TYPES.put(DType.I8, "i1");
    TYPES.put(DType.U8, "u1");
    TYPES.put(DType.I16, "i2");
    TYPES.put(DType.I32, "i4");
    TYPES.put(DType.I64, "i8");
    TYPES.put(DType.BOOL, "b1");
  }

  /**
   * Returns the header of a contiguous tensor.
   *
   * @throws IllegalArgumentException if NumPy has no such dtype
   */
  static String text(Layout layout) {
    String type = TYPES.get(layout.dtype());
    if (type == null) {
      throw new IllegalArgumentException(
          "npy: dtype "
              + layout.dtype().spelling()
              + ", expected one of NumPy's, "
              + TYPES.keySet().stream().map(DType::spelling).toList());
    }
    StringBuilder shape = new StringBuilder("(");
    for (long dim : layout.shape().dims()) {
      shape.append(dim).append(layout.rank() == 1 ? "," : ", ");
    }
    if (layout.rank() > 1) {
      shape.setLength(shape.length() - 2);
    }
    String order = layout.dtype().byteSize() == 1 ? "|" : "<";
    return "{'descr': '" + order + type + "', 'fortran_order': False, 'shape': " + shape + "), }";
  }

  /**
   * Returns what a header says.
   *
   * @param file names the file in exceptions
   */
  static NpyHeader parse(String text, String file) throws MalformedFileException {
    return new Parser(text, file).header();
  }

  private static final class Parser {
    private final String text;
    private final String file;
    private int at;

    Parser(String text, String file) {
      this.text = text;
      this.file = file;
    }

    NpyHeader header() throws MalformedFileException {
      String descr = null;
      Boolean fortran = null;
      List<Long> dims = null;
      expect('{');
      while (!accept('}')) {
        String key = string();
        expect(':');
        boolean twice =
            switch (key) {
              case "descr" -> descr != null;
              case "fortran_order" -> fortran != null;
              case "shape" -> dims != null;
              default ->
                  throw malformed("key '" + key + "', expected descr, fortran_order or shape");
            };
        if (twice) {
          throw malformed("key '" + key + "' given twice");
        }
        switch (key) {
          case "descr" -> descr = string();
          case "fortran_order" -> fortran = bool();
          default -> dims = tuple();
        }
        if (!accept(',')) {
          expect('}');
          break;
        }
      }
      if (next() != 0) {
        throw malformed(quoted() + " after the dictionary, expected its end");
      }
      return new NpyHeader(
          layout(
              dtype(present("descr", descr)),
              present("fortran_order", fortran),
              present("shape", dims)),
          descr != null && descr.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
          Boolean.TRUE.equals(fortran));
    }

    private <T> T present(String key, @Nullable T value) throws MalformedFileException {
      if (value == null) {
        throw malformed("no key '" + key + "'");
      }
      return value;
    }

    private DType dtype(String descr) throws MalformedFileException {
      for (Map.Entry<DType, String> type : TYPES.entrySet()) {
        int size = type.getKey().byteSize();
        // A byte has no order, but some writers give it one; = is the writer's own, in practice <.
        String orders = size == 1 ? "|<>=" : "<>=";
        if (descr.length() == 3
            && orders.indexOf(descr.charAt(0)) >= 0
            && descr.endsWith(type.getValue())) {
          return type.getKey();
        }
      }
      throw malformed("descr '" + descr + "', expected a byte order and one of " + TYPES.values());
    }

    private Layout layout(DType dtype, boolean fortran, List<Long> dims)
        throws MalformedFileException {
      List<Long> inFile = fortran ? dims.reversed() : dims;
      try {
        return Layout.of(dtype, Shape.of(inFile.stream().mapToLong(dim -> dim).toArray()));
      } catch (IllegalArgumentException e) {
        throw new MalformedFileException(
            "npy: " + file + ": shape " + dims + ": " + e.getMessage(), e);
      }
    }

    private List<Long> tuple() throws MalformedFileException {
      List<Long> dims = new ArrayList<>();
      expect('(');
      boolean separated = true;
      while (!accept(')')) {
        if (!separated) {
          throw malformed(quoted() + " in shape, expected ',' or ')'");
        }
        if (dims.size() == MAX_RANK) {
          throw malformed("shape of more than " + MAX_RANK + " dimensions");
        }
        dims.add(number());
        separated = accept(',');
      }
      if (dims.size() == 1 && !separated) {
        throw malformed("shape (" + dims.getFirst() + "), expected a tuple, with a comma");
      }
      return dims;
    }

    private long number() throws MalformedFileException {
      next();
      int start = at;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        at++;
      }
      String digits = text.substring(start, at);
      if (digits.isEmpty()) {
        throw malformed(quoted() + " in shape, expected a number");
      }
      if (at < text.length() && text.charAt(at) == 'L') {
        at++; // Python 2 wrote long integers so.
      }
      try {
        return Long.parseLong(digits);
      } catch (NumberFormatException e) {
        throw new MalformedFileException(
            "npy: " + file + ": dimension " + digits + " in shape, expected one below 2^63", e);
      }
    }

    private boolean bool() throws MalformedFileException {
      next();
      for (String word : List.of("True", "False")) {
        if (text.startsWith(word, at)) {
          at += word.length();
          return word.equals("True");
        }
      }
      throw malformed(quoted() + " for fortran_order, expected True or False");
    }

    private String string() throws MalformedFileException {
      char quote = next();
      if (quote == '[') {
        throw malformed("a structured descr, expected one number type");
      }
      int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
      if (end < 0) {
        throw malformed(quoted() + " at character " + at + ", expected a string");
      }
      String string = text.substring(at + 1, end);
      at = end + 1;
      return string;
    }

    private void expect(char expected) throws MalformedFileException {
      if (!accept(expected)) {
        throw malformed(quoted() + " at character " + at + ", expected '" + expected + "'");
      }
    }

    private boolean accept(char expected) {
      if (next() != expected) {
        return false;
      }
      at++;
      return true;
    }

    /** Returns the next character that is no blank, without taking it; 0 at the end. */
    private char next() {
      while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
      return at < text.length() ? text.charAt(at) : 0;
    }

    private String quoted() {
      return next() == 0 ? "the end of the header" : "'" + next() + "'";
    }

    private MalformedFileException malformed(String problem) {
      return new MalformedFileException("npy: " + file + ": " + problem);
    }
  }
}
