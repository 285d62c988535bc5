package org.gatun.onnx;

import java.util.Random;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;

/** Tensors to try operators on. */
public final class SampleTensors {
  private SampleTensors() {}

  /** Returns the numbers from 0 on. */
  public static Tensor counting(long... shape) {
    return Tensor.arange(Shape.of(shape).size()).to(DType.F32).reshape(shape);
  }

  /** Returns numbers between -1 and 1 without an order. */
  public static Tensor mixed(long... shape) {
    float[] values = new float[Math.toIntExact(Shape.of(shape).size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(i * 12.9898 + values.length);
    }
    return Tensor.of(values, shape);
  }

  /** Returns normal numbers. */
  public static Tensor normal(Random random, long... shape) {
    float[] values = new float[Math.toIntExact(Shape.of(shape).size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.of(values, shape);
  }
}
