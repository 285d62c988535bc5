package org.gatun.op;

/** Operators that compute each element from the elements at the same index. */
public sealed interface Pointwise extends Op
    permits Activation, ActivationGradient, Binary, Ternary, Unary, Where {}
