/**
 * Operators as data: one record for each, with its arguments, their checks and the layouts of its
 * results. The only place that validates.
 *
 * <p>{@link org.gatun.op.Op} is sealed over families, each family over its operators. Names are
 * ONNX's. Allowed dependencies: {@code org.gatun} (dtypes, shapes, layouts).
 */
@NullMarked
package org.gatun.op;

import org.jspecify.annotations.NullMarked;
