package org.gatun.onnx.pass;

import java.util.ArrayList;
import java.util.List;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.Dimension.Known;

/** Arithmetic on dimensions of which some are names: what cannot be told gets a new name. */
final class Dims {
  private int unknowns;

  /** Returns a dimension that is equal to no other. */
  Dimension unknown() {
    return new Dimension.Named("?" + ++unknowns);
  }

  List<Dimension> unknowns(int rank) {
    List<Dimension> shape = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      shape.add(unknown());
    }
    return shape;
  }

  static boolean isOne(Dimension dim) {
    return dim instanceof Known(long size) && size == 1;
  }

  /** Returns the size, or -1 where only a name is known. */
  static long size(Dimension dim) {
    return dim instanceof Known(long size) ? size : -1;
  }

  static Dimension known(long size) {
    return new Known(size);
  }

  /** Returns the size of the dimension of this index, counted from the end where negative. */
  static Dimension at(List<Dimension> shape, int index) {
    return shape.get(index < 0 ? index + shape.size() : index);
  }

  Dimension add(Dimension a, Dimension b) {
    if (a instanceof Known(long x) && b instanceof Known(long y)) {
      return known(x + y);
    }
    return size(a) == 0 ? b : size(b) == 0 ? a : unknown();
  }

  List<Dimension> broadcast(List<Dimension> a, List<Dimension> b) {
    int rank = Math.max(a.size(), b.size());
    List<Dimension> shape = new ArrayList<>();
    for (int i = -rank; i < 0; i++) {
      Dimension x = -i <= a.size() ? at(a, i) : known(1);
      Dimension y = -i <= b.size() ? at(b, i) : known(1);
      // A known size other than 1 is the result's, whatever the name of the other stands for.
      shape.add(
          x.equals(y) || isOne(y) ? x : isOne(x) || size(y) > 1 ? y : size(x) > 1 ? x : unknown());
    }
    return shape;
  }

  /** Returns the dimension that -1 stands for where {@code from} is reshaped. */
  Dimension rest(List<Dimension> from, List<Dimension> others) {
    List<Dimension> names = new ArrayList<>();
    long product = 1;
    for (Dimension dim : from) {
      if (dim instanceof Known(long size)) {
        product *= size;
      } else {
        names.add(dim);
      }
    }
    long divisor = 1;
    for (Dimension dim : others) {
      if (dim instanceof Known(long size)) {
        divisor *= size;
      } else if (!names.remove(dim)) {
        return unknown();
      }
    }
    if (divisor <= 0 || product < 0 || product % divisor != 0) {
      return unknown();
    }
    long quotient = product / divisor;
    if (names.isEmpty()) {
      return known(quotient);
    }
    return names.size() == 1 && quotient == 1 ? names.getFirst() : unknown();
  }

  /** Returns the product of dimensions. */
  Dimension product(List<Dimension> dims) {
    return rest(dims, List.of());
  }
}
