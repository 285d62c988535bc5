package org.gatun.reference;

import java.util.List;
import org.gatun.Layout;
import org.gatun.op.Col2Im;
import org.gatun.op.Im2Col;
import org.gatun.op.Patches;

/** Patches: each element of each window looked up. */
final class PatchesReference {
  private PatchesReference() {}

  static List<NdArray> evaluate(Patches op, List<NdArray> inputs, List<Layout> outputs) {
    NdArray x = inputs.getFirst();
    Layout y = outputs.getFirst();
    return List.of(
        switch (op) {
          case Im2Col _ -> apart(op, x, NdArray.zeros(y.dtype(), y.shape()));
          case Col2Im _ -> together(op, x, NdArray.sums(y.dtype(), y.shape()));
        });
  }

  private static NdArray apart(Patches op, NdArray image, NdArray columns) {
    for (int position = 0; position < columns.size(); position++) {
      int from = element(op, image, columns, position);
      columns.values()[position] = from < 0 ? 0 : image.values()[from];
    }
    return columns;
  }

  private static NdArray together(Patches op, NdArray columns, NdArray image) {
    double[] sum = new double[image.size()];
    double[] absolute = new double[image.size()];
    long[] terms = new long[image.size()];
    for (int position = 0; position < columns.size(); position++) {
      int to = element(op, image, columns, position);
      if (to >= 0) {
        sum[to] += columns.values()[position];
        absolute[to] += Math.abs(columns.values()[position]);
        terms[to]++;
      }
    }
    for (int i = 0; i < image.size(); i++) {
      image.store(i, sum[i], terms[i], absolute[i]);
    }
    return image;
  }

  /** Returns where in the image an element of the columns is from, or -1 for padding. */
  private static int element(Patches op, NdArray image, NdArray columns, int position) {
    int height = image.dim(-2);
    int width = image.dim(-1);
    int across =
        (width + 2 * op.padding().get(1) - op.dilation().get(1) * (op.kernel().get(1) - 1) - 1)
                / op.stride().get(1)
            + 1;
    int window = position % columns.dim(-1);
    int row = position / columns.dim(-1);
    int j = row % op.kernel().get(1);
    int i = row / op.kernel().get(1) % op.kernel().get(0);
    int plane = row / op.kernel().get(1) / op.kernel().get(0);
    int h = window / across * op.stride().get(0) + i * op.dilation().get(0) - op.padding().get(0);
    int w = window % across * op.stride().get(1) + j * op.dilation().get(1) - op.padding().get(1);
    boolean inside = h >= 0 && h < height && w >= 0 && w < width;
    return inside ? (plane * height + h) * width + w : -1;
  }
}
