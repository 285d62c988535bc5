package org.gatun.testkit.cases;

import java.util.List;
import java.util.stream.Stream;
import org.gatun.testkit.Case;

/** All cases. */
public final class Cases {
  private Cases() {}

  /** Returns the cases of all operators. */
  public static List<Case> all() {
    return Stream.of(
            ActivationCases.list(),
            AttentionCases.list(),
            ContractionCases.list(),
            ConvolutionCases.list(),
            IndexingCases.list(),
            InterpolateCases.list(),
            LookupCases.list(),
            LossCases.list(),
            MovementCases.list(),
            NormalizationCases.list(),
            OrderingCases.list(),
            PatchesCases.list(),
            PointwiseCases.list(),
            PoolingCases.list(),
            QuantizationCases.list(),
            QuantizedSumCases.list(),
            ReductionCases.list(),
            ResampleCases.list(),
            ScanCases.list(),
            SoftmaxCases.list(),
            StochasticCases.list(),
            ViewCases.list())
        .flatMap(List::stream)
        .toList();
  }
}
