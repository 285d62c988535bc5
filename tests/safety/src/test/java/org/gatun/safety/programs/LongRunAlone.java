package org.gatun.safety.programs;

import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;
import org.gatun.safety.Extent;

/** Leaves a property out of the normal build. */
class LongRunAlone implements SkipExecutionHook {
  @Override
  public SkipResult shouldBeSkipped(LifecycleContext context) {
    return Extent.isLong()
        ? SkipResult.doNotSkip()
        : SkipResult.skip("for mvn verify -Plong alone");
  }
}
