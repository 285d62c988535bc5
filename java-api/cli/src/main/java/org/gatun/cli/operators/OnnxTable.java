package org.gatun.cli.operators;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.gatun.onnx.operator.Exclusions;
import org.gatun.onnx.operator.Operator;
import org.gatun.onnx.operator.OperatorTable;
import org.gatun.onnx.pass.Pass;
import org.gatun.onnx.pass.Passes;

/** The table of ONNX operators in Markdown: those that there are, those left out, the rewrites. */
public final class OnnxTable {
  /** The domains in the order of the table, with what they are. */
  private static final Map<String, String> DOMAINS = new LinkedHashMap<>();

  static {
    DOMAINS.put("", "ONNX");
    DOMAINS.put(
        "com.microsoft", "com.microsoft: what ONNX Runtime's optimizer and exporters write");
    DOMAINS.put("org.gatun", "org.gatun: what Gatun's own rewrites write");
  }

  private OnnxTable() {}

  /** Returns the table. */
  public static String markdown() {
    Map<String, List<Operator>> domains = new TreeMap<>();
    for (Operator operator : OperatorTable.get().all()) {
      domains.computeIfAbsent(operator.domain(), _ -> new ArrayList<>()).add(operator);
    }
    StringBuilder text = new StringBuilder();
    List<String> order = new ArrayList<>(DOMAINS.keySet());
    domains.keySet().stream().filter(domain -> !DOMAINS.containsKey(domain)).forEach(order::add);
    for (String domain : order) {
      operators(domain, domains.getOrDefault(domain, List.of()), text);
    }
    exclusions(text);
    passes(text);
    return text.toString();
  }

  private static void operators(String domain, List<Operator> operators, StringBuilder text) {
    Map<String, List<Operator>> names = new TreeMap<>();
    for (Operator operator : operators) {
      names.computeIfAbsent(operator.name(), _ -> new ArrayList<>()).add(operator);
    }
    if (names.isEmpty()) {
      return;
    }
    text.append(
        "<details><summary>%s: %d operators</summary>\n\n"
            .formatted(DOMAINS.getOrDefault(domain, domain), names.size()));
    text.append("| operator | from opset |\n|---|---|\n");
    names.forEach(
        (name, versions) ->
            text.append(
                "| %s | %s |\n"
                    .formatted(
                        name,
                        versions.stream()
                            .map(version -> Long.toString(version.since()))
                            .collect(Collectors.joining(", ")))));
    text.append("\n</details>\n\n");
  }

  private static void exclusions(StringBuilder text) {
    Map<String, List<String>> reasons = new LinkedHashMap<>();
    Exclusions.all()
        .forEach(
            (name, reason) -> reasons.computeIfAbsent(reason, _ -> new ArrayList<>()).add(name));
    text.append(
        "<details><summary>Left out, with reasons: %d</summary>\n\n| operators | why |\n|---|---|\n"
            .formatted(Exclusions.all().size()));
    reasons.forEach(
        (reason, names) ->
            text.append("| %s | %s |\n".formatted(String.join(", ", names), reason)));
    text.append("\n</details>\n");
  }

  private static void passes(StringBuilder text) {
    if (Passes.all().isEmpty()) {
      return;
    }
    text.append(
        "\n<details><summary>Rewrites of the graph, in order: %d</summary>\n\n"
            .formatted(Passes.all().size()));
    text.append("| rewrite | what it does |\n|---|---|\n");
    for (Pass pass : Passes.all()) {
      text.append("| %s | %s |\n".formatted(pass.name(), pass.description()));
    }
    text.append("\n</details>\n");
  }
}
