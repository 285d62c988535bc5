package org.gatun.runtime;

import java.util.List;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.java.AttentionKernel;
import org.gatun.kernel.java.CastKernel;
import org.gatun.kernel.java.ClassLossKernel;
import org.gatun.kernel.java.ConcatKernel;
import org.gatun.kernel.java.CopyKernel;
import org.gatun.kernel.java.CosineSimilarityKernel;
import org.gatun.kernel.java.DequantizeKernel;
import org.gatun.kernel.java.DrawKernel;
import org.gatun.kernel.java.DropoutKernel;
import org.gatun.kernel.java.ElementLossKernel;
import org.gatun.kernel.java.EmbeddingBagKernel;
import org.gatun.kernel.java.EmbeddingKernel;
import org.gatun.kernel.java.ExtremumKernel;
import org.gatun.kernel.java.GatherElementsKernel;
import org.gatun.kernel.java.GatherKernel;
import org.gatun.kernel.java.IntegerReduceKernel;
import org.gatun.kernel.java.InterpolateKernel;
import org.gatun.kernel.java.LogSumExpKernel;
import org.gatun.kernel.java.MaskKernel;
import org.gatun.kernel.java.NuclearNormKernel;
import org.gatun.kernel.java.OrderingKernel;
import org.gatun.kernel.java.PatchesKernel;
import org.gatun.kernel.java.PointwiseKernel;
import org.gatun.kernel.java.QuantizeKernel;
import org.gatun.kernel.java.QuantizedConvKernel;
import org.gatun.kernel.java.QuantizedMatMulKernel;
import org.gatun.kernel.java.RearrangeKernel;
import org.gatun.kernel.java.ReduceKernel;
import org.gatun.kernel.java.RenormKernel;
import org.gatun.kernel.java.ScanKernel;
import org.gatun.kernel.java.ScatterElementsKernel;
import org.gatun.kernel.java.ScatterKernel;
import org.gatun.kernel.java.SoftmaxKernel;
import org.gatun.kernel.java.TriangleKernel;
import org.gatun.kernel.java.WhereKernel;
import org.gatun.kernel.java.WinogradKernel;
import org.gatun.kernel.onednn.DnnlGemm;
import org.gatun.kernel.onednn.DnnlIntegerProducts;
import org.gatun.kernel.onednn.DnnlProducts;
import org.gatun.kernel.openblas.BlasGemm;
import org.gatun.op.Activation;
import org.gatun.op.ActivationGradient;
import org.gatun.op.AdaptiveAveragePool;
import org.gatun.op.AdaptiveMaxPool;
import org.gatun.op.AlphaDropout;
import org.gatun.op.AveragePool;
import org.gatun.op.BatchNorm;
import org.gatun.op.Bernoulli;
import org.gatun.op.Binary;
import org.gatun.op.Cast;
import org.gatun.op.Col2Im;
import org.gatun.op.Concat;
import org.gatun.op.Conv;
import org.gatun.op.ConvTranspose;
import org.gatun.op.Copy;
import org.gatun.op.CosineSimilarity;
import org.gatun.op.CrossEntropy;
import org.gatun.op.DeepNorm;
import org.gatun.op.Dequantize;
import org.gatun.op.Dropout;
import org.gatun.op.DyT;
import org.gatun.op.DynamicQuantize;
import org.gatun.op.ElementLoss;
import org.gatun.op.Embedding;
import org.gatun.op.EmbeddingBag;
import org.gatun.op.Exponential;
import org.gatun.op.Flip;
import org.gatun.op.Fused;
import org.gatun.op.Gather;
import org.gatun.op.GatherElements;
import org.gatun.op.Gemm;
import org.gatun.op.GlobalAveragePool;
import org.gatun.op.GlobalMaxPool;
import org.gatun.op.GroupNorm;
import org.gatun.op.Im2Col;
import org.gatun.op.InstanceNorm;
import org.gatun.op.Interpolate;
import org.gatun.op.LayerNorm;
import org.gatun.op.Linear;
import org.gatun.op.LocalResponseNorm;
import org.gatun.op.LogSoftmax;
import org.gatun.op.LossGradient;
import org.gatun.op.LpPool;
import org.gatun.op.MaskedSelect;
import org.gatun.op.MatMul;
import org.gatun.op.MaxPool;
import org.gatun.op.MaxUnpool;
import org.gatun.op.MaxWithIndices;
import org.gatun.op.MinWithIndices;
import org.gatun.op.NllLoss;
import org.gatun.op.NonZero;
import org.gatun.op.Norm;
import org.gatun.op.Normal;
import org.gatun.op.NuclearNorm;
import org.gatun.op.Op;
import org.gatun.op.Ordering;
import org.gatun.op.Pad;
import org.gatun.op.Quantize;
import org.gatun.op.QuantizedConv;
import org.gatun.op.QuantizedMatMul;
import org.gatun.op.RandomIntegers;
import org.gatun.op.Reduce;
import org.gatun.op.Renorm;
import org.gatun.op.Resample;
import org.gatun.op.RmsNorm;
import org.gatun.op.Roll;
import org.gatun.op.ScaledDotProductAttention;
import org.gatun.op.Scan;
import org.gatun.op.Scatter;
import org.gatun.op.ScatterElements;
import org.gatun.op.Softmax;
import org.gatun.op.SoftmaxGradient;
import org.gatun.op.SwitchNorm;
import org.gatun.op.Ternary;
import org.gatun.op.Triangle;
import org.gatun.op.Unary;
import org.gatun.op.Uniform;
import org.gatun.op.Variance;
import org.gatun.op.View;
import org.gatun.op.Where;

