package org.gatun.op;

/** Operators that make each element from a window of every channel, and what undoes one of them. */
public sealed interface Pooling extends Op
    permits AdaptiveAveragePool,
        AdaptiveMaxPool,
        AveragePool,
        GlobalAveragePool,
        GlobalMaxPool,
        LpPool,
        MaxPool,
        MaxUnpool {}
