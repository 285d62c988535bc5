package org.gatun.safety.arguments;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.gatun.OutOfNativeMemoryException;
import org.gatun.io.MalformedFileException;
import org.gatun.onnx.OnnxException;
import org.jspecify.annotations.Nullable;

/** What came of a call, held against what is documented. */
final class Outcome {
  /** Exactly these: a subclass is one that the JDK threw at somebody further in. */
  private static final Set<Class<?>> DOCUMENTED =
      Set.of(
          IllegalArgumentException.class,
          IllegalStateException.class,
          IndexOutOfBoundsException.class,
          UnsupportedOperationException.class,
          WrongThreadException.class,
          OutOfNativeMemoryException.class,
          OnnxException.class,
          MalformedFileException.class,
          UncheckedIOException.class,
          HostileException.class);

  private Outcome() {}

  /**
   * Returns what is wrong with an exception, or null.
   *
   * @param ofCallbacks whether a callback returned null
   */
  static @Nullable String problem(
      Throwable thrown, @Nullable Object[] arguments, boolean ofCallbacks) {
    if (thrown instanceof NullPointerException) {
      String message = thrown.getMessage();
      if (!ofCallbacks && !holdsNull(arguments, 0)) {
        return "NullPointerException without a null among the arguments";
      }
      // Of an element of a list or an array the JDK says no more.
      boolean nested =
          java.util.Arrays.stream(arguments).anyMatch(a -> a != null && holdsNull(a, 0));
      return !nested && (message == null || message.contains("<local"))
          ? "NullPointerException that names no argument"
          : null;
    }
    if (thrown instanceof IOException) {
      return null;
    }
    if (!DOCUMENTED.contains(thrown.getClass())) {
      return "undocumented " + thrown.getClass().getName();
    }
    String message = thrown.getMessage();
    if (message == null || message.isBlank()) {
      return thrown.getClass().getSimpleName() + " without a message";
    }
    boolean ofTheCallersMemory =
        message.equals("Already closed") || message.contains("owning thread");
    if (thrown instanceof HostileException || ofTheCallersMemory) {
      return null;
    }
    if (!message.contains(":") || message.startsWith("Out of bound access")) {
      return thrown.getClass().getSimpleName() + " whose message does not name the operation";
    }
    return null;
  }

  static boolean holdsNull(@Nullable Object value, int depth) {
    return switch (value) {
      case null -> true;
      case Object[] array when depth < 4 -> {
        boolean some = false;
        for (Object element : array) {
          some |= holdsNull(element, depth + 1);
        }
        yield some;
      }
      case Collection<?> many when depth < 4 ->
          many.stream().anyMatch(e -> holdsNull(e, depth + 1));
      case Map<?, ?> map when depth < 4 ->
          holdsNull(map.keySet(), depth + 1) || holdsNull(map.values(), depth + 1);
      default -> false;
    };
  }
}
