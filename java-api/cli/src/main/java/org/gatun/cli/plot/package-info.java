/**
 * Draws functions as web pages: {@link org.gatun.cli.plot.ActivationPage} the activations and their
 * derivatives, computed by the operators themselves.
 *
 * <p>Allowed dependencies: {@code org.gatun}'s exported packages.
 */
@NullMarked
package org.gatun.cli.plot;

import org.jspecify.annotations.NullMarked;
