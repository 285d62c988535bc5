package org.gatun.cli.operators;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.op.Fused;
import org.gatun.op.Op;
import org.gatun.testkit.Case;

/**
 * An operator by the name that messages give it, and its cases.
 *
 * @param family the sealed family that it belongs to, such as {@code Pooling}
 * @param name its name; fused operators share one, and so do the gradients of a family
 * @param cases all of them, in their order
 */
public record Operator(String family, String name, List<Case> cases) {
  /** Makes the list unmodifiable. */
  public Operator {
    cases = List.copyOf(cases);
  }

  /** Returns the operators that have cases, by family and name. */
  public static List<Operator> of(List<Case> cases) {
    Map<String, Map<String, List<Case>>> families =
        cases.stream()
            .collect(
                Collectors.groupingBy(
                    c -> family(c.op()),
                    TreeMap::new,
                    Collectors.groupingBy(
                        c -> name(c.op()), LinkedHashMap::new, Collectors.toList())));
    return families.entrySet().stream()
        .flatMap(
            family ->
                family.getValue().entrySet().stream()
                    .map(named -> new Operator(family.getKey(), named.getKey(), named.getValue())))
        .toList();
  }

  /** Returns the dtypes that cases run the operator with, in the order of {@link DType}. */
  public Set<DType> dtypes() {
    return cases.stream()
        .flatMap(c -> c.dtypes().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Returns the dtypes in words: floating-point ones by name, the integers together. */
  public String dtypesInWords() {
    Set<DType> dtypes = dtypes();
    Stream<String> floating = dtypes.stream().filter(DType::isFloating).map(DType::spelling);
    List<DType> integers = dtypes.stream().filter(DType::isInteger).toList();
    boolean every =
        integers.size() == Arrays.stream(DType.values()).filter(DType::isInteger).count();
    Stream<String> whole = every ? Stream.of("integers") : integers.stream().map(DType::spelling);
    Stream<String> logical = dtypes.contains(DType.BOOL) ? Stream.of("bool") : Stream.of();
    return Stream.of(floating, whole, logical)
        .flatMap(words -> words)
        .collect(Collectors.joining(", "));
  }

  private static String name(Op op) {
    if (op instanceof Fused) {
      return "fused";
    }
    return op.name().endsWith("_gradient") ? "gradients" : op.name();
  }

  /** The interface between {@link Op} and the record. */
  private static String family(Op op) {
    return Arrays.stream(op.getClass().getInterfaces())
        .filter(type -> type != Op.class && Op.class.isAssignableFrom(type))
        .map(Class::getSimpleName)
        .findFirst()
        .orElseGet(() -> op.getClass().getSimpleName());
  }

  /** Returns the family in words of lower case, as a heading has it. */
  public String familyInWords() {
    return family.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }
}
