/** What an ONNX file says, as immutable records. Uses nothing of the other packages. */
@NullMarked
package org.gatun.onnx.model;

import org.jspecify.annotations.NullMarked;
