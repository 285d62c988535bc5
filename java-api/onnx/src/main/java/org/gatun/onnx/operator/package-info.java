/**
 * The operators of ONNX by domain, name and version, each in terms of the operators of core. Uses
 * model.
 */
@NullMarked
package org.gatun.onnx.operator;

import org.jspecify.annotations.NullMarked;
