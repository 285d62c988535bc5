package org.gatun.contract;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.gatun.kernel.Library;
import org.gatun.runtime.Engine;
import org.gatun.runtime.NativeBackend;

/** The engines that the contract holds for. */
final class Engines {
  /** What users run. */
  static final Engine NATIVE = Engine.of(NativeBackend.create());

  /** Java kernels alone, with and without the Vector API. */
  private static final Engine VECTOR = Engine.of(NativeBackend.of(EnumSet.of(Library.JAVA), true));

  static final Engine SCALAR = Engine.of(NativeBackend.of(EnumSet.of(Library.JAVA), false));

  private Engines() {}

  /** Returns all, by name. */
  static Map<String, Engine> all() {
    Map<String, Engine> engines = new LinkedHashMap<>();
    engines.put("native", NATIVE);
    engines.put("java vector", VECTOR);
    engines.put("java scalar", SCALAR);
    return engines;
  }
}
