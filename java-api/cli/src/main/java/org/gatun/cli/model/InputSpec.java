package org.gatun.cli.model;

import java.util.List;
import java.util.Map;

/**
 * What the command line says of a model's inputs.
 *
 * @param files where inputs come from, by name; the empty name is the only input's, or that of a
 *     file of several; {@code random} is none
 * @param shapes of inputs that are made up, by name; the empty name is the only input's
 * @param dimensions sizes by the names that declared shapes use
 * @param seed of the values that are made up
 * @param mean of images, a value or one for each channel, taken off
 * @param std of images, divided by thereafter
 */
public record InputSpec(
    Map<String, String> files,
    Map<String, List<Long>> shapes,
    Map<String, Long> dimensions,
    long seed,
    List<Float> mean,
    List<Float> std) {
  /** Copies the maps and lists. */
  public InputSpec {
    files = Map.copyOf(files);
    shapes = Map.copyOf(shapes);
    dimensions = Map.copyOf(dimensions);
    mean = List.copyOf(mean);
    std = List.copyOf(std);
  }
}
