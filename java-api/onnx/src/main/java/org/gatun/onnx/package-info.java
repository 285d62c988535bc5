/**
 * ONNX models: {@link org.gatun.onnx.OnnxModel} reads one, {@link org.gatun.onnx.OnnxSession} runs
 * it.
 *
 * <p>Uses core and protobuf's reader of the wire format, and nothing else.
 */
@NullMarked
package org.gatun.onnx;

import org.jspecify.annotations.NullMarked;
