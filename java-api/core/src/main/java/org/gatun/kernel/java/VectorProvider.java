package org.gatun.kernel.java;

import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.gatun.DType;

/**
 * The loops that use the Vector API. Their classes are loaded by name, each when it is first asked
 * for: without the API's module they do not link, and all of them together take 40 ms.
 */
final class VectorProvider {
  private static final ConcurrentHashMap<String, Object> LOADED = new ConcurrentHashMap<>();

  private VectorProvider() {}

  static AttentionRows attentionRows() {
    return loaded("FloatAttentionRows", AttentionRows.class);
  }

  static CastLoops casts() {
    return loaded("CastLoops", CastLoops.class);
  }

  static Loops loops(DType dtype) {
    return loaded(dtype, "Loops", Loops.class);
  }

  static MatMulLoops matMulLoops(DType dtype) {
    return loaded(dtype, "MatMul", MatMulLoops.class);
  }

  static MoveLoops moves() {
    return loaded("MoveLoops", MoveLoops.class);
  }

  static PointwiseLoops pointwise() {
    return loaded("PointwiseLoops", PointwiseLoops.class);
  }

  static PixelMaxima pixelMaxima(DType dtype) {
    return loaded(dtype, "PixelMaxima", PixelMaxima.class);
  }

  static PoolingLoops poolingLoops(DType dtype) {
    return loaded(dtype, "PoolingLoops", PoolingLoops.class);
  }

  static PoolingRows poolingRows(DType dtype) {
    return loaded(dtype, "PoolingRows", PoolingRows.class);
  }

  static QuantizationLoops quantization() {
    return loaded("QuantizationLoops", QuantizationLoops.class);
  }

  static RandomLoops random() {
    return loaded("RandomLoops", RandomLoops.class);
  }

  /** Returns the loops over several rows of floats. */
  static RowLoops rows() {
    return loaded("FloatRowLoops", RowLoops.class);
  }

  static ScalingLoops scalingLoops(DType dtype) {
    return loaded(dtype, "ScalingLoops", ScalingLoops.class);
  }

  static SoftmaxLoops softmaxLoops(DType dtype) {
    return loaded(dtype, "SoftmaxLoops", SoftmaxLoops.class);
  }

  static StatisticsLoops statisticsLoops(DType dtype) {
    return loaded(dtype, "StatisticsLoops", StatisticsLoops.class);
  }

  /** Returns the transforms of convolutions of floats. */
  static WinogradLoops winograd() {
    return loaded("FloatWinogradLoops", WinogradLoops.class);
  }

  /** Returns the loop that chooses elements of 4 or 8 bytes by booleans. */
  static PointwiseLoop where(int width) {
    return width == Integer.BYTES
        ? loaded("IntWhereLoop", PointwiseLoop.class)
        : loaded("LongWhereLoop", PointwiseLoop.class);
  }

  static TermLoops termLoops(DType dtype) {
    return loaded(dtype, "TermLoops", TermLoops.class);
  }

  private static <T> T loaded(DType dtype, String name, Class<T> type) {
    return loaded((dtype == DType.F32 ? "Float" : "Double") + name, type);
  }

  private static <T> T loaded(String name, Class<T> type) {
    Object before = LOADED.get(name);
    if (before == null) {
      Object now = load(name);
      before = Objects.requireNonNullElse(LOADED.putIfAbsent(name, now), now);
    }
    return type.cast(before);
  }

  private static Object load(String name) {
    try {
      Class<?> found = Class.forName(VectorProvider.class.getPackageName() + ".Vector" + name);
      return found.getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("class Vector" + name + " is beside this one", e);
    }
  }
}
