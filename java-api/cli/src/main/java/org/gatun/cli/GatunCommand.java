package org.gatun.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import org.gatun.OutOfNativeMemoryException;
import org.gatun.bindings.NativeLibraryException;
import org.gatun.onnx.OnnxException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code gatun}: what is common to its subcommands. */
@Command(
    name = "gatun",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    usageHelpAutoWidth = true,
    description = "PyTorch's operators for the JVM at native speed: measured and checked here.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      BenchCommand.class,
      VerifyCommand.class,
      RunCommand.class,
      GraphCommand.class,
      ModelsCommand.class,
      OperatorsCommand.class,
      InfoCommand.class,
      ConformanceCommand.class,
      PlotCommand.class,
      AotCommand.class
    },
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    parameterListHeading = "%nParameters:%n",
    exitCodeListHeading = "%nExit code:%n",
    exitCodeList = {
      "0:everything is right",
      "1:a result was wrong, or something could not be done",
      "2:the command line was wrong"
    })
public final class GatunCommand implements Runnable {
  @Spec private CommandSpec spec;

  /** Made by {@link #commandLine}. */
  GatunCommand() {}

  /** Runs the command line and ends the JVM with its exit code. */
  public static void main(String... arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** Returns the command line, ready to be executed. */
  static CommandLine commandLine() {
    return new CommandLine(new GatunCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((e, _) -> rejected(e))
        .setExecutionExceptionHandler((e, line, _) -> failed(e, line));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  private static int rejected(ParameterException e) {
    CommandLine line = e.getCommandLine();
    PrintWriter err = line.getErr();
    err.println(line.getColorScheme().errorText(line.getCommandName() + ": " + e.getMessage()));
    if (!CommandLine.UnmatchedArgumentException.printSuggestions(e, err)) {
      err.println("Try " + line.getCommandSpec().qualifiedName() + " --help");
    }
    return CommandLine.ExitCode.USAGE;
  }

  /** What a user can do something about is told in a line; the rest is a bug, told in full. */
  private static int failed(Exception e, CommandLine line) throws Exception {
    switch (e) {
      case NativeLibraryException _ -> {
        tell(line, String.valueOf(e.getMessage()));
        line.getErr().println("gatun info says more about this machine.");
      }
      case OutOfNativeMemoryException _ -> tell(line, String.valueOf(e.getMessage()));
      case OnnxException _ -> tell(line, String.valueOf(e.getMessage()));
      case IOException _, UncheckedIOException _ -> tell(line, String.valueOf(e.getMessage()));
      default -> throw e;
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static void tell(CommandLine line, String message) {
    line.getErr().println(line.getColorScheme().errorText(line.getCommandName() + ": " + message));
  }
}
