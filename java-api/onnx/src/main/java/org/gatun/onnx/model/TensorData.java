package org.gatun.onnx.model;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import org.gatun.FileMapping;
import org.jspecify.annotations.Nullable;

/**
 * A tensor that stands in a file.
 *
 * @param name of the value, or empty
 * @param type of the elements
 * @param shape its dimensions
 * @param elements little-endian in row-major order, without padding; types of less than 8 bits are
 *     packed, the first element in the lowest bits; empty for text
 * @param file the mapping that {@code elements} are a part of, of the model's file or of memory;
 *     null for memory that is copied
 * @param strings the elements where they are text, else empty
 */
public record TensorData(
    String name,
    ElementType type,
    List<Long> shape,
    MemorySegment elements,
    @Nullable FileMapping file,
    List<String> strings) {
  /** Copies the lists. */
  public TensorData {
    Objects.requireNonNull(name, "tensor data: name is null");
    Objects.requireNonNull(type, "tensor data: type is null");
    Objects.requireNonNull(shape, "tensor data: shape is null");
    Objects.requireNonNull(elements, "tensor data: elements is null");
    Objects.requireNonNull(strings, "tensor data: strings is null");
    shape = List.copyOf(shape);
    strings = List.copyOf(strings);
  }

  /**
   * Returns the number of elements.
   *
   * @throws IllegalArgumentException if a dimension is negative, or they are more than a long
   *     counts
   */
  public long size() {
    try {
      long size = 1;
      for (long dim : shape) {
        if (dim < 0) {
          throw new IllegalArgumentException(
              "tensor data: dimension " + dim + " in " + shape + ", expected 0 or more");
        }
        size = Math.multiplyExact(size, dim);
      }
      return size;
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "tensor data: " + shape + " has more than 2^63 - 1 elements", e);
    }
  }

  @Override
  public String toString() {
    return type.toString() + shape;
  }
}
