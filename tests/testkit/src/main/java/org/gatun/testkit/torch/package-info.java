/**
 * PyTorch's own samples of its operators, run on an engine: {@link
 * org.gatun.testkit.torch.TorchConformance} reads them, calls what Gatun has for each and compares.
 *
 * <p>Allowed dependencies: {@code org.gatun}'s exported packages, {@code org.gatun.reference} for
 * arrays of numbers, and Jackson's streaming parser.
 */
@NullMarked
package org.gatun.testkit.torch;

import org.jspecify.annotations.NullMarked;
