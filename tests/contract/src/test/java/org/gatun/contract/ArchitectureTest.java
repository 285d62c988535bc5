package org.gatun.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.gatun.Tensor;
import org.gatun.onnx.OnnxModel;
import org.gatun.reference.Reference;
import org.junit.jupiter.api.Test;

/**
 * Which package uses which, read from the class files: what the descriptions of the packages allow
 * and no more.
 */
class ArchitectureTest {
  private static final String CORE = "org.gatun";
  private static final String OP = CORE + ".op";
  private static final String KERNEL = CORE + ".kernel";
  private static final String RUNTIME = CORE + ".runtime";
  private static final String BINDINGS = CORE + ".bindings";
  private static final String NN = CORE + ".nn";
  private static final String ONNX = CORE + ".onnx";
  private static final String MODEL = ONNX + ".model";
  private static final String FORMAT = ONNX + ".format";
  private static final String OPERATOR = ONNX + ".operator";
  private static final String PASS = ONNX + ".pass";
  private static final String SESSION = ONNX + ".session";

  /** For each package those that it may use, beside itself. */
  private static final Map<String, Set<String>> ALLOWED =
      Map.ofEntries(
          Map.entry(CORE, Set.of(OP, KERNEL, RUNTIME)),
          Map.entry(CORE + ".io", Set.of(CORE, OP, RUNTIME)),
          Map.entry(OP, Set.of(CORE)),
          Map.entry(KERNEL, Set.of(CORE, OP)),
          Map.entry(KERNEL + ".java", Set.of(CORE, OP, KERNEL)),
          // oneDNN runs on OpenMP's threads, and takes their number from there.
          Map.entry(
              KERNEL + ".onednn",
              Set.of(CORE, OP, KERNEL, BINDINGS, BINDINGS + ".onednn", BINDINGS + ".openmp")),
          Map.entry(
              KERNEL + ".openblas", Set.of(CORE, OP, KERNEL, BINDINGS, BINDINGS + ".openblas")),
          Map.entry(KERNEL + ".openmp", Set.of(CORE, KERNEL, BINDINGS, BINDINGS + ".openmp")),
          Map.entry(
              RUNTIME,
              Set.of(
                  CORE,
                  OP,
                  KERNEL,
                  KERNEL + ".java",
                  KERNEL + ".onednn",
                  KERNEL + ".openblas",
                  KERNEL + ".openmp",
                  BINDINGS)),
          Map.entry(NN, Set.of(CORE, OP, RUNTIME)),
          Map.entry(CORE + ".reference", Set.of(CORE, OP, KERNEL, RUNTIME)),
          Map.entry(ONNX, Set.of(CORE, RUNTIME, MODEL, FORMAT, PASS, SESSION)),
          Map.entry(MODEL, Set.of(CORE)),
          Map.entry(FORMAT, Set.of(CORE, ONNX, MODEL, OPERATOR)),
          Map.entry(OPERATOR, Set.of(CORE, OP, NN, RUNTIME, ONNX, MODEL)),
          Map.entry(PASS, Set.of(CORE, ONNX, MODEL, OPERATOR)),
          Map.entry(SESSION, Set.of(CORE, OP, RUNTIME, ONNX, MODEL, OPERATOR)));

  /**
   * Where only some classes of a package may use another: used package, user's package, classes.
   */
  private record Narrowed(String from, String to, Set<String> classes) {}

  /** What makes tensors by operators: Tensor, its methods by family, and what they stand on. */
  private static final Set<String> DOORS =
      Set.of(
          "ContractionOperators",
          "Generator",
          "IndexingOperators",
          "Joins",
          "OrderingOperators",
          "PointwiseOperators",
          "PointwiseRun",
          "Promotion",
          "ReductionOperators",
          "ScanOperators",
          "Selection",
          "ShapeOperators",
          "SplitOperators",
          "Tensor",
          "ViewOperators");

