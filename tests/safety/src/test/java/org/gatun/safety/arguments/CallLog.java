package org.gatun.safety.arguments;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The last calls of a process, in a file that is mapped: it is there when the process is not. */
final class CallLog {
  private static final int LINES = 16;
  private static final int BYTES = 4096;

  private final MemorySegment memory;
  private long written;

  private CallLog(MemorySegment memory) {
    this.memory = memory;
  }

  static CallLog create(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return new CallLog(
          channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) LINES * BYTES, Arena.global()));
    }
  }

  /** Notes a call before it is made. */
  void note(String line) {
    byte[] text = line.getBytes(StandardCharsets.UTF_8);
    MemorySegment slot = memory.asSlice(written++ % LINES * BYTES, BYTES);
    int length = Math.min(text.length, BYTES - 1);
    MemorySegment.copy(MemorySegment.ofArray(text), 0, slot, 0, length);
    slot.set(java.lang.foreign.ValueLayout.JAVA_BYTE, length, (byte) 0);
  }

  /** Returns what a process noted last, the newest first; each line begins with a number. */
  static List<String> read(Path file) throws IOException {
    byte[] all = java.nio.file.Files.readAllBytes(file);
    List<String> lines = new ArrayList<>();
    for (int at = 0; at + BYTES <= all.length; at += BYTES) {
      byte[] slot = Arrays.copyOfRange(all, at, at + BYTES);
      int length = 0;
      while (slot[length] != 0) {
        length++;
      }
      if (length > 0) {
        lines.add(new String(slot, 0, length, StandardCharsets.UTF_8));
      }
    }
    lines.sort((a, b) -> Long.compare(number(b), number(a)));
    return lines;
  }

  private static long number(String line) {
    return Long.parseLong(line.substring(0, line.indexOf(' ')));
  }
}
