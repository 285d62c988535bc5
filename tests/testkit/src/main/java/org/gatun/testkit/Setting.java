package org.gatun.testkit;

import java.util.Locale;
import org.gatun.DType;

/**
 * One way to run a case.
 *
 * @param dtype the dtype of the operands that do not say their own
 * @param values the floating-point values
 * @param arrangement how the operands lie in memory
 * @param mode by which door of the engine
 */
public record Setting(DType dtype, ValueClass values, Arrangement arrangement, Mode mode) {
  /** Random values in row-major order: the setting that every case can be run in. */
  public static Setting plain(DType dtype) {
    return new Setting(dtype, ValueClass.RANDOM, Arrangement.CONTIGUOUS, Mode.EAGER);
  }

  /** Returns {@code f32 nan transposed into}. */
  @Override
  public String toString() {
    return "%s %s %s %s"
        .formatted(dtype, values, arrangement, mode)
        .toLowerCase(Locale.ROOT)
        .replace('_', '-');
  }
}
