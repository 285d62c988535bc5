package org.gatun.reference;

import java.util.List;
import org.gatun.Layout;
import org.gatun.op.Conv;
import org.gatun.op.ConvTranspose;
import org.gatun.op.Convolution;
import org.jspecify.annotations.Nullable;

/** Convolutions, by the definition, over three spatial dimensions; missing ones have size 1. */
final class ConvolutionReference {
  private ConvolutionReference() {}

  static List<NdArray> evaluate(Convolution op, List<NdArray> inputs, List<Layout> outputs) {
    NdArray x = inputs.get(0);
    NdArray weights = inputs.get(1);
    NdArray bias = op.bias() ? inputs.get(2) : null;
    NdArray y = NdArray.sums(outputs.get(0).dtype(), outputs.get(0).shape());
    switch (op) {
      case Conv conv -> conv(conv, x, weights, bias, y);
      case ConvTranspose transpose -> transpose(transpose, x, weights, bias, y);
    }
    return List.of(y);
  }

  private static void conv(Conv op, NdArray x, NdArray weights, @Nullable NdArray bias, NdArray y) {
    Images in = Images.of(x, op);
    Images out = Images.of(y, op);
    Images kernels = Images.of(weights, op);
    int outPerGroup = out.channels / op.groups();
    for (int n = 0; n < out.images; n++) {
      for (int o = 0; o < out.channels; o++) {
        int group = o / Math.max(1, outPerGroup);
        for (int p = 0; p < out.positions(); p++) {
          double sum = bias == null ? 0 : bias.values()[o];
          double absolute = Math.abs(sum);
          for (int c = 0; c < kernels.channels; c++) {
            for (int k = 0; k < kernels.positions(); k++) {
              int at = in.position(read(op, out, p, kernels, k));
              if (at >= 0) {
                double product =
                    x.values()[in.at(n, group * kernels.channels + c, at)]
                        * weights.values()[kernels.at(o, c, k)];
                sum += product;
                absolute += Math.abs(product);
              }
            }
          }
          int terms = kernels.channels * kernels.positions() + 1;
          y.store(out.at(n, o, p), sum, terms, absolute);
        }
      }
    }
  }

  /** Returns the coordinates in the input that a kernel's element meets for a result's element. */
  private static int[] read(Conv op, Images out, int position, Images kernels, int element) {
    int[] coordinates = new int[3];
    for (int i = 0; i < 3; i++) {
      coordinates[i] =
          out.coordinate(position, i) * argument(op.stride(), i, 1)
              - argument(op.paddingBefore(), i, 0)
              + kernels.coordinate(element, i) * argument(op.dilation(), i, 1);
    }
    return coordinates;
  }

  private static void transpose(
      ConvTranspose op, NdArray x, NdArray weights, @Nullable NdArray bias, NdArray y) {
    Images in = Images.of(x, op);
    Images out = Images.of(y, op);
    Images kernels = Images.of(weights, op);
    double[] sums = y.values();
    double[] absolutes = new double[sums.length];
    for (int n = 0; n < out.images; n++) {
      for (int o = 0; o < out.channels; o++) {
        for (int p = 0; p < out.positions(); p++) {
          sums[out.at(n, o, p)] = bias == null ? 0 : bias.values()[o];
          absolutes[out.at(n, o, p)] = Math.abs(sums[out.at(n, o, p)]);
        }
      }
    }
    int inPerGroup = in.channels / op.groups();
    for (int n = 0; n < in.images; n++) {
      for (int c = 0; c < in.channels; c++) {
        int group = c / Math.max(1, inPerGroup);
        for (int o = 0; o < kernels.channels; o++) {
          for (int p = 0; p < in.positions(); p++) {
            for (int k = 0; k < kernels.positions(); k++) {
              int position = out.position(written(op, in, p, kernels, k));
              if (position >= 0) {
                int at = out.at(n, group * kernels.channels + o, position);
                double product = x.values()[in.at(n, c, p)] * weights.values()[kernels.at(c, o, k)];
                sums[at] += product;
                absolutes[at] += Math.abs(product);
              }
            }
          }
        }
      }
    }
    int terms = inPerGroup * kernels.positions() + 1;
    for (int i = 0; i < sums.length; i++) {
      y.store(i, sums[i], terms, absolutes[i]);
    }
  }

  /** Returns the coordinates in the result that an input's element times a kernel's adds to. */
  private static int[] written(
      ConvTranspose op, Images in, int position, Images kernels, int element) {
    int[] coordinates = new int[3];
    for (int i = 0; i < 3; i++) {
      coordinates[i] =
          in.coordinate(position, i) * argument(op.stride(), i, 1)
              - argument(op.paddingBefore(), i, 0)
              + kernels.coordinate(element, i) * argument(op.dilation(), i, 1);
    }
    return coordinates;
  }

  /** Returns an argument for one of three dimensions, of which the operator has the last ones. */
  private static int argument(org.gatun.op.Ints values, int dimension, int missing) {
    int index = dimension - (3 - values.size());
    return index < 0 ? missing : values.get(index);
  }

  /** How an array is (image, channel, depth, height, width). */
  private record Images(int images, int channels, int[] size) {
    static Images of(NdArray array, Convolution op) {
      int spatial = op.spatialRank();
      int[] size = {1, 1, 1};
      for (int i = 0; i < spatial; i++) {
        size[3 - spatial + i] = array.dim(array.rank() - spatial + i);
      }
      int images = array.rank() == spatial + 2 ? array.dim(0) : 1;
      return new Images(images, array.dim(-spatial - 1), size);
    }

    int positions() {
      return size[0] * size[1] * size[2];
    }

    int at(int image, int channel, int position) {
      return (image * channels + channel) * positions() + position;
    }

    int coordinate(int position, int dimension) {
      return switch (dimension) {
        case 0 -> position / (size[1] * size[2]);
        case 1 -> position / size[2] % size[1];
        default -> position % size[2];
      };
    }

    /** Returns the position of coordinates, -1 outside. */
    int position(int[] coordinates) {
      int position = 0;
      for (int i = 0; i < 3; i++) {
        if (coordinates[i] < 0 || coordinates[i] >= size[i]) {
          return -1;
        }
        position = position * size[i] + coordinates[i];
      }
      return position;
    }
  }
}
