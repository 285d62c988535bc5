package org.gatun.onnx.session;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gatun.Layout;
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
  record Key(List<ValueForm> forms, List<Layout> layouts) {}

  /**
   * What came of a recording.
   *
   * @param program null where the graph must be run node by node
   * @param outputs the forms of its outputs
   * @param reason why there is no program
   */
  record Recorded(@Nullable Program program, List<ValueForm> outputs, @Nullable String reason) {
    private void close() {
      if (program != null) {
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

  synchronized @Nullable Recorded get(Key key) {
    return recorded.get(key);
  }

  /** Keeps what was recorded, unless another thread was faster. */
  synchronized void put(Key key, Recorded made) {
    if (closed || recorded.containsKey(key)) {
      made.close();
      return;
    }
    recorded.put(key, made);
    if (recorded.size() > capacity) {
      var eldest = recorded.entrySet().iterator();
      Recorded dropped = eldest.next().getValue();
      eldest.remove();
      dropped.close();
    }
  }

  synchronized List<Recorded> all() {
    return List.copyOf(recorded.values());
  }

  @Override
  public synchronized void close() {
    closed = true;
    recorded.values().forEach(Recorded::close);
    recorded.clear();
  }
}
