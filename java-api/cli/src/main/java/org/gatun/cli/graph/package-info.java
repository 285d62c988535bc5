/**
 * The graph of a model as a web page: boxes in layers from inputs to outputs, by a layout of its
 * own. Uses onnx and core, and nothing of the other packages.
 */
@NullMarked
package org.gatun.cli.graph;

import org.jspecify.annotations.NullMarked;
