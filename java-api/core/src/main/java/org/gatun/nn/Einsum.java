package org.gatun.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gatun.Scope;
import org.gatun.Tensor;

/**
 * Sums of products by an equation, as matrix products of two operands at a time: first those whose
 * product takes the fewest multiplications.
 *
 * <p>A dimension goes by its label: a letter, or for those of an ellipsis a number from the last
 * one, which is negative, so that ellipses of different ranks broadcast.
 */
final class Einsum {
  /** An operand whose dimensions have labels, no label twice. */
  private record Term(Tensor tensor, List<Integer> labels) {
    Term permuted(List<Integer> order) {
      return new Term(
          tensor.permute(order.stream().mapToInt(labels::indexOf).toArray()), List.copyOf(order));
    }

    /** Returns the sum over a dimension. */
    Term without(int label) {
      int axis = labels.indexOf(label);
      List<Integer> rest = new ArrayList<>(labels);
      rest.remove(axis);
      return new Term(tensor.sum(new int[] {axis}, false).to(tensor.dtype()), rest);
    }
  }

  private final String equation;
  private final Map<Integer, Long> sizes = new LinkedHashMap<>();
  private final List<List<Integer>> labels = new ArrayList<>();
  private List<Integer> output = List.of();

  private Einsum(String equation) {
    this.equation = equation;
  }

  /** Returns what {@link Functional#einsum} does. */
  static Tensor of(String equation, Tensor... operands) {
    Einsum einsum = new Einsum(equation);
    einsum.read(operands);
    try (Scope scope = Scope.open()) {
      return scope.keep(einsum.contract(operands));
    }
  }

  // The equation.

  private void read(Tensor[] operands) {
    String text = equation.replace(" ", "");
    int arrow = text.indexOf("->");
    String[] terms = (arrow < 0 ? text : text.substring(0, arrow)).split(",", -1);
    if (terms.length != operands.length || operands.length == 0) {
      throw error(terms.length + " operands, " + operands.length + " given");
    }
    int ellipsis = 0;
    for (int i = 0; i < operands.length; i++) {
      int letters = terms[i].replace("...", "").length();
      int rest = operands[i].rank() - letters;
      boolean hasEllipsis = terms[i].contains("...");
      if (rest < 0 || (rest > 0 && !hasEllipsis)) {
        throw error(letters + " labels for operand " + i + " of shape " + operands[i].shape());
      }
      ellipsis = Math.max(ellipsis, rest);
      labels.add(labels(terms[i], rest));
      measure(i, operands[i]);
    }
    output = arrow < 0 ? implicitOutput(ellipsis) : labels(text.substring(arrow + 2), ellipsis);
    Set<Integer> seen = new HashSet<>();
    for (int label : output) {
      if (!seen.add(label)) {
        throw error("label " + spelled(label) + " twice in the result");
      }
      if (!sizes.containsKey(label)) {
        throw error("label " + spelled(label) + " of the result is in no operand");
      }
    }
  }

  /** Returns the labels of a term; an ellipsis stands for {@code rest} of them. */
  private List<Integer> labels(String term, int rest) {
    List<Integer> list = new ArrayList<>();
    boolean hadEllipsis = false;
    for (int at = 0; at < term.length(); at++) {
      char letter = term.charAt(at);
      if (term.startsWith("...", at) && !hadEllipsis) {
        for (int i = rest; i > 0; i--) {
          list.add(-i);
        }
        hadEllipsis = true;
        at += 2;
      } else if ((letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z')) {
        list.add((int) letter);
      } else {
        throw error("unexpected '" + letter + "', expected letters and one ellipsis in a term");
      }
    }
    return list;
  }

  /** Without an arrow: the ellipsis, then the letters that occur once, capitals first. */
  private List<Integer> implicitOutput(int ellipsis) {
    List<Integer> all = labels.stream().flatMap(List::stream).toList();
    List<Integer> result = new ArrayList<>();
    for (int i = ellipsis; i > 0; i--) {
      result.add(-i);
    }
    all.stream()
        .filter(label -> label > 0 && all.indexOf(label) == all.lastIndexOf(label))
        .sorted()
        .forEach(result::add);
    return result;
  }

  private void measure(int operand, Tensor x) {
    List<Integer> mine = labels.get(operand);
    for (int axis = 0; axis < mine.size(); axis++) {
      long size = x.dim(axis);
      int first = mine.indexOf(mine.get(axis));
      long known = sizes.merge(mine.get(axis), size, (a, b) -> a == 1 ? b : a);
      if ((size != known && size != 1) || x.dim(first) != size) {
        throw error(
            "label "
                + spelled(mine.get(axis))
                + " has size "
                + size
                + " in operand "
                + operand
                + " of shape "
                + x.shape()
                + ", expected "
                + (x.dim(first) == size ? known : x.dim(first)));
      }
    }
  }

  private static String spelled(int label) {
    return label < 0 ? "..." : Character.toString(label);
  }

  private IllegalArgumentException error(String problem) {
    return new IllegalArgumentException("einsum: equation \"" + equation + "\": " + problem);
  }

  // The products.

  private Tensor contract(Tensor[] operands) {
    List<Term> terms = new ArrayList<>();
    for (int i = 0; i < operands.length; i++) {
      terms.add(squeezed(diagonal(operands[i], labels.get(i))));
    }
    while (terms.size() > 1) {
      int[] pair = cheapestPair(terms);
      Term second = terms.remove(pair[1]);
      Term first = terms.remove(pair[0]);
      terms.add(pair[0], product(first, second, needed(terms)));
    }
    Term last = reduced(terms.getFirst(), new HashSet<>(output));
    // A view of an operand that was given belongs to the caller as a tensor of its own.
    return last.permuted(output).tensor();
  }

  /** The diagonal over dimensions that have the same label. */
  private static Term diagonal(Tensor x, List<Integer> labels) {
    Term term = new Term(x, labels);
    for (int axis = 0; axis < term.labels.size(); axis++) {
      int label = term.labels.get(axis);
      int second = term.labels.lastIndexOf(label);
      if (second == axis) {
        continue;
      }
      long size = term.tensor.dim(axis);
      int[] order = new int[term.labels.size()];
      int[] rest = others(order.length, axis, second);
      System.arraycopy(rest, 0, order, 0, rest.length);
      order[rest.length] = axis;
      order[rest.length + 1] = second;
      Tensor square = term.tensor.permute(order).flatten(-2, -1);
      List<Integer> left = new ArrayList<>();
      Arrays.stream(rest).forEach(i -> left.add(labelAt(term, i)));
      left.add(label);
      return diagonal(square.slice(-1, 0, size * size, size + 1), left);
    }
    return term;
  }

  private static int labelAt(Term term, int axis) {
    return term.labels.get(axis);
  }

  private static int[] others(int rank, int first, int second) {
    int[] rest = new int[rank - 2];
    int next = 0;
    for (int axis = 0; axis < rank; axis++) {
      if (axis != first && axis != second) {
        rest[next++] = axis;
      }
    }
    return rest;
  }

  /** Drops dimensions of size 1 that are broadcast to those of other operands. */
  private Term squeezed(Term term) {
    Tensor x = term.tensor;
    List<Integer> kept = new ArrayList<>(term.labels);
    for (int axis = kept.size() - 1; axis >= 0; axis--) {
      if (x.dim(axis) == 1 && size(kept.get(axis)) != 1) {
        x = x.squeeze(axis);
        kept.remove(axis);
      }
    }
    return new Term(x, kept);
  }

  private long size(int label) {
    return sizes.getOrDefault(label, 1L);
  }

  private int[] cheapestPair(List<Term> terms) {
    int[] best = {0, 1};
    double fewest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < terms.size(); i++) {
      for (int j = i + 1; j < terms.size(); j++) {
        Set<Integer> all = new HashSet<>(terms.get(i).labels);
        all.addAll(terms.get(j).labels);
        double multiplications = 1;
        for (int label : all) {
          multiplications *= size(label);
        }
        if (multiplications < fewest) {
          fewest = multiplications;
          best = new int[] {i, j};
        }
      }
    }
    return best;
  }

