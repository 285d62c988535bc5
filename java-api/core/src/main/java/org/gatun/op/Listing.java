package org.gatun.op;

import java.util.StringJoiner;
import java.util.function.IntFunction;

/** Numbers as messages show them: the first ones of many, whose text may be as large as memory. */
final class Listing {
  private static final int MOST = 100;

  private Listing() {}

  /** Returns {@code [1, 2]}, and {@code [1, 2, ... 300 in all]} of so many. */
  static String of(int count, IntFunction<?> element) {
    StringJoiner text =
        new StringJoiner(", ", "[", count > MOST ? ", ... " + count + " in all]" : "]");
    for (int i = 0; i < Math.min(count, MOST); i++) {
      text.add(String.valueOf(element.apply(i)));
    }
    return text.toString();
  }
}
