package org.gatun.cli;

import java.io.PrintWriter;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Tells on standard error how far a command is: a bar on a terminal, a line for each step where the
 * output goes to a file.
 */
final class Progress implements AutoCloseable {
  private final PrintWriter err;
  private final int steps;
  private final @Nullable ProgressBar bar;
  private int done;

  private Progress(PrintWriter err, int steps, @Nullable ProgressBar bar) {
    this.err = err;
    this.steps = steps;
    this.bar = bar;
  }

  /** Returns the progress of a task with so many steps. */
  static Progress start(PrintWriter err, String task, int steps) {
    return new Progress(err, steps, isTerminal() ? bar(task, steps) : null);
  }

  /** Returns whether somebody watches. */
  static boolean isTerminal() {
    return System.console() != null && System.console().isTerminal();
  }

  private static ProgressBar bar(String task, int steps) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(steps)
        .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BAR)
        .setUpdateIntervalMillis(200)
        .setConsumer(new ConsoleProgressBarConsumer(System.err))
        .clearDisplayOnFinish()
        .build();
  }

  /** Says what is being done. */
  void begin(String step) {
    if (bar != null) {
      bar.setExtraMessage(" " + step);
    }
  }

  /** Counts a step that is done, and says what came of it. */
  void end(String outcome) {
    done++;
    if (bar != null) {
      bar.step();
    } else {
      err.printf("[%d/%d] %s%n", done, steps, outcome);
      err.flush();
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
