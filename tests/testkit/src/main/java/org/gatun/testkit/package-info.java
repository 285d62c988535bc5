/**
 * What the contract tests, the benchmarks, {@code gatun verify} and {@code gatun bench} share: a
 * case is an operator with operands and a tolerance, and one list of cases drives them all.
 */
@NullMarked
package org.gatun.testkit;

import org.jspecify.annotations.NullMarked;
