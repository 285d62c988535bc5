/**
 * The chapters by which people learn the operators, one class each: it prints what it does, and
 * stops where something that it claims is not so. {@code scripts/example} runs them.
 */
@NullMarked
package org.gatun.examples;

import org.jspecify.annotations.NullMarked;
