package org.gatun.onnx.session;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.gatun.Tensor;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ElementType;
import org.jspecify.annotations.Nullable;

/** What a value is apart from its tensors: equal forms take tensors in the same places. */
sealed interface ValueForm {
  /** A tensor. */
  record Dense(ElementType type) implements ValueForm {
    private static final Dense[] ALL =
        Arrays.stream(ElementType.values()).map(Dense::new).toArray(Dense[]::new);

    /** Returns the one of a type. */
    static Dense of(ElementType type) {
      return ALL[type.ordinal()];
    }
  }

  /** A sequence. */
  record Sequence(List<ValueForm> elements) implements ValueForm {}

  /** An optional value; null where it is absent. */
  record Optional(@Nullable ValueForm value) implements ValueForm {}

  /** No value. */
  record Absent() implements ValueForm {}

  /** Returns the form of a value, and adds its tensors to the list. */
  static ValueForm of(@Nullable Value value, List<? super Tensor> tensors) {
    return switch (value) {
      case null -> new Absent();
      case Value.Dense dense -> {
        tensors.add(dense.tensor());
        yield Dense.of(dense.type());
      }
      case Value.Sequence sequence ->
          new Sequence(sequence.elements().stream().map(e -> of(e, tensors)).toList());
      case Value.Optional optional -> {
        Value inner = optional.value();
        yield new Optional(inner == null ? null : of(inner, tensors));
      }
    };
  }

  /** Returns the forms of values, and adds their tensors to the list. */
  static List<ValueForm> of(List<? extends @Nullable Value> values, List<? super Tensor> tensors) {
    List<ValueForm> forms = new ArrayList<>(values.size());
    for (int i = 0; i < values.size(); i++) {
      forms.add(of(values.get(i), tensors));
    }
    return forms;
  }

  /** Returns whether all of them are tensors. */
  static boolean areTensors(List<ValueForm> forms) {
    return forms.stream().allMatch(Dense.class::isInstance);
  }

  /** Returns tensors as values of these forms, all of which are tensors. */
  static List<Value> tensors(List<ValueForm> forms, List<Tensor> tensors) {
    List<Value> values = new ArrayList<>(forms.size());
    for (int i = 0; i < forms.size(); i++) {
      if (forms.get(i) instanceof Dense(ElementType type)) {
        values.add(new Value.Dense(type, tensors.get(i)));
      }
    }
    return values;
  }

  /** Returns the values of these forms with the next tensors in them. */
  static List<@Nullable Value> with(List<ValueForm> forms, Iterator<Tensor> tensors) {
    List<@Nullable Value> values = new ArrayList<>(forms.size());
    for (ValueForm form : forms) {
      values.add(form instanceof Absent ? null : form.with(tensors));
    }
    return values;
  }

  private Value with(Iterator<Tensor> tensors) {
    return switch (this) {
      case Dense(ElementType type) -> new Value.Dense(type, tensors.next());
      case Sequence(List<ValueForm> elements) ->
          new Value.Sequence(elements.stream().map(e -> e.with(tensors)).toList());
      case Optional(ValueForm inner) ->
          new Value.Optional(inner == null ? null : inner.with(tensors));
      case Absent _ -> throw new AssertionError("absent values stand in lists only");
    };
  }
}
