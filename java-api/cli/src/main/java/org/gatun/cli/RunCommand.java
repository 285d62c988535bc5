package org.gatun.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.cli.model.InputException;
import org.gatun.cli.model.ModelRun;
import org.gatun.cli.model.RunResult;
import org.gatun.cli.model.TimedBackend;
import org.gatun.io.Npy;
import org.gatun.onnx.Value;
import org.gatun.runtime.Engine;
import org.gatun.runtime.Libraries;
import org.gatun.runtime.Threads;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs an ONNX model. */
@Command(
    name = "run",
    description = "Run an ONNX model, and tell its outputs and how long it took.",
    footer = {
      "",
      "Examples:",
      "  gatun run resnet50.onnx --repeat 20 --profile",
      "  gatun run resnet50.onnx --input cat.png --mean 0.485,0.456,0.406 --std 0.229,0.224,0.225",
      "  gatun run bert.onnx --input input_ids=ids.npy --dim batch=1 --output results"
    })
final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ModelOptions model;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Write each output to DIR/NAME.npy.")
  private @Nullable Path output;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = {
        "Run operators on N threads.",
        "Default: OMP_NUM_THREADS, else the processors of this machine or container."
      })
  private @Nullable Integer threads;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      defaultValue = "0",
      description = "Run it N times more, and tell the median.")
  private int repeat;

  @Option(
      names = "--profile",
      description =
          "Tell the time of each kind of operator, of the slowest nodes, and of each kernel.")
  private boolean profile;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      defaultValue = "native",
      description = "Who computes: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private ConformanceCommand.Computes computes;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write everything to FILE as JSON too.")
  private @Nullable Path json;

  /** Made by picocli. */
  RunCommand() {}

  @Override
  public Integer call() throws IOException {
    OutputFile.check(spec, "--json", json);
    if (repeat < 0) {
      throw model.rejected("--repeat " + repeat + ": expected 0 or more", null);
    }
    if (output != null && Files.exists(output) && !Files.isDirectory(output)) {
      throw model.rejected("--output " + output + ": expected a folder", null);
    }
    setThreads();
    if (computes != ConformanceCommand.Computes.REFERENCE) {
      Libraries.report();
    }
    TimedBackend timed = profile ? new TimedBackend(computes.backend()) : null;
    RunResult result;
    try (Engine engine = Engine.of(timed != null ? timed : computes.backend())) {
      result = run(engine, timed);
    }
    PrintWriter out = spec.commandLine().getOut();
    result.writeText(out);
    out.flush();
    if (json != null) {
      Files.writeString(json, result.toJson(), StandardCharsets.UTF_8);
    }
    return 0;
  }

  private void setThreads() {
    if (threads != null) {
      try {
        Threads.set(threads);
      } catch (IllegalArgumentException e) {
        throw model.rejected("--threads " + threads + ": expected 1 to 1024", e);
      }
    }
  }

  private RunResult run(Engine engine, @Nullable TimedBackend timed) throws IOException {
    model.checkFile();
    try {
      return ModelRun.of(
          model.file(),
          model.session(),
          model.inputs(),
          repeat,
          engine,
          timed,
          outputs -> write(output, outputs));
    } catch (InputException e) {
      throw model.rejected(String.valueOf(e.getMessage()), e);
    }
  }

  // Outputs.

  private static void write(@Nullable Path folder, Map<String, Value> outputs) throws IOException {
    if (folder == null) {
      return;
    }
    Files.createDirectories(folder);
    for (Map.Entry<String, Value> output : outputs.entrySet()) {
      write(folder, output.getKey().replaceAll("[^\\w.-]", "_"), output.getValue());
    }
  }

  private static void write(Path folder, String name, Value value) throws IOException {
    switch (value) {
      case Value.Dense(_, Tensor tensor) -> {
        // NumPy has no bf16.
        Tensor written = tensor.dtype() == DType.BF16 ? tensor.to(DType.F32) : tensor;
        Npy.write(folder.resolve(name + ".npy"), written);
      }
      case Value.Optional(Value inner) -> {
        if (inner != null) {
          write(folder, name, inner);
        }
      }
      case Value.Sequence(List<Value> elements) -> {
        for (int i = 0; i < elements.size(); i++) {
          write(folder, name + "." + i, elements.get(i));
        }
      }
    }
  }
}
