package org.gatun.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Precision;
import org.gatun.Scope;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The projections of queries, keys and values: one matrix for all three where they are of one size,
 * else three.
 */
final class AttentionProjections implements AutoCloseable {
  private static final String[] SEPARATE = {"q_proj_weight", "k_proj_weight", "v_proj_weight"};

  private final int size;

  /** Of all three, for sequences that attend to themselves. */
  private final @Nullable Linear packed;

  private final Map<String, Tensor> parameters = new LinkedHashMap<>();

  AttentionProjections(
      int size, int keySize, int valueSize, boolean isPacked, boolean bias, long seed) {
    this.size = size;
    Generator random = new Generator(seed);
    Tensor biases = bias ? Scope.detach(Tensor.zeros(DType.F32, 3L * size)) : null;
    if (isPacked) {
      Tensor weight = xavier(random, Shape.of(3L * size, size));
      parameters.put("in_proj_weight", weight);
      this.packed = new Linear(weight, biases);
    } else {
      int[] sizes = {size, keySize, valueSize};
      for (int i = 0; i < SEPARATE.length; i++) {
        parameters.put(SEPARATE[i], xavier(random, Shape.of(size, sizes[i])));
      }
      this.packed = null;
    }
    if (biases != null) {
      parameters.put("in_proj_bias", biases);
    }
  }

  /** Uniform between plus and minus the root of 6 by the sum of both sizes. */
  private static Tensor xavier(Generator random, Shape shape) {
    double bound = Math.sqrt(6.0 / (shape.dim(0) + shape.dim(1)));
    return Scope.detach(random.uniform(-bound, bound, DType.F32, shape.dims()));
  }

  Map<String, Tensor> parameters() {
    return parameters;
  }

  /** Returns the query, key and value of each element of a sequence. */
  Tensor[] of(Tensor x) {
    if (packed == null) {
      return of(x, x, x);
    }
    return packed.forward(x).split(size, -1).toArray(Tensor[]::new);
  }

  /** Returns the projections of queries, keys and values. */
  Tensor[] of(Tensor query, Tensor key, Tensor value) {
    return new Tensor[] {project(query, 0), project(key, 1), project(value, 2)};
  }

  private Tensor project(Tensor x, int which) {
    Tensor all = parameters.get("in_proj_weight");
    Tensor biases = parameters.get("in_proj_bias");
    Tensor weight = all == null ? parameters.get(SEPARATE[which]) : part(all, which);
    if (weight == null) {
      throw new AssertionError("a matrix for all three or for each");
    }
    // Matrices that are not packed are multiplied as they are.
    Tensor wide = x.dtype() == DType.BF16 ? x.to(weight.dtype()) : x;
    Tensor result = Functional.linear(wide, weight, biases == null ? null : part(biases, which));
    return result.to(x.dtype());
  }

  private Tensor part(Tensor all, int which) {
    return all.slice(0, (long) which * size, (which + 1L) * size);
  }

  void load(Map<String, Tensor> state) {
    if (packed == null) {
      LayerState.copy(parameters, state);
      return;
    }
    Map<String, Tensor> renamed = new LinkedHashMap<>();
    state.forEach(
        (name, tensor) -> renamed.put(name.equals("in_proj_weight") ? "weight" : "bias", tensor));
    packed.load(renamed);
  }

  void computeIn(Precision precision) {
    if (packed != null) {
      packed.computeIn(precision);
    }
  }

  @Override
  public void close() {
    if (packed != null) {
      packed.close();
    }
    parameters.values().forEach(Tensor::close);
  }
}
