package org.gatun.safety.models;

import java.util.List;
import org.gatun.onnx.model.Model;

/**
 * A model that is sound, of which mutants are made.
 *
 * @param name where it is from
 * @param bytes its file
 * @param model what the file says
 * @param inputs files of the values that it is known to take, in the order of its inputs; may be
 *     empty
 */
record Seed(String name, byte[] bytes, Model model, List<byte[]> inputs) {}
