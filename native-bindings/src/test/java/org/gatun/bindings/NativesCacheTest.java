package org.gatun.bindings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Unpacks small files that stand for libraries, whole and damaged. */
class NativesCacheTest {
  @TempDir private Path root;

  private static final Map<String, String> CONTENT =
      Map.of("libgomp.so", "gomp", "libdnnl.so", "dnnl", "libopenblas.so", "openblas");

  private final NativesManifest manifest = manifest(CONTENT);
  private final List<String> warnings = new ArrayList<>();

  @Test
  void unpacksOnceAndReadsEverAfter() throws IOException {
    var cache = new NativesCache(root.resolve("new/cache"), Verification.CHANGED, warnings::add);
    NativesCache.Folder first = cache.provide(natives(CONTENT), manifest);
    assertEquals(List.of("libgomp.so", "libdnnl.so", "libopenblas.so"), first.unpacked());
    assertEquals("dnnl", Files.readString(first.path().resolve("libdnnl.so")));
    NativesCache.Folder second = cache.provide(natives(Map.of()), manifest);
    assertEquals(List.of(), second.unpacked());
    assertEquals(first.path(), second.path());
  }

  @Test
  void theChecksumsNameTheFolder() {
    var cache = new NativesCache(root, Verification.CHANGED, warnings::add);
    Path folder = cache.provide(natives(CONTENT), manifest).path();
    assertTrue(folder.startsWith(root.resolve(manifest.platform())), folder.toString());
    for (NativesManifest.Entry library : manifest.libraries()) {
      String start = library.sha256().substring(0, 12);
      assertTrue(folder.getFileName().toString().contains(start), folder.toString());
    }
    var changed = Map.of("libgomp.so", "GOMP", "libdnnl.so", "dnnl", "libopenblas.so", "openblas");
    assertFalse(folder.equals(cache.provide(natives(changed), manifest(changed)).path()));
  }

  @Test
  void tamperedContentIsNamedAndNotKept() throws IOException {
    var tampered = Map.of("libgomp.so", "gomp", "libdnnl.so", "evil", "libopenblas.so", "openblas");
    var cache = new NativesCache(root, Verification.CHANGED, warnings::add);
    var e =
        assertThrows(
            NativeLibraryException.class, () -> cache.provide(natives(tampered), manifest));
    assertEquals(
        "natives: libdnnl.so of test.jar has 4 bytes and SHA-256 %s, expected 4 bytes and %s; the jar is damaged or was tampered with, fetch it again"
            .formatted(sha256("evil"), sha256("dnnl")),
        e.getMessage());
    assertEquals(List.of("libgomp.so"), files());
  }

  @Test
  void truncatedContentIsNamed() throws IOException {
    var truncated = Map.of("libgomp.so", "gomp", "libdnnl.so", "dn", "libopenblas.so", "openblas");
    var cache = new NativesCache(root, Verification.CHANGED, warnings::add);
    var e =
        assertThrows(
            NativeLibraryException.class, () -> cache.provide(natives(truncated), manifest));
    assertTrue(
        e.getMessage().startsWith("natives: libdnnl.so of test.jar has 2 bytes"), e.getMessage());
  }

  @Test
  void aFileInPlaceOfTheFolderIsNamed() throws IOException {
    Path file = Files.writeString(root.resolve("file"), "");
    var e =
        assertThrows(
            NativeLibraryException.class,
            () ->
                new NativesCache(file, Verification.CHANGED, warnings::add)
                    .provide(natives(CONTENT), manifest));
    assertTrue(e.getMessage().startsWith("cache: folder " + file), e.getMessage());
    assertTrue(e.getMessage().contains("gatun.cache"), e.getMessage());
  }

  @Test
  void otherBytesOfTheSameSizeAreNamedAndReplaced() throws IOException {
    var cache = new NativesCache(root, Verification.CHANGED, warnings::add);
    Path file = cache.provide(natives(CONTENT), manifest).path().resolve("libdnnl.so");
    FileTime time = Files.getLastModifiedTime(file);
    Files.writeString(file, "evil");
    Files.setLastModifiedTime(file, time);
    List<String> warnings =
        warnings(
            () ->
                assertEquals(
                    List.of("libdnnl.so"), cache.provide(natives(CONTENT), manifest).unpacked()));
    assertEquals("dnnl", Files.readString(file));
    assertEquals(
        List.of(
            "cache: %s has SHA-256 %s, expected %s: it was damaged or tampered with, and is unpacked again"
                .formatted(file, sha256("evil"), sha256("dnnl"))),
        warnings);
    assertEquals(List.of(), cache.provide(natives(Map.of()), manifest).unpacked());
  }

