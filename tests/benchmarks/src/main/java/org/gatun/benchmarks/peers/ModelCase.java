package org.gatun.benchmarks.peers;

import java.nio.file.Path;
import java.util.List;

/**
 * A model with the inputs of a run.
 *
 * @param name what it is called, such as {@code minilm-l6-b1-s64}
 * @param file where it lies
 * @param inputs what goes in, by the names of the model's inputs
 */
public record ModelCase(String name, Path file, List<Input> inputs) {
  /** Copies the list. */
  public ModelCase {
    inputs = List.copyOf(inputs);
  }

  /**
   * An input.
   *
   * @param name the input's name
   * @param operand its shape and values
   */
  public record Input(String name, PeerCase.Operand operand) {}

  /** Returns whether it computes in 8-bit integers. */
  public boolean isQuantized() {
    return name.contains("int8");
  }

  /** Returns the seed of an input's values: the same for each peer. */
  public long seed(int input) {
    return name.hashCode() * 31L + input;
  }
}
