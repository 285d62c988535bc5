package org.gatun.cli.operators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.gatun.onnx.operator.Exclusions;
import org.gatun.onnx.operator.OperatorTable;
import org.gatun.onnx.pass.Pass;
import org.gatun.onnx.pass.Passes;
import org.junit.jupiter.api.Test;

/** The table says what there is, in the README too. */
class OnnxTableTest {
  @Test
  void everyOperatorExclusionAndRewriteHasALine() {
    String table = OnnxTable.markdown();

    OperatorTable.get()
        .all()
        .forEach(operator -> assertTrue(table.contains("| " + operator.name() + " | ")));
    Exclusions.all().forEach((name, reason) -> assertTrue(table.contains(name), name));
    for (Pass pass : Passes.all()) {
      assertTrue(table.contains("| " + pass.name() + " | " + pass.description() + " |"));
    }
  }

  @Test
  void theReadmeHasTheTable() throws IOException {
    String readme = Files.readString(readme());
    int begin = readme.indexOf("<!-- onnx operators: written");
    int end = readme.indexOf("<!-- onnx operators: end", begin);
    assertTrue(0 < begin && begin < end, "the README has the lines that mark the table");
    assertEquals(
        OnnxTable.markdown().strip(),
        readme.substring(readme.indexOf('\n', begin), end).strip(),
        "scripts/gatun operators --onnx --write README.md brings the README up to date");
  }

  private static Path readme() {
    Path here = Path.of("").toAbsolutePath();
    return Stream.iterate(here, folder -> folder != null, Path::getParent)
        .map(folder -> folder.resolve("README.md"))
        .filter(Files::exists)
        .findFirst()
        .orElseThrow();
  }
}
