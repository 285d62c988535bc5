package org.gatun.kernel.onednn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.bindings.onednn.OneDnn;

/**
 * The engine of the CPU, the one of the process, which lives as long as the JVM does; and what the
 * processor computes with.
 */
final class Cpu {
  private static final MemorySegment ENGINE = create();
  private static final boolean F16;
  private static final boolean BF16;

  static {
    String instructions = InstructionSet.effective();
    F16 = instructions.matches(".*(fp16|amx|avx10).*");
    BF16 = F16 || instructions.contains("bf16");
  }

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

  /**
   * Returns whether the processor multiplies numbers of this type, adding up in f32. Without such
   * instructions oneDNN's code for bf16 takes longer than that for f32, and loses infinities.
   */
  static boolean computes(DType dtype) {
    return switch (dtype) {
      case F32 -> true;
      case F16 -> F16;
      case BF16 -> BF16;
      case F64, I8, U8, I16, I32, I64, BOOL -> false;
    };
  }
}
