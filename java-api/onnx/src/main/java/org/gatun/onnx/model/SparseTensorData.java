package org.gatun.onnx.model;

import java.util.List;
import java.util.Objects;

/**
 * A tensor given by its non-zero elements.
 *
 * @param values the elements that are not 0, with the name of the tensor
 * @param indices where they stand: flat positions, or a row of coordinates for each
 * @param shape the dimensions of the whole tensor
 */
public record SparseTensorData(TensorData values, TensorData indices, List<Long> shape) {
  /** Copies the list. */
  public SparseTensorData {
    Objects.requireNonNull(values, "sparse tensor data: values is null");
    Objects.requireNonNull(indices, "sparse tensor data: indices is null");
    Objects.requireNonNull(shape, "sparse tensor data: shape is null");
    shape = List.copyOf(shape);
  }
}
