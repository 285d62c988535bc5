package org.gatun.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.gatun.cli.operators.Operator;
import org.gatun.cli.operators.OperatorTable;
import org.gatun.runtime.Engine;
import org.gatun.runtime.Libraries;
import org.gatun.runtime.NativeBackend;
import org.gatun.testkit.cases.Cases;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The table of operators. */
@Command(
    name = "operators",
    description = {
      "List every operator: dtypes, who computes it, by which kernel, its cases, and the worst"
          + " error that this machine makes on them.",
      "",
      "The table is Markdown, made of the operators, kernels and cases that there are."
    })
final class OperatorsCommand implements Callable<Integer> {
  private static final String BEGIN = "<!-- operators: written by scripts/gatun operators -->";
  private static final String END = "<!-- operators: end -->";

  @Spec private CommandSpec spec;
  @Mixin private CaseOptions cases;

  @Option(
      names = "--write",
      paramLabel = "FILE",
      description = "Replace the table in FILE, between the lines that mark it, instead.")
  private @Nullable Path write;

  /** Made by picocli. */
  OperatorsCommand() {}

  @Override
  public Integer call() throws IOException {
    List<Operator> operators = Operator.of(cases.apply(Cases.all()));
    String before = write == null ? null : read(write);
    PrintWriter out = spec.commandLine().getOut();
    Libraries.report(); // Where they cannot be loaded one error says so, not one per operator.
    List<OperatorTable.Line> lines = new ArrayList<>();
    try (Engine engine = Engine.of(NativeBackend.create());
        Progress progress =
            Progress.start(spec.commandLine().getErr(), "operators", operators.size())) {
      for (Operator operator : operators) {
        progress.begin(operator.name());
        OperatorTable.Line line = OperatorTable.line(operator, engine);
        lines.add(line);
        progress.end(operator.name() + ": " + line.worst());
      }
    }
    String table = OperatorTable.markdown(lines);
    if (write != null && before != null) {
      Files.writeString(write, replaced(before, table));
    } else {
      out.print(table);
    }
    out.flush();
    return lines.stream().allMatch(OperatorTable.Line::passed) ? 0 : 1;
  }

  private String read(Path file) throws IOException {
    OutputFile.check(spec, "--write", file);
    String text = Files.exists(file) ? Files.readString(file) : "";
    int begin = text.indexOf(BEGIN);
    if (begin < 0 || text.indexOf(END, begin) < 0) {
      throw new ParameterException(
          spec.commandLine(),
          "--write " + file + ": expected a file with the lines '" + BEGIN + "' and '" + END + "'");
    }
    return text;
  }

  private static String replaced(String text, String table) {
    int begin = text.indexOf(BEGIN) + BEGIN.length();
    return text.substring(0, begin) + "\n" + table + text.substring(text.indexOf(END, begin));
  }
}
