package org.gatun.safety.programs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.gatun.op.Movement;
import org.gatun.op.Op;
import org.gatun.op.Pointwise;
import org.gatun.op.Reduction;
import org.gatun.op.View;

/** The drafts of all operators. */
final class Drafts {
  private static final Map<Class<? extends Op>, Draft> ALL = all();
  private static final List<Draft> WEIGHTED = weighted();

  private Drafts() {}

  private static Map<Class<? extends Op>, Draft> all() {
    SequencedMap<Class<? extends Op>, Draft> drafts = new LinkedHashMap<>();
    ElementDrafts.addTo(drafts);
    MovementDrafts.addTo(drafts);
    ContractionDrafts.addTo(drafts);
    ReductionDrafts.addTo(drafts);
    WindowDrafts.addTo(drafts);
    NormalizationDrafts.addTo(drafts);
    IndexingDrafts.addTo(drafts);
    LossDrafts.addTo(drafts);
    QuantizationDrafts.addTo(drafts);
    return drafts;
  }

  /** What programs are mostly made of comes more often: views above all, and simple functions. */
  private static List<Draft> weighted() {
    List<Draft> drafts = new ArrayList<>();
    ALL.entrySet().stream()
        .sorted((a, b) -> a.getKey().getName().compareTo(b.getKey().getName()))
        .forEach(
            e -> {
              Class<?> type = e.getKey();
              int weight =
                  View.class.isAssignableFrom(type)
                      ? 6
                      : Pointwise.class.isAssignableFrom(type)
                          ? 6
                          : Movement.class.isAssignableFrom(type)
                                  || Reduction.class.isAssignableFrom(type)
                              ? 2
                              : 1;
              for (int i = 0; i < weight; i++) {
                drafts.add(e.getValue());
              }
            });
    return List.copyOf(drafts);
  }

  /** Returns the operators that programs are made of. */
  static java.util.Set<Class<? extends Op>> operators() {
    return ALL.keySet();
  }

  /** Returns a draft, of any operator. */
  static Draft any(Draw d) {
    return d.of(WEIGHTED);
  }
}
