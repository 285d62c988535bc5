package org.gatun;

/**
 * What a model or a layer computes its products in. Its parameters, inputs and outputs keep their
 * dtypes.
 */
public enum Precision {
  /** The dtypes that the model or the layer has. */
  F32,

  /**
   * {@code bf16} where there is {@code f32}: weights and activations of convolutions, products and
   * attention, and of what lies between them, have 8 bits of significand instead of 24, and the
   * same range. Sums, statistics of normalizations and softmax are computed in {@code f32}, and
   * integers stay as they are. Half the memory is read, and processors with instructions for it
   * multiply twice as fast.
   *
   * <p>Where the processor has none (AVX-512 BF16, AMX or AVX10), converting would take longer than
   * it saves: there {@link #F32} is used instead, and a warning says so once. {@link
   * org.gatun.runtime.Engine#multiplies} tells beforehand.
   */
  BF16
}
