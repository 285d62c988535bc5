package org.gatun.sbom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The document that the build has just written, held to the jars themselves. */
class SbomTest {
  private static final Path TARGET = Path.of("target");
  private static String text;
  private static Map<String, Object> document;

  /** Every component, those inside others too, by its reference. */
  private static final Map<String, Map<String, Object>> COMPONENTS = new LinkedHashMap<>();

  @BeforeAll
  static void read() throws IOException {
    try (var files = Files.newDirectoryStream(TARGET, "gatun-*-cyclonedx.json")) {
      text = Files.readString(files.iterator().next());
    }
    try (JsonParser parser = new JsonFactory().createParser(text)) {
      parser.nextToken();
      document = object(value(parser));
    }
    list(document.get("components")).forEach(SbomTest::collect);
  }

  private static void collect(Object component) {
    Map<String, Object> fields = object(component);
    COMPONENTS.put((String) fields.get("bom-ref"), fields);
    list(fields.getOrDefault("components", List.of())).forEach(SbomTest::collect);
  }

  @Test
  void isACycloneDxDocumentWithoutWhatChanges() {
    assertEquals("CycloneDX", document.get("bomFormat"));
    assertEquals("1.6", document.get("specVersion"));
    assertFalse(document.containsKey("serialNumber"));
    assertEquals("2026-11-01T00:00:00Z", object(document.get("metadata")).get("timestamp"));
  }

  @Test
  void everyLibraryOfEveryNativesJarIsListed() throws Exception {
    int jars = 0;
    int libraries = 0;
    for (Path jar : classPath()) {
      if (!jar.getFileName().toString().startsWith("gatun-natives-")) {
        continue;
      }
      jars++;
      try (var zip = new ZipFile(jar.toFile())) {
        for (ZipEntry entry : zip.stream().toList()) {
          String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
          if (name.matches(".*\\.(so|dylib|dll)(\\..*)?")) {
            libraries++;
            String platform = entry.getName().split("/")[3];
            byte[] content = zip.getInputStream(entry).readAllBytes();
            String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
            Map<String, Object> component = COMPONENTS.get(platform + "/" + name);
            assertTrue(component != null, () -> "not listed: " + entry.getName());
            assertEquals(sha256, sha256(component), entry.getName());
            assertFalse(((String) component.get("version")).isEmpty(), entry.getName());
            assertFalse(licence(component).isEmpty(), entry.getName());
          }
        }
      }
    }
    assertEquals(4, jars);
    assertEquals(14, libraries);
  }

  @Test
  void theLibrariesHaveNamesVersionsAndLicences() {
    assertEquals(
        "oneDNN 3.11 Apache-2.0 pkg:github/uxlfoundation/onednn@3.11",
        line("linux-x86_64/libdnnl.so.3"));
    assertEquals(
        "OpenBLAS 0.3.31 BSD-3-Clause pkg:github/openmathlib/openblas@0.3.31",
        line("windows-x86_64/libopenblas.dll"));
    assertEquals(
        "libgomp 12 GPL-3.0-or-later WITH GCC-exception-3.1 pkg:github/gcc-mirror/gcc@12",
        line("linux-arm64/libgomp.so.1"));
    assertEquals(
        "libquadmath 12 LGPL-2.1-or-later pkg:github/gcc-mirror/gcc@12",
        line("linux-x86_64/libquadmath.so.0"));
    assertTrue(COMPONENTS.containsKey("windows-x86_64/libopenblas.dll/libgfortran"));
    String jar = "pkg:maven/org.gatun/gatun-natives@%s?classifier=linux-arm64&type=jar";
    String version =
        (String) object(object(document.get("metadata")).get("component")).get("version");
    assertEquals(
        "Apache-2.0 AND BSD-3-Clause AND GPL-3.0-or-later WITH GCC-exception-3.1",
        licence(COMPONENTS.get(jar.formatted(version))));
  }