/** Which kernels an operator has, fastest first. One line for each operator. */
final class KernelTable {
  private static final List<Kernel> NONE = List.of();

  private static final List<Kernel> ATTENTION =
      List.of(
          new AttentionKernel(Library.ONEDNN, DnnlGemm::of),
          new AttentionKernel(Library.OPENBLAS, BlasGemm::of),
          new AttentionKernel());
  private static final List<Kernel> BAG = List.of(new EmbeddingBagKernel());
  private static final List<Kernel> CAST = List.of(new CastKernel());
  private static final List<Kernel> CLASS_LOSS = List.of(new ClassLossKernel());
  private static final List<Kernel> CONCAT = List.of(new ConcatKernel());
  private static final List<Kernel> CONTRACTION =
      List.of(
          new org.gatun.kernel.openblas.MatMulKernel(),
          new org.gatun.kernel.onednn.MatMulKernel(),
          new org.gatun.kernel.java.MatMulKernel());
  private static final List<Kernel> CONVOLUTION =
      List.of(
          new WinogradKernel(
              Library.ONEDNN, new DnnlProducts(), new org.gatun.kernel.onednn.ConvolutionKernel()),
          new org.gatun.kernel.onednn.ConvolutionKernel(),
          new org.gatun.kernel.openblas.ConvolutionKernel(),
          new org.gatun.kernel.java.ConvolutionKernel());
  private static final List<Kernel> COPY = List.of(new CopyKernel());
  private static final List<Kernel> COSINE_SIMILARITY = List.of(new CosineSimilarityKernel());
  private static final List<Kernel> DEQUANTIZE = List.of(new DequantizeKernel());
  private static final List<Kernel> DRAW = List.of(new DrawKernel());
  private static final List<Kernel> DROPOUT = List.of(new DropoutKernel());
  private static final List<Kernel> ELEMENT_LOSS = List.of(new ElementLossKernel());
  private static final List<Kernel> EMBEDDING = List.of(new EmbeddingKernel());
  private static final List<Kernel> EXTREMUM =
      List.of(new ExtremumKernel(), new IntegerReduceKernel());
  private static final List<Kernel> GATHER = List.of(new GatherKernel());
  private static final List<Kernel> GATHER_ELEMENTS = List.of(new GatherElementsKernel());
  private static final List<Kernel> INTERPOLATE = List.of(new InterpolateKernel());
  private static final List<Kernel> MASK = List.of(new MaskKernel());
  private static final List<Kernel> NORMALIZATION =
      List.of(
          new org.gatun.kernel.onednn.NormalizationKernel(),
          new org.gatun.kernel.java.NormalizationKernel());
  private static final List<Kernel> NUCLEAR_NORM = List.of(new NuclearNormKernel());
  private static final List<Kernel> ORDERING = List.of(new OrderingKernel());
  private static final List<Kernel> PATCHES = List.of(new PatchesKernel());
  private static final List<Kernel> POINTWISE = List.of(new PointwiseKernel());
  private static final List<Kernel> POOLING =
      List.of(
          new org.gatun.kernel.onednn.PoolingKernel(), new org.gatun.kernel.java.PoolingKernel());
  private static final List<Kernel> QUANTIZE = List.of(new QuantizeKernel());
  private static final List<Kernel> QUANTIZED_CONV =
      List.of(
          new QuantizedConvKernel(Library.ONEDNN, new DnnlIntegerProducts()),
          new QuantizedConvKernel());
  private static final List<Kernel> QUANTIZED_MAT_MUL =
      List.of(
          new QuantizedMatMulKernel(Library.ONEDNN, new DnnlIntegerProducts()),
          new QuantizedMatMulKernel());
  private static final List<Kernel> REARRANGE = List.of(new RearrangeKernel());
  private static final List<Kernel> REDUCE =
      List.of(new ReduceKernel(), new LogSumExpKernel(), new IntegerReduceKernel());
  private static final List<Kernel> RENORM = List.of(new RenormKernel());
  private static final List<Kernel> SCAN = List.of(new ScanKernel());
  private static final List<Kernel> SCATTER = List.of(new ScatterKernel());
  private static final List<Kernel> SCATTER_ELEMENTS = List.of(new ScatterElementsKernel());
  private static final List<Kernel> SOFTMAX = List.of(new SoftmaxKernel());
  private static final List<Kernel> TRIANGLE = List.of(new TriangleKernel());
  private static final List<Kernel> WHERE = List.of(new WhereKernel());

