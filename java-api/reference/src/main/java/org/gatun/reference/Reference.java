package org.gatun.reference;

import java.util.List;
import org.gatun.Layout;
import org.gatun.op.Attention;
import org.gatun.op.Contraction;
import org.gatun.op.Convolution;
import org.gatun.op.Fused;
import org.gatun.op.Indexing;
import org.gatun.op.Interpolate;
import org.gatun.op.Lookup;
import org.gatun.op.Loss;
import org.gatun.op.LossGradient;
import org.gatun.op.Movement;
import org.gatun.op.Normalization;
import org.gatun.op.Op;
import org.gatun.op.Ordering;
import org.gatun.op.Patches;
import org.gatun.op.Pointwise;
import org.gatun.op.Pooling;
import org.gatun.op.Probability;
import org.gatun.op.Quantization;
import org.gatun.op.Reduction;
import org.gatun.op.Resample;
import org.gatun.op.Scan;
import org.gatun.op.Stochastic;
import org.gatun.op.View;

/** What an operator means, in plain Java. */
public final class Reference {
  private Reference() {}

  /**
   * Returns the outputs of an operator, not yet rounded to their dtypes.
   *
   * @throws IllegalArgumentException if the operator does not take the inputs
   */
  public static List<NdArray> evaluate(Op op, List<NdArray> inputs) {
    List<Layout> layouts =
        op.infer(inputs.stream().map(x -> Layout.of(x.dtype(), x.shape())).toList());
    return switch (op) {
      case Attention attention -> AttentionReference.evaluate(attention, inputs, layouts);
      case Contraction contraction -> ContractionReference.evaluate(contraction, inputs, layouts);
      case Convolution convolution -> ConvolutionReference.evaluate(convolution, inputs, layouts);
      case Fused fused -> FusedReference.evaluate(fused, inputs);
      case Indexing indexing -> IndexingReference.evaluate(indexing, inputs, layouts);
      case Loss loss -> LossReference.evaluate(loss, inputs, layouts);
      case LossGradient gradient -> LossReference.evaluate(gradient, inputs, layouts);
      case Lookup lookup -> LookupReference.evaluate(lookup, inputs, layouts);
      case Movement movement -> MovementReference.evaluate(movement, inputs, layouts);
      case Normalization normalization ->
          NormalizationReference.evaluate(normalization, inputs, layouts);
      case Ordering ordering -> OrderingReference.evaluate(ordering, inputs, layouts);
      case Interpolate interpolate -> InterpolateReference.evaluate(interpolate, inputs, layouts);
      case Patches patches -> PatchesReference.evaluate(patches, inputs, layouts);
      case Pointwise pointwise -> PointwiseReference.evaluate(pointwise, inputs, layouts);
      case Pooling pooling -> PoolingReference.evaluate(pooling, inputs, layouts);
      case Probability probability -> SoftmaxReference.evaluate(probability, inputs);
      case Quantization quantization ->
          QuantizationReference.evaluate(quantization, inputs, layouts);
      case Reduction reduction -> ReductionReference.evaluate(reduction, inputs, layouts);
      case Resample resample -> ResampleReference.evaluate(resample, inputs, layouts);
      case Stochastic stochastic -> StochasticReference.evaluate(stochastic, inputs, layouts);
      case Scan scan -> ScanReference.evaluate(scan, inputs, layouts);
      case View view -> ViewReference.evaluate(view, inputs, layouts);
    };
  }
}
