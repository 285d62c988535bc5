package org.gatun.safety.arguments;

import java.lang.reflect.Array;
import java.lang.reflect.Executable;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.gatun.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Makes the arguments of one call, of any type that a public method takes: by {@link Sources} where
 * the type is there, else by the public constructors and factories of the type, whose arguments are
 * made likewise.
 */
final class Arguments implements AutoCloseable {
  /** Of a type, the ways to get one: its own constructors and factories, and its subtypes'. */
  private static final Map<Class<?>, List<Door>> MAKERS = makers();

  private static final int DEEPEST = 5;

  /** The depth of what is called, which is the library's own and no callback. */
  private static final int RECEIVER = -1;

  final Numbers numbers;
  final Operands operands;
  final Surroundings surroundings;

  /** Whether files are to be written: what others read is left alone. */
  final boolean writes;

  private boolean returnedNull;

  private final Deque<AutoCloseable> owned = new ArrayDeque<>();

  Arguments(Numbers numbers, Surroundings surroundings, boolean writes) {
    this.numbers = numbers;
    this.operands = new Operands(numbers, surroundings);
    this.surroundings = surroundings;
    this.writes = writes;
  }

  private static Map<Class<?>, List<Door>> makers() {
    Map<Class<?>, List<Door>> makers = new HashMap<>();
    List<Door> doors = PublicApi.doors();
    for (Class<?> wanted : PublicApi.types()) {
      List<Door> ways = new ArrayList<>();
      for (Door door : doors) {
        Executable executable = door.executable();
        Class<?> made = executable instanceof Method method ? method.getReturnType() : door.type();
        boolean own = wanted.isAssignableFrom(door.type()) && wanted.isAssignableFrom(made);
        if (own && !door.hasReceiver()) {
          ways.add(door);
        }
      }
      makers.put(wanted, ways);
    }
    return makers;
  }

  /** Returns whether there is a way to make one. */
  static boolean canMake(Type type) {
    return switch (type) {
      case Class<?> c when c.isArray() ->
          Sources.hasArrayOf(c.componentType()) || canMake(c.componentType());
      case Class<?> c ->
          Sources.has(c)
              || c.isEnum()
              || !MAKERS.getOrDefault(c, List.of()).isEmpty()
              || isFunction(c);
      case GenericArrayType array -> canMake(array.getGenericComponentType());
      case ParameterizedType parameterized -> {
        Class<?> raw = (Class<?>) parameterized.getRawType();
        yield isContainer(raw)
            ? Arrays.stream(parameterized.getActualTypeArguments()).allMatch(Arguments::canMake)
            : canMake(raw);
      }
      case WildcardType wildcard -> canMake(wildcard.getUpperBounds()[0]);
      case TypeVariable<?> _ -> true;
      default -> false;
    };
  }

  private static boolean isContainer(Class<?> raw) {
    return raw == List.class || raw == Map.class || raw == Set.class || raw == Iterable.class;
  }

  private static boolean isFunction(Class<?> type) {
    return type.isInterface() && function(type) != null;
  }

  private static @Nullable Method function(Class<?> type) {
    List<Method> left =
        Arrays.stream(type.getMethods())
            .filter(method -> Modifier.isAbstract(method.getModifiers()))
            .toList();
    return left.size() == 1 && !type.isSealed() ? left.getFirst() : null;
  }

  /** Has what was made be closed with the call. */
  <T> T own(T made) {
    if (made instanceof AutoCloseable closeable && !(made instanceof Tensor)) {
      owned.push(closeable);
    }
    return made;
  }

  /** Returns an object to call a method on; null where none came of some attempts. */
  @Nullable Object receiver(Class<?> type, boolean hostile) {
    Object made = null;
    for (int attempt = 0; attempt < 50 && made == null; attempt++) {
      made = draw(type, hostile, RECEIVER);
    }
    return made;
  }

  /** Returns a value of a type; null only where a hostile one is wanted, or none can be made. */
  @Nullable Object draw(Type type, boolean hostile, int depth) {
    return switch (type) {
      case Class<?> c when c.isArray() -> array(c.componentType(), hostile, depth);
      case Class<?> c -> object(c, hostile, depth);
      case GenericArrayType array -> array(array.getGenericComponentType(), hostile, depth);
      case ParameterizedType parameterized -> parameterized(parameterized, hostile, depth);
      case WildcardType wildcard -> draw(wildcard.getUpperBounds()[0], hostile, depth);
      default -> "any";
    };
  }

  private boolean asNull(boolean hostile) {
    return hostile && numbers.chance(0.25);
  }

  private @Nullable Object object(Class<?> type, boolean hostile, int depth) {
    if (!type.isPrimitive() && asNull(hostile)) {
      return null;
    }
    if (Sources.has(type)) {
      return own(Sources.draw(type, this, hostile));
    }
    if (type.isEnum()) {
      Object[] constants = type.getEnumConstants();
      return constants[numbers.below(constants.length)];
    }
    List<Door> ways = MAKERS.getOrDefault(type, List.of());
    if (depth != RECEIVER && isFunction(type) && (ways.isEmpty() || numbers.chance(0.3))) {
      return callback(type, hostile);
    }
    for (int attempt = 0; attempt < 6 && depth < DEEPEST && !ways.isEmpty(); attempt++) {
      Door way = ways.get(numbers.below(ways.size()));
      Object made = made(way, hostile && attempt == 0, depth);
      if (made != null) {
        return own(made);
      }
    }
    return null;
  }

