package org.gatun.safety.arguments;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.gatun.Tensor;
import org.gatun.onnx.OnnxModel;

/**
 * Every public method and constructor of the packages that {@code gatun} and {@code gatun-onnx}
 * export, found by what their modules say: a new one is among them.
 */
final class PublicApi {
  /**
   * What is not called. A call of a kernel's is the side of those who compute: it takes memory and
   * layouts that the engine has checked against each other, as C does, and checking them again
   * would cost each operator as much.
   */
  private static final Set<String> TRUSTED_PACKAGES = Set.of("org.gatun.kernel");

  private static final List<PublicApi> MODULES =
      List.of(new PublicApi(Tensor.class), new PublicApi(OnnxModel.class));

  private final List<Class<?>> types = new ArrayList<>();

  private PublicApi(Class<?> inModule) {
    try {
      Path place = Path.of(inModule.getProtectionDomain().getCodeSource().getLocation().toURI());
      ModuleReference module = ModuleFinder.of(place).findAll().iterator().next();
      Set<String> exported =
          module.descriptor().exports().stream()
              .filter(exports -> !exports.isQualified())
              .map(ModuleDescriptor.Exports::source)
              .collect(Collectors.toSet());
      exported.removeAll(TRUSTED_PACKAGES);
      try (var reader = module.open();
          var names = reader.list()) {
        names
            .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
            .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
            .filter(name -> exported.contains(name.substring(0, name.lastIndexOf('.'))))
            .sorted()
            .map(PublicApi::load)
            .filter(PublicApi::isReachable)
            .forEach(types::add);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, PublicApi.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isReachable(Class<?> type) {
    for (Class<?> at = type; at != null; at = at.getEnclosingClass()) {
      if (!Modifier.isPublic(at.getModifiers()) || at.isAnonymousClass() || at.isLocalClass()) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether a type is of those packages whose callers are trusted. */
  static boolean isTrusted(Class<?> type) {
    return TRUSTED_PACKAGES.contains(type.getPackageName());
  }

  /** Returns the public classes and interfaces. */
  static List<Class<?>> types() {
    return MODULES.stream().flatMap(module -> module.types.stream()).collect(Collectors.toList());
  }

  /** Returns the ways in, in an order that does not change from run to run. */
  static List<Door> doors() {
    List<Door> doors = new ArrayList<>();
    for (Class<?> type : types()) {
      List<Door> own = new ArrayList<>();
      if (!Modifier.isAbstract(type.getModifiers())) {
        for (Constructor<?> constructor : type.getConstructors()) {
          own.add(new Door(type, constructor));
        }
      }
      for (Method method : type.getMethods()) {
        if (isOf(type, method)) {
          own.add(new Door(type, method.isBridge() ? original(type, method) : method));
        }
      }
      own.sort(Comparator.comparing(door -> door.executable().toGenericString()));
      doors.addAll(own);
    }
    return doors;
  }

  /** Others than those that it has from a public type, where they are found, or from the JDK. */
  private static boolean isOf(Class<?> type, Method method) {
    Class<?> declaring = method.getDeclaringClass();
    if (declaring == type) {
      return !method.isBridge() || isForwarder(type, method);
    }
    return declaring.getPackageName().startsWith("org.gatun")
        && !Modifier.isPublic(declaring.getModifiers());
  }

  /** A bridge does not say what its parameters are made of, nor which take null. */
  private static Method original(Class<?> type, Method bridge) {
    for (Class<?> at = type.getSuperclass(); at != null; at = at.getSuperclass()) {
      try {
        return at.getDeclaredMethod(bridge.getName(), bridge.getParameterTypes());
      } catch (NoSuchMethodException _) {
        // Further up.
      }
    }
    return bridge;
  }

  /** Compilers write such bridges to methods that come from a class that is not public. */
  private static boolean isForwarder(Class<?> type, Method method) {
    return Arrays.stream(type.getMethods())
        .noneMatch(
            other ->
                !other.isBridge()
                    && other.getName().equals(method.getName())
                    && other.getParameterCount() == method.getParameterCount());
  }
}
