package org.gatun.bindings.probe;

import java.io.File;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A program that loads the libraries from a class loader, computes on several threads of OpenMP,
 * and lets go of that loader; before and after it tries another one.
 */
public final class ClassLoadersProbe {
  private ClassLoadersProbe() {}

  /** Prints what happens to each of the loaders. */
  public static void main(String[] args) throws Exception {
    ClassLoader first = loader();
    load(first);
    System.out.println("first computes " + product(first));
    try {
      load(loader());
      System.out.println("second loads");
    } catch (InvocationTargetException e) {
      System.out.println("second fails: " + e.getCause());
    }
    System.out.println("first computes again " + product(first));
    var gone = new WeakReference<>(first);
    first = null;
    for (int i = 0; i < 100 && gone.get() != null; i++) {
      System.gc();
      Thread.sleep(20);
    }
    System.out.println("first is gone: " + (gone.get() == null));
    // OpenMP's threads are there still, and spin or sleep in its code.
    Thread.sleep(200);
    ClassLoader third = loader();
    load(third);
    System.out.println("third computes " + product(third));
  }

  private static ClassLoader loader() throws MalformedURLException {
    URL[] classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(ClassLoadersProbe::url)
            .toArray(URL[]::new);
    return new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader());
  }

  private static URL url(String path) {
    try {
      return Path.of(path).toUri().toURL();
    } catch (MalformedURLException e) {
      throw new AssertionError(e);
    }
  }

  private static void load(ClassLoader loader) throws ReflectiveOperationException {
    loader.loadClass("org.gatun.bindings.NativeLibraries").getMethod("load").invoke(null);
  }

  private static Object product(ClassLoader loader) throws ReflectiveOperationException {
    return loader
        .loadClass("org.gatun.bindings.probe.Product")
        .getMethod("ofOnes", int.class)
        .invoke(null, 512);
  }
}
