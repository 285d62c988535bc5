package org.gatun.conformance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows of ONNX models compiles. */
class ReadmeTest {
  @Test
  void theModelInTenLinesCompiles(@TempDir Path folder) throws IOException {
    String readme = Files.readString(readme());
    int begin =
        readme.indexOf("```java\n", readme.indexOf("## ONNX models")) + "```java\n".length();
    Path source = folder.resolve("RunModel.java");
    Files.writeString(source, readme.substring(begin, readme.indexOf("```", begin)));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      boolean compiled =
          compiler
              .getTask(
                  said,
                  files,
                  null,
                  List.of("-d", folder.toString(), "-cp", System.getProperty("java.class.path")),
                  null,
                  files.getJavaFileObjects(source))
              .call();
      assertTrue(compiled, said::toString);
    }
  }

  private static Path readme() {
    return Stream.iterate(Path.of("").toAbsolutePath(), folder -> folder != null, Path::getParent)
        .map(folder -> folder.resolve("README.md"))
        .filter(Files::exists)
        .findFirst()
        .orElseThrow();
  }
}
