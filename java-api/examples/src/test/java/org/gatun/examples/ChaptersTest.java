package org.gatun.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** Every chapter runs, and what it claims is so. */
@ResourceLock(Resources.SYSTEM_OUT)
class ChaptersTest {
  private static final int FEWEST = 17;

  /** The classes with a main method, by the files that they were compiled from. */
  private static List<Class<?>> chapters() {
    Path folder = Path.of("src/main/java/org/gatun/examples");
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".java") && !name.equals("package-info.java"))
          .sorted()
          .<Class<?>>map(name -> named(name.substring(0, name.length() - ".java".length())))
          .filter(type -> type != Chapter.class)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Class<?> named(String name) {
    try {
      return Class.forName(Chapter.class.getPackageName() + "." + name);
    } catch (ClassNotFoundException e) {
      throw new LinkageError("no class for " + name + ".java", e);
    }
  }

  @TestFactory
  Stream<DynamicTest> everyChapterRuns() {
    return chapters().stream()
        .map(chapter -> DynamicTest.dynamicTest(chapter.getSimpleName(), () -> run(chapter)));
  }

  @Test
  void noneIsLost() {
    assertTrue(chapters().size() >= FEWEST, chapters().toString());
  }

  private static void run(Class<?> chapter) throws Throwable {
    Method main = chapter.getDeclaredMethod("main");
    main.setAccessible(true);
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      main.invoke(null);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    } finally {
      System.setOut(before);
    }
    String text = printed.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains("\n== "), () -> chapter.getSimpleName() + " printed: " + text);
  }
}
