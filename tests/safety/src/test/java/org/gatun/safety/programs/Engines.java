package org.gatun.safety.programs;

import java.util.EnumSet;
import org.gatun.kernel.Library;
import org.gatun.runtime.Backend;
import org.gatun.runtime.Engine;
import org.gatun.runtime.NativeBackend;

/** The engines that programs run on. */
public enum Engines {
  /** What users run. */
  NATIVE(NativeBackend.create()),

  /** Java kernels alone, with the Vector API. */
  VECTOR(NativeBackend.of(EnumSet.of(Library.JAVA), true)),

  /** Java kernels alone, without it. */
  SCALAR(NativeBackend.of(EnumSet.of(Library.JAVA), false));

  private final Engine engine;

  Engines(Backend backend) {
    this.engine = Engine.of(backend);
  }

  /** Returns the engine. */
  public Engine engine() {
    return engine;
  }
}
