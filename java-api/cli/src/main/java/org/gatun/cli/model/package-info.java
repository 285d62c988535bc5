/**
 * Models on the command line: their inputs from files or made up, their outputs in a few lines,
 * what took how long, and the graph as a web page. Uses onnx, core and nothing of the other
 * packages.
 */
@NullMarked
package org.gatun.cli.model;

import org.jspecify.annotations.NullMarked;