  /** Returns the labels that the result or one of the terms has. */
  private Set<Integer> needed(List<Term> terms) {
    Set<Integer> needed = new HashSet<>(output);
    terms.forEach(term -> needed.addAll(term.labels));
    return needed;
  }

  /** Sums over the dimensions that nobody needs. */
  private static Term reduced(Term term, Set<Integer> needed) {
    Term result = term;
    for (int label : term.labels) {
      if (!needed.contains(label)) {
        result = result.without(label);
      }
    }
    return result;
  }

  private Term product(Term first, Term second, Set<Integer> needed) {
    Set<Integer> neededByFirst = new HashSet<>(needed);
    neededByFirst.addAll(second.labels);
    Set<Integer> neededBySecond = new HashSet<>(needed);
    neededBySecond.addAll(first.labels);
    Term a = reduced(first, neededByFirst);
    Term b = reduced(second, neededBySecond);
    List<Integer> batch = new ArrayList<>();
    List<Integer> summed = new ArrayList<>();
    List<Integer> rows = new ArrayList<>();
    for (int label : a.labels) {
      List<Integer> group =
          !b.labels.contains(label) ? rows : needed.contains(label) ? batch : summed;
      group.add(label);
    }
    List<Integer> columns = b.labels.stream().filter(label -> !a.labels.contains(label)).toList();
    List<Integer> result = joined(batch, rows, columns);
    if (summed.isEmpty() || (!batch.isEmpty() && rows.isEmpty() && columns.isEmpty())) {
      return elementwise(a, b, joined(result, summed), summed);
    }
    long[] dims = dims(batch);
    Tensor left = a.permuted(joined(batch, rows, summed)).tensor();
    Tensor right = b.permuted(joined(batch, summed, columns)).tensor();
    Tensor product =
        left.reshape(with(dims, count(rows), count(summed)))
            .matmul(right.reshape(with(dims, count(summed), count(columns))));
    return new Term(product.reshape(dims(result)), result);
  }

  /** Products without a sum, or sums that no two results share. */
  private static Term elementwise(Term a, Term b, List<Integer> labels, List<Integer> summed) {
    Term result = new Term(aligned(a, labels).mul(aligned(b, labels)), labels);
    for (int label : summed) {
      result = result.without(label);
    }
    return result;
  }

  /** Returns the tensor with all these dimensions, of size 1 where it lacks one. */
  private static Tensor aligned(Term term, List<Integer> labels) {
    Tensor x = term.permuted(labels.stream().filter(term.labels::contains).toList()).tensor();
    for (int axis = 0; axis < labels.size(); axis++) {
      if (!term.labels.contains(labels.get(axis))) {
        x = x.unsqueeze(axis);
      }
    }
    return x;
  }

  @SafeVarargs
  private static List<Integer> joined(List<Integer>... lists) {
    return Arrays.stream(lists).flatMap(List::stream).toList();
  }

  private long[] dims(List<Integer> labels) {
    return labels.stream().mapToLong(this::size).toArray();
  }

  private long count(List<Integer> labels) {
    return Arrays.stream(dims(labels)).reduce(1, (a, b) -> a * b);
  }

  private static long[] with(long[] dims, long rows, long columns) {
    long[] all = Arrays.copyOf(dims, dims.length + 2);
    all[dims.length] = rows;
    all[dims.length + 1] = columns;
    return all;
  }
}
