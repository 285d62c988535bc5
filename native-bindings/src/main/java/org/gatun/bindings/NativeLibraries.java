package org.gatun.bindings;

import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Loads oneDNN, OpenBLAS and what they need, once per JVM.
 *
 * <p>They come from the {@code gatun-natives} jar of the platform, by way of a cache folder, or
 * from files that the user names:
 *
 * <ul>
 *   <li>{@code gatun.cache} (system property), {@code GATUN_CACHE} (environment variable): the
 *       folder to unpack to; by default {@code gatun} in {@code $XDG_CACHE_HOME} or {@code
 *       ~/.cache}, in {@code ~/Library/Caches} on macOS, in {@code %LOCALAPPDATA%} on Windows.
 *   <li>{@code gatun.natives.verify} (system property): when checksums of what the cache holds are
 *       taken: {@code changed}, which is the default, after anything has touched a file since they
 *       were taken last; {@code always}, at each start; {@code never}, only when unpacking.
 *   <li>{@code gatun.onednn.library}, {@code gatun.openblas.library} (system properties): the path
 *       of a library to use instead; the system's linker finds what it depends on.
 * </ul>
 *
 * <p>OpenBLAS starts threads of its own when it is loaded, and they fight with oneDNN's for the
 * processors; so {@code OPENBLAS_NUM_THREADS} is set to 1 in the environment of this process,
 * unless the user has set it or {@code GOTO_NUM_THREADS}.
 */
public final class NativeLibraries {
  /** Where a library came from. */
  public enum Origin {
    /** From the natives jar, unpacked into the cache by this JVM. */
    JAR,
    /** From the cache, filled earlier. */
    CACHE,
    /** From the file that a system property names. */
    PROPERTY
  }

  /**
   * A loaded library.
   *
   * @param name {@code oneDNN}, {@code OpenBLAS}, or the file name of a runtime library
   * @param version what the library reports; for a runtime library, which reports nothing, the
   *     version of the package that it came in
   * @param path the file
   * @param origin where the file came from
   */
  public record Library(String name, String version, Path path, Origin origin) {}

  /** The oldest glibc that the packaged libraries run on. */
  static final String GLIBC = "2.34";

  /** How a linker names a library that another one needs. */
  private static final Pattern MISSING =
      Pattern.compile("(\\S+): cannot open shared object file: No such file");

  private static volatile List<Library> loaded = List.of();
  private static @Nullable String failure;

  private NativeLibraries() {}

  /**
   * Loads the libraries, if they are not loaded yet, and checks their versions.
   *
   * @throws NativeLibraryException if that is impossible; every later call then throws the same
   *     message, because a JVM cannot unload a wrong library
   */
  public static void load() {
    if (loaded.isEmpty()) {
      loadOnce();
    }
  }

  /** Returns the libraries in the order in which they were loaded; empty before {@link #load}. */
  public static List<Library> loaded() {
    return loaded;
  }

  /** Returns the platform of this JVM, named as the classifiers of {@code gatun-natives}. */
  public static String platform() {
    return Platform.current();
  }

  private static synchronized void loadOnce() {
    if (failure != null) {
      throw new NativeLibraryException(failure);
    }
    if (!loaded.isEmpty()) {
      return;
    }
    try {
      requireLinker();
      Processor.requireCore(Platform.current(), System.getenv());
      // The user's threads for OpenBLAS, by either of its own two names; OMP_NUM_THREADS, which
      // it would follow too, counts oneDNN's.
      if (System.getenv("GOTO_NUM_THREADS") == null) {
        CLibrary.setEnvironmentIfUnset("OPENBLAS_NUM_THREADS", "1");
      }
      loaded = loadAll();
    } catch (IllegalCallerException e) {
      NativeLibraryException denied = denied(NativeLibraries.class.getModule(), e);
      failure = denied.getMessage();
      throw denied;
    } catch (NativeLibraryException e) {
      failure = e.getMessage();
      throw e;
    }
  }

  private static void requireLinker() {
    try {
      Linker.nativeLinker();
    } catch (UnsupportedOperationException e) {
      throw new NativeLibraryException(
          "platform: this JVM calls no native code on %s, expected a 64-bit JVM on one of %s"
              .formatted(Platform.current(), Platform.PACKAGED),
          e);
    }
  }

  /**
   * Returns the exception that says that the JVM denies native access, and what grants it.
   *
   * @param module whom it is denied
   */
  public static NativeLibraryException denied(Module module, IllegalCallerException cause) {
    return new NativeLibraryException(
        "native access: denied to %s, expected the JVM option --enable-native-access=%s"
            .formatted(module, modules()),
        cause);
  }

  private static String modules() {
    return NativeLibraries.class.getModule().isNamed()
        ? "org.gatun,org.gatun.bindings"
        : "ALL-UNNAMED";
  }

