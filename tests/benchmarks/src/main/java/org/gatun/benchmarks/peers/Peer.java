package org.gatun.benchmarks.peers;

import org.jspecify.annotations.Nullable;

/** Someone who computes cases, alone in a process. */
interface Peer extends AutoCloseable {
  /** A case made ready. Outputs are reused where the peer offers that. */
  interface Subject extends AutoCloseable {
    /** Runs it once. */
    void run();

    /** Returns the first output of the last run in row-major order, whatever lies in memory. */
    float[] output();

    /**
     * Returns a run for one more thread, with outputs of its own.
     *
     * @return null where the peer offers none
     */
    default @Nullable Runnable caller() {
      return null;
    }

    /** Returns which code runs, where the peer tells. */
    default String implementation() {
      return "";
    }

    @Override
    void close();
  }

  /**
   * Returns a case made ready, weights packed as the peer does it.
   *
   * @param channelsLast whether images come and go channels-last; else row-major
   * @return null where the peer does not offer it
   */
  @Nullable Subject prepare(PeerCase work, boolean channelsLast);

  /**
   * Returns a model made ready.
   *
   * @return null where the peer does not run models
   */
  default @Nullable Subject prepare(ModelCase model) {
    return null;
  }

  /** Returns its name and version. */
  String version();

  @Override
  default void close() {}
}
