package org.gatun.kernel.onednn;

import org.gatun.NativeException;
import org.gatun.bindings.onednn.OneDnn;

/** The status that every call of oneDNN returns. */
final class Status {
  private Status() {}

  /**
   * Checks a status.
   *
   * @throws NativeException if it is not success
   */
  static void check(int status, String call) {
    if (status != OneDnn.dnnl_success()) {
      throw new NativeException(
          "onednn: " + call + " failed: " + OneDnn.dnnl_status2str(status).getString(0));
    }
  }

  /** Returns whether the call made what was asked; false where oneDNN has no code for it. */
  static boolean isImplemented(int status, String call) {
    if (status == OneDnn.dnnl_unimplemented()) {
      return false;
    }
    check(status, call);
    return true;
  }
}
