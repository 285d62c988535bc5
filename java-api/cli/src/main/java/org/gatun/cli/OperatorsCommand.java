package org.gatun.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.gatun.cli.operators.OnnxTable;
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
  private static final MarkedBlock BLOCK = MarkedBlock.of("operators", "operators");
  private static final MarkedBlock ONNX_BLOCK =
      MarkedBlock.of("onnx operators", "operators --onnx");

  @Spec private CommandSpec spec;
  @Mixin private CaseOptions cases;

  @Option(
      names = "--write",
      paramLabel = "FILE",
      description = "Replace the table in FILE, between the lines that mark it, instead.")
  private @Nullable Path write;

  @Option(
      names = "--onnx",
      description =
          "List ONNX's operators instead, with the opsets from which they differ, those that are"
              + " left out, with reasons, and the rewrites of graphs.")
  private boolean onnx;

  /** Made by picocli. */
  OperatorsCommand() {}

  @Override
  public Integer call() throws IOException {
    if (onnx) {
      return onnx();
    }
    List<Operator> operators = Operator.of(cases.apply(Cases.all()));
    String before = write == null ? null : BLOCK.check(spec, write);
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
      Files.writeString(write, BLOCK.replaced(before, table));
    } else {
      out.print(table);
    }
    out.flush();
    return lines.stream().allMatch(OperatorTable.Line::passed) ? 0 : 1;
  }

  private int onnx() throws IOException {
    String table = OnnxTable.markdown();
    if (write == null) {
      spec.commandLine().getOut().print(table);
      spec.commandLine().getOut().flush();
    } else {
      Files.writeString(write, ONNX_BLOCK.replaced(ONNX_BLOCK.check(spec, write), table));
    }
    return 0;
  }
}
