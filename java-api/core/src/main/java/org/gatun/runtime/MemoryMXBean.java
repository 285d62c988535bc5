package org.gatun.runtime;

import java.util.Map;
import javax.management.MXBean;

/**
 * What {@link MemoryReport} says, for JMX. {@link MemoryMonitor#register} or the property {@code
 * gatun.jmx=true} registers it as {@value MemoryMonitor#NAME}.
 */
@MXBean
public interface MemoryMXBean {
  /** Returns the bytes of the pool that are in use. */
  long getLiveBytes();

  /** Returns the number of blocks that these are. */
  long getLiveBlocks();

  /** Returns the bytes in use by owner, under the owners' names such as {@code TENSORS}. */
  Map<String, Long> getLiveBytesByOwner();

  /** Returns the bytes kept for reuse. */
  long getPooledBytes();

  /** Returns the most bytes that were in use at a time. */
  long getPeakBytes();

  /** Returns the most bytes that may be in use. */
  long getLimit();

  /** Returns the number of segments that tensors gave and that are still reachable. */
  long getExportedSegments();

  /** Returns the bytes of the pool that these keep. */
  long getExportedBytes();

  /** Returns the number of objects of native libraries. */
  long getNativeHandles();

  /** Returns the number of files that are mapped into memory. */
  long getMappedFiles();

  /** Returns the bytes of these. */
  long getMappedBytes();

  /** Returns how many owners of memory nobody closed and the garbage collector found. */
  long getForgotten();

  /** Returns the bytes of the tensors among them. */
  long getForgottenBytes();

  /** Returns all pooled memory to the operating system. */
  void trim();
}