  private @Nullable Object made(Door way, boolean hostile, int depth) {
    try {
      return way.call(null, arguments(way, hostile ? 1 : 0, depth + 1));
    } catch (Throwable e) {
      // What the way in does with bad arguments is looked at when it is called for its own sake.
      return null;
    }
  }

  /** Returns the arguments of a call, so many of which are hostile. */
  @Nullable Object[] arguments(Door door, int hostile, int depth) {
    Type[] types = door.parameters();
    boolean[] chosen = new boolean[types.length];
    for (int i = 0; i < hostile && types.length > 0; i++) {
      chosen[numbers.below(types.length)] = true;
    }
    @Nullable Object[] arguments = new @Nullable Object[types.length];
    for (int i = 0; i < types.length; i++) {
      arguments[i] = draw(types[i], chosen[i], depth);
    }
    return arguments;
  }

  private @Nullable Object array(Type component, boolean hostile, int depth) {
    if (asNull(hostile)) {
      return null;
    }
    Class<?> raw =
        switch (component) {
          case Class<?> c -> c;
          case ParameterizedType parameterized -> (Class<?>) parameterized.getRawType();
          default -> Object.class;
        };
    if (Sources.hasArrayOf(raw)) {
      return Sources.drawArrayOf(raw, this, hostile);
    }
    List<@Nullable Object> elements = elements(component, hostile, depth);
    Object array = Array.newInstance(raw, elements.size());
    for (int i = 0; i < elements.size(); i++) {
      Array.set(array, i, elements.get(i));
    }
    return array;
  }

  private List<@Nullable Object> elements(Type type, boolean hostile, int depth) {
    int count = depth > 2 ? numbers.below(3) : Math.min(20, numbers.count(hostile));
    int bad = hostile && count > 0 ? numbers.below(count) : -1;
    List<@Nullable Object> elements = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      elements.add(draw(type, i == bad, depth + 1));
    }
    return elements;
  }

  private @Nullable Object parameterized(ParameterizedType type, boolean hostile, int depth) {
    Class<?> raw = (Class<?>) type.getRawType();
    Type[] of = type.getActualTypeArguments();
    if (!isContainer(raw)) {
      return object(raw, hostile, depth);
    }
    if (asNull(hostile)) {
      return null;
    }
    if (raw == Map.class) {
      Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
      List<@Nullable Object> keys = elements(of[0], hostile && numbers.chance(0.3), depth);
      for (Object key : keys) {
        map.put(key, draw(of[1], hostile && numbers.chance(0.5), depth + 1));
      }
      return map;
    }
    List<@Nullable Object> elements = elements(of[0], hostile, depth);
    return raw == Set.class ? new LinkedHashSet<>(elements) : elements;
  }

  /** Returns a callback that does nothing, returns null or something, or throws. */
  private Object callback(Class<?> type, boolean hostile) {
    int does = hostile ? numbers.below(3) : 2;
    Method function = function(type);
    return Proxy.newProxyInstance(
        type.getClassLoader(),
        new Class<?>[] {type},
        (proxy, method, arguments) -> {
          if (method.getName().equals("equals") && arguments.length == 1) {
            return proxy == arguments[0];
          }
          if (method.getName().equals("hashCode") && method.getParameterCount() == 0) {
            return 1;
          }
          if (method.getName().equals("toString") && method.getParameterCount() == 0) {
            return "callback " + does;
          }
          if (method.isDefault()) {
            return java.lang.reflect.InvocationHandler.invokeDefault(proxy, method, arguments);
          }
          Class<?> result = method.getReturnType();
          return switch (does) {
            case 0 -> throw new HostileException();
            case 1 -> result.isPrimitive() ? primitive(result) : null;
            default ->
                result.isPrimitive()
                    ? primitive(result)
                    : method.equals(function)
                        ? draw(method.getGenericReturnType(), false, 2)
                        : null;
          };
        });
  }

  /** Returns whether a callback returned null. */
  boolean returnedNull() {
    return returnedNull;
  }

  /** Notes that a callback returned null. */
  void returnNull() {
    returnedNull = true;
  }

  private static @Nullable Object primitive(Class<?> type) {
    return type == void.class ? null : Array.get(Array.newInstance(type, 1), 0);
  }

  OptionalDouble optional(boolean hostile) {
    return numbers.chance(0.3)
        ? OptionalDouble.empty()
        : OptionalDouble.of(numbers.number(hostile));
  }

  /** Closes what was made, last first. */
  @Override
  public void close() throws Exception {
    while (!owned.isEmpty()) {
      owned.pop().close();
    }
  }
}
