/**
 * ONNX models: {@link org.gatun.onnx.OnnxModel} reads one, {@link org.gatun.onnx.OnnxSession} runs
 * it.
 *
 * <p>Uses format to read, pass and session to run, and gives out the records of model. The packages
 * beneath know {@code Value}, {@code OnnxException} and {@code NodeListener} of this one, and no
 * more; a test of the contract holds all of them to it. Core and protobuf's reader of the wire
 * format are all that the module needs.
 */
@NullMarked
package org.gatun.onnx;

import org.jspecify.annotations.NullMarked;
