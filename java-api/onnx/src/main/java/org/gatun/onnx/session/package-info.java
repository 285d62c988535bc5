/** Runs a graph: node by node the first time, then as it was recorded. Uses operator and model. */
@NullMarked
package org.gatun.onnx.session;

import org.jspecify.annotations.NullMarked;
