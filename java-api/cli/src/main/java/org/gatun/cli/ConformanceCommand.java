package org.gatun.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.gatun.kernel.Library;
import org.gatun.reference.ReferenceBackend;
import org.gatun.runtime.Backend;
import org.gatun.runtime.Engine;
import org.gatun.runtime.Libraries;
import org.gatun.runtime.NativeBackend;
import org.gatun.runtime.VectorSupport;
import org.gatun.testkit.torch.ConformanceReport;
import org.gatun.testkit.torch.TorchConformance;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Gatun against what others say the results are. */
@Command(
    name = "conformance",
    description = "Check Gatun against the samples of another library.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {OnnxConformanceCommand.class, ConformanceCommand.Torch.class})
final class ConformanceCommand implements Runnable {
  @Spec private CommandSpec spec;

  /** Made by picocli. */
  ConformanceCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a library is missing: onnx or torch");
  }

  /** Who computes the samples. */
  enum Computes {
    NATIVE,
    JAVA,
    REFERENCE;

    Backend backend() {
      return switch (this) {
        case NATIVE -> NativeBackend.create();
        case JAVA -> NativeBackend.of(EnumSet.of(Library.JAVA), VectorSupport.isAvailable());
        case REFERENCE -> new ReferenceBackend();
      };
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** PyTorch's own operator samples. */
  @Command(
      name = "torch",
      description = {
        "Run PyTorch's operator samples (OpInfo), and compare with the results that PyTorch gave.",
        "",
        "Samples of operators that Gatun does not have are skipped, and the reasons are listed."
      },
      footer = {"", "The last line is: N passed, N failed, N skipped."})
  static final class Torch implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(
        paramLabel = "PATH",
        description =
            "A zip file or a folder with a manifest.json and its tensors, or a folder of these.")
    private Path path;

    @Option(
        names = "--json",
        paramLabel = "FILE",
        description = "Write how each sample went to FILE as JSON too.")
    private @Nullable Path json;

    @Option(
        names = "--backend",
        paramLabel = "NAME",
        defaultValue = "native",
        description = "Who computes: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Computes computes;

    /** Made by picocli. */
    Torch() {}

    @Override
    public Integer call() throws IOException {
      PrintWriter out = spec.commandLine().getOut();
      if (!Files.exists(path)) {
        throw new ParameterException(
            spec.commandLine(), path + ": no such file; expected a zip file or folder of samples");
      }
      OutputFile.check(spec, "--json", json);
      ConformanceReport report;
      if (computes != Computes.REFERENCE) {
        Libraries.report(); // Where they cannot be loaded one error says so, not one per sample.
      }
      try (Engine engine = Engine.of(computes.backend())) {
        report = TorchConformance.run(path, engine);
      } catch (NoSuchFileException e) {
        throw new ParameterException(
            spec.commandLine(), path + ": no samples there: " + e.getMessage(), e);
      }
      if (json != null) {
        Files.writeString(json, report.toJson(), StandardCharsets.UTF_8);
      }
      out.print(report.toText());
      out.flush();
      return report.with(ConformanceReport.Status.FAILED).isEmpty() ? 0 : 1;
    }
  }
}
