/**
 * Gatun beside what people would use instead: ONNX Runtime, libtorch, bare oneDNN and the pure-Java
 * reference, each in a process of its own, in turns.
 */
@NullMarked
package org.gatun.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
