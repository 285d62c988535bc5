package org.gatun.op;

import java.util.List;
import org.gatun.Layout;

/**
 * {@code alpha A B + beta C} over the last two dimensions: a matrix product that is added to what
 * is there already.
 *
 * <p>Inputs: A and B, of the shapes that {@link MatMul} takes, and C, which broadcasts to the shape
 * of their product. Where beta is 0, C is not read, and its NaN do not count; where alpha is 0, A
 * and B are not. Integers take whole numbers as alpha and beta.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.addmm.html">PyTorch,
 * addmm</a>, addmv, addr, addbmm and baddbmm; ONNX Gemm.
 *
 * @param alpha what the product is multiplied by
 * @param beta what C is multiplied by
 */
public record Gemm(double alpha, double beta) implements Contraction {
  private static final MatMul PRODUCT = new MatMul();

  @Override
  public String name() {
    return "gemm";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 3);
    Layout product = PRODUCT.infer(inputs.subList(0, 2)).getFirst();
    Layout c = inputs.get(2);
    Checks.sameDType(this, inputs, 2, product.dtype());
    Checks.check(
        Checks.broadcast(this, product.shape(), c.shape()).equals(product.shape()),
        this,
        "C of shape " + c.shape() + ", expected one that broadcasts to " + product.shape());
    Checks.check(
        product.dtype().isFloating() || (isWhole(alpha) && isWhole(beta)),
        this,
        "alpha "
            + alpha
            + " and beta "
            + beta
            + " for dtype "
            + product.dtype().spelling()
            + ", expected whole numbers");
    return List.of(product);
  }

  private static boolean isWhole(double number) {
    return number == Math.rint(number) && !Double.isInfinite(number);
  }
}
