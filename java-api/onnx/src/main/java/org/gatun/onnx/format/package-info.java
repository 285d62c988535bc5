/** Reads the wire format of ONNX into the records of the model, and checks it. Uses model. */
@NullMarked
package org.gatun.onnx.format;

import org.jspecify.annotations.NullMarked;
