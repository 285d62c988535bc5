package org.gatun.reference;

/** The elements of an array along an axis, line by line. */
final class Lines {
  private final NdArray array;
  private final int length;
  private final int step;

  /**
   * @param axis negative counts from the last; a scalar is a line of one element
   */
  Lines(NdArray array, int axis) {
    this.array = array;
    if (array.rank() == 0) {
      this.length = 1;
      this.step = 1;
      return;
    }
    int along = axis < 0 ? axis + array.rank() : axis;
    int inner = 1;
    for (int i = along + 1; i < array.rank(); i++) {
      inner *= array.dim(i);
    }
    this.length = array.dim(along);
    this.step = inner;
  }

  /** Returns the number of elements of a line. */
  int length() {
    return length;
  }

  /** Returns the number of lines. */
  int count() {
    return length == 0 ? 0 : array.size() / length;
  }

  /** Returns the position in the array of an element of a line. */
  int at(int line, int i) {
    return line / step * length * step + i * step + line % step;
  }

  /** Returns the elements of a line. */
  double[] get(int line) {
    double[] elements = new double[length];
    for (int i = 0; i < length; i++) {
      elements[i] = array.values()[at(line, i)];
    }
    return elements;
  }
}
