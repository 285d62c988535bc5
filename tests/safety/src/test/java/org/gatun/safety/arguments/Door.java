package org.gatun.safety.arguments;

import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A way into the library: a public method or constructor.
 *
 * @param type the class or interface that it is called on
 * @param executable the method, which {@code type} may have inherited, or the constructor
 */
record Door(Class<?> type, Executable executable) {
  /** Returns class, name and the parameters' types, such as {@code Tensor.full(DType, double)}. */
  String label() {
    String parameters =
        Arrays.stream(executable.getParameterTypes())
            .map(Class::getSimpleName)
            .collect(Collectors.joining(", ", "(", ")"));
    return name(type) + (isConstructor() ? "" : "." + executable.getName()) + parameters;
  }

  /** Returns the name of a class without its package, with those of the classes around it. */
  static String name(Class<?> type) {
    return type.getName().substring(type.getPackageName().length() + 1).replace('$', '.');
  }

  boolean isConstructor() {
    return executable instanceof Constructor;
  }

  /** Returns whether there is an object that it is called on. */
  boolean hasReceiver() {
    return !isConstructor() && !Modifier.isStatic(executable.getModifiers());
  }

  Type[] parameters() {
    return executable.getGenericParameterTypes();
  }

  /** Returns whether a parameter is declared to take null. */
  boolean takesNull(int parameter) {
    AnnotatedType[] declared = executable.getAnnotatedParameterTypes();
    return declared[parameter].isAnnotationPresent(Nullable.class)
        || Throwable.class.isAssignableFrom(type)
        || (executable.getName().equals("equals") && declared.length == 1);
  }

  /** Returns what the call returns; null where it returns nothing. */
  @Nullable Object call(@Nullable Object receiver, @Nullable Object... arguments) throws Throwable {
    try {
      executable.setAccessible(true); // Of a class that is not public itself.
      return switch (executable) {
        case Constructor<?> constructor -> constructor.newInstance(arguments);
        case Method method -> method.invoke(receiver, arguments);
      };
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
