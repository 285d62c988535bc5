package org.gatun.safety.threads;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that the C library's {@code malloc} has given and not got back, by whom.
 *
 * <p>The JVM's own are known where it counts them, by {@link #COUNTED}. They come and go by tens of
 * megabytes as methods are compiled, and what is left without them is that of the native libraries
 * and of the memory pool.
 */
final class MallocedMemory {
  /** The flag with which the JVM counts its own memory. */
  static final String COUNTED = "-XX:NativeMemoryTracking=summary";

  /** Of {@code struct mallinfo2} the bytes in blocks that are mapped, and in others. */
  private static final int MAPPED = 4;

  private static final int IN_USE = 7;
  private static final int FIELDS = 10;

  private static final Pattern TOTAL = Pattern.compile("Total:.*\\R\\s+malloc: (\\d+)KB");

  /** What {@code Unsafe} and arenas have allocated: Java's callers, Gatun among them. */
  private static final Pattern BY_JAVA = Pattern.compile("Other \\(.*\\R\\s+\\(malloc=(\\d+)KB");

  private static final @Nullable MethodHandle MALLINFO = mallinfo();

  private MallocedMemory() {}

  @SuppressWarnings("restricted")
  private static @Nullable MethodHandle mallinfo() {
    Linker linker = Linker.nativeLinker();
    MemoryLayout info = MemoryLayout.structLayout(fields());
    Optional<MemorySegment> function = linker.defaultLookup().find("mallinfo2");
    return function
        .map(address -> linker.downcallHandle(address, FunctionDescriptor.of(info)))
        .orElse(null);
  }

  private static MemoryLayout[] fields() {
    MemoryLayout[] fields = new MemoryLayout[FIELDS];
    java.util.Arrays.fill(fields, ValueLayout.JAVA_LONG);
    return fields;
  }

  /** Returns the bytes that are not the JVM's own; 0 where system or JVM do not say. */
  static long ofLibraries() {
    long jvm = ofJvm();
    return MALLINFO == null || jvm == 0 ? 0 : ofAll(MALLINFO) - jvm;
  }

  private static long ofAll(MethodHandle mallinfo) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = (MemorySegment) mallinfo.invokeExact((SegmentAllocator) arena);
      return info.getAtIndex(ValueLayout.JAVA_LONG, MAPPED)
          + info.getAtIndex(ValueLayout.JAVA_LONG, IN_USE);
    } catch (Throwable e) {
      throw new AssertionError("mallinfo2 throws nothing", e);
    }
  }

  private static long ofJvm() {
    String summary;
    try {
      summary =
          (String)
              ManagementFactory.getPlatformMBeanServer()
                  .invoke(
                      new ObjectName("com.sun.management:type=DiagnosticCommand"),
                      "vmNativeMemory",
                      new Object[] {new String[] {"summary"}},
                      new String[] {String[].class.getName()});
    } catch (JMException e) {
      throw new AssertionError(e);
    }
    return 1024 * (kilobytes(TOTAL, summary) - kilobytes(BY_JAVA, summary));
  }

  private static long kilobytes(Pattern pattern, String summary) {
    Matcher matcher = pattern.matcher(summary);
    return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
  }
}
