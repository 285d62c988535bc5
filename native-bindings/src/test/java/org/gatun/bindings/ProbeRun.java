package org.gatun.bindings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.File;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.gatun.bindings.probe.LoaderProbe;

/** A JVM that runs {@link LoaderProbe}. */
final class ProbeRun {
  /** The compiled loader. */
  static final Path CLASSES = location(NativeLibraries.class);

  /** The compiled tests. */
  static final Path TESTS = location(LoaderProbe.class);

  private final List<String> prefix = new ArrayList<>();
  private final List<String> options = new ArrayList<>();
  private final Map<String, String> environment = new TreeMap<>();
  private String classPath = join(CLASSES, TESTS, nativesJar());
  private String access = "--enable-native-access=ALL-UNNAMED";
  private int threads = 1;
  private Class<?> program = LoaderProbe.class;

  private ProbeRun() {
    // What the tests themselves were started with says nothing here.
    environment.put("GATUN_CACHE", "");
    environment.put("OPENBLAS_CORETYPE", "");
  }

  static ProbeRun withCache(Path cache) {
    return new ProbeRun().option("-Dgatun.cache=" + cache);
  }

  /** Leaves it to the environment where the cache is. */
  static ProbeRun withoutSettings() {
    return new ProbeRun();
  }

  /** Returns the natives jar of this platform, on which this module depends. */
  static Path nativesJar() {
    var url =
        NativeLibraries.class
            .getClassLoader()
            .getResource(
                "META-INF/gatun/natives/" + NativeLibraries.platform() + "/natives.manifest");
    try {
      var jar = ((JarURLConnection) url.openConnection()).getJarFileURL();
      return Path.of(jar.toURI());
    } catch (IOException | URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  ProbeRun withoutNatives() {
    return onClassPath(CLASSES, TESTS);
  }

  ProbeRun onClassPath(Path... entries) {
    classPath = join(entries);
    return this;
  }

  /** Puts the loader into a named module, and only the probe on the class path. */
  ProbeRun onModulePath(Path... entries) {
    options.addAll(List.of("-p", join(entries), "--add-modules", "org.gatun.bindings"));
    access = "--enable-native-access=org.gatun.bindings,ALL-UNNAMED";
    return onClassPath(TESTS);
  }

  ProbeRun withoutNativeAccess() {
    access = "--illegal-native-access=deny";
    return this;
  }

  /** Neither allows nor denies native access, which the JVM warns of. */
  ProbeRun withoutAccessOptions() {
    access = "-Dgatun.probe=default";
    return this;
  }

  ProbeRun option(String option) {
    options.add(option);
    return this;
  }

  ProbeRun environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  ProbeRun threads(int count) {
    threads = count;
    return this;
  }

  /** Runs another program than {@link LoaderProbe}. */
  ProbeRun program(Class<?> other) {
    program = other;
    return this;
  }

  /** Puts a command before the JVM's. */
  ProbeRun prefix(String... command) {
    prefix.addAll(List.of(command));
    return this;
  }

  Running start() throws IOException {
    var command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add(access);
    command.addAll(List.of("-cp", classPath));
    command.add(program.getName());
    command.add(Integer.toString(threads));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("OPENBLAS_NUM_THREADS");
    builder.environment().remove("GOTO_NUM_THREADS");
    builder.environment().putAll(environment);
    return new Running(builder.start());
  }

  Result run() throws IOException, InterruptedException {
    return start().await();
  }

  private static String join(Path... entries) {
    return String.join(File.pathSeparator, List.of(entries).stream().map(Path::toString).toList());
  }

  private static Path location(Class<?> type) {
    String name = type.getName().replace('.', '/') + ".class";
    String url = type.getResource('/' + name).toString();
    return Path.of(URI.create(url.substring(0, url.length() - name.length())));
  }

  /** A JVM on its way. */
  record Running(Process process) {
    Result await() throws IOException, InterruptedException {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(1, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        fail("the JVM did not end: " + output);
      }
      assertEquals(0, process.exitValue(), output);
      return new Result(output);
    }
  }

  /** What a JVM printed. */
  record Result(String output) {
    Result assertLoaded() {
      assertTrue(output.lines().anyMatch(line -> line.startsWith("loaded ")), output);
      return this;
    }

    Result assertFailed(String... fragments) {
      String first =
          output.lines().filter(line -> line.startsWith("failed ")).findFirst().orElse("");
      for (String fragment : fragments) {
        assertTrue(first.contains(fragment), () -> "expected \"" + fragment + "\" in: " + output);
      }
      String message = first.substring("failed ".length());
      assertTrue(output.contains("failed again " + message), output);
      return this;
    }

    /** Asserts that each library has its origin, in the order of loading. */
    Result assertOrigins(NativeLibraries.Origin... origins) {
      assertLoaded();
      List<String> expected = List.of(origins).stream().map(Enum::name).toList();
      List<String> actual =
          output
              .lines()
              .filter(line -> line.startsWith("Library["))
              .map(line -> line.replaceAll(".*origin=(\\w+)]", "$1"))
              .toList();
      assertEquals(expected, actual, output);
      return this;
    }

    Result assertLacks(String fragment) {
      assertFalse(output.contains(fragment), () -> "unexpected \"" + fragment + "\" in: " + output);
      return this;
    }

    Result assertContains(String fragment) {
      assertTrue(output.contains(fragment), () -> "expected \"" + fragment + "\" in: " + output);
      return this;
    }
  }
}
