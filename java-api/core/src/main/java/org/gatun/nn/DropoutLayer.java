package org.gatun.nn;

import java.util.Objects;
import org.gatun.Generator;
import org.gatun.Tensor;
import org.gatun.op.Op;
import org.gatun.runtime.Engine;

/**
 * A layer that drops at random in training and does nothing in evaluation. New layers are in
 * training.
 */
abstract sealed class DropoutLayer implements Layer
    permits AlphaDropout, Dropout, Dropout1d, Dropout2d, Dropout3d, FeatureAlphaDropout {
  private final Generator generator;
  private volatile boolean training = true;

  DropoutLayer(Generator generator) {
    this.generator = Objects.requireNonNull(generator, "dropout: generator is null");
  }

  /** Returns what is done to a tensor in training. */
  abstract Op operator(Tensor x);

  /** Returns dropout of the channels of (N, C, length) or (C, length). */
  static org.gatun.op.Dropout ofSignals(double p, Tensor x) {
    return new org.gatun.op.Dropout(p, shared("dropout1d", x, 2, 3, 1));
  }

  /**
   * Returns dropout of the channels of (N, C, height, width) or, as PyTorch does, (N, C, length).
   */
  static org.gatun.op.Dropout ofImages(double p, Tensor x) {
    return new org.gatun.op.Dropout(p, shared("dropout2d", x, 3, 4, x.rank() - 2));
  }

  /** Returns dropout of the channels of (N, C, depth, height, width), with a batch or without. */
  static org.gatun.op.Dropout ofVolumes(double p, Tensor x) {
    return new org.gatun.op.Dropout(p, shared("dropout3d", x, 4, 5, 3));
  }

  /** Returns alpha dropout of the channels of (N, C, ...). */
  static org.gatun.op.AlphaDropout ofFeatures(double p, Tensor x) {
    int shared = shared("feature_alpha_dropout", x, 2, Integer.MAX_VALUE, x.rank() - 2);
    return new org.gatun.op.AlphaDropout(p, shared);
  }

  private static int shared(String name, Tensor x, int least, int most, int shared) {
    if (x.rank() < least || x.rank() > most) {
      throw new IllegalArgumentException(
          name
              + ": input has shape "
              + x.shape()
              + ", expected "
              + least
              + (most == Integer.MAX_VALUE
                  ? " dimensions or more"
                  : " or " + most + " dimensions"));
    }
    return shared;
  }

  @Override
  public Tensor forward(Tensor x) {
    Op op = operator(x);
    if (!training) {
      return x.expand(x.shape().dims());
    }
    try (Tensor seed = generator.next()) {
      return Engine.current().run(op, x, seed);
    }
  }

  @Override
  public void train() {
    training = true;
  }

  @Override
  public void eval() {
    training = false;
  }

  @Override
  public boolean isTraining() {
    return training;
  }
}
