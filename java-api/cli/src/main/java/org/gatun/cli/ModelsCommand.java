package org.gatun.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.gatun.Precision;
import org.gatun.cli.model.InputException;
import org.gatun.cli.model.ModelTable;
import org.gatun.cli.model.PrecisionTable;
import org.gatun.onnx.OnnxException;
import org.gatun.runtime.Engine;
import org.gatun.runtime.Libraries;
import org.gatun.runtime.NativeBackend;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The table of models. */
@Command(
    name = "models",
    description = {
      "Run each ONNX model of a folder on made-up inputs, and list how long it takes.",
      "",
      "The tests in tests/conformance leave such a folder, target/models, with the models that they"
          + " compared with ONNX Runtime, and the largest difference that they saw."
    })
final class ModelsCommand implements Callable<Integer> {
  private static final MarkedBlock BLOCK = MarkedBlock.of("models", "models");

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FOLDER",
      defaultValue = "tests/conformance/target/models",
      description = "Where the models lie: NAME/model.onnx. Default: ${DEFAULT-VALUE}.")
  private Path folder;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      defaultValue = "20",
      description = "Take the median of N runs after the first. Default: ${DEFAULT-VALUE}.")
  private int repeat;

  @Option(
      names = "--precision",
      paramLabel = "P",
      defaultValue = "f32",
      description = {
        "bf16: compare each model in bf16 with the model as it is, in time and in what it gives.",
        "Default: ${DEFAULT-VALUE}."
      })
  private String precision;

  @Option(
      names = "--write",
      paramLabel = "FILE",
      description = "Replace the table in FILE, between the lines that mark it, instead.")
  private @Nullable Path write;

  /** Made by picocli. */
  ModelsCommand() {}

  @Override
  public Integer call() throws IOException {
    if (repeat < 1) {
      throw rejected("--repeat " + repeat + ": expected 1 or more");
    }
    boolean compares = ModelOptions.precision(spec, precision) == Precision.BF16;
    if (compares && write != null) {
      throw rejected("--write is for the table of --precision f32");
    }
    String before = write == null ? null : BLOCK.check(spec, write);
    List<ModelTable.Entry> models = Files.isDirectory(folder) ? ModelTable.find(folder) : List.of();
    if (models.isEmpty()) {
      throw rejected(folder + ": no NAME/model.onnx there; expected a folder of models");
    }
    Libraries.report();
    List<String> failures = new ArrayList<>();
    StringBuilder table = new StringBuilder(compares ? PrecisionTable.head() : ModelTable.head());
    try (Engine engine = Engine.of(NativeBackend.create());
        Progress progress = Progress.start(spec.commandLine().getErr(), "models", models.size())) {
      for (ModelTable.Entry model : models) {
        progress.begin(model.name());
        try {
          String line =
              compares
                  ? PrecisionTable.line(model, repeat, engine)
                  : ModelTable.line(model, repeat, engine);
          table.append(line);
          progress.end(line.strip());
        } catch (OnnxException | InputException e) {
          failures.add(model.name() + ": " + e.getMessage());
          progress.end(failures.getLast());
        }
      }
    }
    if (!failures.isEmpty()) {
      failures.forEach(failure -> spec.commandLine().getErr().println("models: " + failure));
      return 1;
    }
    if (write != null && before != null) {
      Files.writeString(write, BLOCK.replaced(before, table.toString()));
    } else {
      PrintWriter out = spec.commandLine().getOut();
      out.print(table);
      out.flush();
    }
    return 0;
  }

  private ParameterException rejected(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
