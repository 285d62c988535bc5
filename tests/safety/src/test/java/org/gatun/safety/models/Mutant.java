package org.gatun.safety.models;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.gatun.onnx.OnnxModel;
import org.gatun.onnx.SessionOptions;
import org.gatun.onnx.model.Model;
import org.gatun.testkit.onnx.ModelWriter;

/**
 * A model that was changed: the same number always gives the same one.
 *
 * @param number which of all mutants it is
 * @param seed the name of what it is made of
 * @param change what was changed
 * @param bytes its file
 * @param model its records where it is run as these and not as a file, else null
 * @param inputs files of values that the model took before it was changed
 * @param random draws the rest: options and inputs
 */
record Mutant(
    long number,
    String seed,
    String change,
    byte[] bytes,
    Model model,
    List<byte[]> inputs,
    SplittableRandom random) {
  private static final long STREAM = 0x9e3779b97f4a7c15L;

  /** Returns the mutant of a number. */
  static Mutant of(long number, List<Seed> seeds) {
    SplittableRandom random = new SplittableRandom(number * STREAM + 42);
    Seed seed = Hostile.one(random, seeds);
    int kind = random.nextInt(100);
    if (kind < 3) {
      return new Mutant(
          number, seed.name(), "none", seed.bytes(), null, seed.inputs(), random.split());
    }
    if (kind < 40) {
      byte[] bytes = new WireMutator(random, seed.bytes()).mutated(seeds);
      return new Mutant(number, seed.name(), "bytes", bytes, null, seed.inputs(), random.split());
    }
    Model model = new ModelMutator(random, seeds).mutated(seed.model());
    byte[] bytes = ModelWriter.write(model);
    return kind < 60
        ? new Mutant(number, seed.name(), "records", bytes, model, seed.inputs(), random.split())
        : new Mutant(number, seed.name(), "structure", bytes, null, seed.inputs(), random.split());
  }

  /** Loads it from its records, its bytes, or once in a while from a file. */
  OnnxModel load() {
    if (model != null) {
      return OnnxModel.of(model);
    }
    if (number % 16 != 1) {
      return OnnxModel.load(bytes);
    }
    try {
      Path file = Files.createTempFile("mutant", ".onnx");
      try {
        Files.write(file, bytes);
        return OnnxModel.load(file);
      } finally {
        Files.delete(file); // What is mapped stays.
      }
    } catch (IOException e) {
      throw new UncheckedIOException("mutant " + number, e);
    }
  }

  /** Draws how the session is made. */
  SessionOptions options() {
    SessionOptions options = SessionOptions.defaults();
    return switch (random.nextInt(8)) {
      case 0 -> options.withoutPasses();
      case 1 -> options.withPrecision(org.gatun.Precision.BF16);
      case 2 -> options.withoutMemoryReuse().withPlans(1);
      default -> options;
    };
  }

  @Override
  public String toString() {
    return "mutant " + number + " (" + change + " of " + seed + ")";
  }
}
