package org.gatun.onnx.model;

import java.util.Objects;

/** A dimension of a declared shape. */
public sealed interface Dimension {
  /** A dimension of this size. */
  record Known(long size) implements Dimension {
    @Override
    public String toString() {
      return Long.toString(size);
    }
  }

  /** A dimension of any size, the same wherever this name stands. */
  record Named(String name) implements Dimension {
    /** Checks that nothing is null. */
    public Named {
      Objects.requireNonNull(name, "dimension: name is null");
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** A dimension that nothing is said of. */
  record Any() implements Dimension {
    @Override
    public String toString() {
      return "?";
    }
  }
}
