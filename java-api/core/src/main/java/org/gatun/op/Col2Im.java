package org.gatun.op;

import java.util.List;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * An image in which each element is the sum of the elements of all patches that lie there: what
 * {@link Im2Col} takes apart, put together again, with overlaps added up.
 *
 * <p>Input: (N, C kernel[0] kernel[1], L), or (C kernel[0] kernel[1], L) without a batch,
 * floating-point, where L is the number of windows in an image of the size given. Output: (N, C, H,
 * W), likewise without a batch.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.functional.fold.html">PyTorch,
 * nn.functional.fold</a>; ONNX Col2Im.
 *
 * @param size the height and the width of the image
 * @param kernel the height and the width of the window
 * @param dilation the distance between the elements of a window in each dimension
 * @param padding what is cut off on both sides of each dimension
 * @param stride the step from one window to the next in each dimension
 */
public record Col2Im(Ints size, Ints kernel, Ints dilation, Ints padding, Ints stride)
    implements Patches {
  /** Checks the arguments. */
  public Col2Im {
    PatchArguments.pair("col2im", "size", size, 1);
    PatchArguments.check("col2im", kernel, dilation, padding, stride);
  }

  @Override
  public String name() {
    return "col2im";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1);
    Layout input = inputs.getFirst();
    Checks.floating(this, input, "input");
    Shape columns = input.shape();
    int rank = columns.rank();
    Checks.check(
        (rank == 2 || rank == 3) && columns.range(rank - 2, rank).size() > 0,
        this,
        "input has shape "
            + columns
            + ", expected (N, rows, L) or (rows, L) with no dimension but the batch to be 0");
    long window = PatchArguments.product(this, kernel.get(0), kernel.get(1));
    Checks.check(
        columns.dim(-2) % window == 0,
        this,
        "input has shape "
            + columns
            + ", expected rows by the multiple of "
            + window
            + ", the elements of a window "
            + kernel);
    long channels = columns.dim(-2) / window;
    Shape image =
        rank == 2
            ? Shape.of(channels, size.get(0), size.get(1))
            : Shape.of(columns.dim(0), channels, size.get(0), size.get(1));
    long windows = PatchArguments.windows(this, image);
    Checks.check(
        columns.dim(-1) == windows,
        this,
        "input has shape "
            + columns
            + ", expected "
            + windows
            + " columns: the windows in an image of "
            + size);
    return List.of(Layout.of(input.dtype(), image));
  }
}
