package org.gatun.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gatun.Precision;
import org.gatun.cli.model.InputSpec;
import org.gatun.onnx.SessionOptions;
import org.gatun.onnx.pass.Pass;
import org.gatun.onnx.pass.Passes;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The options of the commands that run a model. */
final class ModelOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Parameters(paramLabel = "MODEL", description = "An ONNX file, with its external data beside it.")
  private Path model;

  @Option(
      names = "--input",
      paramLabel = "[NAME=]FILE",
      description = {
        "The value of an input: .npy, .npz, .pb (a TensorProto, SequenceProto or OptionalProto),"
            + " .png or .jpg, or 'random'. The name may be left out where there is one input, and"
            + " of an .npz file that has them all.",
        "Inputs that are not given are made up: normal numbers, integers that fit the table they"
            + " look up, masks of 1."
      })
  private List<String> inputs = List.of();

  @Option(
      names = "--shape",
      paramLabel = "[NAME=]1x3x224x224",
      description = "The shape of an input that is made up.")
  private List<String> shapes = List.of();

  @Option(
      names = "--dim",
      paramLabel = "NAME=SIZE",
      description = "The size of a dimension that the model names, such as batch_size=2.")
  private List<String> dimensions = List.of();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description = "The seed of values that are made up. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--mean",
      paramLabel = "M",
      split = ",",
      defaultValue = "0",
      description =
          "What is taken off the pixels of images, which are from 0 to 1: one number, or one for"
              + " each channel. Default: ${DEFAULT-VALUE}.")
  private List<Float> mean;

  @Option(
      names = "--std",
      paramLabel = "S",
      split = ",",
      defaultValue = "1",
      description = "What they are divided by thereafter. Default: ${DEFAULT-VALUE}.")
  private List<Float> std;

  @Option(
      names = "--without",
      paramLabel = "PASS",
      split = ",",
      description =
          "Leave a rewrite of the graph out; 'all' leaves all out. gatun operators --onnx lists"
              + " them.")
  private List<String> without = List.of();

  @Option(
      names = "--precision",
      paramLabel = "P",
      defaultValue = "f32",
      description =
          "What products are computed in: f32 (as the model says) or bf16, where the processor"
              + " multiplies it. Default: ${DEFAULT-VALUE}.")
  private String precision;

  /** Made by picocli. */
  ModelOptions() {}

  Path file() {
    return model;
  }

  void checkFile() {
    if (!Files.isRegularFile(model)) {
      throw rejected(model + ": no such file; expected an ONNX model", null);
    }
  }

  SessionOptions session() {
    List<String> known = Passes.all().stream().map(Pass::name).toList();
    SessionOptions options = SessionOptions.defaults().withPrecision(precision(spec, precision));
    for (String name : without) {
      if (!known.contains(name) && !name.equals("all")) {
        throw rejected(
            "--without "
                + name
                + ": no such rewrite; expected one of all, "
                + String.join(", ", known),
            null);
      }
      for (String one : name.equals("all") ? known : List.of(name)) {
        options = options.withoutPass(one);
      }
    }
    return options;
  }

  /** Returns the precision of this name. */
  static Precision precision(CommandSpec spec, String name) {
    return switch (name) {
      case "f32" -> Precision.F32;
      case "bf16" -> Precision.BF16;
      default ->
          throw new ParameterException(
              spec.commandLine(), "--precision " + name + ": expected f32 or bf16");
    };
  }

  InputSpec inputs() {
    Map<String, List<Long>> sizes = new LinkedHashMap<>();
    for (Map.Entry<String, String> shape : pairs("--shape", shapes).entrySet()) {
      sizes.put(shape.getKey(), shape(shape.getValue()));
    }
    Map<String, Long> named = new LinkedHashMap<>();
    for (Map.Entry<String, String> dimension : pairs("--dim", dimensions).entrySet()) {
      named.put(dimension.getKey(), size("--dim", dimension.getValue()));
    }
    return new InputSpec(pairs("--input", inputs), sizes, named, seed, mean, std);
  }

  private Map<String, String> pairs(String option, List<String> given) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String text : given) {
      int equals = text.indexOf('=');
      String name = equals < 0 ? "" : text.substring(0, equals);
      if (pairs.put(name, text.substring(equals + 1)) != null) {
        throw rejected(option + " " + text + ": given twice", null);
      }
    }
    return pairs;
  }

  private List<Long> shape(String text) {
    List<Long> sizes = new ArrayList<>();
    if (!text.isEmpty()) {
      for (String size : text.split("[x,]")) {
        sizes.add(size("--shape", size));
      }
    }
    return sizes;
  }

  private long size(String option, String text) {
    try {
      long size = Long.parseLong(text);
      if (size >= 0) {
        return size;
      }
    } catch (NumberFormatException e) {
      throw rejected(option + ": '" + text + "', expected a whole number such as 224", e);
    }
    throw rejected(option + ": " + text + ", expected 0 or more", null);
  }

  ParameterException rejected(String message, @Nullable Throwable cause) {
    return new ParameterException(spec.commandLine(), message, cause);
  }
}
