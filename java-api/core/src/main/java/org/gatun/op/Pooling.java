package org.gatun.op;

/** Operators that make each element from a window of every channel. */
public sealed interface Pooling extends Op
    permits AdaptiveAveragePool, AveragePool, GlobalAveragePool, GlobalMaxPool, MaxPool {}
