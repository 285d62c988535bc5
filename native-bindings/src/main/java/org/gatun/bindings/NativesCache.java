package org.gatun.bindings;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.WRITE;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
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

/**
 * The folder that libraries are unpacked to once and loaded from ever after.
 *
 * <p>A set of libraries has a folder of its own, whose name is made from their checksums. A library
 * is written beside its place, checked against its SHA-256, flushed and renamed, so that a file is
 * whole or absent, whatever dies and however many processes start at once: all write the same
 * content, and the last rename wins. A filled cache is only read, and trusted by the sizes of its
 * files and because nobody else may write to it.
 */
final class NativesCache {
  private static final String REMEDY =
      "set the system property gatun.cache or the environment variable GATUN_CACHE to a folder of"
          + " your own";

  /** Unfinished files older than this belong to a process that died. */
  private static final Duration ABANDONED = Duration.ofHours(1);

  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

  private final Path root;
  private final int user;

  NativesCache(Path root) {
    this.root = root.toAbsolutePath();
    this.user = POSIX ? CLibrary.effectiveUser() : -1;
  }

  /**
   * A filled folder of the cache.
   *
   * @param path where the libraries are
   * @param unpacked the files that were missing or damaged, and were unpacked just now
   */
  record Folder(Path path, List<String> unpacked) {}

  /** Returns where the cache is, from the settings or by the custom of the operating system. */
  static Path location(String platform, Map<String, String> environment) {
    String property = System.getProperty("gatun.cache", "");
    if (!property.isEmpty()) {
      return Path.of(property);
    }
    String variable = environment.getOrDefault("GATUN_CACHE", "");
    if (!variable.isEmpty()) {
      return Path.of(variable);
    }
    Path home = Path.of(System.getProperty("user.home"));
    if (Platform.isMac(platform)) {
      return home.resolve("Library", "Caches", "gatun");
    }
    if (Platform.isWindows(platform)) {
      String local = environment.getOrDefault("LOCALAPPDATA", "");
      return (local.isEmpty() ? home.resolve("AppData", "Local") : Path.of(local)).resolve("gatun");
    }
    // The XDG specification: a relative path is invalid and to be ignored.
    String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
    return (xdg.startsWith("/") ? Path.of(xdg) : home.resolve(".cache")).resolve("gatun");
  }

  /**
   * Returns the folder with the libraries of a natives jar, filled.
   *
   * @throws NativeLibraryException if the folder is not safe, cannot be written, or the jar's
   *     content is not what its manifest says
   */
  Folder provide(Natives natives, NativesManifest manifest) {
    Path platform = root.resolve(manifest.platform());
    Path folder = platform.resolve(name(manifest));
    try {
      boolean exists = Files.isDirectory(folder);
      if (!exists) {
        Files.createDirectories(folder, readableByAll());
      }
      for (Path path : List.of(root, platform, folder)) {
        requireOwn(path);
      }
      var unpacked = new ArrayList<String>();
      for (NativesManifest.Entry library : manifest.libraries()) {
        if (!isWhole(folder, library)) {
          if (unpacked.isEmpty()) {
            deleteAbandoned(folder);
          }
          unpack(natives, library, folder);
          unpacked.add(library.file());
        }
      }
      return new Folder(folder, List.copyOf(unpacked));
    } catch (IOException e) {
      throw new NativeLibraryException(
          "cache: folder %s cannot be filled: %s; %s".formatted(folder, e, REMEDY), e);
    }
  }

  private static String name(NativesManifest manifest) {
    var checksums = new StringJoiner("-");
    for (NativesManifest.Entry library : manifest.libraries()) {
      checksums.add(library.sha256().substring(0, 12));
    }
    return checksums.toString();
  }

  private boolean isWhole(Path folder, NativesManifest.Entry library) {
    Path file = folder.resolve(library.file());
    try {
      if (Files.readAttributes(file, BasicFileAttributes.class).size() != library.size()) {
        return false;
      }
      requireOwn(file);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw new NativeLibraryException("cache: %s cannot be read: %s".formatted(file, e), e);
    }
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
      if (POSIX) {
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
    var chunk = new byte[1 << 16];
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
    try {
      Files.move(beside, folder.resolve(library.file()), ATOMIC_MOVE);
    } catch (IOException e) {
      // Windows replaces no library that another process has loaded; then it is there already.
      if (!isWhole(folder, library)) {
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

  /** Refuses what another user could have put there, because it is going to be executed. */
  private void requireOwn(Path path) throws IOException {
    if (!POSIX) {
      return;
    }
    Map<String, Object> attributes = Files.readAttributes(path, "unix:uid,mode");
    int owner = (int) requireNonNull(attributes.get("uid"));
    int mode = (int) requireNonNull(attributes.get("mode")) & 0777;
    // Root can replace anything anyway, and fills the caches of container images.
    if (owner != user && owner != 0) {
      throw new NativeLibraryException(
          "cache: %s belongs to user %d, expected user %d, who runs this process, or root, because libraries are loaded from there; %s"
              .formatted(path, owner, user, REMEDY));
    }
    if ((mode & 0022) != 0) {
      throw new NativeLibraryException(
          "cache: %s has mode %o, expected one that only its owner can write, because libraries are loaded from there; run chmod go-w on it, or %s"
              .formatted(path, mode, REMEDY));
    }
  }

  private static FileAttribute<?>[] readableByAll() {
    return POSIX
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"))
        }
        : new FileAttribute<?>[0];
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
