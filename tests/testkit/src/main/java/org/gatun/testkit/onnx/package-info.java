/** ONNX's own backend tests, run on Gatun. */
@NullMarked
package org.gatun.testkit.onnx;

import org.jspecify.annotations.NullMarked;
