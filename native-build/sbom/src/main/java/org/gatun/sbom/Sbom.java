package org.gatun.sbom;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gatun.sbom.Dependencies.Artifact;
import org.gatun.sbom.NativesJar.Entry;
import org.gatun.sbom.Origins.Library;

/**
 * Writes what Gatun is made of as a CycloneDX 1.6 document: its modules, the jars that they need,
 * and the libraries in the natives jars of all platforms, with versions, licences and checksums.
 * The same build gives the same bytes: there is no serial number, and the time is the one of the
 * build's jars.
 */
public final class Sbom {
  private static final String GROUP = "org.gatun";
  private static final String NATIVES = "gatun-natives";

  /** The lines of natives.xml that hold the checksums of the artifacts that libraries come from. */
  private static final Pattern PINNED =
      Pattern.compile(
          "artifact=\"\\$\\{(?<component>\\w+)\\.prefix}-(?<platform>[\\w-]+)\"\\s+sha256=\"(?<sha256>\\w+)\"");

  private final Dependencies dependencies;
  private final Map<String, String> pinned;
  private final String timestamp;
  private final List<Path> classPath;
  private final SortedMap<String, NativesJar> natives = new TreeMap<>();

  private Sbom(
      Dependencies dependencies, Map<String, String> pinned, String timestamp, List<Path> classPath)
      throws IOException {
    this.dependencies = dependencies;
    this.pinned = pinned;
    this.timestamp = timestamp;
    this.classPath = classPath;
    for (Artifact artifact : dependencies.needs().keySet()) {
      if (isNatives(artifact)) {
        natives.put(artifact.classifier(), NativesJar.read(jar(artifact), artifact.classifier()));
      }
    }
  }

  /**
   * Takes the graph of dependencies, natives.xml, the time, and the file to write. The jars are
   * looked for on the class path.
   */
  public static void main(String[] arguments) throws IOException {
    List<Path> classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(Path::of)
            .toList();
    String json =
        write(
            Files.readAllLines(Path.of(arguments[0])),
            Files.readString(Path.of(arguments[1])),
            arguments[2],
            classPath);
    Files.writeString(Path.of(arguments[3]), json);
  }

