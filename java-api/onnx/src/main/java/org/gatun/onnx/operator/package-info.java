/**
 * The operators of ONNX by domain, name and version, each a function from a {@link
 * org.gatun.onnx.operator.Call} to values, in terms of core's operators.
 *
 * <p>{@link org.gatun.onnx.operator.OperatorTable} has the operators, {@link
 * org.gatun.onnx.operator.Exclusions} those left out, with the reasons. A class {@code XxxFamily}
 * has the lines of the table for a family and what they compute; records beside it are what takes
 * more than a method. Uses model and core, and knows neither graphs that run nor passes.
 */
@NullMarked
package org.gatun.onnx.operator;

import org.jspecify.annotations.NullMarked;
