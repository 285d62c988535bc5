package org.gatun.kernel.onednn;

import org.gatun.DType;
import org.gatun.bindings.onednn.OneDnn;

/** The processor's instructions that oneDNN uses. */
public final class InstructionSet {
  private InstructionSet() {}

  /**
   * Returns the largest set of instructions that oneDNN uses here, as oneDNN names it, such as
   * {@code avx512_core_bf16}: what the processor has, or less where {@code ONEDNN_MAX_CPU_ISA} says
   * so.
   *
   * <p>Source: <a
   * href="https://uxlfoundation.github.io/oneDNN/dev_guide_cpu_dispatcher_control.html">oneDNN, CPU
   * dispatcher control</a>.
   */
  public static String effective() {
    int isa = OneDnn.dnnl_get_effective_cpu_isa();
    // Not constants of the language, so no switch. The sets for AVX10 have the numbers of those for
    // AVX-512 that have the same instructions, whose names are better known.
    if (isa == OneDnn.dnnl_cpu_isa_sse41()) {
      return "sse41";
    } else if (isa == OneDnn.dnnl_cpu_isa_avx()) {
      return "avx";
    } else if (isa == OneDnn.dnnl_cpu_isa_avx2()) {
      return "avx2";
    } else if (isa == OneDnn.dnnl_cpu_isa_avx2_vnni()) {
      return "avx2_vnni";
    } else if (isa == OneDnn.dnnl_cpu_isa_avx2_vnni_2()) {
      return "avx2_vnni_2";
    } else if (isa == OneDnn.dnnl_cpu_isa_avx512_core()) {
      return "avx512_core";
    } else if (isa == OneDnn.dnnl_cpu_isa_avx512_core_vnni()) {
      return "avx512_core_vnni";
    } else if (isa == OneDnn.dnnl_cpu_isa_avx512_core_bf16()) {
      return "avx512_core_bf16";
    } else if (isa == OneDnn.dnnl_cpu_isa_avx512_core_fp16()) {
      return "avx512_core_fp16";
    } else if (isa == OneDnn.dnnl_cpu_isa_avx512_core_amx()) {
      return "avx512_core_amx";
    } else if (isa == OneDnn.dnnl_cpu_isa_avx512_core_amx_fp16()) {
      return "avx512_core_amx_fp16";
    } else if (isa == OneDnn.dnnl_cpu_isa_avx10_2_512()) {
      return "avx10_2_512";
    } else if (isa == OneDnn.dnnl_cpu_isa_avx10_2_512_amx_2()) {
      return "avx10_2_512_amx_2";
    } else if (isa == OneDnn.dnnl_cpu_isa_default()) {
      return "default";
    }
    return "0x" + Integer.toHexString(isa);
  }

  /** Returns whether it has instructions that multiply numbers of this dtype, adding up in f32. */
  public static boolean multiplies(DType dtype) {
    return Cpu.computes(dtype);
  }
}
