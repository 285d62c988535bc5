package org.gatun.runtime;

/** What the memory of the pool is taken for. */
public enum MemoryOwner {
  /** Elements of tensors, whether a caller or an operator made them. */
  TENSORS("tensors"),
  /** Copies of tensors that runners, recordings and programs keep for themselves. */
  CONSTANTS("copied constants"),
  /** Weights in the form that a kernel wants them in. */
  PACKED("packed weights"),
  /** What lies between the steps of a program, for as long as it runs. */
  PROGRAMS("programs"),
  /** What a kernel needs while it runs. */
  SCRATCH("scratch");

  private final String title;

  MemoryOwner(String title) {
    this.title = title;
  }

  /** Returns the name for people, such as {@code packed weights}. */
  public String title() {
    return title;
  }
}
