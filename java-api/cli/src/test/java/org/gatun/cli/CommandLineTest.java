package org.gatun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What users type, what they read and which exit code they get. */
class CommandLineTest {
  private record Said(int exitCode, String out, String err) {}

  private static Said run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        GatunCommand.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err, true));
    int exitCode = line.execute(arguments);
    line.getOut().flush();
    return new Said(exitCode, out.toString(), err.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "aot --help",
        "bench --help",
        "verify --help",
        "info --help",
        "conformance --help",
        "conformance onnx --help",
        "conformance torch --help",
        "graph --help",
        "models --help",
        "operators --help",
        "plot --help",
        "plot activations --help",
        "run --help"
      })
  void everyCommandExplainsItself(String command) {
    Said said = run(command.split(" "));

    assertEquals(0, said.exitCode());
    assertTrue(said.out().startsWith("Usage: gatun"), said.out());
    assertTrue(said.out().contains("Exit code:"), said.out());
  }

  @Test
  void aStartIsRunToBeRecorded() {
    Said said = run("aot");

    assertEquals(0, said.exitCode(), said.err());
    assertEquals("recorded", said.out().strip());
  }

  @Test
  void theVersionIsTheBuilds() {
    Said said = run("--version");

    assertEquals(0, said.exitCode());
    assertTrue(said.out().matches("(?s)gatun \\d+\\.\\d+\\.\\d+.*JDK \\d+.*"), said.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bench --ops nothing-has-this-name | no case is named by the pattern; there are cases of
          bench --threads 0                 | --threads 0: expected 1 to 1024
          bench --threads many              | 'many' is not an int
          bench --seconds -1                | --seconds -1.0: expected more than 0
          bench --html no/such/folder/a     | does not exist
          bench --json .                    | expected a file that can be written
          verify --ops ,                    | no case is named
          conformance                       | a library is missing: onnx or torch
          conformance torch                 | PATH
          conformance torch no-such-path    | no such file
          conformance torch . --backend gpu | expected one of
          plot                              | what to draw is missing
          plot activations                  | --html
          plot activations --html no/a.html | does not exist
          solve                             | gatun
          ''                                | a command is missing
          """)
  void aWrongCommandLineIsExplainedInALineOrTwo(String command, String expected) {
    Said said = run(command.isEmpty() ? new String[0] : command.split(" "));

    assertEquals(2, said.exitCode());
    assertTrue(said.err().contains(expected), said.err());
    assertFalse(said.err().contains("\tat "), said.err());
    assertTrue(said.err().lines().count() <= 3, said.err());
    assertEquals("", said.out());
  }

  @Test
  void benchVerifiesMeasuresAndWritesThreeReports(@TempDir Path folder) throws Exception {
    Path json = folder.resolve("bench.json");
    Path html = folder.resolve("bench.html");

    Said said =
        run(
            "bench --ops matmul/8x8 --seconds 0.01 --json %s --html %s"
                .formatted(json, html)
                .split(" "));

    assertEquals(0, said.exitCode(), said.err());
    assertTrue(said.out().contains("matmul/8x8"), said.out());
    assertTrue(said.out().contains(", 0 wrong"), said.out());
    assertTrue(said.err().contains("[1/1] matmul/8x8: native "), said.err());
    assertTrue(Files.readString(json).contains("\"case\" : \"matmul/8x8\""));
    assertTrue(Files.readString(html).contains("<h1>Native operators run"));
  }

  @Test
  void verifyClosesWithTheCounts() {
    Said said = run("verify", "--ops", "matmul/8x8,matmul/single");

    assertEquals(0, said.exitCode(), said.out());
    assertTrue(said.out().strip().matches("[1-9]\\d* passed, 0 failed"), said.out());
  }

  @Test
  void conformanceNeedsSamples(@TempDir Path empty) {
    Said said = run("conformance", "torch", empty.toString());

    assertEquals(2, said.exitCode());
    assertTrue(said.err().contains("no samples there"), said.err());
  }

  @Test
  void infoNamesTheLibraries() {
    Said said = run("info");

    assertEquals(0, said.exitCode());
    for (String part :
        new String[] {
          "oneDNN", "OpenBLAS", "Vector API", "Memory pool", "Threads", "Environment"
        }) {
      assertTrue(said.out().contains(part), part + " in " + said.out());
    }
  }
}
