package org.gatun.nn;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.gatun.Layout;
import org.gatun.Tensor;
import org.gatun.op.Conv;
import org.gatun.op.Pad;
import org.gatun.runtime.Engine;
import org.jspecify.annotations.Nullable;

/**
 * A convolution, and what its input is padded with before, where that is not zeros.
 *
 * @param pad null where the convolution pads by itself, with zeros
 */
record PaddedConv(@Nullable Pad pad, Conv conv) {
  /** Returns the result for parameters that a layer has packed. */
  Tensor run(Tensor x, Bound bound) {
    if (pad == null) {
      return bound.run(conv, x);
    }
    check(x, pad, bound.parameters().values());
    try (Tensor padded = Engine.current().run(pad, x)) {
      return bound.run(conv, padded);
    }
  }

  /** Returns the result for weights and a bias. */
  Tensor run(Tensor x, Tensor weights, @Nullable Tensor bias) {
    Engine engine = Engine.current();
    List<Tensor> parameters = Stream.of(weights, bias).filter(Objects::nonNull).toList();
    if (pad == null) {
      return engine.run(conv, inputs(x, parameters));
    }
    check(x, pad, parameters);
    try (Tensor padded = engine.run(pad, x)) {
      return engine.run(conv, inputs(padded, parameters));
    }
  }

  private static Tensor[] inputs(Tensor x, List<Tensor> parameters) {
    return Stream.concat(Stream.of(x), parameters.stream()).toArray(Tensor[]::new);
  }

  /** Has the convolution refuse what it does not take before anything is padded. */
  private void check(Tensor x, Pad by, Collection<Tensor> parameters) {
    List<Layout> inputs = new ArrayList<>();
    inputs.add(
        x.rank() < conv.spatialRank() ? x.layout() : by.infer(List.of(x.layout())).getFirst());
    parameters.forEach(parameter -> inputs.add(parameter.layout()));
    List<Layout> unused = conv.infer(inputs);
  }
}
