package org.gatun.op;

/** Operators that multiply matrices. */
public sealed interface Contraction extends Op permits Gemm, Linear, MatMul {}
