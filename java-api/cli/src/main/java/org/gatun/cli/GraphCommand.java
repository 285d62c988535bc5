package org.gatun.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.gatun.OutOfNativeMemoryException;
import org.gatun.Scope;
import org.gatun.cli.graph.GraphFacts;
import org.gatun.cli.graph.GraphPage;
import org.gatun.cli.model.InputException;
import org.gatun.cli.model.ModelInput;
import org.gatun.cli.model.ModelInputs;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.OnnxModel;
import org.gatun.onnx.OnnxSession;
import org.gatun.onnx.SessionOptions;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.Graph;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Draws the graph of an ONNX model. */
@Command(
    name = "graph",
    description = {
      "Draw the graph of an ONNX model as a web page: nodes, shapes, weights.",
      "",
      "The model runs once, on given or made-up inputs, for shapes and times; where it cannot,"
          + " the shapes are those that the file declares."
    },
    footer = {"", "Example:", "  gatun graph resnet50.onnx --optimized --html resnet50.html"})
final class GraphCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ModelOptions model;

  @Option(
      names = "--optimized",
      description = "Draw the graph after the rewrites too, with what each node was made of.")
  private boolean optimized;

  @Option(
      names = "--declared",
      description = "Do not run the model: show what the file declares alone.")
  private boolean declared;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      required = true,
      description = "The page to write; it needs no other file.")
  private Path html;

  /** Made by picocli. */
  GraphCommand() {}

  @Override
  public Integer call() throws IOException {
    OutputFile.check(spec, "--html", html);
    model.checkFile();
    OnnxModel loaded = OnnxModel.load(model.file());
    List<ModelInput> inputs = declared ? List.of() : inputs(loaded);
    SessionOptions none = SessionOptions.defaults().withoutPasses();
    GraphPage.Known before = known(loaded, none, inputs, loaded.definition().graph());
    GraphPage.Known after = optimized ? known(loaded, model.session(), inputs, null) : null;
    String name = String.valueOf(model.file().getFileName());
    Files.writeString(
        html, GraphPage.of(name, loaded.definition(), before, after), StandardCharsets.UTF_8);
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%d nodes", before.graph().nodes().size());
    if (after != null) {
      out.printf(", %d of them after the rewrites", after.graph().nodes().size());
    }
    out.printf("; wrote %s%n", html.toAbsolutePath().toUri());
    out.flush();
    return 0;
  }

  private List<ModelInput> inputs(OnnxModel loaded) throws IOException {
    try {
      return ModelInputs.of(loaded, model.inputs());
    } catch (InputException e) {
      throw model.rejected(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Runs the model, and keeps what was seen.
   *
   * @param graph as declared, to be drawn where the model cannot run; null where it has to be made
   */
  private GraphPage.Known known(
      OnnxModel loaded, SessionOptions options, List<ModelInput> inputs, @Nullable Graph graph) {
    try (OnnxSession session = loaded.session(options);
        Scope scope = Scope.open()) {
      Graph drawn = graph == null ? session.graph() : graph;
      GraphFacts facts = new GraphFacts(drawn);
      if (!declared) {
        Map<String, Value> values = new LinkedHashMap<>();
        inputs.forEach(input -> values.put(input.name(), input.value()));
        values.forEach(facts::saw);
        try {
          session.trace(values, facts);
          session.trace(values, facts); // Once more for times, now that everything is planned.
        } catch (OnnxException | OutOfNativeMemoryException e) {
          tell(e);
        }
      }
      return new GraphPage.Known(drawn, facts);
    } catch (OnnxException e) {
      if (graph == null) {
        throw e;
      }
      tell(e);
      return new GraphPage.Known(graph, new GraphFacts(graph));
    }
  }

  private void tell(RuntimeException e) {
    spec.commandLine()
        .getErr()
        .println("graph: it cannot run, so shapes are those declared: " + e.getMessage());
  }
}
