package org.gatun.op;

/** Operators on the rows of tables that are looked up by index, as those of embeddings. */
public sealed interface Lookup extends Op permits EmbeddingBag, Renorm {}
