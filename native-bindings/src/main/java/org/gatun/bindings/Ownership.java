package org.gatun.bindings;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * Refuses what another user could have put there, or could exchange, because it is going to be
 * executed.
 *
 * <p>Whoever may write to a folder may exchange what is in it, so that a look at the file alone is
 * worth nothing: every folder on the way counts, and where links lead. Root may do anything anyway,
 * and fills the caches of container images. Access control lists show in the rights of the group,
 * which stand for the most that a list allows. A file that has other names elsewhere (hard links)
 * is the same file with the same owner and rights there. On Windows, where this does nothing, the
 * folders of a user's profile are closed to others by the system.
 */
final class Ownership {
  static final String REMEDY =
      "set the system property gatun.cache or the environment variable GATUN_CACHE to a folder of"
          + " your own";

  /** Whether files have owners and rights that can be looked at. */
  static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

  private static final int KIND = 0170000;
  private static final int FOLDER = 0040000;
  private static final int FILE = 0100000;
  private static final int LINK = 0120000;
  private static final int STICKY = 01000;
  private static final int WRITABLE_BY_GROUP = 0020;
  private static final int WRITABLE_BY_ALL = 0002;

  /** As many links as Linux follows. */
  private static final int MOST_LINKS = 40;

  private static final int ROOT = 0;

  /** How Linux names the owners that a user namespace has no number for. */
  private static final int UNMAPPED = 65534;

  private final int user;
  private final boolean rootIsUnmapped;

  private Ownership(int user, boolean rootIsUnmapped) {
    this.user = user;
    this.rootIsUnmapped = rootIsUnmapped;
  }

  /** Returns the judgement of the user who runs this process. */
  static Ownership ofThisProcess() {
    return POSIX
        ? new Ownership(CLibrary.effectiveUser(), rootIsUnmapped(Path.of("/proc/self/uid_map")))
        : new Ownership(-1, false);
  }

