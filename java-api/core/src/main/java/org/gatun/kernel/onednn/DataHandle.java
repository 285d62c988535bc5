package org.gatun.kernel.onednn;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.gatun.bindings.onednn.OneDnn;

/**
 * {@code dnnl_memory_set_data_handle} of addresses as numbers: the binding takes segments, and
 * operands move too often to make one each time.
 */
final class DataHandle {
  private static final MethodHandle SET =
      Linker.nativeLinker()
          .downcallHandle(
              OneDnn.dnnl_memory_set_data_handle$address(),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));

  private DataHandle() {}

  /** Has the memory object of an address lie at another. */
  static void set(long memory, long data) {
    int status;
    try {
      status = (int) SET.invokeExact(memory, data);
    } catch (Throwable t) {
      throw new AssertionError("dnnl_memory_set_data_handle does not throw", t);
    }
    Status.check(status, "memory_set_data_handle");
  }
}
