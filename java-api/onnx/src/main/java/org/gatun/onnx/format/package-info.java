/**
 * Reads the wire format of ONNX into the records of the model, and checks it.
 *
 * <p>Nothing that a file says is believed: a length is held against what is left, a shape against
 * the bytes that are there, a path against the model's folder, before memory is taken. Uses model,
 * and protobuf's reader; to read a value that stands in a file of its own, what operator makes of
 * constants.
 */
@NullMarked
package org.gatun.onnx.format;

import org.jspecify.annotations.NullMarked;
