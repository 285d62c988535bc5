package org.gatun.kernel.java;

import org.gatun.DType;

/**
 * The loops that use the Vector API. Their classes are loaded by name, when they are first asked
 * for: without the API's module they do not link.
 */
final class VectorProvider {
  private static final Loops FLOATS = load("VectorFloatLoops", Loops.class);
  private static final Loops DOUBLES = load("VectorDoubleLoops", Loops.class);
  private static final MoveLoops MOVES = load("VectorMoveLoops", MoveLoops.class);

  private VectorProvider() {}

  static Loops loops(DType dtype) {
    return dtype == DType.F32 ? FLOATS : DOUBLES;
  }

  static MoveLoops moves() {
    return MOVES;
  }

  private static <T> T load(String name, Class<T> type) {
    try {
      Class<?> found = Class.forName(VectorProvider.class.getPackageName() + "." + name);
      return type.cast(found.getDeclaredConstructor().newInstance());
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("class " + name + " is beside this one", e);
    }
  }
}
