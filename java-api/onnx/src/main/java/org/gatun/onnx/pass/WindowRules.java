package org.gatun.onnx.pass;

import java.util.ArrayList;
import java.util.List;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.Node;
import org.jspecify.annotations.Nullable;

/** What operators that slide a window over images say of the shapes of their results. */
final class WindowRules {
  private final Shapes shapes;
  private final Dims dims;

  WindowRules(Shapes shapes, Dims dims) {
    this.shapes = shapes;
    this.dims = dims;
  }

  /** Returns the shape, or null where it is another operator or cannot be told. */
  @Nullable List<Dimension> shape(Node node, @Nullable List<Dimension> image) {
    if (image == null || image.size() < 3) {
      return null;
    }
    return switch (node.operator()) {
      case "Conv", "FusedConv", "ConvInteger" -> {
        List<Dimension> weights = shapes.of(node.inputs().get(1));
        yield weights == null || weights.size() != image.size()
            ? null
            : windows(node, image, weights.getFirst(), weights.subList(2, weights.size()));
      }
      case "MaxPool", "AveragePool", "LpPool" -> {
        List<Long> kernel = Attributes.integers(node, "kernel_shape");
        yield kernel == null || kernel.size() != image.size() - 2
            ? null
            : windows(node, image, image.get(1), kernel.stream().map(Dims::known).toList());
      }
      case "GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool" -> {
        List<Dimension> result = new ArrayList<>(image.subList(0, 2));
        for (int i = 2; i < image.size(); i++) {
          result.add(Dims.known(1));
        }
        yield result;
      }
      case "ConvTranspose", "FusedConvTranspose", "Resize", "Upsample", "Pad" -> {
        List<Dimension> result = new ArrayList<>(dims.unknowns(image.size()));
        if (node.operator().endsWith("ConvTranspose")) {
          result.set(0, image.get(0));
          long each = shapes.size(node.inputs().get(1), 1);
          if (each >= 0) {
            result.set(1, Dims.known(each * Attributes.integer(node, "group", 1)));
          }
        }
        yield result;
      }
      default -> null;
    };
  }

  private List<Dimension> windows(
      Node node, List<Dimension> image, Dimension channels, List<Dimension> kernel) {
    List<Dimension> result = new ArrayList<>(List.of(image.getFirst(), channels));
    int axes = kernel.size();
    String padding = Attributes.text(node, "auto_pad", "NOTSET");
    for (int i = 0; i < axes; i++) {
      long size = Dims.size(image.get(i + 2));
      long window = Dims.size(kernel.get(i));
      long stride = at(node, "strides", i, 1);
      long dilation = at(node, "dilations", i, 1);
      if (size < 0 || window < 0 || stride < 1 || dilation < 1) {
        result.add(dims.unknown());
        continue;
      }
      long span = dilation * (window - 1) + 1;
      long pads =
          padding.equals("NOTSET") ? at(node, "pads", i, 0) + at(node, "pads", i + axes, 0) : 0;
      if (padding.startsWith("SAME")) {
        result.add(Dims.known((size + stride - 1) / stride));
      } else if (Attributes.integer(node, "ceil_mode", 0) != 0) {
        result.add(dims.unknown());
      } else {
        long count = Math.floorDiv(size + pads - span, stride) + 1;
        result.add(count < 0 ? dims.unknown() : Dims.known(count));
      }
    }
    return result;
  }

  private static long at(Node node, String attribute, int index, long otherwise) {
    List<Long> values = Attributes.integers(node, attribute);
    return values == null || index >= values.size() ? otherwise : values.get(index);
  }
}
