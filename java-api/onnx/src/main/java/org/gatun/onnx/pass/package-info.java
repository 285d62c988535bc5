/**
 * Rewrites of a graph that keep what it computes. {@link org.gatun.onnx.pass.Passes} has them in
 * order; each can be turned off by its name.
 *
 * <p>A pass takes records and gives records: it edits the nodes of a {@code GraphEdit}, asks {@code
 * Shapes} what is known of values, and {@code ConstantData} for numbers. Uses model, and operator
 * to compute constants.
 */
@NullMarked
package org.gatun.onnx.pass;

import org.jspecify.annotations.NullMarked;
