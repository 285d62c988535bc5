package org.gatun.bindings;

import static org.gatun.bindings.NativeLibraries.Origin.CACHE;
import static org.gatun.bindings.NativeLibraries.Origin.JAR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import org.gatun.bindings.probe.ClassLoadersProbe;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * What goes wrong on other people's machines, each time in a JVM of its own: a message that says
 * what to do, or no difference at all.
 */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class LoadingFaultsTest {
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
  void aLibraryWithAnotherByteIsNamedAndUnpackedAgain() throws IOException, InterruptedException {
    Path cache = temporary.resolve("cache");
    ProbeRun.withCache(cache).run();
    Path file = find(cache, "libquadmath.so.0");
    byte[] whole = Files.readAllBytes(file);
    byte[] bytes = whole.clone();
    bytes[bytes.length / 2] ^= 1;
    FileTime time = Files.getLastModifiedTime(file);
    Files.write(file, bytes);
    Files.setLastModifiedTime(file, time);
    ProbeRun.withCache(cache)
        .run()
        .assertOrigins(CACHE, CACHE, JAR, CACHE, CACHE)
        .assertContains("cache: " + file + " has SHA-256 ")
        .assertContains("it was damaged or tampered with, and is unpacked again");
    assertEquals(-1, Arrays.mismatch(whole, Files.readAllBytes(file)));
    ProbeRun.withCache(cache)
        .run()
        .assertOrigins(CACHE, CACHE, CACHE, CACHE, CACHE)
        .assertLacks("tampered");
  }

  @Test
  void aParentThatOthersCanWriteIsNamed() throws IOException, InterruptedException {
    Path open = Files.createDirectory(temporary.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    ProbeRun.withCache(open.resolve("cache"))
        .run()
        .assertFailed("cache: " + open + " has mode 777", "chmod go-w", "gatun.natives.verify");
    ProbeRun.withCache(open.resolve("cache"))
        .option("-Dgatun.natives.verify=always")
        .run()
        .assertOrigins(JAR, JAR, JAR, JAR, JAR);
  }

  @Test
  void aLinkMayLeadToTheCache() throws IOException, InterruptedException {
    Path link = Files.createSymbolicLink(temporary.resolve("link"), filled);
    ProbeRun.withCache(link).run().assertOrigins(CACHE, CACHE, CACHE, CACHE, CACHE);
  }

  @Test
  void aFullDiskIsNamedAndNothingIsLeft() throws IOException, InterruptedException {
    Path disk = Files.createDirectory(temporary.resolve("disk"));
    ProbeRun.Result result =
        mounting("mount -t tmpfs -o size=10m none " + disk, "; ls -R " + disk)
            .apply(ProbeRun.withCache(disk.resolve("cache")))
            .run();
    result.assertFailed(
        "cache: folder " + disk, "No space left on device", "need 125 MB", "gatun.cache");
    result.assertLacks(".part");
  }

  @Test
  void aFolderThatNothingIsExecutedFromIsNamed() throws IOException, InterruptedException {
    Path disk = Files.createDirectory(temporary.resolve("disk"));
    mounting("mount -t tmpfs -o noexec none " + disk, "")
        .apply(ProbeRun.withCache(disk.resolve("cache")))
        .run()
        .assertFailed("load: " + disk, "mounted noexec", "gatun.cache");
  }

  @Test
  void aDiskThatIsOnlyReadIsNamed() throws IOException, InterruptedException {
    Path disk = Files.createDirectory(temporary.resolve("disk"));
    mounting("mount -t tmpfs -o ro none " + disk, "")
        .apply(ProbeRun.withCache(disk.resolve("cache")))
        .run()
        .assertFailed("cache: folder " + disk, "Read-only file system", "GATUN_CACHE");
  }

  @Test
  void withoutProcItLoads() throws IOException, InterruptedException {
    // The JVM's own launcher finds its libraries by /proc, or where it is told.
    String libraries = Path.of(System.getProperty("java.home"), "lib").toString();
    mounting("mount -t tmpfs none /proc", "")
        .apply(ProbeRun.withCache(filled).environment("LD_LIBRARY_PATH", libraries))
        .run()
        .assertOrigins(CACHE, CACHE, CACHE, CACHE, CACHE);
  }

  @Test
  void noTemporaryFolderIsNeeded() throws IOException, InterruptedException {
    ProbeRun.withCache(temporary.resolve("cache"))
        .option("-Djava.io.tmpdir=" + temporary.resolve("absent"))
        .run()
        .assertOrigins(JAR, JAR, JAR, JAR, JAR);
  }

  @Test
  void aUserWithoutAHomeIsTold() throws IOException, InterruptedException {
    for (String home : new String[] {"?", "", "relative"}) {
      ProbeRun.withoutSettings()
          .environment("XDG_CACHE_HOME", "")
          .option("-Duser.home=" + home)
          .run()
          .assertFailed(
              "cache: this user has no home folder (user.home is \"" + home + "\")",
              "gatun.cache",
              "GATUN_CACHE");
    }
  }

  @Test
  void aHomeThatIsOnlyReadIsNamed() throws IOException, InterruptedException {
    Path home = Files.createDirectory(temporary.resolve("home"));
    mounting("mount -t tmpfs -o ro none " + home, "")
        .apply(
            ProbeRun.withoutSettings()
                .environment("XDG_CACHE_HOME", "")
                .option("-Duser.home=" + home))
        .run()
        .assertFailed("cache: folder " + home.resolve(".cache/gatun"), "gatun.cache");
  }

  @Test
  void aCacheRelativeToTheWorkingFolderIsRefused() throws IOException, InterruptedException {
    ProbeRun.withoutSettings()
        .environment("GATUN_CACHE", "cache")
        .run()
        .assertFailed("GATUN_CACHE: cache is a relative path, expected an absolute one");
    ProbeRun.withCache(Path.of("cache"))
        .run()
        .assertFailed("gatun.cache: cache is a relative path, expected an absolute one");
    assertFalse(Files.exists(Path.of("cache")));
  }

  @Test
  void nativesOfAnotherVersionAreNamed() throws IOException, InterruptedException {
    Path folder =
        Files.createDirectories(temporary.resolve("natives/META-INF/gatun/natives/linux-x86_64"));
    // A library that loads and is not oneDNN, as another version would be.
    byte[] other = Files.readAllBytes(find(filled, "libgomp.so.1"));
    Files.write(folder.resolve("libdnnl.so.3"), other);
    String entry = other.length + " " + sha256(find(filled, "libgomp.so.1"));
    Files.writeString(
        folder.resolve(NativesManifest.FILE),
        """
        platform linux-x86_64
        version onednn 9.0
        version openblas 9.0
        library onednn libdnnl.so.3 %1$s
        library openblas libdnnl.so.3 %1$s
        """
            .formatted(entry));
    ProbeRun.withCache(temporary.resolve("cache"))
        .onClassPath(ProbeRun.CLASSES, ProbeRun.TESTS, temporary.resolve("natives"))
        .run()
        .assertFailed(
            "has no function dnnl_version",
            "use the org.gatun:gatun-natives of the same version as org.gatun:gatun");
  }

  @Test
  void aJvmOf32BitsIsTold() throws IOException, InterruptedException {
    ProbeRun.withCache(filled)
        .option("-Dos.arch=x86")
        .run()
        .assertFailed(
            "platform: this JVM calls no native code on linux-x86, expected a 64-bit JVM on one"
                + " of");
  }

  @Test
  void whatALibraryOfOnesOwnNeedsIsNamed() throws IOException, InterruptedException {
    Path alone = Files.createDirectory(temporary.resolve("alone"));
    Path openBlas = Files.copy(find(filled, "libopenblas.so.0"), alone.resolve("libopenblas.so"));
    assumeFalse(Files.exists(Path.of("/usr/lib/x86_64-linux-gnu/libgfortran.so.5")));
    ProbeRun.withCache(filled)
        .option("-Dgatun.openblas.library=" + openBlas)
        .run()
        .assertFailed("load: " + openBlas, "it needs libgfortran.so.5", "LD_LIBRARY_PATH");
  }

  @Test
  void theJvmsOwnDefaultsAreEnough() throws IOException, InterruptedException {
    ProbeRun.withCache(filled)
        .withoutAccessOptions()
        .run()
        .assertOrigins(CACHE, CACHE, CACHE, CACHE, CACHE);
    ProbeRun.withCache(filled)
        .onModulePath(ProbeRun.CLASSES, ProbeRun.nativesJar())
        .withoutAccessOptions()
        .run()
        .assertOrigins(CACHE, CACHE, CACHE, CACHE, CACHE);
  }

  @Test
  void aCoreOfOpenBlasThatWouldEndTheProcessIsRefused() throws IOException, InterruptedException {
    assumeFalse(Processor.flags(Path.of("/proc/cpuinfo")).contains("fma4"), "it is such a core");
    ProbeRun.withCache(filled)
        .environment("OPENBLAS_CORETYPE", "Bulldozer")
        .run()
        .assertFailed("environment: OPENBLAS_CORETYPE=Bulldozer", "fma4", "unset it");
  }

  @Test
  void aSecondClassLoaderIsToldAndAThirdTakesOver() throws IOException, InterruptedException {
    ProbeRun.Result result =
        ProbeRun.withCache(filled)
            .environment("OMP_NUM_THREADS", "4")
            .program(ClassLoadersProbe.class)
            .run();
    result
        .assertContains("first computes 512.0")
        .assertContains(
            "second fails: org.gatun.bindings.NativeLibraryException: load: Native Library "
                + filled)
        .assertContains("put Gatun's jars where all that use them share one")
        .assertContains("first computes again 512.0")
        .assertContains("first is gone: true")
        .assertContains("third computes 512.0");
  }

  @Test
  void twoProcessesAreNotConfusedByOneThatDied() throws IOException, InterruptedException {
    Path cache = temporary.resolve("cache");
    ProbeRun.Running killed = ProbeRun.withCache(cache).start();
    for (int i = 0; i < 1000 && !hasPart(cache); i++) {
      Thread.sleep(5);
    }
    assertTrue(hasPart(cache), "nothing was unpacked in five seconds");
    killed.process().destroyForcibly().waitFor();
    List<ProbeRun.Running> running = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      running.add(ProbeRun.withCache(cache).start());
    }
    for (ProbeRun.Running process : running) {
      process.await().assertLoaded();
    }
  }

  private static boolean hasPart(Path cache) throws IOException {
    if (!Files.isDirectory(cache)) {
      return false;
    }
    try (var paths = Files.walk(cache)) {
      return paths.anyMatch(path -> path.toString().endsWith(".part"));
    } catch (UncheckedIOException e) {
      return false; // It was renamed meanwhile.
    }
  }

  /** Returns what has a JVM run where something else is mounted, where this user may do that. */
  private static UnaryOperator<ProbeRun> mounting(String command, String after)
      throws IOException, InterruptedException {
    String[] namespace =
        CLibrary.effectiveUser() == 0
            ? new String[] {"unshare", "-m"}
            : new String[] {"unshare", "-r", "-m"};
    var trial = new ArrayList<>(List.of(namespace));
    trial.addAll(List.of("mount", "-t", "tmpfs", "none", "/mnt"));
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/unshare")), "no unshare");
    assumeTrue(new ProcessBuilder(trial).start().waitFor() == 0, "mounting is not allowed");
    return run ->
        run.prefix(namespace)
            .prefix("sh", "-c", command + " && \"$@\"; status=$?" + after + "; exit $status", "sh");
  }

  private static String sha256(Path file) throws IOException {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static Path find(Path cache, String name) throws IOException {
    try (var paths = Files.walk(cache)) {
      return paths.filter(path -> path.endsWith(name)).findFirst().orElseThrow();
    }
  }
}
