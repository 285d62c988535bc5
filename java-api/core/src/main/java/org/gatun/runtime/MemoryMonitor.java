package org.gatun.runtime;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.TreeMap;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Puts the memory report where JMX finds it. */
public final class MemoryMonitor {
  /** The name under which it is registered. */
  public static final String NAME = "org.gatun:type=Memory";

  private MemoryMonitor() {}

  /**
   * Registers the report with the platform's server of management beans, as {@value #NAME}, where
   * consoles and agents read its attributes. Registering twice does nothing. With {@code
   * -Dgatun.jmx=true} it is registered when the first memory is taken.
   *
   * @throws IllegalStateException if the server refuses it
   */
  public static void register() {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    try {
      ObjectName name = new ObjectName(NAME);
      if (!server.isRegistered(name)) {
        server.registerMBean(new Reported(), name);
      }
    } catch (InstanceAlreadyExistsException e) {
      // Another thread, or another class loader's Gatun, was faster.
    } catch (JMException e) {
      throw new IllegalStateException("memory: " + NAME + " cannot be registered: " + e, e);
    }
  }

  /** Registers the report if a property asks for it. */
  static void registerIfAsked() {
    if (Boolean.getBoolean("gatun.jmx")) {
      register();
    }
  }

  private static final class Reported implements MemoryMXBean {
    @Override
    public long getLiveBytes() {
      return MemoryReport.now().liveBytes();
    }

    @Override
    public long getLiveBlocks() {
      return MemoryReport.now().liveBlocks();
    }

    @Override
    public Map<String, Long> getLiveBytesByOwner() {
      Map<String, Long> bytes = new TreeMap<>();
      MemoryReport.now()
          .owners()
          .forEach((owner, usage) -> bytes.put(owner.name(), usage.liveBytes()));
      return bytes;
    }

    @Override
    public long getPooledBytes() {
      return MemoryReport.now().pooledBytes();
    }

    @Override
    public long getPeakBytes() {
      return MemoryReport.now().peakBytes();
    }

    @Override
    public long getLimit() {
      return MemoryReport.now().limit();
    }

    @Override
    public long getExportedSegments() {
      return MemoryReport.now().exportedSegments();
    }

    @Override
    public long getExportedBytes() {
      return MemoryReport.now().exportedBytes();
    }

    @Override
    public long getNativeHandles() {
      return MemoryReport.now().nativeHandles();
    }

    @Override
    public long getMappedFiles() {
      return MemoryReport.now().mappedFiles();
    }

    @Override
    public long getMappedBytes() {
      return MemoryReport.now().mappedBytes();
    }

    @Override
    public long getForgotten() {
      return MemoryReport.now().forgotten();
    }

    @Override
    public long getForgottenBytes() {
      return MemoryReport.now().forgottenBytes();
    }

    @Override
    public void trim() {
      MemoryPool.shared().trim();
    }
  }
}
