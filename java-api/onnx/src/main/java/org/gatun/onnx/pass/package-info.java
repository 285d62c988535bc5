/** Rewrites of a graph that keep what it computes. Each can be turned off. Uses model. */
@NullMarked
package org.gatun.onnx.pass;

import org.jspecify.annotations.NullMarked;
