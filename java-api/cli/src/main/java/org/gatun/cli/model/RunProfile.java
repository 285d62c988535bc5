package org.gatun.cli.model;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;

/**
 * What took how long in a run.
 *
 * @param operators of ONNX, node by node, slowest first
 * @param nodes likewise, each on its own
 * @param kernels what computed, slowest first
 * @param kernelRuns in how many runs
 * @param kernelNanos how long these runs took, together
 */
public record RunProfile(
    List<NodeTimes.Time> operators,
    List<NodeTimes.Time> nodes,
    List<TimedBackend.KernelTime> kernels,
    int kernelRuns,
    long kernelNanos) {
  private static final int NODES = 12;

  /** Copies the lists. */
  public RunProfile {
    operators = List.copyOf(operators);
    nodes = List.copyOf(nodes);
    kernels = List.copyOf(kernels);
  }

  /** Returns the profile of a run that nobody watched. */
  public static RunProfile none() {
    return new RunProfile(List.of(), List.of(), List.of(), 0, 0);
  }

  void writeText(PrintWriter out) {
    if (kernelRuns == 0) {
      return;
    }
    double all = operators.stream().mapToLong(NodeTimes.Time::nanoseconds).sum();
    out.printf(
        "%noperators, in one run node by node, of %s%n      ms  share  nodes%n",
        RunResult.duration(all));
    operators.forEach(
        time ->
            out.printf(
                "%s  %5d  %s%n",
                share((double) time.nanoseconds(), all), time.count(), time.name()));
    out.printf("%nslowest nodes%n      ms  share%n");
    nodes.stream()
        .limit(NODES)
        .forEach(
            time -> out.printf("%s  %s%n", share((double) time.nanoseconds(), all), time.name()));
    out.printf(
        "%nkernels, of %s a run (mean of %d)%n      ms  share  calls%n",
        RunResult.duration((double) kernelNanos / kernelRuns), kernelRuns);
    long inside = 0;
    for (TimedBackend.KernelTime time : kernels) {
      inside += time.nanoseconds();
      out.printf(
          "%s  %5d  %-20s %s%n",
          share(time.nanoseconds() / (double) kernelRuns, kernelNanos / (double) kernelRuns),
          time.calls() / kernelRuns,
          time.operator(),
          time.implementation());
    }
    out.printf(
        "%s         outside kernels%n",
        share((kernelNanos - inside) / (double) kernelRuns, kernelNanos / (double) kernelRuns));
  }

  private static String share(double nanos, double all) {
    return "%8.3f  %4.1f%%".formatted(nanos / 1e6, all == 0 ? 0 : 100 * nanos / all);
  }

  void writeJson(JsonGenerator json) throws IOException {
    if (kernelRuns == 0) {
      return;
    }
    json.writeObjectFieldStart("profile");
    times(json, "operators", operators);
    times(json, "nodes", nodes);
    json.writeArrayFieldStart("kernels");
    for (TimedBackend.KernelTime time : kernels) {
      json.writeStartObject();
      json.writeStringField("operator", time.operator());
      json.writeStringField("implementation", time.implementation());
      json.writeNumberField("calls", time.calls() / kernelRuns);
      json.writeNumberField("ms", time.nanoseconds() / 1e6 / kernelRuns);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void times(JsonGenerator json, String field, List<NodeTimes.Time> times)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (NodeTimes.Time time : times) {
      json.writeStartObject();
      json.writeStringField("name", time.name());
      json.writeNumberField("nodes", time.count());
      json.writeNumberField("ms", time.nanoseconds() / 1e6);
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
