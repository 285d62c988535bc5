package org.gatun.op;

/**
 * Operators whose inputs say which elements are read or written.
 *
 * <p>Indices are {@code i32} or {@code i64}. They are data: one that is out of range is an {@link
 * IllegalArgumentException} when the operator runs, before anything is written.
 */
public sealed interface Indexing extends Op
    permits Gather, GatherElements, MaskedSelect, NonZero, Scatter, ScatterElements {}
