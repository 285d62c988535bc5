package org.gatun;

import java.util.concurrent.atomic.LongAdder;
import org.gatun.runtime.TensorAccess;

/** Counts what callers hold and the pool does not see: exported segments and mapped files. */
final class HeldMemory {
  static final HeldMemory EXPORTED = new HeldMemory();
  static final HeldMemory MAPPED = new HeldMemory();

  private final LongAdder count = new LongAdder();
  private final LongAdder bytes = new LongAdder();

  private HeldMemory() {}

  /** Counts so many in and so many bytes; negative numbers count out. */
  void add(int count, long byteSize) {
    this.count.add(count);
    this.bytes.add(byteSize);
  }

  TensorAccess.Held now() {
    return new TensorAccess.Held(count.sum(), bytes.sum());
  }
}