  private static final List<Narrowed> NARROWED =
      List.of(
          // The one arrow back: a method of a tensor is a call of the engine.
          new Narrowed(CORE, RUNTIME, withPool(DOORS)),
          new Narrowed(CORE, OP, DOORS),
          new Narrowed(RUNTIME, KERNEL + ".java", Set.of("KernelTable")),
          new Narrowed(
              RUNTIME,
              KERNEL + ".onednn",
              Set.of("KernelTable", "Libraries", "NativeBackend", "NativeHandles")),
          new Narrowed(
              RUNTIME, KERNEL + ".openblas", Set.of("KernelTable", "Libraries", "NativeBackend")),
          new Narrowed(RUNTIME, KERNEL + ".openmp", Set.of("Crowding", "NativeBackend")),
          new Narrowed(RUNTIME, BINDINGS, Set.of("Libraries", "NativeBackend")),
          new Narrowed(CORE + ".reference", KERNEL, Set.of("ReferenceBackend")),
          new Narrowed(CORE + ".reference", RUNTIME, Set.of("ReferenceBackend")),
          // A file's tensors become values as the constants of a graph do.
          new Narrowed(FORMAT, OPERATOR, Set.of("ValueReader")),
          // Folding runs operators; the other passes know nodes by their names.
          new Narrowed(PASS, OPERATOR, Set.of("ConstantData", "FoldConstants")));

  /** Adds what takes memory of the pool without being a tensor. */
  private static Set<String> withPool(Set<String> doors) {
    Set<String> all = new TreeSet<>(doors);
    all.add("FileMapping");
    all.add("HeldMemory");
    all.add("Storage");
    return all;
  }

  /** What the packages of ONNX beneath the first one know of it: what they take, give and throw. */
  private static final Set<String> ONNX_VALUES = Set.of("NodeListener", "OnnxException", "Value");

  private static final Pattern IN_DESCRIPTOR = Pattern.compile("L(org/gatun/[\\w/$]+)[;<]");

  @Test
  void packagesUseWhatTheyMay() throws IOException, URISyntaxException {
    Set<String> violations = new TreeSet<>();
    Set<String> packages = new TreeSet<>();
    for (Class<?> inside : List.of(Tensor.class, Reference.class, OnnxModel.class)) {
      for (ClassModel model : classes(inside)) {
        String user = model.thisClass().asInternalName().replace('/', '.');
        packages.add(packageOf(user));
        for (String used : usedBy(model)) {
          if (!isAllowed(user, used)) {
            violations.add(user + " uses " + used);
          }
        }
      }
    }
    assertEquals(Set.of(), violations);
    assertTrue(packages.containsAll(ALLOWED.keySet()));
  }

  private static boolean isAllowed(String user, String used) {
    String from = packageOf(user);
    String to = packageOf(used);
    if (from.equals(to)) {
      return true;
    }
    Set<String> allowed = ALLOWED.get(from);
    if (allowed == null || !allowed.contains(to)) {
      return false;
    }
    if (to.equals(ONNX) && !ONNX_VALUES.contains(outermost(used))) {
      return false;
    }
    return NARROWED.stream()
        .filter(rule -> rule.from().equals(from) && rule.to().equals(to))
        .allMatch(rule -> rule.classes().contains(outermost(user)));
  }

  /** The simple name of a class, or of the one that it is nested in. */
  private static String outermost(String name) {
    return name.substring(name.lastIndexOf('.') + 1).replaceAll("\\$.*", "");
  }

  private static String packageOf(String name) {
    return name.substring(0, name.lastIndexOf('.'));
  }

  /** The classes of Gatun that a class names, in code, descriptors, signatures or annotations. */
  private static Set<String> usedBy(ClassModel model) {
    Set<String> used = new TreeSet<>();
    for (PoolEntry entry : model.constantPool()) {
      if (entry instanceof ClassEntry type && type.asInternalName().startsWith("org/gatun/")) {
        used.add(type.asInternalName().replace('/', '.'));
      } else if (entry instanceof Utf8Entry text) {
        Matcher matcher = IN_DESCRIPTOR.matcher(text.stringValue());
        while (matcher.find()) {
          used.add(matcher.group(1).replace('/', '.'));
        }
      }
    }
    return used;
  }

  /** The classes that lie where this one does: in a folder or a jar. */
  private static List<ClassModel> classes(Class<?> inside) throws IOException, URISyntaxException {
    Path place = Path.of(inside.getProtectionDomain().getCodeSource().getLocation().toURI());
    if (Files.isDirectory(place)) {
      return classes(place);
    }
    try (FileSystem jar = FileSystems.newFileSystem(place)) {
      return classes(jar.getPath("/"));
    }
  }

  private static List<ClassModel> classes(Path root) throws IOException {
    List<ClassModel> models = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(x -> x.toString().endsWith(".class")).toList()) {
        String name = file.getFileName().toString();
        if (!name.equals("module-info.class") && !name.equals("package-info.class")) {
          models.add(ClassFile.of().parse(Files.readAllBytes(file)));
        }
      }
    }
    return models;
  }
}
