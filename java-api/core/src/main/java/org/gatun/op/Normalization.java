package org.gatun.op;

/** Operators that shift and scale elements to mean 0 and variance 1 over some of the dimensions. */
public sealed interface Normalization extends Op
    permits BatchNorm, GroupNorm, InstanceNorm, LayerNorm {}
