package org.gatun.benchmarks.peers;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.gatun.benchmarks.peers.PeerResults.Group;
import org.gatun.benchmarks.peers.PeerResults.Mean;
import org.gatun.benchmarks.peers.PeerRow.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Writes results as one web page that needs nothing else: for each group of rows what sums it up,
 * and for each row a bar for each peer, its time over that of the faster of ONNX Runtime and
 * libtorch on a logarithmic axis.
 */
final class PeerPage {
  /** The ends of the axis, as times of the fastest product of others. */
  private static final double LEAST = 0.1;

  private static final double MOST = 10;
  private static final double[] TICKS = {0.1, 0.2, 0.5, 1, 2, 5, 10};
  private static final List<PeerKind> BARS =
      List.of(PeerKind.GATUN, PeerKind.ORT, PeerKind.TORCH, PeerKind.ONEDNN);

  private static final String STYLE =
      """
      :root { --ink: #17212b; --soft: #5b6b79; --line: #d9e1e8; --paper: #fff; --wash: #f4f7f9;
        --gatun: #0b7a75; --ort: #8e9aaf; --torch: #e07a5f; --onednn: #c9b458; --slow: #b3261e; }
      @media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9fb0bf;
        --line: #2c3a47; --paper: #10171e; --wash: #18222b; --gatun: #35c2b9; --ort: #7f8ca3;
        --torch: #e88f77; --onednn: #d6c36d; --slow: #ff8a80; } }
      body { margin: 0 auto; padding: 24px; max-width: 1100px; background: var(--paper);
        color: var(--ink); font: 15px/1.45 system-ui, sans-serif; }
      h1 { font-size: 26px; margin: 0 0 4px; } h2 { margin: 40px 0 4px; font-size: 19px; }
      p { margin: 4px 0; color: var(--soft); } .key b { margin-right: 14px; }
      .key i { display: inline-block; width: 12px; height: 12px; margin-right: 5px; }
      table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
      th, td { padding: 3px 6px; border-bottom: 1px solid var(--line); text-align: right;
        font-size: 13px; white-space: nowrap; }
      th:first-child, td:first-child { text-align: left; } td.plot { width: 40%; padding: 3px 0; }
      .axis { position: relative; height: 22px; background: var(--wash); }
      .axis s { position: absolute; top: 0; bottom: 0; width: 1px; background: var(--line); }
      .axis s.one { background: var(--soft); width: 2px; }
      .axis i { position: absolute; width: 9px; height: 9px; top: 7px; margin-left: -4px;
        border-radius: 50%; } .axis i.gatun { width: 13px; height: 13px; top: 5px; margin-left: -6px; }
      .scale { position: relative; height: 16px; } .scale span { position: absolute;
        transform: translateX(-50%); color: var(--soft); font-size: 11px; font-weight: 400; }
      .gatun { background: var(--gatun); } .ort { background: var(--ort); }
      .torch { background: var(--torch); } .onednn { background: var(--onednn); }
      .slow { color: var(--slow); font-weight: 600; }
      """;

  private final PeerResults results;
  private final StringBuilder page = new StringBuilder();

  private PeerPage(PeerResults results) {
    this.results = results;
  }

  /** Returns the results as a page. */
  static String of(PeerResults results) {
    return new PeerPage(results).write();
  }

  private String write() {
    page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n");
    page.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n");
    page.append("<title>Gatun and its peers</title>\n<style>\n").append(STYLE);
    page.append("</style>\n</head>\n<body>\n<h1>Gatun and its peers</h1>\n");
    page.append("<p>")
        .append(escape(results.machine().cpu()))
        .append(", ")
        .append(results.machine().processors())
        .append(" processors; ")
        .append(escape(String.join(", ", results.versions().values())))
        .append("; ")
        .append(results.started())
        .append("</p>\n");
    page.append(
        "<p>Each dot is a peer's median time over that of the faster of ONNX Runtime and libtorch,"
            + " which is 1: further left is faster. Each result was compared first.</p>\n");
    page.append("<p class=\"key\">");
    for (PeerKind kind : BARS) {
      page.append("<i class=\"%s\"></i><b>%s</b>".formatted(kind.key(), kind.title()));
    }
    page.append("</p>\n");
    results.groups().forEach(this::group);
    return page.append("</body>\n</html>\n").toString();
  }

  private void group(Group group) {
    Mean mean = results.mean(group);
    page.append("<h2>%s</h2>\n".formatted(escape(group.title())));
    page.append(
        String.format(
            Locale.ROOT,
            "<p>%d rows, geometric mean of the ratios <b>%.2f</b>, largest %.2f</p>%n",
            mean.rows(),
            mean.value(),
            mean.worst()));
    page.append("<table>\n<tr><th>case</th><th class=\"plot\"><div class=\"scale\">");
    for (double tick : TICKS) {
      page.append("<span style=\"left:%s\">%s</span>".formatted(position(tick), tick(tick)));
    }
    page.append("</div></th>");
    for (PeerKind kind : BARS) {
      page.append("<th>%s</th>".formatted(kind.title()));
    }
    page.append("<th>ratio</th><th>rate</th></tr>\n");
    results.rows(group).forEach(this::row);
    page.append("</table>\n");
  }

  private void row(PeerRow row) {
    page.append(
        "<tr><td>%s</td><td class=\"plot\"><div class=\"axis\">".formatted(escape(row.name())));
    for (double tick : TICKS) {
      page.append(
          "<s%s style=\"left:%s\"></s>"
              .formatted(tick == 1 ? " class=\"one\"" : "", position(tick)));
    }
    OptionalDouble best = row.best();
    // Gatun's dot is drawn last, over the others.
    for (PeerKind kind : BARS.reversed()) {
      OptionalDouble nanos = row.nanos(kind);
      if (best.isPresent() && nanos.isPresent()) {
        page.append(
            "<i class=\"%s\" style=\"left:%s\"></i>"
                .formatted(kind.key(), position(nanos.getAsDouble() / best.getAsDouble())));
      }
    }
    page.append("</div></td>");
    for (PeerKind kind : BARS) {
      page.append(
          "<td title=\"%s\">%s</td>"
              .formatted(escape(told(row.outcomes().get(kind))), PeerTable.micros(row, kind)));
    }
    page.append(
        "<td%s>%s%s</td><td>%s</td></tr>%n"
            .formatted(
                row.ratio().orElse(0) > 1.05 ? " class=\"slow\"" : "",
                PeerTable.ratio(row.ratio()),
                row.apart() ? " ~" : "",
                PeerTable.rate(row)));
  }

  private static String told(@Nullable Outcome outcome) {
    return switch (outcome) {
      case Outcome.Measured measured ->
          "quartiles %.0f to %.0f ns %s"
              .formatted(measured.lower(), measured.upper(), measured.implementation());
      case Outcome.Wrong(String message) -> message;
      case Outcome.Absent(String reason) -> reason;
      case null -> "";
    };
  }

  private static String position(double ratio) {
    double bounded = Math.clamp(ratio, LEAST, MOST);
    double share = Math.log(bounded / LEAST) / Math.log(MOST / LEAST);
    return String.format(Locale.ROOT, "%.2f%%", 100 * share);
  }

  private static String tick(double value) {
    return value < 1 ? String.format(Locale.ROOT, "%.1f", value) : "%.0f".formatted(value);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
