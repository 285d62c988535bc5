package org.gatun.bindings;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a natives jar holds: {@code natives.manifest}, written by native-build. Its lines:
 *
 * <pre>
 * platform linux-x86_64
 * version COMPONENT VERSION
 * library COMPONENT FILE BYTES SHA-256       in load order, a component's own library last
 * </pre>
 *
 * @param platform the classifier of the jar
 * @param versions the version of the package that each component came in
 * @param libraries the libraries in load order
 */
record NativesManifest(String platform, Map<Component, String> versions, List<Entry> libraries) {

  static final String FILE = "natives.manifest";

  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.+-]*");
  private static final Pattern CHECKSUM = Pattern.compile("[0-9a-f]{64}");

  /** One library. */
  record Entry(Component component, String file, long size, String sha256) {
    Entry {
      // The name becomes a path inside the cache, and must not lead out of it.
      if (!FILE_NAME.matcher(file).matches() || size <= 0 || !CHECKSUM.matcher(sha256).matches()) {
        throw new IllegalArgumentException(file);
      }
    }
  }

  /**
   * Returns the manifest that a text holds.
   *
   * @throws NativeLibraryException if it is not one; {@code location} names it
   */
  static NativesManifest parse(String text, String location) {
    String platform = "";
    var versions = new EnumMap<Component, String>(Component.class);
    var libraries = new ArrayList<Entry>();
    for (String line : text.split("\n")) {
      String[] words = line.split(" ");
      try {
        switch (words[0]) {
          case "platform" -> platform = words[1];
          case "version" -> versions.put(component(words[1]), words[2]);
          case "library" ->
              libraries.add(
                  new Entry(component(words[1]), words[2], Long.parseLong(words[3]), words[4]));
          default -> throw new IllegalArgumentException(words[0]);
        }
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        throw new NativeLibraryException(
            "natives: %s has the line \"%s\", expected platform, version or library and its values; the jar is damaged or not one of this version of Gatun"
                .formatted(location, line),
            e);
      }
    }
    for (Component component : Component.values()) {
      if (!versions.containsKey(component) || libraries(component, libraries).isEmpty()) {
        throw new NativeLibraryException(
            "natives: %s has no %s, expected its version and its libraries"
                .formatted(location, component.title()));
      }
    }
    return new NativesManifest(platform, Map.copyOf(versions), List.copyOf(libraries));
  }

  private static Component component(String key) {
    for (Component component : Component.values()) {
      if (component.key().equals(key)) {
        return component;
      }
    }
    throw new IllegalArgumentException(key);
  }

  /** Returns the version of the package that a component came in. */
  String version(Component component) {
    return requireNonNull(versions.get(component), "parse() looks for all");
  }

  /** Returns the libraries of a component in load order, its own last. */
  List<Entry> libraries(Component component) {
    return libraries(component, libraries);
  }

  /** Returns the library of a name, which is in the manifest. */
  Entry library(String file) {
    for (Entry library : libraries) {
      if (library.file().equals(file)) {
        return library;
      }
    }
    throw new IllegalArgumentException(file);
  }

  private static List<Entry> libraries(Component component, List<Entry> all) {
    var libraries = new ArrayList<Entry>();
    for (Entry library : all) {
      if (library.component() == component) {
        libraries.add(library);
      }
    }
    return libraries;
  }
}
