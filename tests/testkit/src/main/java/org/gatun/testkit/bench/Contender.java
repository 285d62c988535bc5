package org.gatun.testkit.bench;

/** Who computes. */
public enum Contender {
  /** The fastest kernels of oneDNN, OpenBLAS and Java, one call at a time. */
  NATIVE("native"),
  /** The same with constant weights that were packed before. */
  BOUND("native bound"),
  /** Java kernels alone, with the Vector API. */
  VECTOR("Java vector"),
  /** Java kernels alone, without it. */
  SCALAR("Java scalar"),
  /** The plain Java that everything is checked against. */
  REFERENCE("reference");

  private final String title;

  Contender(String title) {
    this.title = title;
  }

  /** Returns the name for people. */
  public String title() {
    return title;
  }

  /** Returns the name in JSON and CSS. */
  public String key() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
