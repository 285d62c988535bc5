package org.gatun.bindings;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The pages of a library that loading it has touched and computing does not: 13 MB of symbols and
 * relocations in oneDNN's, and the code of its constructors. Linux only.
 */
final class LibraryPages {
  private static final Path MAPS = Path.of("/proc/self/maps");
  private static final int MADV_DONTNEED = 4;

  /** A part of the address space that a file is mapped to and nobody writes to. */
  private record Range(long from, long to) {}

  private LibraryPages() {}

  /**
   * Has the tables of the linker and the code leave this process's memory. They stay in the
   * system's cache of files, from where a page comes back when it is used. Does nothing where that
   * is not possible.
   */
  static void unload(Path library) {
    if (!Files.isReadable(MAPS)) {
      return;
    }
    try {
      List<Range> ranges = unwritten(library.toRealPath().toString());
      if (ranges.isEmpty()) {
        return;
      }
      Linker linker = Linker.nativeLinker();
      MethodHandle madvise =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("madvise"),
              FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
      for (Range range : ranges) {
        MemorySegment start = MemorySegment.ofAddress(range.from());
        int _ = (int) madvise.invokeExact(start, range.to() - range.from(), MADV_DONTNEED);
      }
    } catch (IOException e) {
      System.getLogger("org.gatun.load")
          .log(System.Logger.Level.DEBUG, "pages: those of " + library + " stay in memory", e);
    } catch (Throwable e) {
      throw new AssertionError("madvise throws nothing", e);
    }
  }

  /**
   * Returns the code and what lies before it. What lies behind it and looks read-only may be what
   * the linker has written to, and would be lost.
   */
  private static List<Range> unwritten(String library) throws IOException {
    List<Range> ranges = new ArrayList<>();
    boolean code = false;
    try (BufferedReader maps = Files.newBufferedReader(MAPS)) {
      for (String line = maps.readLine(); line != null && !code; line = maps.readLine()) {
        if (line.endsWith(library)) {
          int dash = line.indexOf('-');
          int space = line.indexOf(' ', dash);
          String rights = line.substring(space + 1, space + 5);
          code = rights.startsWith("r-x");
          if (rights.charAt(1) != '-') {
            return List.of();
          }
          ranges.add(
              new Range(
                  Long.parseUnsignedLong(line, 0, dash, 16),
                  Long.parseUnsignedLong(line, dash + 1, space, 16)));
        }
      }
    }
    return code ? ranges : List.of();
  }
}