  private KernelTable() {}

  /** Returns the kernels to ask, in this order; none for views, which need no kernel. */
  static List<Kernel> kernels(Op op) {
    return switch (op) {
      case Activation _ -> POINTWISE;
      case ActivationGradient _ -> POINTWISE;
      case AdaptiveAveragePool _ -> POOLING;
      case AdaptiveMaxPool _ -> POOLING;
      case AlphaDropout _ -> DROPOUT;
      case AveragePool _ -> POOLING;
      case BatchNorm _ -> NORMALIZATION;
      case Bernoulli _ -> DRAW;
      case Binary _ -> POINTWISE;
      case Cast _ -> CAST;
      case Col2Im _ -> PATCHES;
      case Concat _ -> CONCAT;
      case Conv _ -> CONVOLUTION;
      case ConvTranspose _ -> CONVOLUTION;
      case Copy _ -> COPY;
      case CosineSimilarity _ -> COSINE_SIMILARITY;
      case CrossEntropy _ -> CLASS_LOSS;
      case DeepNorm _ -> NORMALIZATION;
      case Dequantize _ -> DEQUANTIZE;
      case Dropout _ -> DROPOUT;
      case DyT _ -> NORMALIZATION;
      case DynamicQuantize _ -> QUANTIZE;
      case ElementLoss _ -> ELEMENT_LOSS;
      case Embedding _ -> EMBEDDING;
      case EmbeddingBag _ -> BAG;
      case Exponential _ -> DRAW;
      case Flip _ -> REARRANGE;
      case Fused fused -> kernels(fused.base());
      case Gather _ -> GATHER;
      case GatherElements _ -> GATHER_ELEMENTS;
      case Gemm _ -> CONTRACTION;
      case GlobalAveragePool _ -> POOLING;
      case GlobalMaxPool _ -> POOLING;
      case GroupNorm _ -> NORMALIZATION;
      case Im2Col _ -> PATCHES;
      case InstanceNorm _ -> NORMALIZATION;
      case Interpolate _ -> INTERPOLATE;
      case LayerNorm _ -> NORMALIZATION;
      case Linear _ -> CONTRACTION;
      case LocalResponseNorm _ -> NORMALIZATION;
      case LogSoftmax _ -> SOFTMAX;
      case LossGradient gradient -> kernels(gradient.loss());
      case LpPool _ -> POOLING;
      case MaskedSelect _ -> MASK;
      case MatMul _ -> CONTRACTION;
      case MaxPool _ -> POOLING;
      case MaxUnpool _ -> POOLING;
      case MaxWithIndices _ -> EXTREMUM;
      case MinWithIndices _ -> EXTREMUM;
      case NllLoss _ -> CLASS_LOSS;
      case NonZero _ -> MASK;
      case Norm _ -> REDUCE;
      case Normal _ -> DRAW;
      case NuclearNorm _ -> NUCLEAR_NORM;
      case Ordering _ -> ORDERING;
      case Pad _ -> REARRANGE;
      case Quantize _ -> QUANTIZE;
      case QuantizedConv _ -> QUANTIZED_CONV;
      case QuantizedMatMul _ -> QUANTIZED_MAT_MUL;
      case RandomIntegers _ -> DRAW;
      case Reduce _ -> REDUCE;
      case Renorm _ -> RENORM;
      case Resample _ -> INTERPOLATE;
      case RmsNorm _ -> NORMALIZATION;
      case Roll _ -> REARRANGE;
      case ScaledDotProductAttention _ -> ATTENTION;
      case Scan _ -> SCAN;
      case Scatter _ -> SCATTER;
      case ScatterElements _ -> SCATTER_ELEMENTS;
      case Softmax _ -> SOFTMAX;
      case SoftmaxGradient _ -> SOFTMAX;
      case SwitchNorm _ -> NORMALIZATION;
      case Ternary _ -> POINTWISE;
      case Triangle _ -> TRIANGLE;
      case Unary _ -> POINTWISE;
      case Uniform _ -> DRAW;
      case Variance _ -> REDUCE;
      case View _ -> NONE;
      case Where _ -> WHERE;
    };
  }
}
