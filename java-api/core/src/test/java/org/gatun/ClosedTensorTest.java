package org.gatun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gatun.kernel.KernelContext;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.Combination;
import org.gatun.runtime.Backend;
import org.gatun.runtime.Engine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every public method that touches the elements of a closed tensor says so. */
class ClosedTensorTest {
  /** What a closed tensor still tells. */
  private static final Set<String> TOLD =
      Set.of(
          "close",
          "dim",
          "dtype",
          "isClosed",
          "isContiguous",
          "isReadOnly",
          "layout",
          "overlaps",
          "rank",
          "shape",
          "size",
          "startsWith",
          "toString");

  @TestFactory
  Stream<DynamicTest> everyMethod() {
    return Arrays.stream(Tensor.class.getMethods())
        .filter(m -> Modifier.isPublic(m.getModifiers()) && !Modifier.isStatic(m.getModifiers()))
        .filter(m -> m.getDeclaringClass() != Object.class)
        .filter(m -> !m.isSynthetic() && !TOLD.contains(m.getName()))
        .map(m -> DynamicTest.dynamicTest(m.toString(), () -> assertSaysClosed(m)));
  }

  private static void assertSaysClosed(Method method) {
    DType dtype =
        switch (method.getName()) {
          case "toDoubleArray" -> DType.F64;
          case "toIntArray" -> DType.I32;
          case "toLongArray" -> DType.I64;
          case "toShortArray" -> DType.I16;
          case "toByteArray" -> DType.I8;
          case "toBooleanArray" -> DType.BOOL;
          case String name when name.startsWith("bitwise") -> DType.I32;
          default -> DType.F32;
        };
    long[] dims =
        switch (method.getName()) {
          case "diag", "t" -> new long[] {2, 2};
          case "item" -> new long[] {1, 1, 1};
          default -> new long[] {1, 2, 2};
        };
    try (Engine engine = Engine.of(new Anything());
        Tensor other = Tensor.zeros(DType.F32, 1, 2, 2)) {
      Tensor closed = Tensor.zeros(dtype, dims);
      closed.close();
      Object[] arguments =
          IntStream.range(0, method.getParameterCount())
              .mapToObj(i -> argument(method.getParameterTypes()[i], method.getName(), i, other))
              .toArray();
      var thrown =
          assertThrows(
              InvocationTargetException.class,
              () -> engine.with(() -> invoke(method, closed, arguments)));
      var e = assertInstanceOf(IllegalStateException.class, thrown.getCause());
      assertTrue(e.getMessage().contains("closed"), e.getMessage());
    }
  }

  private static @Nullable Object invoke(Method method, Tensor tensor, Object[] arguments) {
    try {
      return method.invoke(tensor, arguments);
    } catch (ReflectiveOperationException e) {
      throw sneak(e);
    }
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> RuntimeException sneak(Throwable e) throws E {
    throw (E) e;
  }

  private static Object argument(Class<?> type, String method, int position, Tensor other) {
    if (type == Tensor.class) {
      return tensor(method, position, other);
    } else if (type == Tensor[].class) {
      return new Tensor[] {other};
    } else if (type == Index[].class) {
      return new Index[] {Index.at(0)};
    } else if (type == Combination.class) {
      return Combination.ADD;
    } else if (type == DType.class) {
      return DType.F64;
    } else if (type == MemoryAction.class) {
      MemoryAction<RuntimeException> action =
          memory -> {
            throw new AssertionError("the memory of a closed tensor was lent");
          };
      return action;
    } else if (type == org.gatun.op.Pointwise.class) {
      return new org.gatun.op.Binary(org.gatun.op.BinaryFunction.ADD);
    } else if (type == int[].class) {
      return method.equals("permute") ? new int[] {2, 1, 0} : new int[] {1};
    } else if (type == long[].class) {
      return switch (method) {
        case "get", "set" -> new long[] {0, 1, 1};
        case "repeat" -> new long[] {1, 1, 1};
        case "split", "unflatten" -> new long[] {1};
        case "broadcastTo", "expand" -> new long[] {5, 2, 2};
        default -> new long[] {4};
      };
    } else if (type == long.class) {
      return method.equals("select") || (method.equals("narrow") && position == 1) ? 0L : 1L;
    } else if (type == int.class) {
      return switch (method) {
        case "chunk", "hsplit", "vsplit", "dsplit", "tensorSplit" -> 1;
        case "diagEmbed", "diagonal", "rot90" -> position;
        default -> 0;
      };
    } else if (type == double.class) {
      return 2.0;
    } else if (type == boolean.class) {
      return true;
    }
    throw new AssertionError(method + " has a parameter of " + type);
  }

  /** An open tensor of the kind that a method takes beside the closed one. */
  private static Tensor tensor(String method, int position, Tensor other) {
    return switch (method) {
      case "narrow" -> Tensor.of(new long[] {0}, new long[0]);
      case "tensorSplit", "repeatInterleave" -> Tensor.of(new long[] {1}, new long[0]);
      case "indexSelect" -> Tensor.of(new long[] {0});
      case "indexAdd", "indexCopy" -> position == 1 ? Tensor.of(new long[] {0}) : other;
      case "indexFill" -> position == 1 ? Tensor.of(new long[] {0}) : Tensor.scalar(1f);
      case "maskedSelect", "maskedScatter" ->
          position == 0 ? Tensor.ones(DType.BOOL, 1, 2, 2) : other;
      default -> other;
    };
  }

  @Test
  void whatItStillTellsIsTold() {
    Set<String> names = new TreeSet<>();
    for (Method method : Tensor.class.getMethods()) {
      names.add(method.getName());
    }
    assertTrue(names.containsAll(TOLD), "a name in the list is no method any more");
    Tensor closed = Tensor.zeros(DType.F32, 2, 3);
    closed.close();
    closed.close();
    assertEquals(Shape.of(2, 3), closed.shape());
    assertEquals("tensor(closed, f32[2, 3])", closed.toString());
    assertTrue(closed.isClosed() && closed.isContiguous());
  }

  @Test
  void asAnOutputToo() {
    try (Engine engine = Engine.of(new Anything());
        Tensor input = Tensor.zeros(DType.F32, 2)) {
      Tensor closed = Tensor.zeros(DType.F32, 2);
      closed.close();
      var e =
          assertThrows(
              IllegalStateException.class,
              () ->
                  engine.run(
                      new org.gatun.op.Unary(org.gatun.op.UnaryFunction.RELU),
                      List.of(input),
                      List.of(closed)));
      assertTrue(e.getMessage().contains("output 0, a tensor f32[2], is closed"), e.getMessage());
    }
  }

  /** A backend with a plan for everything, none of which may run here. */
  private static final class Anything implements Backend {
    @Override
    public String name() {
      return "anything";
    }

    @Override
    public KernelContext context() {
      return new Plain().context();
    }

    @Override
    public Plan plan(PlanRequest request) {
      return new Plan() {
        @Override
        public void execute(
            java.lang.foreign.MemorySegment[] inputs, java.lang.foreign.MemorySegment[] outputs) {
          if (!(request.op() instanceof org.gatun.op.Cast)) {
            throw new AssertionError(request.op() + " ran on a closed tensor");
          }
        }

        @Override
        public String implementation() {
          return "anything";
        }
      };
    }
  }
}
