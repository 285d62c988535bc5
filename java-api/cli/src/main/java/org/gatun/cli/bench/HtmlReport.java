package org.gatun.cli.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import org.gatun.cli.Machine;
import org.gatun.runtime.Libraries;
import org.gatun.testkit.bench.Contender;

/**
 * Writes results as one web page that needs nothing else: headlines, charts for each operator
 * family, a table that can be sorted, and what it was measured on. It is well-formed XML too.
 */
public final class HtmlReport {
  private final Results results;
  private final StringBuilder page = new StringBuilder();

  private HtmlReport(Results results) {
    this.results = results;
  }

  /** Returns the results as a page. */
  public static String of(Results results) {
    return new HtmlReport(results).write();
  }

  private String write() {
    String title = "Gatun benchmark, " + results.machine().cpu();
    page.append(
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <title>%s</title>
        <style>
        %s</style>
        </head>
        <body>
        """
            .formatted(escape(title), resource("page.css")));
    header();
    page.append("<main>\n");
    hero();
    SpeedCharts charts = new SpeedCharts(results, page);
    charts.spread();
    charts.families();
    table();
    machine();
    page.append("</main>\n<div id=\"tip\" role=\"status\"></div>\n<script>/*<![CDATA[*/\n");
    page.append(resource("page.js"));
    page.append("/*]]>*/</script>\n</body>\n</html>\n");
    return page.toString();
  }

  private void header() {
    page.append(
        """
        <header>
        <a class="brand" href="#top" id="top">
        <svg viewBox="0 0 32 32" width="30" height="30" aria-hidden="true">
        <rect width="32" height="32" rx="8"/>
        <path d="M5 18h7v-5h7V8h8"/><path class="wave" d="M5 24c2.8 0 2.8 2 5.5 2s2.7-2 5.5-2 2.8 2 5.5 2 2.7-2 5.5-2"/>
        </svg>
        <span>Gatun</span></a>
        <nav><a href="#charts">Charts</a><a href="#table">Table</a><a href="#machine">Machine</a>
        <button type="button" id="theme" aria-label="Switch between light and dark">
        <svg viewBox="0 0 20 20" width="16" height="16" aria-hidden="true">
        <circle cx="10" cy="10" r="7.5" fill="none" stroke="currentColor" stroke-width="1.8"/>
        <path d="M10 2.500a7.5 7.5 0 0 1 0 15z" fill="currentColor"/></svg></button></nav>
        </header>
        """);
  }

  // Headlines.

  private void hero() {
    Results.Mean vector = results.speedUpOver(Contender.VECTOR, Row::isLibrary);
    Results.Mean reference = results.speedUpOver(Contender.REFERENCE, _ -> true);
    page.append(
        "<section class=\"hero\">\n<p class=\"eyebrow\">Native against pure Java</p>\n<h1>");
    if (vector.rows() > 0) {
      page.append(
          "Native operators run <em>%s</em> as fast as Vector\u00a0API Java, "
              .formatted(times(vector.value())));
      page.append(
          "and <em>%s</em> as fast as plain\u00a0Java.".formatted(times(reference.value())));
    } else if (reference.rows() > 0) {
      page.append(
          "Native operators run <em>%s</em> as fast as plain\u00a0Java."
              .formatted(times(reference.value())));
    } else {
      page.append("Nothing could be measured.");
    }
    page.append(
        "</h1>\n<p class=\"lead\">%s, %s, %s. %s</p>\n"
            .formatted(
                escape(results.machine().cpu()),
                results.threadsInWords(),
                escape(day()),
                verdict()));
    if (results.busy()) {
      page.append(
          "<p class=\"wrong\">Other programs kept %.1f of %d processors busy meanwhile: these times are too long.</p>\n"
              .formatted(results.load(), results.machine().processors()));
    }
    page.append("<div class=\"cards\">\n");
    mean(vector, "native over Java with the Vector API", "libraries compute");
    mean(
        results.speedUpOver(Contender.SCALAR, Row::isLibrary),
        "native over Java without the Vector API",
        "libraries compute");
    mean(reference, "native over the plain-Java reference", "all operators");
    fastest(Row::countsFlops, "GFLOP/s");
    fastest(row -> !row.countsFlops(), "GB/s");
    page.append("</div>\n</section>\n");
  }

  private String verdict() {
    return results.wrong() == 0
        ? "All %,d results agree with the reference.".formatted(results.verified())
        : "<strong class=\"wrong\">%,d of %,d results are wrong.</strong>"
            .formatted(results.wrong(), results.verified());
  }

  private void mean(Results.Mean mean, String over, String where) {
    if (mean.rows() > 0) {
      card(
          times(mean.value()), over, "geometric mean of %d rows; %s".formatted(mean.rows(), where));
    }
  }

  private void fastest(Predicate<Row> kind, String unit) {
    Optional<Row> row =
        results.rows().stream()
            .filter(kind.and(r -> r.rate().isPresent()))
            .max(Comparator.comparingDouble(r -> r.rate().getAsDouble()));
    row.ifPresent(
        r ->
            card(
                "%s <small>%s</small>".formatted(Numbers.of(r.rate()), unit),
                "highest rate of native",
                r.title()));
  }

  private void card(String value, String label, String detail) {
    page.append(
        """
        <div class="card kpi"><div class="value">%s</div>
        <div class="label">%s</div><div class="detail">%s</div></div>
        """
            .formatted(value, escape(label), escape(detail)));
  }

  // The table.

  private void table() {
    page.append(
        """
        <section id="table">
        <div class="head"><div><h2>All rows</h2>
        <p class="note">Medians in \u00b5s; the rate, the speed-up and the implementation are native's. A click on a heading sorts.</p></div>
        <input type="search" id="filter" placeholder="Filter: conv, channels-last, brgconv \u2026" aria-label="Filter the rows"/></div>
        <div class="card scroll"><table>
        <thead><tr>\
        """);
    heading("Case", false);
    heading("Layout", false);
    heading("native", true);
    heading("bound", true);
    heading("vector", true);
    heading("scalar", true);
    heading("reference", true);
    heading("rate", true);
    heading("over vector", true);
    heading("over reference", true);
    heading("Implementation", false);
    page.append("</tr></thead>\n<tbody>\n");
    results.rows().forEach(this::tableRow);
    page.append("</tbody></table></div>\n</section>\n");
  }

  private void heading(String title, boolean number) {
    page.append(
        "<th scope=\"col\"%s><button type=\"button\">%s</button></th>"
            .formatted(number ? " class=\"num\"" : "", escape(title)));
  }

  private void tableRow(Row row) {
    page.append(
        "<tr><th scope=\"row\">%s</th><td>%s</td>"
            .formatted(escape(row.name()), escape(row.layout())));
    double best = row.nativeNanos().orElse(Double.NaN);
    for (Contender contender : Contender.values()) {
      switch (row.outcome(contender)) {
        case Outcome.Measured(Timing timing, String _) ->
            number(
                timing.median(),
                Numbers.of(timing.micros()),
                timing.median() == best ? " best" : "");
        case Outcome.Wrong(String message) ->
            page.append(
                "<td class=\"num wrong\" data-tip=\"%s\">wrong</td>".formatted(escape(message)));
        case Outcome.Absent(String reason) ->
            page.append(
                "<td class=\"num none\" data-tip=\"%s\">%s</td>"
                    .formatted(escape(reason), Numbers.NONE));
      }
    }
    number(
        row.rate(),
        Numbers.of(row.rate())
            + (row.countsFlops() ? " <small>GFLOP/s</small>" : " <small>GB/s</small>"));
    number(row.speedUpOver(Contender.VECTOR), Numbers.times(row.speedUpOver(Contender.VECTOR)));
    number(
        row.speedUpOver(Contender.REFERENCE), Numbers.times(row.speedUpOver(Contender.REFERENCE)));
    page.append("<td class=\"code\">%s</td></tr>\n".formatted(escape(row.implementation())));
  }

  private void number(OptionalDouble value, String text) {
    if (value.isPresent()) {
      number(value.getAsDouble(), text, "");
    } else {
      page.append("<td class=\"num none\">%s</td>".formatted(Numbers.NONE));
    }
  }

  private void number(double value, String text, String also) {
    page.append("<td class=\"num%s\" data-value=\"%s\">%s</td>".formatted(also, value, text));
  }

  // The machine.

  private void machine() {
    page.append("<section id=\"machine\"><h2>Measured on</h2>\n<dl class=\"card facts\">\n");
    fact("Processor", results.machine().cpu());
    fact("oneDNN uses", results.libraries().oneDnnInstructions());
    fact("OpenBLAS uses", results.libraries().openBlasCore() + " kernels");
    fact("Threads", results.threads() + " of " + results.machine().processors() + " processors");
    fact("Memory", Machine.size(results.machine().memoryBytes()));
    fact("System", results.machine().os());
    fact("JDK", results.machine().jdk());
    fact("Gatun", results.version());
    for (Libraries.Loaded library : results.libraries().libraries()) {
      if (!library.name().startsWith("lib")) {
        fact(library.name(), library.version());
      }
    }
    fact(
        "Other programs",
        results.load() < 0 ? "unknown" : "%.1f processors".formatted(results.load()));
    fact("Date", day());
    fact("Took", "%.0f seconds".formatted(results.seconds()));
    page.append(
        """
        </dl>
        <p class="note how">Each result is compared with the reference before it is timed. The contenders of a row warm up and then
        take turns for eleven rounds; shown are medians over the rounds, and the quartiles where the pointer rests. Native makes a new output tensor
        at each call; bound has its constant weights packed beforehand. A reference too slow to repeat was run once.</p>
        </section>
        """);
  }

  private void fact(String name, String value) {
    page.append("<div><dt>%s</dt><dd>%s</dd></div>\n".formatted(escape(name), escape(value)));
  }

  private String day() {
    return DateTimeFormatter.ofPattern("d MMMM yyyy", Locale.ENGLISH)
        .format(ZonedDateTime.ofInstant(results.started(), ZoneId.systemDefault()));
  }

  /** Returns how many times, as {@code 12.3x}. */
  static String times(double value) {
    return Numbers.of(value) + "\u00d7";
  }

  /** Returns text as it stands in an element or an attribute. */
  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("\n", "&#10;");
  }

  private static String resource(String name) {
    try (InputStream file = HtmlReport.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException("page: " + name + " is not beside its class");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("page: " + name + " cannot be read", e);
    }
  }
}
