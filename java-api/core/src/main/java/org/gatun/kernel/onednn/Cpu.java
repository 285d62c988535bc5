package org.gatun.kernel.onednn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.gatun.bindings.onednn.OneDnn;

/** The engine of the CPU, the one of the process; it lives as long as the JVM does. */
final class Cpu {
  private static final MemorySegment ENGINE = create();

  private Cpu() {}

  private static MemorySegment create() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(OneDnn.C_POINTER);
      Status.check(OneDnn.dnnl_engine_create(out, OneDnn.dnnl_cpu(), 0), "engine_create");
      return out.get(OneDnn.C_POINTER, 0);
    }
  }

  static MemorySegment engine() {
    return ENGINE;
  }
}
