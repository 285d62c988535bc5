package org.gatun.op;

/** Operators that weigh values by how well their keys fit queries. */
public sealed interface Attention extends Op permits ScaledDotProductAttention {}
