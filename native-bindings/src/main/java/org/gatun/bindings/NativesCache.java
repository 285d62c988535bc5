package org.gatun.bindings;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Consumer;

/**
 * The folder that libraries are unpacked to once and loaded from ever after.
 *
 * <p>A set of libraries has a folder of its own, whose name is made from their checksums. A library
 * is written beside its place, checked against its SHA-256, flushed and renamed, so that a file is
 * whole or absent, whatever dies and however many processes start at once: all write the same
 * content, and the last rename wins. What is there already has its checksum taken again when it was
 * touched since ({@link VerifiedFiles}), and nobody else may write to it ({@link Ownership}). A
 * file that is not what it should be is named in a warning, and unpacked again.
 */
final class NativesCache {
  /** Unfinished files older than this belong to a process that died. */
  private static final Duration ABANDONED = Duration.ofHours(1);

  private static final int CHUNK = 1 << 18;

  private final Path root;
  private final Verification verification;
  private final Consumer<String> warnings;
  private final Ownership ownership;

  /**
   * Describes a cache, and touches nothing yet.
   *
   * @param warnings told which files were not what they should be
   */
  NativesCache(Path root, Verification verification, Consumer<String> warnings) {
    this.root = root.toAbsolutePath();
    this.verification = verification;
    this.warnings = warnings;
    this.ownership = Ownership.ofThisProcess();
  }

  /**
   * A filled folder of the cache.
   *
   * @param path where the libraries are
   * @param unpacked the files that were missing or damaged, and were unpacked just now
   */
  record Folder(Path path, List<String> unpacked) {}

  /**
   * Returns where the cache is, from the settings or by the custom of the operating system.
   *
   * @throws NativeLibraryException if that would depend on the folder that the process started in
   */
  static Path location(String platform, Map<String, String> environment) {
    String property = System.getProperty("gatun.cache", "");
    if (!property.isEmpty()) {
      return absolute("gatun.cache", property);
    }
    String variable = environment.getOrDefault("GATUN_CACHE", "");
    if (!variable.isEmpty()) {
      return absolute("GATUN_CACHE", variable);
    }
    if (Platform.isMac(platform)) {
      return home().resolve("Library", "Caches", "gatun");
    }
    if (Platform.isWindows(platform)) {
      String local = environment.getOrDefault("LOCALAPPDATA", "");
      return (local.isEmpty() ? home().resolve("AppData", "Local") : Path.of(local))
          .resolve("gatun");
    }
    // The XDG specification: a relative path is invalid and to be ignored.
    String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
    return (xdg.startsWith("/") ? Path.of(xdg) : home().resolve(".cache")).resolve("gatun");
  }

  private static Path absolute(String setting, String value) {
    Path path = Path.of(value);
    if (!path.isAbsolute()) {
      throw new NativeLibraryException(
          "%s: %s is a relative path, expected an absolute one, because libraries are loaded from there, whatever folder the process is started in"
              .formatted(setting, value));
    }
    return path;
  }

  /** Returns the user's home, which the JVM calls "?" where the system knows none. */
  private static Path home() {
    String home = System.getProperty("user.home", "");
    if (home.isEmpty() || !Path.of(home).isAbsolute()) {
      throw new NativeLibraryException(
          "cache: this user has no home folder (user.home is \"%s\"); %s"
              .formatted(home, Ownership.REMEDY));
    }
    return Path.of(home);
  }

  /**
   * Returns the folder with the libraries of a natives jar, filled.
   *
   * @throws NativeLibraryException if the folder is not safe, cannot be written, or the jar's
   *     content is not what its manifest says
   */
  Folder provide(Natives natives, NativesManifest manifest) {
    Path folder = root.resolve(manifest.platform()).resolve(name(manifest));
    try {
      folder = ownFolder(manifest);
      VerifiedFiles verified = VerifiedFiles.in(folder, ownership);
      boolean changed = false;
      var unpacked = new ArrayList<String>();
      for (NativesManifest.Entry library : manifest.libraries()) {
        switch (state(folder, library, verified)) {
          case KNOWN -> {}
          case VERIFIED -> changed = true;
          case ABSENT -> {
            if (unpacked.isEmpty()) {
              deleteAbandoned(folder);
            }
            unpack(natives, library, folder);
            unpacked.add(library.file());
          }
        }
      }
      for (String file : unpacked) {
        Map<String, Object> attributes = Ownership.attributes(folder.resolve(file));
        verified.add(file, manifest.library(file).sha256(), attributes);
      }
      if (changed || !unpacked.isEmpty()) {
        verified.write();
      }
      return new Folder(folder, List.copyOf(unpacked));
    } catch (IOException e) {
      throw new NativeLibraryException(
          "cache: folder %s cannot be filled: %s; %s"
              .formatted(folder, reason(e, manifest), Ownership.REMEDY),
          e);
    }
  }

  /** Returns the folder of a set of libraries, and refuses it if others could write to it. */
  private Path ownFolder(NativesManifest manifest) throws IOException {
    boolean strict = verification != Verification.ALWAYS;
    Path cache = ownership.folder(root, strict);
    Path platform = ownership.folder(cache.resolve(manifest.platform()), false);
    Path folder = ownership.folder(platform.resolve(name(manifest)), false);
    if (Ownership.POSIX) {
      for (Path path : List.of(cache, platform, folder)) {
        ownership.requireOwn(path, Ownership.attributes(path));
      }
    }
    return folder;
  }

