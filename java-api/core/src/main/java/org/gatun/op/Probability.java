package org.gatun.op;

/** Operators that make probabilities of the elements along an axis, and their gradients. */
public sealed interface Probability extends Op permits LogSoftmax, Softmax, SoftmaxGradient {}
