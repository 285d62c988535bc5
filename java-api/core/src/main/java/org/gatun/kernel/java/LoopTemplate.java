package org.gatun.kernel.java;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ConcurrentHashMap;
import org.gatun.DType;
import org.gatun.op.Doubles;
import org.jspecify.annotations.Nullable;

/**
 * A class that is compiled once for each function: a copy of it is defined as a hidden class that
 * has the function in a static final field. One class for all functions would call an interface in
 * its loop, and box each vector, as soon as it has seen three of them.
 *
 * <p>A template reads its function with {@link #body} in a static initializer, and has a
 * constructor that takes the numbers.
 */
final class LoopTemplate {
  /**
   * What a copy is made for.
   *
   * @param expression the function
   * @param operands how many of its values are elements; numbers follow
   * @param dtype the type of the elements
   * @param test whether its results are booleans
   * @param single the function of single elements, where the template wants it
   */
  record Body(
      Object expression,
      int operands,
      DType dtype,
      boolean test,
      @Nullable DoubleExpression single) {
    Body(Object expression, int operands, DType dtype, boolean test) {
      this(expression, operands, dtype, test, null);
    }
  }

  private record Key(Object function, DType dtype) {}

  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
  private static final MethodType CONSTRUCTOR = MethodType.methodType(void.class, Doubles.class);

  private final Class<?> template;
  private final ConcurrentHashMap<Key, MethodHandle> copies = new ConcurrentHashMap<>();

  LoopTemplate(Class<? extends PointwiseLoop> template) {
    this.template = template;
  }

  /** Returns what the copy that calls this in its static initializer is made for. */
  static Body body(MethodHandles.Lookup copy) {
    try {
      return MethodHandles.classData(copy, "_", Body.class);
    } catch (IllegalAccessException e) {
      throw new LinkageError("a template is used through its copies", e);
    }
  }

  /**
   * Returns the loop of a function with these numbers.
   *
   * @param function what tells its copy from others of the template
   */
  PointwiseLoop loop(Object function, Body body, Doubles numbers) {
    MethodHandle constructor =
        copies.computeIfAbsent(new Key(function, body.dtype()), _ -> copy(body));
    try {
      return (PointwiseLoop) constructor.invoke(numbers);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new LinkageError("a loop's constructor throws nothing", e);
    }
  }

  private MethodHandle copy(Body body) {
    try (InputStream in = template.getResourceAsStream(template.getSimpleName() + ".class")) {
      if (in == null) {
        throw new LinkageError("the bytes of " + template + " are beside it");
      }
      MethodHandles.Lookup copy =
          LOOKUP.defineHiddenClassWithClassData(in.readAllBytes(), body, true);
      return copy.findConstructor(copy.lookupClass(), CONSTRUCTOR);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(template + " has a constructor that takes numbers", e);
    }
  }
}
