/**
 * Runs a graph: node by node for inputs of new layouts, and then as it was recorded.
 *
 * <p>{@code GraphCode} is the graph with numbers in place of names, {@code Interpreter} runs it
 * once and closes what nobody needs any longer, {@code ProgramCache} keeps what core's {@code
 * Recording} made of it, and {@link org.gatun.onnx.session.GraphRunner} is the door. Uses operator,
 * model and core.
 */
@NullMarked
package org.gatun.onnx.session;

import org.jspecify.annotations.NullMarked;
