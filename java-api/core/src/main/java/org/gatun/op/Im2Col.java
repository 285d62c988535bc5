package org.gatun.op;

import java.util.List;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * The patches under a sliding window as columns, with zeros for what lies beyond the image.
 *
 * <p>Input: (N, C, H, W), or (C, H, W) without a batch, of any dtype. Output: (N, C kernel[0]
 * kernel[1], L), likewise without a batch, where L is the number of windows, counted row by row:
 * {@code output[n][(c kernel[0] + i) kernel[1] + j][l]} is the element {@code (i, j)} of window
 * {@code l} in channel {@code c}. A convolution is a product with these columns.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.functional.unfold.html">PyTorch,
 * nn.functional.unfold</a>.
 *
 * @param kernel the height and the width of the window
 * @param dilation the distance between the elements of a window in each dimension
 * @param padding the zeros added on both sides of each dimension
 * @param stride the step from one window to the next in each dimension
 */
public record Im2Col(Ints kernel, Ints dilation, Ints padding, Ints stride) implements Patches {
  /** Checks the arguments. */
  public Im2Col {
    PatchArguments.check("im2col", kernel, dilation, padding, stride);
  }

  @Override
  public String name() {
    return "im2col";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1);
    Shape image = inputs.getFirst().shape();
    int rank = image.rank();
    Checks.check(
        (rank == 3 || rank == 4) && image.range(rank - 3, rank).size() > 0,
        this,
        "input has shape "
            + image
            + ", expected (N, C, H, W) or (C, H, W) with no dimension but the batch to be 0");
    long windows = PatchArguments.windows(this, image);
    long rows =
        PatchArguments.product(
            this, image.dim(-3), PatchArguments.product(this, kernel.get(0), kernel.get(1)));
    Shape columns = rank == 3 ? Shape.of(rows, windows) : Shape.of(image.dim(0), rows, windows);
    return List.of(Layout.of(inputs.getFirst().dtype(), columns));
  }
}
