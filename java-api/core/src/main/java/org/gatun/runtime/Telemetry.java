package org.gatun.runtime;

import org.jspecify.annotations.Nullable;

/**
 * Where events go. Until somebody records, in the JDK's Flight Recorder, that is nowhere, and no
 * class of events is loaded: the first of them takes the JDK a tenth of a second and more. A
 * runtime image without the module {@code jdk.jfr} has no events.
 */
final class Telemetry {
  private static volatile @Nullable EventSink events;

  private Telemetry() {}

  /** Returns who is told of events, null while nobody records them. */
  static @Nullable EventSink events() {
    return events;
  }

  /** Says who is told of events from now on. */
  static void tell(EventSink sink) {
    events = sink;
  }

  /** Has the recorder, when there is one, say that somebody records. */
  static void listen() {
    if (ModuleLayer.boot().findModule("jdk.jfr").isPresent()) {
      FlightEvents.listen();
    }
  }
}