  private static List<Library> loadAll() {
    var libraries = new ArrayList<Library>();
    Unpacked unpacked = null;
    for (Component component : Component.values()) {
      String own = System.getProperty(component.property(), "");
      if (!own.isEmpty()) {
        libraries.add(loadOwn(component, Path.of(own).toAbsolutePath()));
      } else {
        if (unpacked == null) {
          unpacked = Unpacked.provide();
        }
        libraries.addAll(loadPackaged(component, unpacked));
      }
    }
    return List.copyOf(libraries);
  }

  /** The content of the natives jar and the cache folder that it is in. */
  private record Unpacked(NativesManifest manifest, NativesCache.Folder folder) {
    static Unpacked provide() {
      String platform = Platform.current();
      Natives natives = Natives.find(platform);
      NativesManifest manifest = natives.manifest();
      Verification verification = Verification.configured();
      Path location = NativesCache.location(platform, System.getenv());
      var cache = new NativesCache(location, verification, Unpacked::warn);
      return new Unpacked(manifest, cache.provide(natives, manifest));
    }

    private static void warn(String message) {
      System.getLogger("org.gatun.load").log(System.Logger.Level.WARNING, message);
    }
  }

  private static Library loadOwn(Component component, Path path) {
    if (!Files.isRegularFile(path)) {
      throw new NativeLibraryException(
          "%s: %s is no file, expected the path of %s's shared library"
              .formatted(component.property(), path, component.title()));
    }
    load(path);
    String version =
        component.requireVersion(SymbolLookup.loaderLookup(), path, component.correctProperty());
    return new Library(component.title(), version, path, Origin.PROPERTY);
  }

  private static List<Library> loadPackaged(Component component, Unpacked unpacked) {
    var libraries = new ArrayList<Library>();
    NativesManifest manifest = unpacked.manifest();
    NativesCache.Folder folder = unpacked.folder();
    for (NativesManifest.Entry entry : manifest.libraries(component)) {
      Path path = folder.path().resolve(entry.file());
      // What a library needs is loaded before it, from the same folder: a linker that has to
      // search may find the system's libgomp instead, and two of them are two pools of threads.
      load(path);
      Origin origin = folder.unpacked().contains(entry.file()) ? Origin.JAR : Origin.CACHE;
      libraries.add(new Library(entry.file(), manifest.version(component), path, origin));
    }
    Library own = libraries.removeLast();
    String version =
        component.requireVersion(
            SymbolLookup.loaderLookup(), own.path(), Component.REPLACE_NATIVES);
    libraries.add(new Library(component.title(), version, own.path(), own.origin()));
    return libraries;
  }

  private static void load(Path path) {
    try {
      System.load(path.toString());
      LibraryPages.unload(path);
    } catch (UnsatisfiedLinkError e) {
      String reason = String.valueOf(e.getMessage());
      throw new NativeLibraryException(
          "load: %s%s"
              .formatted(reason, remedy(reason, Platform.current(), CLibrary::glibcVersion)),
          e);
    }
  }

  /** Returns what to do about the message of a linker, as the end of a sentence; "" if unknown. */
  static String remedy(String reason, String platform, Supplier<Optional<String>> glibc) {
    if (reason.contains("already loaded in another classloader")) {
      return "; a JVM loads a library for one class loader: put Gatun's jars where all that use"
          + " them share one, such as the class path of the server, or restart the JVM";
    }
    if (Platform.isWindows(platform)) {
      return reason.contains("dependent libraries")
          ? "; install the Microsoft Visual C++ Redistributable 2015-2022 (x64), which has the"
              + " OpenMP runtime VCOMP140.DLL"
          : "";
    }
    if (!Platform.isLinux(platform)) {
      return "";
    }
    if (reason.contains("failed to map segment") || reason.contains("Operation not permitted")) {
      return "; if its folder is mounted noexec, set the system property gatun.cache to another";
    }
    Optional<String> version = glibc.get();
    if (version.isEmpty()) {
      return "; glibc %s or newer is needed, and this system's C library is another one"
          .formatted(GLIBC);
    }
    if (isOlder(version.get(), GLIBC)) {
      return "; glibc %s or newer is needed, and this system has %s"
          .formatted(GLIBC, version.get());
    }
    if (reason.contains("libstdc++")) {
      return "; install the system's C++ runtime (package libstdc++6 or libstdc++)";
    }
    Matcher missing = MISSING.matcher(reason);
    return missing.find()
        ? "; it needs %s: install that, put it beside the library, or name its folder in LD_LIBRARY_PATH"
            .formatted(missing.group(1))
        : "";
  }

  private static boolean isOlder(String version, String than) {
    return Runtime.Version.parse(version).compareTo(Runtime.Version.parse(than)) < 0;
  }
}
