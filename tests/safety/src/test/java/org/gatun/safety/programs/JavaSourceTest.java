package org.gatun.safety.programs;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is printed of a program that fails can be pasted into a test. */
class JavaSourceTest {
  private static final int PROGRAMS = 25;

  @TempDir Path folder;

  @Test
  void sourceCompiles() throws IOException {
    StringBuilder source =
        new StringBuilder(
            """
            package org.gatun.safety.programs;
            import java.util.*;
            import org.gatun.*;
            import org.gatun.op.*;
            import org.gatun.runtime.*;
            class Printed {
            """);
    for (int seed = 0; seed < PROGRAMS; seed++) {
      source
          .append("void program" + seed + "() {\n")
          .append(ProgramGenerator.draw(seed))
          .append("}\n");
    }
    source.append("}\n");
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    boolean compiled =
        compiler
            .getTask(
                messages,
                null,
                null,
                List.of("-nowarn", "-d", folder.toString(), "-classpath", path),
                null,
                List.of(new Source(source.toString())))
            .call();
    assertTrue(compiled, () -> messages.toString() + source);
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String text) {
      super(URI.create("string:///Printed.java"), JavaFileObject.Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