  private static String reason(IOException e, NativesManifest manifest) {
    long bytes = manifest.libraries().stream().mapToLong(NativesManifest.Entry::size).sum();
    return String.valueOf(e.getMessage()).contains("No space left")
        ? "%s, where the libraries need %d MB".formatted(e, Math.ceilDiv(bytes, 1 << 20))
        : e.toString();
  }

  private static String name(NativesManifest manifest) {
    var checksums = new StringJoiner("-");
    for (NativesManifest.Entry library : manifest.libraries()) {
      checksums.add(library.sha256().substring(0, 12));
    }
    return checksums.toString();
  }

  /** What is known of a file of the cache. */
  private enum State {
    /** Its checksum was taken earlier. */
    KNOWN,
    /** Its checksum was taken just now. */
    VERIFIED,
    /** It is not there, or is not the library. */
    ABSENT
  }

  private State state(Path folder, NativesManifest.Entry library, VerifiedFiles verified)
      throws IOException {
    Path file = folder.resolve(library.file());
    Map<String, Object> attributes;
    try {
      attributes = Ownership.attributes(file);
    } catch (NoSuchFileException e) {
      return State.ABSENT;
    }
    if (!Ownership.isFile(attributes)) {
      return damaged(file, "is no regular file");
    }
    if (Ownership.POSIX) {
      ownership.requireOwn(file, attributes);
    }
    long size = (long) requireNonNull(attributes.get("size"));
    if (size != library.size()) {
      return damaged(file, "has %d bytes, expected %d".formatted(size, library.size()));
    }
    boolean known = verified.has(library.file(), library.sha256(), attributes);
    if (verification == Verification.NEVER || (known && verification == Verification.CHANGED)) {
      return State.KNOWN;
    }
    String sha256 = sha256(file);
    if (!sha256.equals(library.sha256())) {
      return damaged(file, "has SHA-256 %s, expected %s".formatted(sha256, library.sha256()));
    }
    verified.add(library.file(), sha256, attributes);
    return known ? State.KNOWN : State.VERIFIED;
  }

  private State damaged(Path file, String difference) {
    warnings.accept(
        "cache: %s %s: it was damaged or tampered with, and is unpacked again"
            .formatted(file, difference));
    return State.ABSENT;
  }

  private static String sha256(Path file) throws IOException {
    MessageDigest digest = sha256();
    var chunk = ByteBuffer.allocate(CHUNK);
    try (FileChannel content = FileChannel.open(file, READ, NOFOLLOW_LINKS)) {
      while (content.read(chunk) >= 0) {
        digest.update(chunk.flip());
        chunk.clear();
      }
    } catch (IOException e) {
      throw new NativeLibraryException("cache: %s cannot be read: %s".formatted(file, e), e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private void unpack(Natives natives, NativesManifest.Entry library, Path folder)
      throws IOException {
    Path beside = Files.createTempFile(folder, library.file() + ".", ".part");
    try {
      try (InputStream content = natives.open(library.file());
          FileChannel file = FileChannel.open(beside, WRITE)) {
        copy(content, file, library, natives.location());
        // Without this, a rename may survive a power failure that the content does not.
        file.force(true);
      }
      if (Ownership.POSIX) {
        Files.setPosixFilePermissions(beside, PosixFilePermissions.fromString("rw-r--r--"));
      }
      move(beside, folder, library);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  private static void copy(
      InputStream content, FileChannel file, NativesManifest.Entry library, String location)
      throws IOException {
    MessageDigest digest = sha256();
    var chunk = new byte[CHUNK];
    long size = 0;
    for (int n = content.read(chunk); n >= 0; n = content.read(chunk)) {
      digest.update(chunk, 0, n);
      for (var bytes = ByteBuffer.wrap(chunk, 0, n); bytes.hasRemaining(); ) {
        file.write(bytes);
      }
      size += n;
    }
    String actual = HexFormat.of().formatHex(digest.digest());
    if (size != library.size() || !actual.equals(library.sha256())) {
      throw new NativeLibraryException(
          "natives: %s of %s has %d bytes and SHA-256 %s, expected %d bytes and %s; the jar is damaged or was tampered with, fetch it again"
              .formatted(library.file(), location, size, actual, library.size(), library.sha256()));
    }
  }

  private void move(Path beside, Path folder, NativesManifest.Entry library) throws IOException {
    Path file = folder.resolve(library.file());
    try {
      Files.move(beside, file, ATOMIC_MOVE);
    } catch (IOException e) {
      // Windows replaces no library that another process has loaded; then it is there already.
      if (!Files.isRegularFile(file, NOFOLLOW_LINKS) || !sha256(file).equals(library.sha256())) {
        throw e;
      }
    }
  }

  private static void deleteAbandoned(Path folder) throws IOException {
    Instant limit = Instant.now().minus(ABANDONED);
    try (var parts = Files.newDirectoryStream(folder, "*.part")) {
      for (Path part : parts) {
        try {
          if (Files.getLastModifiedTime(part).toInstant().isBefore(limit)) {
            Files.deleteIfExists(part);
          }
        } catch (NoSuchFileException e) {
          // Its process has just renamed it.
        }
      }
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
