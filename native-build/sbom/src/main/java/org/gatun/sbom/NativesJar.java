package org.gatun.sbom;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The libraries of a platform, from the manifest of their jar.
 *
 * @param platform the classifier
 * @param libraries in load order
 */
record NativesJar(String platform, List<Entry> libraries) {
  /**
   * A library.
   *
   * @param component {@code onednn} or {@code openblas}
   * @param packageVersion of the artifact that it was taken from
   */
  record Entry(String component, String packageVersion, String file, long bytes, String sha256) {}

  /** Returns what is in a jar, and refuses one that has libraries beside those of its manifest. */
  static NativesJar read(Path jar, String platform) throws IOException {
    String folder = "META-INF/gatun/natives/" + platform + "/";
    Map<String, String> versions = new HashMap<>();
    List<Entry> libraries = new ArrayList<>();
    var listed = new TreeSet<String>();
    var found = new TreeSet<String>();
    try (var zip = new ZipFile(jar.toFile())) {
      ZipEntry manifest = zip.getEntry(folder + "natives.manifest");
      String text = new String(zip.getInputStream(manifest).readAllBytes(), StandardCharsets.UTF_8);
      for (String line : text.split("\n")) {
        String[] words = line.split(" ");
        if (words[0].equals("version")) {
          versions.put(words[1], words[2]);
        } else if (words[0].equals("library")) {
          String version = versions.getOrDefault(words[1], "");
          libraries.add(new Entry(words[1], version, words[2], Long.parseLong(words[3]), words[4]));
          listed.add(words[2]);
        }
      }
      zip.stream()
          .map(ZipEntry::getName)
          .filter(name -> name.startsWith(folder) && !name.endsWith("/natives.manifest"))
          .map(name -> name.substring(folder.length()))
          .forEach(found::add);
    }
    if (!listed.equals(found)) {
      throw new IllegalStateException(
          "sbom: the manifest of %s names %s, and the jar holds %s".formatted(jar, listed, found));
    }
    return new NativesJar(platform, List.copyOf(libraries));
  }
}
