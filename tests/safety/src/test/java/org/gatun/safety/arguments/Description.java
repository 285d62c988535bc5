package org.gatun.safety.arguments;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.gatun.Tensor;
import org.jspecify.annotations.Nullable;

/** Calls and results as a line of text. */
final class Description {
  private static final int LONGEST = 200;

  private Description() {}

  static String of(Door door, @Nullable Object receiver, @Nullable Object[] arguments) {
    return door.label()
        + (door.hasReceiver() ? " on " + of(receiver) : "")
        + " with "
        + Arrays.stream(arguments).map(Description::of).collect(Collectors.joining("; "));
  }

  static String of(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case Tensor tensor ->
          (tensor.isClosed() ? "closed " : "")
              + (tensor.isReadOnly() ? "read-only " : "")
              + tensor.layout();
      case int[] array -> cut(Arrays.toString(Arrays.copyOf(array, Math.min(40, array.length))));
      case long[] array -> cut(Arrays.toString(Arrays.copyOf(array, Math.min(40, array.length))));
      case double[] array -> cut(Arrays.toString(Arrays.copyOf(array, Math.min(40, array.length))));
      case Object[] array ->
          array.length
              + " "
              + array.getClass().getComponentType().getSimpleName()
              + elements(Arrays.asList(array));
      case List<?> list -> elements(list);
      case Map<?, ?> map ->
          map.keySet()
              + "="
              + elements(
                  List.copyOf(
                      new java.util.ArrayList<>(map.values())
                          .stream().map(Description::of).toList()));
      case String text -> cut('"' + text.replace('\n', ' ').replace('\0', '0') + '"');
      default -> other(value);
    };
  }

  private static String elements(List<?> list) {
    return list.stream()
        .limit(8)
        .map(element -> element instanceof Object[] ? "..." : of(element))
        .collect(Collectors.joining(", ", "[", list.size() > 8 ? ", ...]" : "]"));
  }

  private static String other(Object value) {
    try {
      return cut(String.valueOf(value));
    } catch (RuntimeException e) {
      return value.getClass().getName() + " without a text: " + e;
    }
  }

  private static String cut(String text) {
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
  }
}
