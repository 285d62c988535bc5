package org.gatun.kernel.java;

import org.gatun.DType;

/**
 * The loops that use the Vector API. Their classes are loaded by name, when they are first asked
 * for: without the API's module they do not link.
 */
final class VectorProvider {
  private static final CastLoops CASTS = load("VectorCastLoops", CastLoops.class);
  private static final Loops FLOATS = load("VectorFloatLoops", Loops.class);
  private static final Loops DOUBLES = load("VectorDoubleLoops", Loops.class);
  private static final MatMulLoops MAT_MUL_FLOATS = load("VectorFloatMatMul", MatMulLoops.class);
  private static final MatMulLoops MAT_MUL_DOUBLES = load("VectorDoubleMatMul", MatMulLoops.class);
  private static final MoveLoops MOVES = load("VectorMoveLoops", MoveLoops.class);

  private static final PointwiseLoops POINTWISE =
      load("VectorPointwiseLoops", PointwiseLoops.class);
  private static final WinogradLoops WINOGRAD =
      load("VectorFloatWinogradLoops", WinogradLoops.class);
  private static final PoolingLoops POOLING_FLOATS =
      load("VectorFloatPoolingLoops", PoolingLoops.class);
  private static final PoolingLoops POOLING_DOUBLES =
      load("VectorDoublePoolingLoops", PoolingLoops.class);
  private static final QuantizationLoops QUANTIZATION =
      load("VectorQuantizationLoops", QuantizationLoops.class);
  private static final RandomLoops RANDOM = load("VectorRandomLoops", RandomLoops.class);
  private static final ScalingLoops SCALING_FLOATS =
      load("VectorFloatScalingLoops", ScalingLoops.class);
  private static final ScalingLoops SCALING_DOUBLES =
      load("VectorDoubleScalingLoops", ScalingLoops.class);
  private static final SoftmaxLoops SOFTMAX_FLOATS =
      load("VectorFloatSoftmaxLoops", SoftmaxLoops.class);
  private static final SoftmaxLoops SOFTMAX_DOUBLES =
      load("VectorDoubleSoftmaxLoops", SoftmaxLoops.class);
  private static final StatisticsLoops STATISTICS_FLOATS =
      load("VectorFloatStatisticsLoops", StatisticsLoops.class);
  private static final StatisticsLoops STATISTICS_DOUBLES =
      load("VectorDoubleStatisticsLoops", StatisticsLoops.class);
  private static final TermLoops TERM_FLOATS = load("VectorFloatTermLoops", TermLoops.class);
  private static final TermLoops TERM_DOUBLES = load("VectorDoubleTermLoops", TermLoops.class);

  private static final PointwiseLoop WHERE_OF_4_BYTES =
      load("VectorIntWhereLoop", PointwiseLoop.class);
  private static final PointwiseLoop WHERE_OF_8_BYTES =
      load("VectorLongWhereLoop", PointwiseLoop.class);

  private VectorProvider() {}

  static CastLoops casts() {
    return CASTS;
  }

  static Loops loops(DType dtype) {
    return dtype == DType.F32 ? FLOATS : DOUBLES;
  }

  static MatMulLoops matMulLoops(DType dtype) {
    return dtype == DType.F32 ? MAT_MUL_FLOATS : MAT_MUL_DOUBLES;
  }

  static MoveLoops moves() {
    return MOVES;
  }

  static PointwiseLoops pointwise() {
    return POINTWISE;
  }

  static PoolingLoops poolingLoops(DType dtype) {
    return dtype == DType.F32 ? POOLING_FLOATS : POOLING_DOUBLES;
  }

  static QuantizationLoops quantization() {
    return QUANTIZATION;
  }

  static RandomLoops random() {
    return RANDOM;
  }

  static ScalingLoops scalingLoops(DType dtype) {
    return dtype == DType.F32 ? SCALING_FLOATS : SCALING_DOUBLES;
  }

  static SoftmaxLoops softmaxLoops(DType dtype) {
    return dtype == DType.F32 ? SOFTMAX_FLOATS : SOFTMAX_DOUBLES;
  }

  static StatisticsLoops statisticsLoops(DType dtype) {
    return dtype == DType.F32 ? STATISTICS_FLOATS : STATISTICS_DOUBLES;
  }

  static WinogradLoops winograd() {
    return WINOGRAD;
  }

  /** Returns the loop that chooses elements of 4 or 8 bytes by booleans. */
  static PointwiseLoop where(int width) {
    return width == Integer.BYTES ? WHERE_OF_4_BYTES : WHERE_OF_8_BYTES;
  }

  static TermLoops termLoops(DType dtype) {
    return dtype == DType.F32 ? TERM_FLOATS : TERM_DOUBLES;
  }

  private static <T> T load(String name, Class<T> type) {
    try {
      Class<?> found = Class.forName(VectorProvider.class.getPackageName() + "." + name);
      return type.cast(found.getDeclaredConstructor().newInstance());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("class " + name + " is beside this one", e);
    }
  }
}
