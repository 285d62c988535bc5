package org.gatun.onnx.session;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gatun.Layout;
import org.gatun.onnx.Value;
import org.gatun.runtime.Program;
import org.jspecify.annotations.Nullable;

/** What was recorded for inputs of some layouts: a bounded number, those unused for longest go. */
final class ProgramCache implements AutoCloseable {
  /**
   * What a recording depends on.
   *
   * @param forms of the inputs
   * @param layouts of the tensors in them
   */
  record Key(List<ValueForm> forms, List<Layout> layouts) {
    /** Returns whether it is the key of these inputs, if all are tensors. */
    boolean isOf(List<? extends @Nullable Value> inputs) {
      if (inputs.size() != forms.size() || inputs.size() != layouts.size()) {
        return false;
      }
      for (int i = 0; i < inputs.size(); i++) {
        if (!(inputs.get(i) instanceof Value.Dense dense)
            || !(forms.get(i) instanceof ValueForm.Dense form)
            || form.type() != dense.type()
            || !layouts.get(i).equals(dense.tensor().layout())) {
          return false;
        }
      }
      return true;
    }
  }

  /** What came of a recording. The cache counts who runs it: one that is evicted runs on. */
  static final class Recorded {
    private final @Nullable Program program;
    private final List<ValueForm> outputs;
    private final boolean givesTensors;
    private final @Nullable String reason;
    private int users;
    private boolean dropped;

    /**
     * Makes what is kept.
     *
     * @param program null where the graph must be run node by node
     * @param outputs the forms of its outputs
     * @param reason why there is no program
     */
    Recorded(@Nullable Program program, List<ValueForm> outputs, @Nullable String reason) {
      this.program = program;
      this.outputs = outputs;
      this.givesTensors = ValueForm.areTensors(outputs);
      this.reason = reason;
    }

    @Nullable Program program() {
      return program;
    }

    List<ValueForm> outputs() {
      return outputs;
    }

    /** Returns whether all outputs are tensors. */
    boolean givesTensors() {
      return givesTensors;
    }

    @Nullable String reason() {
      return reason;
    }

    private void closeUnused() {
      if (users == 0 && dropped && program != null) {
        program.close();
      }
    }
  }

  private final Map<Key, Recorded> recorded = new LinkedHashMap<>(16, 0.75f, true);
  private final int capacity;
  private boolean closed;

  ProgramCache(int capacity) {
    this.capacity = capacity;
  }

  /** Returns what was recorded, which stays open until {@link #release}, or null. */
  synchronized @Nullable Recorded hold(Key key) {
    Recorded found = recorded.get(key);
    if (found != null) {
      found.users++;
    }
    return found;
  }

  /** Lets go of what was held, if it is not null. */
  synchronized void release(@Nullable Recorded held) {
    if (held != null) {
      held.users--;
      held.closeUnused();
    }
  }

  private static void drop(Recorded unwanted) {
    unwanted.dropped = true;
    unwanted.closeUnused();
  }

  /** Keeps what was recorded, unless another thread was faster. */
  synchronized void put(Key key, Recorded made) {
    if (closed || recorded.containsKey(key)) {
      drop(made);
      return;
    }
    recorded.put(key, made);
    if (recorded.size() > capacity) {
      var eldest = recorded.entrySet().iterator();
      Recorded evicted = eldest.next().getValue();
      eldest.remove();
      drop(evicted);
    }
  }

  synchronized List<Recorded> all() {
    return List.copyOf(recorded.values());
  }

  @Override
  public synchronized void close() {
    closed = true;
    recorded.values().forEach(ProgramCache::drop);
    recorded.clear();
  }
}
