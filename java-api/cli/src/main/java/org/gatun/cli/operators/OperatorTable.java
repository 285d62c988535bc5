package org.gatun.cli.operators;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.runtime.Engine;
import org.gatun.testkit.Case;
import org.gatun.testkit.CaseRunner;
import org.gatun.testkit.Setting;
import org.jspecify.annotations.Nullable;

/**
 * What there is of each operator: its dtypes, who computes it, its cases, and the largest error
 * that an engine made on them here and now.
 */
public final class OperatorTable {
  /** How a planner that converts to {@code f32} and back says so. */
  private static final String THROUGH_F32 = "f32+";

  private static final List<String> HEADER =
      List.of("operator", "dtypes", "bf16, f16", "computed by", "kernel", "cases", "worst error");

  private OperatorTable() {}

  /**
   * A line of the table.
   *
   * @param operator the operator
   * @param dtypes the dtypes that it is checked with
   * @param half how it computes {@code bf16} and {@code f16}
   * @param libraries who computes the cases that are benchmarks, in {@code f32}
   * @param kernels by which of their kernels
   * @param cases the number of cases
   * @param worst the largest error
   * @param passed whether all cases agree with the reference
   */
  public record Line(
      Operator operator,
      String dtypes,
      String half,
      String libraries,
      String kernels,
      int cases,
      String worst,
      boolean passed) {
    private List<String> cells() {
      return List.of(
          operator.name(), dtypes, half, libraries, kernels, Integer.toString(cases), worst);
    }
  }

  /** Returns the line of an operator, having run its cases with each of their dtypes. */
  public static Line line(Operator operator, Engine engine) {
    WorstError worst = new WorstError();
    for (Case c : operator.cases()) {
      for (DType dtype : c.dtypes()) {
        if (!c.benchmark() || dtype == c.dtypes().iterator().next()) {
          worst.add(c.tolerance(), CaseRunner.run(c, Setting.plain(dtype), engine));
        }
      }
    }
    engine.close(); // Its plans.
    Set<String> kernels = kernels(operator, engine, null);
    return new Line(
        operator,
        operator.dtypesInWords(),
        half(operator, engine),
        join(kernels.stream().map(OperatorTable::library).toList()),
        join(kernels.stream().map(OperatorTable::kernel).toList()),
        operator.cases().size(),
        worst.inWords(),
        worst.isPassed());
  }

  /** Returns the table in Markdown, with a heading row for each family. */
  public static String markdown(List<Line> lines) {
    List<String> text = new ArrayList<>();
    text.add(row(HEADER));
    text.add("|---|---|---|---|---|---:|---|");
    String family = "";
    for (Line line : lines) {
      if (!line.operator().family().equals(family)) {
        family = line.operator().family();
        text.add(
            row(List.of("**" + line.operator().familyInWords() + "**", "", "", "", "", "", "")));
      }
      text.add(row(line.cells()));
    }
    return String.join("\n", text) + "\n";
  }

  private static String row(List<String> cells) {
    return cells.stream().collect(Collectors.joining(" | ", "| ", " |"));
  }

  private static String join(Collection<String> words) {
    return words.stream().distinct().collect(Collectors.joining(", "));
  }

  private static String half(Operator operator, Engine engine) {
    if (operator.dtypes().stream().noneMatch(DType::isFloating)) {
      return "";
    }
    String bf16 = half(operator, engine, DType.BF16);
    String f16 = half(operator, engine, DType.F16);
    return bf16.equals(f16) ? bf16 : "bf16 " + bf16 + ", f16 " + f16;
  }

  private static String half(Operator operator, Engine engine, DType dtype) {
    Set<String> kernels = kernels(operator, engine, dtype);
    if (kernels.isEmpty()) {
      return "no";
    }
    Set<String> direct =
        kernels.stream()
            .filter(kernel -> !kernel.startsWith(THROUGH_F32))
            .map(OperatorTable::library)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    return direct.isEmpty() ? "through f32" : join(direct);
  }

  /**
   * Returns the implementations of the cases that are benchmarks, or, where there are none, of all.
   *
   * @param dtype what floating-point operands have; null for the first of each case's own
   */
  private static Set<String> kernels(Operator operator, Engine engine, @Nullable DType dtype) {
    boolean measured = operator.cases().stream().anyMatch(Case::benchmark);
    Set<String> kernels = new LinkedHashSet<>();
    for (Case c : operator.cases()) {
      DType own = c.dtypes().stream().sorted().findFirst().orElseThrow();
      if (c.benchmark() == measured && (dtype == null || own.isFloating())) {
        implementation(c, dtype == null ? own : dtype, engine, kernels);
      }
    }
    engine.close();
    return kernels;
  }

  private static void implementation(Case c, DType dtype, Engine engine, Set<String> kernels) {
    try (Scope scope = Scope.open()) {
      Tensor[] inputs =
          c.operands().stream()
              .map(x -> Tensor.empty(Layout.of(x.dtype(dtype), x.shape())))
              .toArray(Tensor[]::new);
      kernels.add(engine.implementation(c.op(), inputs));
    } catch (UnsupportedOperationException e) {
      // No kernel: the table says so where this was the only case.
    }
  }

  /** Returns the library that an implementation such as {@code copy+onednn:jit} belongs to. */
  private static String library(String implementation) {
    if (implementation.contains("onednn:")) {
      return "oneDNN";
    } else if (implementation.contains("openblas:")) {
      return "OpenBLAS";
    } else if (implementation.contains("java:")) {
      return "Java";
    }
    return implementation;
  }

  /** Returns an implementation without the library and the instruction set. */
  private static String kernel(String implementation) {
    return implementation
        .replaceAll("(onednn|openblas|java):", "")
        .replaceAll(":(avx\\w*|sse\\w*|sve\\w*|uni|any)", "");
  }
}