  @Test
  void aTruncatedFileIsNamedAndReplaced() throws IOException {
    var cache = new NativesCache(root, Verification.NEVER, warnings::add);
    Path file = cache.provide(natives(CONTENT), manifest).path().resolve("libdnnl.so");
    Files.writeString(file, "dn");
    List<String> warnings = warnings(() -> cache.provide(natives(CONTENT), manifest));
    assertEquals("dnnl", Files.readString(file));
    assertEquals(1, warnings.size());
    assertTrue(
        warnings.getFirst().startsWith("cache: " + file + " has 2 bytes, expected 4"),
        warnings.toString());
  }

  @Test
  void aLinkInPlaceOfALibraryIsReplacedAndNotFollowed() throws IOException {
    var cache = new NativesCache(root.resolve("cache"), Verification.NEVER, warnings::add);
    Path file = cache.provide(natives(CONTENT), manifest).path().resolve("libdnnl.so");
    Path elsewhere = Files.writeString(root.resolve("elsewhere"), "evil");
    Files.delete(file);
    Files.createSymbolicLink(file, elsewhere);
    List<String> warnings = warnings(() -> cache.provide(natives(CONTENT), manifest));
    assertTrue(Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS));
    assertEquals("dnnl", Files.readString(file));
    assertEquals("evil", Files.readString(elsewhere));
    assertTrue(warnings.toString().contains("is no regular file"), warnings.toString());
  }

  @Test
  void whatWasTouchedAndIsTheSameIsVerifiedOnce() throws IOException {
    var cache = new NativesCache(root, Verification.CHANGED, warnings::add);
    Path folder = cache.provide(natives(CONTENT), manifest).path();
    Path noted = folder.resolve(VerifiedFiles.FILE);
    String before = Files.readString(noted);
    Files.setLastModifiedTime(folder.resolve("libdnnl.so"), FileTime.from(Instant.EPOCH));
    assertEquals(List.of(), warnings(() -> cache.provide(natives(Map.of()), manifest)));
    String after = Files.readString(noted);
    assertFalse(before.equals(after));
    cache.provide(natives(Map.of()), manifest);
    assertEquals(after, Files.readString(noted));
  }

  @Test
  void whatNothingWasNotedOfIsVerified() throws IOException {
    var cache = new NativesCache(root, Verification.CHANGED, warnings::add);
    Path folder = cache.provide(natives(CONTENT), manifest).path();
    Files.delete(folder.resolve(VerifiedFiles.FILE));
    Files.writeString(folder.resolve("libgomp.so"), "evil");
    List<String> warnings = warnings(() -> cache.provide(natives(CONTENT), manifest));
    assertEquals(1, warnings.size(), warnings.toString());
    assertTrue(warnings.getFirst().contains("libgomp.so has SHA-256"), warnings.toString());
    assertTrue(Files.exists(folder.resolve(VerifiedFiles.FILE)));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aNoteThatOthersCanWriteIsRefused() throws IOException {
    var cache = new NativesCache(root, Verification.CHANGED, warnings::add);
    Path noted = cache.provide(natives(CONTENT), manifest).path().resolve(VerifiedFiles.FILE);
    Files.setPosixFilePermissions(noted, PosixFilePermissions.fromString("rw-rw-rw-"));
    var e =
        assertThrows(
            NativeLibraryException.class, () -> cache.provide(natives(Map.of()), manifest));
    assertTrue(e.getMessage().startsWith("cache: " + noted + " has mode 666"), e.getMessage());
  }

  @Test
  void alwaysTakesTheChecksumOfWhatIsNotedToo() throws IOException {
    Path folder =
        new NativesCache(root, Verification.CHANGED, warnings::add)
            .provide(natives(CONTENT), manifest)
            .path();
    Path file = folder.resolve("libdnnl.so");
    Files.writeString(file, "evil");
    // As if the content had gone bad on the disk, where nothing notes it.
    var verified = VerifiedFiles.in(folder, Ownership.ofThisProcess());
    String sha256 = manifest.library("libdnnl.so").sha256();
    verified.add("libdnnl.so", sha256, Ownership.attributes(file));
    verified.write();
    var lazy = new NativesCache(root, Verification.CHANGED, warnings::add);
    assertEquals(List.of(), lazy.provide(natives(CONTENT), manifest).unpacked());
    var strict = new NativesCache(root, Verification.ALWAYS, warnings::add);
    List<String> warnings =
        warnings(
            () ->
                assertEquals(
                    List.of("libdnnl.so"), strict.provide(natives(CONTENT), manifest).unpacked()));
    assertTrue(
        warnings.getFirst().contains("libdnnl.so has SHA-256 " + sha256("evil")),
        warnings.toString());
  }

  @Test
  void theSettingsThatThereAreAreNamed() {
    System.setProperty(Verification.PROPERTY, "sometimes");
    try {
      var e = assertThrows(NativeLibraryException.class, Verification::configured);
      assertEquals(
          "gatun.natives.verify: sometimes, expected one of [always, changed, never]",
          e.getMessage());
      System.setProperty(Verification.PROPERTY, "always");
      assertEquals(Verification.ALWAYS, Verification.configured());
    } finally {
      System.clearProperty(Verification.PROPERTY);
    }
    assertEquals(Verification.CHANGED, Verification.configured());
  }

  @Test
  void removesWhatDeadProcessesLeft() throws IOException {
    var cache = new NativesCache(root, Verification.CHANGED, warnings::add);
    Path folder = cache.provide(natives(CONTENT), manifest).path();
    Path old = Files.writeString(folder.resolve("libdnnl.so.1.part"), "half");
    Path young = Files.writeString(folder.resolve("libdnnl.so.2.part"), "half");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    Files.delete(folder.resolve("libdnnl.so"));
    assertEquals(List.of("libdnnl.so"), cache.provide(natives(CONTENT), manifest).unpacked());
    assertFalse(Files.exists(old));
    assertTrue(Files.exists(young), "another process may be writing it");
  }

  @Test
  void theLocationFollowsTheSettingsThenTheSystem() {
    Path home = Path.of(System.getProperty("user.home"));
    assertEquals(home.resolve(".cache/gatun"), NativesCache.location("linux-x86_64", Map.of()));
    assertEquals(
        Path.of("/xdg/gatun"),
        NativesCache.location("linux-x86_64", Map.of("XDG_CACHE_HOME", "/xdg")));
    assertEquals(
        home.resolve(".cache/gatun"),
        NativesCache.location("linux-x86_64", Map.of("XDG_CACHE_HOME", "relative")));
    assertEquals(
        home.resolve("Library/Caches/gatun"),
        NativesCache.location("macosx-arm64", Map.of("XDG_CACHE_HOME", "/xdg")));
    assertEquals(
        Path.of("local", "gatun"),
        NativesCache.location("windows-x86_64", Map.of("LOCALAPPDATA", "local")));
    var environment = Map.of("GATUN_CACHE", "/own", "XDG_CACHE_HOME", "/xdg");
    assertEquals(Path.of("/own"), NativesCache.location("linux-x86_64", environment));
    System.setProperty("gatun.cache", "/property");
    try {
      assertEquals(Path.of("/property"), NativesCache.location("linux-x86_64", environment));
    } finally {
      System.clearProperty("gatun.cache");
    }
  }

  @Test
  void aLocationThatDependsOnTheWorkingFolderIsRefused() {
    var e =
        assertThrows(
            NativeLibraryException.class,
            () -> NativesCache.location("linux-x86_64", Map.of("GATUN_CACHE", "cache")));
    assertEquals(
        "GATUN_CACHE: cache is a relative path, expected an absolute one, because libraries are"
            + " loaded from there, whatever folder the process is started in",
        e.getMessage());
  }

  /** Returns what was warned of meanwhile. */
  private List<String> warnings(Runnable action) {
    warnings.clear();
    action.run();
    return List.copyOf(warnings);
  }

  private List<String> files() throws IOException {
    try (var paths = Files.walk(root)) {
      return paths.filter(Files::isRegularFile).map(path -> path.getFileName().toString()).toList();
    }
  }

  private static NativesManifest manifest(Map<String, String> content) {
    return NativesManifest.parse(
        """
        platform linux-x86_64
        version onednn 3.11
        version openblas 0.3.31
        %s%s%s\
        """
            .formatted(
                line("onednn", "libgomp.so", content),
                line("onednn", "libdnnl.so", content),
                line("openblas", "libopenblas.so", content)),
        "test.jar");
  }

  private static String line(String component, String file, Map<String, String> content) {
    String text = content.get(file);
    return "library %s %s %d %s\n".formatted(component, file, text.length(), sha256(text));
  }

  private static Natives natives(Map<String, String> content) {
    return new Natives() {
      @Override
      public InputStream open(String file) {
        return new ByteArrayInputStream(content.get(file).getBytes(StandardCharsets.UTF_8));
      }

      @Override
      public String location() {
        return "test.jar";
      }
    };
  }

  private static String sha256(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
