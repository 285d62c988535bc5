/**
 * JMH benchmarks of our own code: operators by backend, and what a call costs. {@code scripts/jmh}
 * runs them.
 */
@NullMarked
package org.gatun.benchmarks;

import org.jspecify.annotations.NullMarked;
