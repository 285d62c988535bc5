/**
 * Tensors from and to files: NumPy's {@code .npy} and {@code .npz}, and safetensors.
 *
 * <p>Files are checked before their data is read or mapped: a broken one ends in a {@link
 * org.gatun.io.MalformedFileException} that names the file, the field, what it is and what was
 * expected. Files are written beside the old one and take its place when they are complete.
 *
 * <p>Allowed dependencies: {@code org.gatun}.
 */
@NullMarked
package org.gatun.io;

import org.jspecify.annotations.NullMarked;
