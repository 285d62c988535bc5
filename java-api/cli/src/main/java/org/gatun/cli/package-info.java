/**
 * The commands: {@code gatun bench}, {@code verify}, {@code info} and {@code conformance}, one
 * class each, and what they share.
 *
 * <p>Results go to standard output, progress and errors to standard error. Exit codes: 0,
 * everything is right; 1, a result was wrong or something could not be done; 2, the command line
 * was.
 *
 * <p>Allowed dependencies: {@code org.gatun}, {@code .op}, {@code .kernel}, {@code .runtime}, the
 * reference and the testkit; of the bindings only the exception that loading throws.
 */
@NullMarked
package org.gatun.cli;

import org.jspecify.annotations.NullMarked;
