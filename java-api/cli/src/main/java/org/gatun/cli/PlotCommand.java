package org.gatun.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.gatun.cli.plot.ActivationPage;
import org.gatun.runtime.Libraries;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Functions drawn as web pages. */
@Command(
    name = "plot",
    description = "Draw functions as a web page.",
    synopsisSubcommandLabel = "WHAT",
    subcommands = PlotCommand.OfActivations.class,
    commandListHeading = "%nWhat:%n")
final class PlotCommand implements Runnable {
  @Spec private CommandSpec spec;

  /** Made by picocli. */
  PlotCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "what to draw is missing");
  }

  /** The activations and their derivatives. */
  @Command(
      name = "activations",
      description =
          "Draw each activation and its derivative, with formula, use, and values at the pointer,"
              + " as the operators compute them.")
  static final class OfActivations implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
        names = "--html",
        paramLabel = "FILE",
        required = true,
        description = "The page to write; it needs no other file.")
    private Path html;

    /** Made by picocli. */
    OfActivations() {}

    @Override
    public Integer call() throws IOException {
      OutputFile.check(spec, "--html", html);
      Libraries.report(); // Where they cannot be loaded the error says so.
      Files.writeString(html, ActivationPage.create(), StandardCharsets.UTF_8);
      spec.commandLine().getOut().println("Wrote " + html);
      spec.commandLine().getOut().flush();
      return 0;
    }
  }
}
