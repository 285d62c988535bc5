package org.gatun.runtime;

import java.util.List;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.java.CastKernel;
import org.gatun.kernel.java.ConcatKernel;
import org.gatun.kernel.java.CopyKernel;
import org.gatun.kernel.java.CosineSimilarityKernel;
import org.gatun.kernel.java.DrawKernel;
import org.gatun.kernel.java.DropoutKernel;
import org.gatun.kernel.java.EmbeddingKernel;
import org.gatun.kernel.java.ExtremumKernel;
import org.gatun.kernel.java.IntegerReduceKernel;
import org.gatun.kernel.java.LogSumExpKernel;
import org.gatun.kernel.java.NuclearNormKernel;
import org.gatun.kernel.java.OrderingKernel;
import org.gatun.kernel.java.PointwiseKernel;
import org.gatun.kernel.java.ReduceKernel;
import org.gatun.kernel.java.ScanKernel;
import org.gatun.kernel.java.SoftmaxKernel;
import org.gatun.kernel.java.WhereKernel;
import org.gatun.op.AdaptiveAveragePool;
import org.gatun.op.AdaptiveMaxPool;
import org.gatun.op.AlphaDropout;
import org.gatun.op.AveragePool;
import org.gatun.op.BatchNorm;
import org.gatun.op.Bernoulli;
import org.gatun.op.Binary;
import org.gatun.op.Cast;
import org.gatun.op.Concat;
import org.gatun.op.Conv;
import org.gatun.op.ConvTranspose;
import org.gatun.op.Copy;
import org.gatun.op.CosineSimilarity;
import org.gatun.op.Dropout;
import org.gatun.op.Embedding;
import org.gatun.op.Exponential;
import org.gatun.op.Fused;
import org.gatun.op.GlobalAveragePool;
import org.gatun.op.GlobalMaxPool;
import org.gatun.op.GroupNorm;
import org.gatun.op.InstanceNorm;
import org.gatun.op.LayerNorm;
import org.gatun.op.Linear;
import org.gatun.op.LogSoftmax;
import org.gatun.op.LpPool;
import org.gatun.op.MatMul;
import org.gatun.op.MaxPool;
import org.gatun.op.MaxUnpool;
import org.gatun.op.MaxWithIndices;
import org.gatun.op.MinWithIndices;
import org.gatun.op.Norm;
import org.gatun.op.Normal;
import org.gatun.op.NuclearNorm;
import org.gatun.op.Op;
import org.gatun.op.Ordering;
import org.gatun.op.RandomIntegers;
import org.gatun.op.Reduce;
import org.gatun.op.Scan;
import org.gatun.op.Softmax;
import org.gatun.op.SoftmaxGradient;
import org.gatun.op.Ternary;
import org.gatun.op.Unary;
import org.gatun.op.Uniform;
import org.gatun.op.Variance;
import org.gatun.op.View;
import org.gatun.op.Where;

/** Which kernels an operator has, fastest first. One line for each operator. */
final class KernelTable {
  private static final List<Kernel> NONE = List.of();

  private static final List<Kernel> CAST = List.of(new CastKernel());
  private static final List<Kernel> CONCAT = List.of(new ConcatKernel());
  private static final List<Kernel> COPY = List.of(new CopyKernel());
  private static final List<Kernel> DRAW = List.of(new DrawKernel());
  private static final List<Kernel> DROPOUT = List.of(new DropoutKernel());
  private static final List<Kernel> EMBEDDING = List.of(new EmbeddingKernel());
  private static final List<Kernel> POINTWISE = List.of(new PointwiseKernel());
  private static final List<Kernel> COSINE_SIMILARITY = List.of(new CosineSimilarityKernel());
  private static final List<Kernel> EXTREMUM =
      List.of(new ExtremumKernel(), new IntegerReduceKernel());
  private static final List<Kernel> NUCLEAR_NORM = List.of(new NuclearNormKernel());
  private static final List<Kernel> ORDERING = List.of(new OrderingKernel());
  private static final List<Kernel> REDUCE =
      List.of(new ReduceKernel(), new LogSumExpKernel(), new IntegerReduceKernel());
  private static final List<Kernel> SCAN = List.of(new ScanKernel());
  private static final List<Kernel> SOFTMAX = List.of(new SoftmaxKernel());
  private static final List<Kernel> WHERE = List.of(new WhereKernel());
  private static final List<Kernel> CONTRACTION =
      List.of(
          new org.gatun.kernel.openblas.MatMulKernel(),
          new org.gatun.kernel.onednn.MatMulKernel(),
          new org.gatun.kernel.java.MatMulKernel());
  private static final List<Kernel> CONVOLUTION =
      List.of(
          new org.gatun.kernel.onednn.ConvolutionKernel(),
          new org.gatun.kernel.openblas.ConvolutionKernel(),
          new org.gatun.kernel.java.ConvolutionKernel());
  private static final List<Kernel> NORMALIZATION =
      List.of(
          new org.gatun.kernel.onednn.NormalizationKernel(),
          new org.gatun.kernel.java.NormalizationKernel());
  private static final List<Kernel> POOLING =
      List.of(
          new org.gatun.kernel.onednn.PoolingKernel(), new org.gatun.kernel.java.PoolingKernel());

  private KernelTable() {}

  /** Returns the kernels to ask, in this order; none for views, which need no kernel. */
  static List<Kernel> kernels(Op op) {
    return switch (op) {
      case AdaptiveAveragePool _ -> POOLING;
      case AdaptiveMaxPool _ -> POOLING;
      case AlphaDropout _ -> DROPOUT;
      case AveragePool _ -> POOLING;
      case BatchNorm _ -> NORMALIZATION;
      case Binary _ -> POINTWISE;
      case Bernoulli _ -> DRAW;
      case Cast _ -> CAST;
      case Concat _ -> CONCAT;
      case Conv _ -> CONVOLUTION;
      case ConvTranspose _ -> CONVOLUTION;
      case Copy _ -> COPY;
      case CosineSimilarity _ -> COSINE_SIMILARITY;
      case Dropout _ -> DROPOUT;
      case Embedding _ -> EMBEDDING;
      case Exponential _ -> DRAW;
      case Fused fused -> kernels(fused.base());
      case GlobalAveragePool _ -> POOLING;
      case GlobalMaxPool _ -> POOLING;
      case GroupNorm _ -> NORMALIZATION;
      case InstanceNorm _ -> NORMALIZATION;
      case LayerNorm _ -> NORMALIZATION;
      case Linear _ -> CONTRACTION;
      case LpPool _ -> POOLING;
      case LogSoftmax _ -> SOFTMAX;
      case MatMul _ -> CONTRACTION;
      case MaxPool _ -> POOLING;
      case MaxUnpool _ -> POOLING;
      case Normal _ -> DRAW;
      case RandomIntegers _ -> DRAW;
      case MaxWithIndices _ -> EXTREMUM;
      case MinWithIndices _ -> EXTREMUM;
      case Norm _ -> REDUCE;
      case NuclearNorm _ -> NUCLEAR_NORM;
      case Ordering _ -> ORDERING;
      case Reduce _ -> REDUCE;
      case Scan _ -> SCAN;
      case Softmax _ -> SOFTMAX;
      case SoftmaxGradient _ -> SOFTMAX;
      case Ternary _ -> POINTWISE;
      case Unary _ -> POINTWISE;
      case Uniform _ -> DRAW;
      case Variance _ -> REDUCE;
      case View _ -> NONE;
      case Where _ -> WHERE;
    };
  }
}
