package org.gatun.onnx.model;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The declared type of a value. */
public sealed interface ValueType {
  /**
   * A tensor.
   *
   * @param element the type of its elements
   * @param shape its dimensions, or null where even their number is not said
   */
  record OfTensor(ElementType element, @Nullable List<Dimension> shape) implements ValueType {
    /** Copies the list. */
    public OfTensor {
      Objects.requireNonNull(element, "value type: element is null");
      shape = shape == null ? null : List.copyOf(shape);
    }

    @Override
    public String toString() {
      return shape == null ? element.toString() : element.toString() + shape;
    }
  }

  /** A tensor given by its non-zero elements. */
  record OfSparseTensor(ElementType element, @Nullable List<Dimension> shape) implements ValueType {
    /** Copies the list. */
    public OfSparseTensor {
      Objects.requireNonNull(element, "value type: element is null");
      shape = shape == null ? null : List.copyOf(shape);
    }
  }

  /** A sequence of values of one type. */
  record OfSequence(ValueType element) implements ValueType {
    /** Checks that nothing is null. */
    public OfSequence {
      Objects.requireNonNull(element, "value type: element is null");
    }
  }

  /** A value that may be absent. */
  record OfOptional(ValueType element) implements ValueType {
    /** Checks that nothing is null. */
    public OfOptional {
      Objects.requireNonNull(element, "value type: element is null");
    }
  }

  /** A map; Gatun runs no operators on maps. */
  record OfMap(ElementType key, ValueType value) implements ValueType {
    /** Checks that nothing is null. */
    public OfMap {
      Objects.requireNonNull(key, "value type: key is null");
      Objects.requireNonNull(value, "value type: value is null");
    }
  }

  /** Nothing is said of the type. */
  record Unknown() implements ValueType {}
}
