package org.gatun.onnx.operator;

import org.gatun.nn.Functional;

/**
 * Operators that are several of ONNX's in one, as ONNX Runtime and Gatun's own passes write them.
 */
final class FusedFamily {
  private FusedFamily() {}

  static void register(Registry microsoft, Registry own) {
    microsoft.add("Gelu", 1, c -> Functional.gelu(c.tensor(0)));
    own.add("Silu", 1, c -> Functional.silu(c.tensor(0)));
  }
}
