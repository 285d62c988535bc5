package org.gatun.op;

/**
 * Operators that bring elements to a common scale: to mean 0 and variance 1 over some of the
 * dimensions, or to what is in use instead.
 */
public sealed interface Normalization extends Op
    permits BatchNorm,
        DeepNorm,
        DyT,
        GroupNorm,
        InstanceNorm,
        LayerNorm,
        LocalResponseNorm,
        RmsNorm,
        SwitchNorm {}
