package org.gatun.cli.model;

import org.gatun.onnx.Value;

/**
 * An input with its value.
 *
 * @param name of the input
 * @param value what the model runs on
 * @param origin where it comes from, in a few words
 */
public record ModelInput(String name, Value value, String origin) {}
