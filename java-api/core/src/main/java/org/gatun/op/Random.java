package org.gatun.op;

/**
 * Operators with a random part. The seed is an input, not an argument: the plan does not depend on
 * it, and the same seed gives the same numbers on every platform and for any number of threads.
 */
public sealed interface Random extends Op permits Dropout {}
