package org.gatun.safety.arguments;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.gatun.Tensor;
import org.gatun.onnx.Value;
import org.gatun.reference.Elements;
import org.gatun.reference.NdArray;
import org.jspecify.annotations.Nullable;

/** The tensors in what a call returned, or was given. */
final class Results {
  private static final long MOST_COMPARED = 1 << 20;

  private Results() {}

  /** Returns the tensors in a value, in lists, maps, arrays and records too. */
  static List<Tensor> tensors(@Nullable Object value) {
    List<Tensor> found = new ArrayList<>();
    collect(value, found, 0);
    return found;
  }

  private static void collect(@Nullable Object value, List<Tensor> found, int depth) {
    if (depth > 4) {
      return;
    }
    switch (value) {
      case null -> {}
      case Tensor tensor -> found.add(tensor);
      case Object[] array -> {
        for (Object element : array) {
          collect(element, found, depth + 1);
        }
      }
      case Collection<?> many -> many.forEach(element -> collect(element, found, depth + 1));
      case Map<?, ?> map -> map.values().forEach(element -> collect(element, found, depth + 1));
      case Record record when record.getClass().getPackageName().startsWith("org.gatun") -> {
        for (RecordComponent component : record.getClass().getRecordComponents()) {
          try {
            collect(component.getAccessor().invoke(record), found, depth + 1);
          } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
          }
        }
      }
      default -> {}
    }
  }

  /** Returns whether a method returns tensors, and nothing that is not compared with them. */
  static boolean areTensors(@Nullable Object value) {
    return value instanceof Tensor
        || (value instanceof List<?> list && !list.isEmpty() && list.getFirst() instanceof Tensor)
        || (value instanceof Map<?, ?> map
            && !map.isEmpty()
            && (map.values().iterator().next() instanceof Tensor
                || map.values().iterator().next() instanceof Value))
        || (value instanceof Record && !tensors(value).isEmpty());
  }

  /** Returns how results differ from those of the reference, or null. */
  static @Nullable String difference(List<Tensor> expected, List<Tensor> actual) {
    if (expected.size() != actual.size()) {
      return actual.size() + " tensors, the reference has " + expected.size();
    }
    for (int i = 0; i < expected.size(); i++) {
      String difference = difference(expected.get(i), actual.get(i));
      if (difference != null) {
        return "tensor " + i + ": " + difference;
      }
    }
    return null;
  }

  private static @Nullable String difference(Tensor expected, Tensor actual) {
    if (expected.dtype() != actual.dtype() || !expected.shape().equals(actual.shape())) {
      return actual.layout() + ", the reference has " + expected.layout();
    }
    if (expected.isClosed() || actual.isClosed()) {
      return expected.isClosed() == actual.isClosed() ? null : "one is closed";
    }
    if (expected.size() > MOST_COMPARED) {
      return null;
    }
    NdArray wanted = Elements.read(expected);
    NdArray given = Elements.read(actual);
    double relative =
        switch (expected.dtype()) {
          case F64 -> 1e-6;
          case F32 -> 1e-3;
          case F16, BF16 -> 0.06;
          default -> 0;
        };
    for (int i = 0; i < wanted.size(); i++) {
      double a = wanted.values()[i];
      double b = given.values()[i];
      // At a pole, such as a quotient by 0, the sign of a rounding error says which infinity.
      boolean near =
          Double.isFinite(a)
              ? Math.abs(a - b) <= relative * (1 + Math.abs(a))
              : !Double.isFinite(b);
      if (!near) {
        return "element "
            + i
            + " is "
            + b
            + ", the reference has "
            + a
            + " in "
            + expected.layout();
      }
    }
    return null;
  }
}
