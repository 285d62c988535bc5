package org.gatun.cli;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Watches how much of the machine other programs take meanwhile. */
final class OtherPrograms {
  private final long start = System.nanoTime();
  private final long ownStart;
  private final OperatingSystemMXBean system;

  private OtherPrograms(OperatingSystemMXBean system) {
    this.system = system;
    this.ownStart = system.getProcessCpuTime();
    // The load is that since the last call; the first call is where it begins.
    double unused = system.getCpuLoad();
  }

  /** Returns a watch that starts now. */
  static OtherPrograms watch() {
    return new OtherPrograms(ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class));
  }

  /**
   * Returns how many processors other programs kept busy since the start, on average; negative
   * where the system does not tell.
   */
  double processors() {
    double all = system.getCpuLoad() * system.getAvailableProcessors();
    double own = (system.getProcessCpuTime() - ownStart) / (double) (System.nanoTime() - start);
    return all < 0 ? -1 : Math.max(0, all - own);
  }
}
