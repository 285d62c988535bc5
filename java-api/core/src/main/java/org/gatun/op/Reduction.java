package org.gatun.op;

/** Operators that compute one value, or one and its index, from the elements along some axes. */
public sealed interface Reduction extends Op
    permits CosineSimilarity, MaxWithIndices, MinWithIndices, Norm, NuclearNorm, Reduce, Variance {}
