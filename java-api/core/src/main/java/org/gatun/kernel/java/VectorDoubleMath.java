package org.gatun.kernel.java;

import static org.gatun.kernel.java.DoubleMath.GELU_1;
import static org.gatun.kernel.java.DoubleMath.GELU_3;
import static org.gatun.kernel.java.DoubleMath.NORMAL;
import static org.gatun.kernel.java.DoubleMath.NORMAL_CENTER;
import static org.gatun.kernel.java.DoubleMath.NORMAL_FAR;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The functions of many {@code double}s at a time. exp and tanh are the Vector API's, whose last
 * bit may differ from that of {@code Math}.
 */
final class VectorDoubleMath {
  static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;

  private VectorDoubleMath() {}

  private static DoubleVector all(double value) {
    return DoubleVector.broadcast(DOUBLES, value);
  }

  static DoubleVector exp(DoubleVector x) {
    return x.lanewise(VectorOperators.EXP);
  }

  static DoubleVector relu(DoubleVector x) {
    return x.blend(0, x.compare(VectorOperators.LT, 0));
  }

  static DoubleVector sigmoid(DoubleVector x) {
    return all(1).div(exp(x.neg()).add(1));
  }

  static DoubleVector silu(DoubleVector x) {
    return x.div(exp(x.neg()).add(1));
  }

  static DoubleVector tanh(DoubleVector x) {
    return x.lanewise(VectorOperators.TANH);
  }

  static DoubleVector gelu(DoubleVector x) {
    DoubleVector size = x.abs();
    DoubleVector a = size.blend(NORMAL_FAR, size.compare(VectorOperators.GT, NORMAL_FAR));
    DoubleVector u = a.sub(NORMAL_CENTER).div(a.add(NORMAL_CENTER));
    DoubleVector p = all(NORMAL[NORMAL.length - 1]);
    for (int i = NORMAL.length - 2; i >= 0; i--) {
      p = p.fma(u, all(NORMAL[i]));
    }
    DoubleVector below = exp(size.mul(size).mul(-0.5)).mul(p).div(a.add(NORMAL_CENTER));
    return x.mul(below.blend(all(1).sub(below), x.compare(VectorOperators.GT, 0)));
  }

  static DoubleVector geluTanh(DoubleVector x) {
    DoubleVector inner = x.mul(x.mul(x).fma(all(GELU_3), all(GELU_1)));
    return x.div(exp(inner).add(1));
  }
}