  @Test
  void everyJarOfOthersIsListedWithItsChecksum() throws IOException {
    int jars = 0;
    for (Path jar : runtimeJarsOfOthers()) {
      String sha256 = Sbom.sha256(jar);
      assertTrue(
          COMPONENTS.values().stream().anyMatch(component -> sha256.equals(sha256(component))),
          () -> "not listed: " + jar);
      jars++;
    }
    assertTrue(jars >= 6, () -> "jars of others on the class path");
  }

  @Test
  void whateverIsReferredToIsThere() {
    List<Object> graph = list(document.get("dependencies"));
    List<String> referred = new ArrayList<>();
    for (Object line : graph) {
      referred.add((String) object(line).get("ref"));
      list(object(line).get("dependsOn")).forEach(need -> referred.add((String) need));
    }
    String self = (String) object(object(document.get("metadata")).get("component")).get("bom-ref");
    referred.removeIf(reference -> reference.equals(self));
    assertTrue(COMPONENTS.keySet().containsAll(referred), referred.toString());
    assertTrue(referred.contains("linux-x86_64/libgomp.so.1"));
    String bindings =
        graph.stream()
            .filter(line -> ((String) object(line).get("ref")).contains("gatun-bindings@"))
            .map(line -> object(line).get("dependsOn").toString())
            .findFirst()
            .orElseThrow();
    assertEquals(5, bindings.split("pkg:maven", -1).length - 1, bindings);
  }

  @Test
  void theSameIsWrittenAgain() throws IOException {
    String again =
        Sbom.write(
            Files.readAllLines(TARGET.resolve("dependencies.tgf")),
            Files.readString(Path.of("..", "natives.xml")),
            "2026-11-01T00:00:00Z",
            classPath());
    assertEquals(text, again);
  }

  @Test
  void whatNobodyKnowsFailsTheBuild() {
    var library =
        assertThrows(IllegalStateException.class, () -> Origins.library("libstranger.so"));
    assertEquals(
        "sbom: libstranger.so is in a natives jar, and Origins does not say what it is",
        library.getMessage());
    var artifact = new Dependencies.Artifact("com.stranger", "jar", "1", "");
    var licence = assertThrows(IllegalStateException.class, () -> Origins.licence(artifact));
    assertEquals(
        "sbom: pkg:maven/com.stranger/jar@1?type=jar is a dependency, and Origins does not say its"
            + " licence",
        licence.getMessage());
  }

  private static String line(String reference) {
    Map<String, Object> component = COMPONENTS.get(reference);
    return "%s %s %s %s"
        .formatted(
            component.get("name"),
            component.get("version"),
            licence(component),
            component.get("purl"));
  }

  private static String licence(Map<String, Object> component) {
    return (String) object(list(component.get("licenses")).getFirst()).get("expression");
  }

  private static String sha256(Map<String, Object> component) {
    List<Object> hashes = list(component.getOrDefault("hashes", List.of()));
    return hashes.isEmpty() ? "" : (String) object(hashes.getFirst()).get("content");
  }

  private static List<Path> classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .toList();
  }

  /** Returns the jars that are neither Gatun's nor there for this test. */
  private static List<Path> runtimeJarsOfOthers() {
    return classPath().stream()
        .filter(
            path -> {
              String name = path.getFileName().toString();
              return name.endsWith(".jar")
                  && !name.startsWith("gatun")
                  && !name.matches("(junit|opentest4j|apiguardian|surefire).*");
            })
        .toList();
  }

  private static Object value(JsonParser parser) throws IOException {
    switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, Object> fields = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          fields.put(name, value(parser));
        }
        return fields;
      }
      case START_ARRAY -> {
        List<Object> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          values.add(value(parser));
        }
        return values;
      }
      default -> {
        return parser.getText();
      }
    }
  }

  @SuppressWarnings("unchecked") // JSON has strings for names.
  private static Map<String, Object> object(Object value) {
    return (Map<String, Object>) value;
  }

  @SuppressWarnings("unchecked") // Any object will do.
  private static List<Object> list(Object value) {
    return (List<Object>) value;
  }
}
