package org.gatun.bindings;

import static org.gatun.bindings.NativeLibraries.Origin.CACHE;
import static org.gatun.bindings.NativeLibraries.Origin.JAR;
import static org.gatun.bindings.NativeLibraries.Origin.PROPERTY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Loads the real libraries, each time in a JVM of its own. Linux x86-64, where five are loaded. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class NativeLibrariesTest {
  @TempDir private static Path shared;

  /** A cache that is filled and that tests leave as it is. */
  private static Path filled;

  @TempDir private Path temporary;

  @BeforeAll
  static void fill() throws IOException, InterruptedException {
    filled = shared.resolve("cache");
    ProbeRun.withCache(filled).run().assertOrigins(JAR, JAR, JAR, JAR, JAR);
  }

  @Test
  void warmStartOnlyReads() throws IOException, InterruptedException {
    Map<Path, FileTime> before = times(filled);
    ProbeRun.withCache(filled).run().assertOrigins(CACHE, CACHE, CACHE, CACHE, CACHE);
    assertEquals(before, times(filled));
  }

  @Test
  void tellsNamesAndVersionsInLoadOrder() throws IOException, InterruptedException {
    var lines =
        ProbeRun.withCache(filled)
            .run()
            .output()
            .lines()
            .filter(line -> line.startsWith("Library["))
            .map(line -> line.replaceAll("Library\\[name=(\\S+), version=(\\S+), .*", "$1 $2"))
            .toList();
    NativesManifest manifest = Natives.find(Platform.current()).manifest();
    String oneDnn = manifest.versions().get(Component.ONEDNN);
    String openBlas = manifest.versions().get(Component.OPENBLAS);
    assertEquals(5, lines.size());
    assertEquals("libgomp.so.1 " + oneDnn, lines.get(0));
    assertTrue(lines.get(1).startsWith("oneDNN " + oneDnn.replaceAll("-.*", ".")), lines.get(1));
    assertEquals("libquadmath.so.0 " + openBlas, lines.get(2));
    assertEquals("libgfortran.so.5 " + openBlas, lines.get(3));
    assertEquals("OpenBLAS " + openBlas.replaceAll("-.*", ""), lines.get(4));
  }

  @Test
  void usesItsOwnOpenMpRuntimeAndNoOther() throws IOException, InterruptedException {
    var mapped =
        ProbeRun.withCache(filled)
            .run()
            .output()
            .lines()
            .filter(line -> line.startsWith("mapped "))
            .toList();
    assertEquals(1, mapped.size(), mapped.toString());
    assertTrue(mapped.getFirst().startsWith("mapped " + filled), mapped.toString());
  }

  @Test
  void keepsOpenBlasToOneThreadUnlessTheUserSaysOtherwise()
      throws IOException, InterruptedException {
    assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "OpenBLAS counts processors");
    ProbeRun.withCache(filled).run().assertContains("openblas threads 1\n");
    ProbeRun.withCache(filled)
        .environment("OMP_NUM_THREADS", "2")
        .run()
        .assertContains("openblas threads 1\n");
    ProbeRun.withCache(filled)
        .environment("OPENBLAS_NUM_THREADS", "2")
        .run()
        .assertContains("openblas threads 2\n");
    ProbeRun.withCache(filled)
        .environment("GOTO_NUM_THREADS", "2")
        .run()
        .assertContains("openblas threads 2\n");
  }

  @Test
  void loadsOnceFromManyThreads() throws IOException, InterruptedException {
    ProbeRun.withCache(filled).threads(8).run().assertOrigins(CACHE, CACHE, CACHE, CACHE, CACHE);
  }

  @Test
  void severalProcessesMayFillTheCacheAtOnce() throws IOException, InterruptedException {
    Path cache = temporary.resolve("cache");
    var running = new ArrayList<ProbeRun.Running>();
    for (int i = 0; i < 4; i++) {
      running.add(ProbeRun.withCache(cache).start());
    }
    for (ProbeRun.Running process : running) {
      process.await().assertLoaded();
    }
    assertEquals(names(filled), names(cache));
    ProbeRun.withCache(cache).run().assertOrigins(CACHE, CACHE, CACHE, CACHE, CACHE);
  }

  @Test
  void truncatedFileIsUnpackedAgain() throws IOException, InterruptedException {
    Path cache = copyOf(filled);
    Path file = find(cache, "libquadmath.so.0");
    long size = Files.size(file);
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size / 2);
    }
    ProbeRun.withCache(cache).run().assertOrigins(CACHE, CACHE, JAR, CACHE, CACHE);
    assertEquals(size, Files.size(file));
  }

  @Test
  void missingFileIsUnpackedAgain() throws IOException, InterruptedException {
    Path cache = copyOf(filled);
    Files.delete(find(cache, "libgomp.so.1"));
    ProbeRun.withCache(cache).run().assertOrigins(JAR, CACHE, CACHE, CACHE, CACHE);
    assertEquals(names(filled), names(cache));
  }

  @Test
  void filledCacheMayBeReadOnly() throws IOException, InterruptedException {
    Path cache = copyOf(filled);
    readOnly(cache);
    try {
      withoutRightToOverride(ProbeRun.withCache(cache))
          .run()
          .assertOrigins(CACHE, CACHE, CACHE, CACHE, CACHE);
    } finally {
      writable(cache);
    }
  }

  @Test
  void unfilledReadOnlyCacheIsNamed() throws IOException, InterruptedException {
    Path cache = copyOf(filled);
    Files.delete(find(cache, "libgomp.so.1"));
    readOnly(cache);
    try {
      withoutRightToOverride(ProbeRun.withCache(cache))
          .run()
          .assertFailed("cache: folder " + cache, "cannot be filled", "gatun.cache", "GATUN_CACHE");
    } finally {
      writable(cache);
    }
  }

  @Test
  void cacheThatOthersCanWriteIsRefused() throws IOException, InterruptedException {
    Path cache = Files.createDirectory(temporary.resolve("open"));
    Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));
    ProbeRun.withCache(cache)
        .run()
        .assertFailed(
            "cache: " + cache + " has mode 777", "only its owner can write", "chmod go-w");
  }

  @Test
  void libraryThatOthersCanWriteIsRefused() throws IOException, InterruptedException {
    Path cache = copyOf(filled);
    Path file = find(cache, "libdnnl.so.3");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
    ProbeRun.withCache(cache).run().assertFailed("cache: " + file + " has mode 664", "chmod go-w");
  }

  @Test
  void cacheOfAnotherUserIsRefused() throws IOException, InterruptedException {
    assumeTrue(isRoot(), "only root can give a folder away");
    Path cache = Files.createDirectory(temporary.resolve("foreign"));
    Files.setAttribute(cache, "unix:uid", 65534);
    ProbeRun.withCache(cache)
        .run()
        .assertFailed("cache: " + cache + " belongs to user 65534, expected user 0");
  }

  @Test
  void ownLibrariesNeedNoNatives() throws IOException, InterruptedException {
    ProbeRun.withCache(temporary)
        .withoutNatives()
        .option("-Dgatun.onednn.library=" + find(filled, "libdnnl.so.3"))
        .option("-Dgatun.openblas.library=" + find(filled, "libopenblas.so.0"))
        .environment("LD_LIBRARY_PATH", find(filled, "libdnnl.so.3").getParent().toString())
        .run()
        .assertOrigins(PROPERTY, PROPERTY);
  }

  @Test
  void anotherLibraryIsRefused() throws IOException, InterruptedException {
    Path other = find(filled, "libgomp.so.1");
    ProbeRun.withCache(filled)
        .option("-Dgatun.onednn.library=" + other)
        .run()
        .assertFailed("oneDNN: " + other + " has no function dnnl_version", "gatun.onednn.library");
    ProbeRun.withCache(filled)
        .option("-Dgatun.openblas.library=" + other)
        .run()
        .assertFailed(
            "OpenBLAS: " + other + " has no function openblas_get_config",
            "gatun.openblas.library");
  }

  @Test
  void missingOwnLibraryIsNamed() throws IOException, InterruptedException {
    Path absent = temporary.resolve("libdnnl.so");
    ProbeRun.withCache(filled)
        .option("-Dgatun.onednn.library=" + absent)
        .run()
        .assertFailed("gatun.onednn.library: " + absent + " is no file", "oneDNN");
  }

  @Test
  void fileThatIsNoLibraryIsNamed() throws IOException, InterruptedException {
    Path text = Files.writeString(temporary.resolve("libdnnl.so"), "text");
    ProbeRun.withCache(filled)
        .option("-Dgatun.onednn.library=" + text)
        .run()
        .assertFailed("load: " + text);
  }

  @Test
  void missingNativesNameTheirCoordinates() throws IOException, InterruptedException {
    ProbeRun.withCache(filled)
        .withoutNatives()
        .run()
        .assertFailed(
            "natives: none for linux-x86_64",
            "org.gatun:gatun-natives with the classifier linux-x86_64");
    ProbeRun.withCache(filled)
        .onModulePath(ProbeRun.CLASSES)
        .run()
        .assertFailed("natives: none for linux-x86_64");
  }

  @Test
  void nativesAreFoundOnTheModulePath() throws IOException, InterruptedException {
    ProbeRun.withCache(filled)
        .onModulePath(ProbeRun.CLASSES, ProbeRun.nativesJar())
        .run()
        .assertOrigins(CACHE, CACHE, CACHE, CACHE, CACHE);
    ProbeRun.withCache(filled)
        .onModulePath(ProbeRun.CLASSES, ProbeRun.nativesJar())
        .option("--add-modules=org.gatun.natives.linux.x86_64")
        .run()
        .assertOrigins(CACHE, CACHE, CACHE, CACHE, CACHE);
  }

  @Test
  void nativesAreUnpackedFromTheModulePath() throws IOException, InterruptedException {
    ProbeRun.withCache(temporary.resolve("cache"))
        .onModulePath(ProbeRun.CLASSES, ProbeRun.nativesJar())
        .run()
        .assertOrigins(JAR, JAR, JAR, JAR, JAR);
  }

  @Test
  void moduleFindsNativesOnTheClassPath() throws IOException, InterruptedException {
    ProbeRun.withCache(filled)
        .onModulePath(ProbeRun.CLASSES)
        .onClassPath(ProbeRun.TESTS, ProbeRun.nativesJar())
        .run()
        .assertOrigins(CACHE, CACHE, CACHE, CACHE, CACHE);
  }

  @Test
  void deniedNativeAccessNamesTheOption() throws IOException, InterruptedException {
    ProbeRun.withCache(filled)
        .withoutNativeAccess()
        .run()
        .assertFailed("native access: denied", "--enable-native-access=ALL-UNNAMED");
    ProbeRun.withCache(filled)
        .onModulePath(ProbeRun.CLASSES, ProbeRun.nativesJar())
        .withoutNativeAccess()
        .run()
        .assertFailed(
            "native access: denied to module org.gatun.bindings",
            "--enable-native-access=org.gatun,org.gatun.bindings");
  }

  private static boolean isRoot() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }

  /** Root writes wherever it wants, unless it gives up that capability. */
  private static ProbeRun withoutRightToOverride(ProbeRun run)
      throws IOException, InterruptedException {
    if (!isRoot()) {
      return run;
    }
    String[] command = {"setpriv", "--bounding-set=-dac_override"};
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "root, and no setpriv");
    assumeTrue(
        new ProcessBuilder(command[0], command[1], "true").start().waitFor() == 0,
        "root, and setpriv is not allowed");
    return run.prefix(command);
  }

  private Path copyOf(Path cache) throws IOException {
    Path copy = temporary.resolve("copy");
    try (var paths = Files.walk(cache)) {
      for (Path path : paths.toList()) {
        Files.copy(path, copy.resolve(cache.relativize(path).toString()));
      }
    }
    return copy;
  }

  private static void readOnly(Path cache) throws IOException {
    setPermissions(cache, "r-xr-xr-x", "r--r--r--");
  }

  private static void writable(Path cache) throws IOException {
    setPermissions(cache, "rwxr-xr-x", "rw-r--r--");
  }

  private static void setPermissions(Path cache, String folders, String files) throws IOException {
    try (var paths = Files.walk(cache)) {
      for (Path path : paths.toList()) {
        Files.setPosixFilePermissions(
            path, PosixFilePermissions.fromString(Files.isDirectory(path) ? folders : files));
      }
    }
  }

  private static Path find(Path cache, String name) throws IOException {
    try (var paths = Files.walk(cache)) {
      return paths.filter(path -> path.endsWith(name)).findFirst().orElseThrow();
    }
  }

  private static Map<Path, FileTime> times(Path cache) throws IOException {
    var times = new TreeMap<Path, FileTime>();
    try (var paths = Files.walk(cache)) {
      for (Path path : paths.toList()) {
        times.put(path, Files.getLastModifiedTime(path));
      }
    }
    return times;
  }

  private static List<String> names(Path cache) throws IOException {
    try (var paths = Files.walk(cache)) {
      return paths.map(path -> cache.relativize(path).toString()).sorted().toList();
    }
  }
}
