package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.ScratchMemory;
import org.gatun.kernel.Workers;
import org.gatun.op.QuantizedResult;

/**
 * A convolution as products of windows, padded with the images' zero point, and weights; and the
 * pass over their sums.
 */
final class ColumnQuantizedConv implements Plan {
  private static final long GRAIN = 16 * 1024;

  private final PlanRequest request;
  private final QuantizedResult result;
  private final ConvOutput output;
  private final SignedWeights weights;
  private final ConvColumns columns;
  private final List<Plan> products;

  /**
   * Makes the plan.
   *
   * @param products one for each group, or one for all; none where there is nothing to multiply
   */
  ColumnQuantizedConv(
      PlanRequest request,
      QuantizedResult result,
      ConvOutput output,
      SignedWeights weights,
      ConvColumns columns,
      List<Plan> products) {
    this.request = request;
    this.result = result;
    this.output = output;
    this.weights = weights;
    this.columns = columns;
    this.products = products;
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    if (output.sums().size() == 0) {
      return;
    }
    long own = output.scratchBytes();
    long moved = (weights.scratchBytes() + 63) / 64 * 64;
    long bytes = (long) columns.windows() * columns.length();
    try (ScratchMemory.Block block = request.context().memory().borrow(own + moved + bytes)) {
      MemorySegment scratch = block.segment();
      MemorySegment w = weights.at(inputs[result.weights()], scratch.asSlice(own));
      MemorySegment rows = scratch.asSlice(own + moved);
      MemorySegment sums = output.sums(scratch, outputs[0]);
      MemorySegment to = output.result(scratch, outputs[0]);
      for (long image = 0; image < output.sums().dim(0); image++) {
        for (int group = 0; group < columns.conv().groups(); group++) {
          run(inputs, w, rows, sums, to, image, group);
        }
      }
      output.finish(to, outputs[0]);
    }
  }

  private void run(
      MemorySegment[] inputs,
      MemorySegment w,
      MemorySegment rows,
      MemorySegment sums,
      MemorySegment to,
      long image,
      int group) {
    DType dtype = request.input(0).dtype();
    int zero = QuantizationChunk.get(dtype, inputs[result.zeroPoint()].address(), 0);
    long start = inputs[0].address() + image * columns.x().stride(0);
    int length = columns.length();
    int n = columns.outPerGroup();
    int channels = Math.toIntExact(output.sums().dim(1));
    MemorySegment b = w.asSlice((long) group * n * length);
    long first = image * columns.windows() * channels + (long) group * n;
    MemorySegment from = sums.asSlice(first * Integer.BYTES);
    if (products.isEmpty()) {
      for (long row = 0; row < columns.windows(); row++) {
        from.asSlice(row * channels * Integer.BYTES, (long) n * Integer.BYTES).fill((byte) 0);
      }
    } else {
      parallel(length, (a, end) -> columns.fill(start, group, a, end, (byte) zero, rows.address()));
      products
          .get(products.size() == 1 ? 0 : group)
          .execute(new MemorySegment[] {rows, b}, new MemorySegment[] {from});
    }
    Layout matrix = Layout.of(DType.I8, Shape.of(length, n), 1, Math.max(1, length));
    QuantizedColumns numbers =
        QuantizedColumns.of(request, result, inputs, weights, channels, 0, 0).part(group * n, n);
    int[] corrections =
        zero == 0 ? new int[0] : ByteSums.columns(b.address(), matrix, numbers.zeros());
    float scale = result.isScaled() ? ALL.get(FLOAT, inputs[1].address()) : 1;
    parallel(
        n,
        (a, end) -> {
          QuantizedRow row =
              new QuantizedRow(result, numbers, n, QuantizationLoops.of(request.context()));
          QuantizationChunk chunk = new QuantizationChunk(dtype, Math.max(1, length));
          for (long i = a; i < end; i++) {
            long at = i * channels;
            int sum =
                numbers.zeros() == null
                    ? 0
                    : ByteSums.row(chunk, rows.address() + i * length, length);
            row.run(
                from.address() + at * Integer.BYTES,
                to.address() + (first + at) * result.dtype().byteSize(),
                zero,
                corrections,
                sum,
                scale);
          }
        });
  }

  private void parallel(long perWindow, Workers.Part part) {
    request
        .context()
        .workers()
        .parallel(
            request.threads(),
            columns.windows(),
            Math.max(1, GRAIN / Math.max(1, perWindow)),
            part);
  }

  @Override
  public String implementation() {
    return products.isEmpty() ? "java:arrays" : "columns+" + products.getFirst().implementation();
  }

  @Override
  public void close() {
    products.forEach(Plan::close);
    output.close();
    weights.close();
  }
}
