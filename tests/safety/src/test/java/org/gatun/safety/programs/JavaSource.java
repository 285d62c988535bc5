package org.gatun.safety.programs;

import java.lang.reflect.RecordComponent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.gatun.Shape;
import org.gatun.op.Doubles;
import org.gatun.op.Ints;
import org.gatun.op.Longs;

/**
 * A program as the Java source of a test that does the same, and fails where the program does: by
 * an exception, or by what is printed.
 */
final class JavaSource {
  private static final int LEGIBLE = 8;

  private final StringBuilder text = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();
  private int made;

  private JavaSource() {}

  /** Returns the source of the steps, each a statement. */
  static String of(RandomProgram program) {
    JavaSource source = new JavaSource();
    source.line("// " + steps(program) + "; paste it into a test of this package.");
    source.line(
        "ProgramCheck.check(new RandomProgram(Engines.%s, %d, %s, java.util.Set.of(%s), List.of("
            .formatted(
                program.engine(),
                program.threads(),
                program.recorded(),
                program.constants().stream()
                    .sorted()
                    .map(Object::toString)
                    .collect(Collectors.joining(", "))));
    List<Step> steps = program.steps();
    for (int i = 0; i < steps.size(); i++) {
      source.line("    " + expression(steps.get(i)) + (i + 1 < steps.size() ? "," : ")));"));
    }
    source.line("// The same as a user writes it:");
    source.line("Engine engine = Engines." + program.engine() + ".engine();");
    for (Step step : steps) {
      source.statement(step);
    }
    return source.text.toString();
  }

  private static String steps(RandomProgram program) {
    return program.operators() + " operators on " + program.threads() + " threads";
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  private void statement(Step step) {
    switch (step) {
      case Step.Leaf leaf -> leaf(leaf);
      case Step.Compute compute -> compute(compute);
      case Step.Close(int tensor) -> line("t" + tensor + ".close();");
      case Step.Enter _ -> {
        String scope = "scope" + made++;
        open.push(scope);
        line("Scope " + scope + " = Scope.open();");
      }
      case Step.Leave(List<Integer> kept) -> {
        String scope = open.pop();
        kept.forEach(tensor -> line(scope + ".keep(t" + tensor + ");"));
        line(scope + ".close();");
      }
    }
  }

  private void leaf(Step.Leaf leaf) {
    String values = "";
    if (leaf.shape().size() <= LEGIBLE) {
      double[] x = leaf.values().draw(leaf.dtype(), leaf.shape(), leaf.seed()).values();
      values =
          " // " + DoubleStream.of(x).mapToObj(Double::toString).collect(Collectors.joining(", "));
    }
    line("Tensor t%d = Leaves.tensor(%s);%s".formatted(leaf.result(), expression(leaf), values));
  }

  private void compute(Step.Compute compute) {
    String op = expression(compute.op());
    String in = tensors(compute.operands());
    String call =
        switch (compute.door()) {
          case Step.Door.Fresh _ -> "engine.runAll(" + op + (in.isEmpty() ? "" : ", " + in) + ")";
          case Step.Door.Into(boolean gaps) ->
              "ProgramRun.into(engine, " + op + ", List.of(" + in + "), " + gaps + ")";
          case Step.Door.Over(int target) ->
              "engine.run(" + op + ", List.of(" + in + "), List.of(t" + target + "))";
          case Step.Door.Bound(int constants) ->
              "ProgramRun.bound(engine, " + op + ", List.of(" + in + "), " + constants + ")";
        };
    if (compute.results().isEmpty()) {
      line(call + ";");
      return;
    }
    String outputs = "out" + compute.results().getFirst();
    line("List<Tensor> " + outputs + " = " + call + ";");
    for (int i = 0; i < compute.results().size(); i++) {
      line("Tensor t%d = %s.get(%d);".formatted(compute.results().get(i), outputs, i));
    }
  }

  private static String tensors(List<Integer> tensors) {
    return tensors.stream().map(i -> "t" + i).collect(Collectors.joining(", "));
  }

  /** Returns an expression of the value: of records their constructors. */
  static String expression(Object value) {
    return switch (value) {
      case Ints ints ->
          "Ints.of("
              + IntStream.range(0, ints.size())
                  .mapToObj(i -> expression(ints.get(i)))
                  .collect(Collectors.joining(", "))
              + ")";
      case Longs longs ->
          "Longs.of("
              + LongStream.of(longs.toArray())
                  .mapToObj(JavaSource::expression)
                  .collect(Collectors.joining(", "))
              + ")";
      case Doubles doubles ->
          "Doubles.of("
              + IntStream.range(0, doubles.size())
                  .mapToObj(i -> expression(doubles.get(i)))
                  .collect(Collectors.joining(", "))
              + ")";
      case Shape shape ->
          "Shape.of("
              + LongStream.of(shape.dims())
                  .mapToObj(JavaSource::expression)
                  .collect(Collectors.joining(", "))
              + ")";
      case List<?> list ->
          "List.of("
              + list.stream().map(JavaSource::expression).collect(Collectors.joining(", "))
              + ")";
      case OptionalDouble number ->
          number.isPresent()
              ? "OptionalDouble.of(" + expression(number.getAsDouble()) + ")"
              : "OptionalDouble.empty()";
      case Enum<?> constant -> name(constant.getDeclaringClass()) + "." + constant.name();
      case Record record -> "new " + name(record.getClass()) + "(" + arguments(record) + ")";
      case String string -> '"' + string + '"';
      case Long number -> number == Long.MIN_VALUE ? "Long.MIN_VALUE" : number + "L";
      case Double number -> number(number);
      default -> value.toString();
    };
  }

  private static String number(double number) {
    if (Double.isNaN(number)) {
      return "Double.NaN";
    }
    if (Double.isInfinite(number)) {
      return number > 0 ? "Double.POSITIVE_INFINITY" : "Double.NEGATIVE_INFINITY";
    }
    return Double.toString(number);
  }

  private static String name(Class<?> type) {
    Class<?> outer = type.getDeclaringClass();
    return outer == null ? type.getSimpleName() : name(outer) + "." + type.getSimpleName();
  }

  private static String arguments(Record record) {
    List<String> arguments = new ArrayList<>();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      try {
        component.getAccessor().setAccessible(true);
        arguments.add(expression(component.getAccessor().invoke(record)));
      } catch (ReflectiveOperationException e) {
        throw new LinkageError(component + " of " + record.getClass(), e);
      }
    }
    return String.join(", ", arguments);
  }
}