  /**
   * Returns whether the owner of the system's folders is not among the users that are known here,
   * as in sandboxes that an unprivileged user makes.
   *
   * @param map lines of the first number here, the first number outside, and how many follow
   */
  static boolean rootIsUnmapped(Path map) {
    try {
      for (String line : Files.readAllLines(map)) {
        String[] range = line.strip().split(" +");
        long first = Long.parseLong(range[0]);
        if (first <= UNMAPPED && UNMAPPED < first + Long.parseLong(range[2])) {
          return false;
        }
      }
      return true;
    } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
      // Without /proc, and on systems that have no namespaces.
      return false;
    }
  }

  /**
   * Returns a folder under its name without links, after creating what is missing of it. The folder
   * itself is for {@link #requireOwn} to look at.
   *
   * @param path absolute
   * @param strict whether folders on the way that others may write to are refused
   * @throws NativeLibraryException if another user could exchange the folder
   */
  Path folder(Path path, boolean strict) throws IOException {
    if (!POSIX) {
      return Files.createDirectories(path);
    }
    Deque<Path> names = new ArrayDeque<>();
    path.forEach(names::addLast);
    Path reached = requireNonNull(path.getRoot(), "an absolute path");
    if (strict) {
      requireSafeParent(reached, attributes(reached));
    }
    int links = 0;
    while (!names.isEmpty()) {
      Path name = names.removeFirst();
      if (name.toString().equals(".") || name.toString().isEmpty()) {
        continue;
      }
      if (name.toString().equals("..")) {
        reached = reached.getParent() == null ? reached : reached.getParent();
        continue;
      }
      Path next = reached.resolve(name);
      Map<String, Object> attributes = attributesOrCreated(next);
      if (kind(attributes) == LINK) {
        if (++links > MOST_LINKS) {
          throw new FileSystemLoopException(path.toString());
        }
        if (strict) {
          requireOwner(next, owner(attributes), true);
        }
        Path target = Files.readSymbolicLink(next);
        List.of(parts(target)).reversed().forEach(names::addFirst);
        reached = target.isAbsolute() ? requireNonNull(target.getRoot()) : reached;
      } else {
        if (strict && !names.isEmpty()) {
          requireSafeParent(next, attributes);
        }
        reached = next;
      }
    }
    return reached;
  }

  private static Path[] parts(Path path) {
    var parts = new Path[path.getNameCount()];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = path.getName(i);
    }
    return parts;
  }

  private static Map<String, Object> attributesOrCreated(Path folder) throws IOException {
    try {
      return attributes(folder);
    } catch (NoSuchFileException e) {
      try {
        Files.createDirectory(folder, readableByAll());
      } catch (FileAlreadyExistsException exists) {
        // Another process was faster.
      }
      return attributes(folder);
    }
  }

  private static FileAttribute<?> readableByAll() {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Refuses a folder or file of the cache that is not this user's, or that others may write to. */
  void requireOwn(Path path, Map<String, Object> attributes) {
    requireOwner(path, owner(attributes), false);
    int rights = mode(attributes) & 0777;
    if ((rights & (WRITABLE_BY_GROUP | WRITABLE_BY_ALL)) != 0) {
      throw new NativeLibraryException(
          "cache: %s has mode %o, expected one that only its owner can write, because libraries are loaded from there; run chmod go-w on it, or %s"
              .formatted(path, rights, REMEDY));
    }
  }

  /** Refuses a folder on the way to the cache in which others may rename what is not theirs. */
  private void requireSafeParent(Path path, Map<String, Object> attributes) {
    int mode = mode(attributes);
    if ((mode & KIND) != FOLDER) {
      return; // What is below it cannot be reached, which says enough.
    }
    int owner = owner(attributes);
    requireOwner(path, owner, true);
    if ((mode & STICKY) != 0) {
      return; // Others may add to /tmp, and rename nothing in it.
    }
    int group = (int) requireNonNull(attributes.get("gid"));
    // Where each user has a group of their own, which has the same number, folders are open to it.
    boolean open = (mode & WRITABLE_BY_GROUP) != 0 && group != ROOT && group != owner;
    if (open || (mode & WRITABLE_BY_ALL) != 0) {
      throw new NativeLibraryException(
          "cache: %s has mode %o, so that others could exchange the libraries that are loaded from a folder below it; run chmod go-w on it, %s, or, where nobody else is on this system, set gatun.natives.verify=always"
              .formatted(path, mode & 0777, REMEDY));
    }
  }

  private void requireOwner(Path path, int owner, boolean parent) {
    if (owner != user && owner != ROOT && !(parent && rootIsUnmapped && owner == UNMAPPED)) {
      throw new NativeLibraryException(
          "cache: %s belongs to user %d, expected user %d, who runs this process, or root, because libraries are loaded from %s; %s"
              .formatted(path, owner, user, parent ? "a folder below it" : "there", REMEDY));
    }
  }

  /** Returns what is to be known of a file or folder, and of a link itself where it is one. */
  static Map<String, Object> attributes(Path path) throws IOException {
    return Files.readAttributes(
        path,
        POSIX
            ? "unix:uid,gid,mode,size,ino,ctime,lastModifiedTime"
            : "size,isRegularFile,creationTime,lastModifiedTime",
        NOFOLLOW_LINKS);
  }

  /** Returns whether attributes are those of a file that is no link. */
  static boolean isFile(Map<String, Object> attributes) {
    return POSIX
        ? kind(attributes) == FILE
        : (boolean) requireNonNull(attributes.get("isRegularFile"));
  }

  private static int kind(Map<String, Object> attributes) {
    return mode(attributes) & KIND;
  }

  private static int mode(Map<String, Object> attributes) {
    return (int) requireNonNull(attributes.get("mode"));
  }

  private static int owner(Map<String, Object> attributes) {
    return (int) requireNonNull(attributes.get("uid"));
  }
}