  /** Returns the document. */
  static String write(List<String> tree, String pins, String timestamp, List<Path> classPath)
      throws IOException {
    Map<String, String> pinned = new TreeMap<>();
    for (Matcher matcher = PINNED.matcher(pins); matcher.find(); ) {
      pinned.put(
          matcher.group("component") + "/" + matcher.group("platform"), matcher.group("sha256"));
    }
    var sbom = new Sbom(Dependencies.parse(tree), pinned, timestamp, classPath);
    var bytes = new ByteArrayOutputStream();
    var indenter = new DefaultIndenter("  ", "\n");
    var printer =
        new DefaultPrettyPrinter(
            Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER));
    printer.indentArraysWith(indenter);
    printer.indentObjectsWith(indenter);
    try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
      json.setPrettyPrinter(printer);
      sbom.document(json);
    }
    return bytes.toString(StandardCharsets.UTF_8) + "\n";
  }

  private void document(JsonGenerator json) throws IOException {
    Artifact self = self();
    json.writeStartObject();
    json.writeStringField("bomFormat", "CycloneDX");
    json.writeStringField("specVersion", "1.6");
    json.writeNumberField("version", 1);
    json.writeObjectFieldStart("metadata");
    json.writeStringField("timestamp", timestamp);
    json.writeFieldName("component");
    artifact(json, new Artifact(GROUP, "gatun-parent", self.version(), ""));
    json.writeEndObject();
    json.writeArrayFieldStart("components");
    for (Artifact artifact : dependencies.needs().keySet()) {
      if (!artifact.equals(self)) {
        artifact(json, artifact);
      }
    }
    json.writeEndArray();
    json.writeArrayFieldStart("dependencies");
    graph(json, self);
    json.writeEndArray();
    json.writeEndObject();
  }

  /** Returns the module that depends on all others for this document alone. */
  private Artifact self() {
    return dependencies.needs().keySet().stream()
        .filter(artifact -> artifact.name().equals("gatun-sbom"))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("sbom: the graph lacks gatun-sbom"));
  }

  private static boolean isNatives(Artifact artifact) {
    return artifact.group().equals(GROUP) && artifact.name().equals(NATIVES);
  }

  private void artifact(JsonGenerator json, Artifact artifact) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "library");
    json.writeStringField("bom-ref", artifact.purl());
    json.writeStringField("group", artifact.group());
    json.writeStringField("name", artifact.name());
    json.writeStringField("version", artifact.version());
    if (!artifact.group().equals(GROUP) || isNatives(artifact)) {
      hash(json, sha256(jar(artifact)));
    }
    licence(json, isNatives(artifact) ? licences(jarOf(artifact)) : Origins.licence(artifact));
    json.writeStringField("purl", artifact.purl());
    if (isNatives(artifact)) {
      json.writeArrayFieldStart("components");
      for (Entry entry : jarOf(artifact).libraries()) {
        library(json, artifact.classifier(), entry);
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  /** Returns the licences of all libraries in a jar, which hold side by side. */
  private static String licences(NativesJar jar) {
    var licences = new TreeSet<String>();
    for (Entry entry : jar.libraries()) {
      Library library = Origins.library(entry.file());
      licences.add(library.licence());
      library.contains().forEach(part -> licences.add(part.licence()));
    }
    return String.join(" AND ", licences);
  }

  private NativesJar jarOf(Artifact artifact) {
    NativesJar jar = natives.get(artifact.classifier());
    if (jar == null) {
      throw new IllegalStateException("sbom: " + artifact.purl() + " was not read");
    }
    return jar;
  }

  private void library(JsonGenerator json, String platform, Entry entry) throws IOException {
    Library library = Origins.library(entry.file());
    String version = version(library, entry);
    json.writeStartObject();
    json.writeStringField("type", "library");
    json.writeStringField("bom-ref", reference(platform, entry));
    named(json, library, version);
    hash(json, entry.sha256());
    licence(json, library.licence());
    json.writeStringField("purl", purl(library, version));
    json.writeObjectFieldStart("pedigree");
    json.writeArrayFieldStart("ancestors");
    ancestor(json, platform, entry);
    json.writeEndArray();
    json.writeEndObject();
    if (!library.contains().isEmpty()) {
      json.writeArrayFieldStart("components");
      for (Library part : library.contains()) {
        json.writeStartObject();
        json.writeStringField("type", "library");
        json.writeStringField("bom-ref", reference(platform, entry) + "/" + part.name());
        named(json, part, part.version());
        licence(json, part.licence());
        json.writeStringField("purl", purl(part, part.version()));
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    json.writeArrayFieldStart("properties");
    property(json, "gatun:file", entry.file());
    property(json, "gatun:bytes", Long.toString(entry.bytes()));
    json.writeEndArray();
    json.writeEndObject();
  }

  /**
   * Writes the artifact that a library was taken from, with the checksum that the build verified.
   */
  private void ancestor(JsonGenerator json, String platform, Entry entry) throws IOException {
    String sha256 = pinned.get(entry.component() + "/" + platform);
    if (sha256 == null) {
      throw new IllegalStateException(
          "sbom: natives.xml pins no artifact of %s for %s".formatted(entry.component(), platform));
    }
    String name = entry.component().equals("onednn") ? "dnnl" : entry.component();
    var artifact = new Artifact("org.bytedeco", name, entry.packageVersion(), platform);
    json.writeStartObject();
    json.writeStringField("type", "library");
    json.writeStringField("group", artifact.group());
    json.writeStringField("name", artifact.name());
    json.writeStringField("version", artifact.version());
    hash(json, sha256);
    json.writeStringField("purl", artifact.purl());
    json.writeEndObject();
  }

  private static void named(JsonGenerator json, Library library, String version)
      throws IOException {
    json.writeStringField("name", library.name());
    if (!version.isEmpty()) {
      json.writeStringField("version", version);
    }
  }

  private static String version(Library library, Entry entry) {
    return library.version().isEmpty()
        ? entry.packageVersion().replaceAll("-.*", "")
        : library.version();
  }

  private static String purl(Library library, String version) {
    String at = version.isEmpty() ? "" : "@" + version;
    return "pkg:github/" + library.repository().toLowerCase(Locale.ROOT) + at;
  }

  private static String reference(String platform, Entry entry) {
    return platform + "/" + entry.file();
  }

  private void graph(JsonGenerator json, Artifact self) throws IOException {
    SortedMap<String, SortedSet<String>> graph = new TreeMap<>();
    var roots = new TreeSet<String>();
    var platforms = new TreeSet<String>();
    for (Artifact artifact : dependencies.needs().keySet()) {
      if (isNatives(artifact)) {
        platforms.add(artifact.purl());
      } else if (artifact.group().equals(GROUP) && !artifact.equals(self)) {
        roots.add(artifact.purl());
      }
    }
    graph.put(new Artifact(GROUP, "gatun-parent", self.version(), "").purl(), roots);
    dependencies
        .needs()
        .forEach(
            (artifact, needs) -> {
              if (!artifact.equals(self)) {
                var purls = new TreeSet<String>();
                // Which of the natives is needed depends on the platform that Maven runs on.
                boolean any = needs.stream().anyMatch(Sbom::isNatives);
                needs.stream()
                    .filter(need -> !isNatives(need))
                    .forEach(need -> purls.add(need.purl()));
                purls.addAll(any ? platforms : List.of());
                graph.put(artifact.purl(), purls);
              }
            });
    natives.forEach((platform, jar) -> libraries(platform, jar, graph));
    for (Map.Entry<String, SortedSet<String>> line : graph.entrySet()) {
      json.writeStartObject();
      json.writeStringField("ref", line.getKey());
      json.writeArrayFieldStart("dependsOn");
      for (String need : line.getValue()) {
        json.writeString(need);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  /** Adds that a natives jar needs its libraries, and each what is loaded before it for it. */
  private void libraries(
      String platform, NativesJar jar, SortedMap<String, SortedSet<String>> graph) {
    var all = new TreeSet<String>();
    Map<String, List<String>> before = new TreeMap<>();
    for (Entry entry : jar.libraries()) {
      String reference = reference(platform, entry);
      List<String> earlier = before.computeIfAbsent(entry.component(), _ -> new ArrayList<>());
      graph.put(reference, new TreeSet<>(earlier));
      earlier.add(reference);
      all.add(reference);
    }
    for (Artifact artifact : dependencies.needs().keySet()) {
      if (isNatives(artifact) && artifact.classifier().equals(platform)) {
        graph.put(artifact.purl(), all);
      }
    }
  }

  private static void hash(JsonGenerator json, String sha256) throws IOException {
    json.writeArrayFieldStart("hashes");
    json.writeStartObject();
    json.writeStringField("alg", "SHA-256");
    json.writeStringField("content", sha256);
    json.writeEndObject();
    json.writeEndArray();
  }

  private static void licence(JsonGenerator json, String expression) throws IOException {
    json.writeArrayFieldStart("licenses");
    json.writeStartObject();
    json.writeStringField("expression", expression);
    json.writeEndObject();
    json.writeEndArray();
  }

  private static void property(JsonGenerator json, String name, String value) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", name);
    json.writeStringField("value", value);
    json.writeEndObject();
  }

  private Path jar(Artifact artifact) {
    return classPath.stream()
        .filter(path -> path.endsWith(artifact.file()))
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException("sbom: no " + artifact.file() + " on the class path"));
  }

  static String sha256(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
