package org.gatun.runtime;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.gatun.DType;
import org.gatun.Precision;

/** Whether a precision can be had. */
public final class PrecisionSupport {
  private static final AtomicBoolean WARNED = new AtomicBoolean();

  private PrecisionSupport() {}

  /**
   * Returns the precision that an engine computes in where this one is wanted: {@link
   * Precision#F32} where the processor has no instructions for it, for which a warning is logged
   * once.
   */
  public static Precision possible(Engine engine, Precision wanted) {
    Objects.requireNonNull(engine, "precision: engine is null");
    Objects.requireNonNull(wanted, "precision: wanted is null");
    if (wanted == Precision.F32 || engine.multiplies(DType.BF16)) {
      return wanted;
    }
    if (!WARNED.getAndSet(true)) {
      System.getLogger("org.gatun.precision")
          .log(
              System.Logger.Level.WARNING,
              "precision: the "
                  + engine.backend().name()
                  + " backend has no instructions for products of bf16 on this processor;"
                  + " they are computed in f32");
    }
    return Precision.F32;
  }
}
