package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.kernel.FloatProducts;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.Conv;
import org.gatun.op.Fused;
import org.gatun.op.Ints;
import org.gatun.op.Op;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions of 3 x 3 with constant weights, by Winograd's minimal filtering, F(2 x 2, 3 x 3):
 * four results of a channel take 16 multiplications instead of 36. {@code y = A^T ((G g G^T) * (B^T
 * d B)) A}, where the products over the channels are matrix products.
 *
 * <p>Each result is still made of the elements of its own window alone, but of products of all of
 * them with all weights of a channel, of which those that are not wanted cancel out. So its error
 * is some epsilon of the size of the window's elements times that of the weights, not of the
 * products that are wanted: the same for images and weights that are of one size, and more where a
 * small element meets the large weight and a large one the small. (F(4 x 4, 3 x 3) lets in errors
 * from outside of the window too.)
 *
 * <p>What it has not is the plain sum's way with infinity and NaN, of which differences make NaN
 * elsewhere: where a sum is not finite, all is computed once more by the plain convolution.
 *
 * <p>It is taken where the system property {@code gatun.winograd} asks for it: {@code true} for
 * convolutions that are worth it, {@code always} for small ones too, which is for tests. It is not
 * taken by itself: its errors are larger, and the transforms are loops of the Vector API, which
 * take a thousand times as long before they are compiled, while going over to it then would change
 * the bits of results from one run to another.
 *
 * <p>Measured against oneDNN's plain convolution of channels-last images on one thread (Zen 5,
 * AVX-512), as a share of its time; channels, size of the image:
 *
 * <pre>
 * 64, 56 x 56     0.61      512, 28 x 28    0.54
 * 128, 28 x 28    0.57      256, 56 x 56    0.53
 * 256, 14 x 14    0.56      128 to 32, 56   0.69
 * 512, 7 x 7      0.80 to 0.9   32, 56 x 56     0.85
 * 64, 14 x 14     0.65      16, 112 x 112   1.15
 * 128 to 32, 14   0.88      128 to 32, 7    1.4
 * </pre>
 *
 * <p>Source: Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2015, <a
 * href="https://arxiv.org/abs/1509.09308">arXiv:1509.09308</a>.
 */
public final class WinogradKernel implements Kernel {
  private static final String SETTING = System.getProperty("gatun.winograd", "");
  private static final boolean ALWAYS = SETTING.equals("always");
  private static final boolean WANTED = ALWAYS || SETTING.equals("true");
  private static final int KERNEL = 3;

  /** Tiles of a thread below which the products are rather of vectors with matrices. */
  private static final long FEWEST_TILES = 16;

  /** Channels that are worth the transforms: what they cost grows with the sum, not the product. */
  private static final long FEWEST_PER_CHANNEL = 16;

  /** Multiplications of the plain convolution that are worth some calls more. */
  private static final long FEWEST_PRODUCTS = 1 << 22;

  private final Library library;
  private final FloatProducts products;
  private final Kernel plain;

  /**
   * Makes the kernel.
   *
   * @param library the library that multiplies
   * @param products its products
   * @param plain what computes where results are not finite
   */
  public WinogradKernel(Library library, FloatProducts products, Kernel plain) {
    this.library = library;
    this.products = products;
    this.plain = plain;
  }

  @Override
  public Library library() {
    return library;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    Op base = request.op() instanceof Fused fused ? fused.base() : request.op();
    List<Fused.Step> steps = request.op() instanceof Fused fused ? fused.steps() : List.of();
    WinogradLoops loops = WinogradLoops.of(request.context());
    if (!WANTED
        || loops == null
        || !(base instanceof Conv conv)
        || !isTaken(conv, request, loops.lanes())
        || !(ALWAYS || isWorth(request))) {
      return null;
    }
    MemorySegment constant = request.constant(1);
    WinogradConv.Steps taken = WinogradConv.Steps.of(steps, request, conv.bias() ? 3 : 2);
    if (constant == null || taken == null) {
      return null;
    }
    Plan fallback = plain.plan(request);
    if (fallback == null) {
      return null;
    }
    fallback.close(); // It is made again where it is needed, which is seldom.
    return new WinogradConv.Maker(request, conv, taken, loops, products, plain, constant)
        .make(constant);
  }

  private static boolean isTaken(Conv conv, PlanRequest request, int lanes) {
    if (conv.spatialRank() != 2 || request.input(0).rank() != 4) {
      return false;
    }
    Layout weights = request.input(1);
    Layout y = request.output(0);
    return request.isFloating(DType.F32)
        && conv.groups() == 1
        && weights.isContiguous()
        && weights.dim(2) == KERNEL
        && weights.dim(3) == KERNEL
        && conv.stride().equals(Ints.repeat(1, 2))
        && conv.dilation().equals(Ints.repeat(1, 2))
        && isImage(request.input(0))
        && isImage(y)
        && (!conv.bias() || request.input(2).isContiguous())
        && weights.dim(0) % lanes == 0
        && weights.dim(1) % lanes == 0
        && weights.size() > 0
        && y.size() > 0;
  }

  private static boolean isWorth(PlanRequest request) {
    Layout weights = request.input(1);
    Layout y = request.output(0);
    long outs = weights.dim(0);
    long ins = weights.dim(1);
    long tiles = y.dim(0) * Math.ceilDiv(y.dim(2), 2) * Math.ceilDiv(y.dim(3), 2);
    return tiles >= FEWEST_TILES * request.threads()
        && outs * ins >= FEWEST_PER_CHANNEL * (outs + ins)
        && y.size() / outs * weights.size() >= FEWEST_PRODUCTS;
  }

  private static boolean isImage(Layout layout) {
    return layout.isContiguous() || layout.isChannelsLast();
  }
}
