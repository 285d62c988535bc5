package org.gatun.benchmarks.peers;

/** How images lie in memory. */
enum PeerLayout {
  /** Row-major, NCHW. */
  ROW_MAJOR("row-major"),
  /** NHWC, for those who have it. */
  CHANNELS_LAST("channels-last");

  private final String key;

  PeerLayout(String key) {
    this.key = key;
  }

  /** Returns its name in requests, tables and files. */
  String key() {
    return key;
  }
}
