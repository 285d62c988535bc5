package org.gatun.op;

/**
 * Operators that move elements to other places, unchanged or converted, into memory of their own.
 */
public sealed interface Movement extends Op
    permits Cast, Concat, Copy, Embedding, Flip, Pad, Roll, Triangle {}
