package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.FLOAT;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.kernel.KernelContext;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.ScratchMemory;
import org.gatun.kernel.Spares;
import org.gatun.op.BinaryFunction;
import org.gatun.op.QuantizedResult;

/**
 * A product of integers that the library makes numbers of itself. Scales are multiplied with each
 * other first, as {@link QuantizedRow} does, so that the result is the same to the last bit.
 */
final class ScaledProductPlan implements Plan {
  private final QuantizedResult result;
  private final SignedWeights weights;
  private final Plan product;
  private final KernelContext context;
  private final Loops loops;
  private final int columns;
  private final boolean oneScale;
  private final Spares<MemorySegment[]> spares;

  /**
   * Makes a plan.
   *
   * @param product the library's plan, which {@link org.gatun.kernel.IntegerProducts#scaledMatmul}
   *     describes
   */
  ScaledProductPlan(
      PlanRequest request, QuantizedResult result, SignedWeights weights, Plan product) {
    this.result = result;
    this.weights = weights;
    this.product = product;
    this.context = request.context();
    this.loops = Loops.of(context, DType.F32);
    Layout scale = request.input(result.weightsScale());
    this.columns = Math.toIntExact(request.output(0).dim(-1));
    this.oneScale = scale.size() == 1;
    int added = request.inputs().size() - result.weightsZeroPoint() - 1;
    this.spares = new Spares<>(() -> new MemorySegment[4 + added]);
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    try (ScratchMemory.Block scratch = context.memory().borrow((long) columns * Float.BYTES)) {
      MemorySegment factors = scratch.segment();
      float scale = ALL.get(FLOAT, inputs[result.scale()].address());
      long scales = inputs[result.weightsScale()].address();
      if (oneScale) {
        loops.fill(factors.address(), scale * ALL.get(FLOAT, scales), columns);
      } else {
        loops.binaryRight(BinaryFunction.MUL, scales, scale, factors.address(), columns);
      }
      int rest = result.weightsZeroPoint() + 1;
      MemorySegment[] operands = spares.take();
      operands[0] = inputs[0];
      operands[1] = MemorySegment.NULL; // Packed.
      operands[2] = inputs[result.zeroPoint()];
      operands[3] = factors;
      System.arraycopy(inputs, rest, operands, 4, inputs.length - rest);
      product.execute(operands, outputs);
      spares.giveBack(operands);
    }
  }

  @Override
  public boolean reads(int input) {
    return input != result.weights() && input != result.weightsZeroPoint();
  }

  @Override
  public String implementation() {
    return product.implementation();
  }

  @Override
  public void close() {
    product.close();
    weights.close();
  }
}
