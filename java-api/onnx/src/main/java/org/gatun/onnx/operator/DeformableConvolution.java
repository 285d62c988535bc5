package org.gatun.onnx.operator;

import java.util.ArrayList;
import java.util.List;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;

/**
 * DeformConv: a convolution whose kernel's elements lie where offsets put them. The image is
 * sampled there, and the samples multiplied with the weights as one product.
 *
 * <p>Source: <a href="https://onnx.ai/onnx/operators/onnx__DeformConv.html">ONNX, DeformConv</a>;
 * <a href="https://arxiv.org/abs/1811.11168">Zhu and others, Deformable ConvNets v2</a>.
 */
final class DeformableConvolution {
  private static final Sampling SAMPLING =
      new Sampling(Sampling.Mode.LINEAR, Sampling.Outside.ZEROS, true);

  private DeformableConvolution() {}

  /** Returns (N, out, spatial...) of x, weights, offsets, and the bias and mask where present. */
  static Tensor run(Call call) {
    Tensor x = call.tensor(0);
    Tensor weights = call.tensor(1);
    SlidingWindow window = SlidingWindow.of(call, x.shape(), weights.shape());
    int groups = call.smallInteger("group", 1);
    int offsetGroups = call.smallInteger("offset_group", 1);
    int rank = window.rank();
    long batch = x.dim(0);
    long channels = x.dim(1);
    long elements = weights.shape().range(2, weights.rank()).size();
    Shape spatial = Shape.of();
    for (int i = 0; i < rank; i++) {
      spatial = spatial.concat(Shape.of(window.positions(i, x.dim(2 + i), false)));
    }
    if (groups < 1
        || offsetGroups < 1
        || channels % offsetGroups != 0
        || channels != weights.dim(1) * groups
        || weights.dim(0) % groups != 0) {
      throw call.failure(
          "input of shape "
              + x.shape()
              + ", weights of shape "
              + weights.shape()
              + ", group "
              + groups
              + " and offset_group "
              + offsetGroups
              + " disagree");
    }
    expect(call, 2, Shape.of(batch, offsetGroups * elements * rank).concat(spatial));
    long places = spatial.size();
    Tensor offsets = call.tensor(2).reshape(batch * offsetGroups, elements, rank, places);
    if (offsets.dtype() != DType.F64) {
      offsets = offsets.to(DType.F32);
    }
    List<Tensor> positions = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      Tensor regular = Tensor.of(regular(window, spatial, i), elements, places);
      positions.add(
          offsets
              .select(2, i)
              .add(regular.to(offsets.dtype()))
              .reshape(batch * offsetGroups, elements * places));
    }
    long[] image = x.shape().range(2, x.rank()).dims();
    Shape divided = Shape.of(batch * offsetGroups, channels / offsetGroups);
    Tensor samples = SAMPLING.at(x.reshape(divided.concat(Shape.of(image)).dims()), positions);
    Tensor mask = call.optional(4);
    if (mask != null) {
      expect(call, 4, Shape.of(batch, offsetGroups * elements).concat(spatial));
      samples = samples.mul(mask.reshape(batch * offsetGroups, 1, elements * places));
    }
    long products = weights.dim(1) * elements;
    Tensor result =
        weights
            .reshape(groups, weights.dim(0) / groups, products)
            .matmul(samples.reshape(batch, groups, products, places))
            .reshape(Shape.of(batch, weights.dim(0)).concat(spatial).dims());
    Tensor bias = call.optional(3);
    if (bias == null) {
      return result;
    }
    Shape perChannel = Shape.of(bias.size());
    for (int i = 0; i < rank; i++) {
      perChannel = perChannel.concat(Shape.of(1));
    }
    return result.add(bias.reshape(perChannel.dims()));
  }

  private static void expect(Call call, int input, Shape shape) {
    if (!call.shape(input).equals(shape)) {
      throw call.failure(
          "input " + input + " has shape " + call.shape(input) + ", expected " + shape);
    }
  }

  /** Where an ordinary convolution's elements lie in a dimension, elements first, then places. */
  private static double[] regular(SlidingWindow window, Shape spatial, int dimension) {
    Shape kernel = Shape.of();
    for (int i = 0; i < window.rank(); i++) {
      kernel = kernel.concat(Shape.of(window.kernel().get(i)));
    }
    int elements = Math.toIntExact(kernel.size());
    int places = Math.toIntExact(spatial.size());
    double[] positions = new double[Math.multiplyExact(elements, places)];
    for (int element = 0; element < elements; element++) {
      long within = coordinate(kernel, element, dimension) * window.dilations().get(dimension);
      for (int place = 0; place < places; place++) {
        positions[element * places + place] =
            coordinate(spatial, place, dimension) * window.strides().get(dimension)
                - window.begins().get(dimension)
                + within;
      }
    }
    return positions;
  }

  private static long coordinate(Shape shape, long index, int dimension) {
    return index / shape.range(dimension + 1, shape.rank()).size() % shape.dim(dimension);
  }
}
