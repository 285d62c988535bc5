package org.gatun;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Prints elements in brackets as NumPy does: in columns, and of many elements the first and last
 * ones along each axis only.
 */
final class TensorFormat {
  private static final long THRESHOLD = 1000;
  private static final int EDGE = 3;
  private static final int WIDTH = 80;
  private static final String GAP = "...";

  private final Layout layout;
  private final boolean summarized;
  private final int indent;
  private final Iterator<String> cells;
  private final StringBuilder text = new StringBuilder();

  /** Characters of the line that is being printed, the indentation among them. */
  private int column;

  private TensorFormat(MemorySegment memory, Layout layout, int indent) {
    this.layout = layout;
    this.summarized = layout.size() > THRESHOLD;
    this.indent = indent;
    this.column = indent;
    List<Long> offsets = new ArrayList<>();
    visit(0, 0, offsets::add);
    this.cells = NumberFormat.format(memory, layout.dtype(), offsets).iterator();
  }

  /**
   * Returns the elements as text.
   *
   * @param indent the characters before the first line, by which the other lines are indented
   */
  static String elements(MemorySegment memory, Layout layout, int indent) {
    if (layout.size() == 0) {
      return "[]";
    }
    TensorFormat format = new TensorFormat(memory, layout, indent);
    format.print(0);
    return format.text.toString();
  }

  /** Passes on where each element that is printed lies, in the order in which they are. */
  private void visit(int axis, long offset, LongConsumer element) {
    if (axis == layout.rank()) {
      element.accept(offset);
      return;
    }
    for (long index : printed(axis)) {
      if (index >= 0) {
        visit(axis + 1, offset + index * layout.stride(axis), element);
      }
    }
  }

  /** Returns the indices of an axis that are printed, -1 for those that are left out. */
  private long[] printed(int axis) {
    long size = layout.dim(axis);
    if (summarized && size > 2 * EDGE) {
      return new long[] {0, 1, 2, -1, size - 3, size - 2, size - 1};
    }
    long[] all = new long[Math.toIntExact(size)];
    for (int i = 0; i < all.length; i++) {
      all[i] = i;
    }
    return all;
  }

  /** Prints the elements of an axis, and those of the axes inside it. */
  private void print(int axis) {
    if (axis == layout.rank()) {
      append(cells.next());
      return;
    }
    boolean innermost = axis == layout.rank() - 1;
    append("[");
    boolean first = true;
    for (long index : printed(axis)) {
      if (innermost) {
        String cell = index < 0 ? GAP : cells.next();
        if (!first) {
          append(",");
          // Room for a space, the cell, and the comma or bracket behind it.
          if (column + cell.length() + 2 > WIDTH) {
            newLine(1, axis);
          } else {
            append(" ");
          }
        }
        append(cell);
      } else {
        if (!first) {
          append(",");
          newLine(layout.rank() - 1 - axis, axis);
        }
        if (index < 0) {
          append(GAP);
        } else {
          print(axis + 1);
        }
      }
      first = false;
    }
    append("]");
  }

  private void append(String part) {
    text.append(part);
    column += part.length();
  }

  /** Starts a line inside the brackets of an axis, after blank lines between matrices and more. */
  private void newLine(int feeds, int axis) {
    column = indent + axis + 1;
    text.repeat('\n', feeds).repeat(' ', column);
  }
}
