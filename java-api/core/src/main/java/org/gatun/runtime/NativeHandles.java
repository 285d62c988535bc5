package org.gatun.runtime;

import org.gatun.kernel.onednn.Handle;

/** Counts the objects of native libraries that are open, to find leaks. */
public final class NativeHandles {
  private NativeHandles() {}

  /** Returns the number of oneDNN objects that are not destroyed yet. */
  public static long live() {
    return Handle.live();
  }
}
