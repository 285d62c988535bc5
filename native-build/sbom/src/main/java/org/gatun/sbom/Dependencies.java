package org.gatun.sbom;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who needs what, as Maven says.
 *
 * @param needs by an artifact, those that it names as its own dependencies
 */
record Dependencies(SortedMap<Artifact, SortedSet<Artifact>> needs) {

  /** A jar in a repository. */
  record Artifact(String group, String name, String version, String classifier)
      implements Comparable<Artifact> {
    /** Returns the package URL. */
    String purl() {
      String qualifiers =
          classifier.isEmpty() ? "?type=jar" : "?classifier=%s&type=jar".formatted(classifier);
      return "pkg:maven/%s/%s@%s%s".formatted(group, name, version, qualifiers);
    }

    /** Returns how the file is called. */
    String file() {
      return name + "-" + version + (classifier.isEmpty() ? "" : "-" + classifier) + ".jar";
    }

    @Override
    public int compareTo(Artifact other) {
      return purl().compareTo(other.purl());
    }
  }

  /**
   * Returns what {@code dependency:tree} wrote in the trivial graph format: lines of a number and
   * an artifact, then a line of {@code #}, then lines of two such numbers and a scope. In the
   * verbose form an artifact has a number for each that needs it, and in all but one of them a
   * remark.
   */
  static Dependencies parse(List<String> lines) {
    Map<String, Artifact> artifacts = new HashMap<>();
    SortedMap<Artifact, SortedSet<Artifact>> needs = new TreeMap<>();
    int separator = lines.indexOf("#");
    for (String line : lines.subList(0, separator)) {
      int space = line.indexOf(' ');
      Artifact artifact = artifact(line.substring(space + 1));
      artifacts.put(line.substring(0, space), artifact);
      needs.putIfAbsent(artifact, new TreeSet<>());
    }
    for (String line : lines.subList(separator + 1, lines.size())) {
      String[] words = line.split(" ");
      Artifact needed = requireNonNull(artifacts.get(words[1]), line);
      Artifact user = requireNonNull(artifacts.get(words[0]), line);
      needs.computeIfAbsent(user, _ -> new TreeSet<>()).add(needed);
    }
    return new Dependencies(needs);
  }

  /** Returns the artifact of {@code group:name:jar[:classifier]:version[:scope]} and a remark. */
  private static Artifact artifact(String text) {
    String[] parts = text.replace("(", "").split(" ", 2)[0].split(":");
    return switch (parts.length) {
      case 4 -> new Artifact(parts[0], parts[1], parts[3], "");
      case 5 -> new Artifact(parts[0], parts[1], parts[3], "");
      case 6 -> new Artifact(parts[0], parts[1], parts[4], parts[3]);
      default ->
          throw new IllegalArgumentException("dependencies: \"" + text + "\" is no artifact");
    };
  }
}
