package org.gatun.op;

import java.util.List;
import org.gatun.Layout;

/**
 * An operator with its arguments, as data: it checks them once, tells what it makes of its inputs,
 * and is the key by which plans are found.
 *
 * <p>A record that implements this is a value: equal arguments, equal operator. Its constructor
 * checks what the arguments alone can tell, {@link #infer} what they say of the inputs, and nothing
 * else validates. Whoever walks the operators (kernels, the reference, cases) switches over the
 * sealed families without a default, so that a missing one does not compile.
 */
public sealed interface Op
    permits Attention,
        Contraction,
        Convolution,
        Fused,
        Indexing,
        Interpolate,
        Lookup,
        Loss,
        LossGradient,
        Movement,
        Normalization,
        Ordering,
        Patches,
        Pointwise,
        Pooling,
        Probability,
        Quantization,
        Reduction,
        Resample,
        Scan,
        Stochastic,
        View {
  /** Returns the operator's name as PyTorch spells it, for messages and listings. */
  String name();

  /**
   * Returns the layout of each output for inputs of these layouts.
   *
   * @throws IllegalArgumentException if the operator does not take such inputs; the message names
   *     the operator, the argument, its value and what was expected
   */
  List<Layout> infer(List<Layout> inputs);
}
