package org.gatun.onnx.model;

/**
 * A value of a graph with its declared type.
 *
 * @param name of the value
 * @param type as declared
 */
public record ValueInfo(String name, ValueType type) {}
