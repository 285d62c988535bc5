package org.gatun.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.LiveBlocks;
import org.gatun.OutOfNativeMemoryException;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.kernel.ScratchMemory.Block;
import org.junit.jupiter.api.Test;

class MemoryPoolTest {
  private static final long MIB = 1 << 20;

  private static MemoryPool pool() {
    return new MemoryPool(64 * MIB, 16 * MIB);
  }

  private static void assertClass(long size) {
    int sizeClass = MemoryPool.sizeClass(size);
    long capacity = MemoryPool.capacity(sizeClass);
    assertTrue(capacity >= size, () -> size + " in class " + sizeClass + " of " + capacity);
    assertTrue(
        sizeClass == 0 || MemoryPool.capacity(sizeClass - 1) < size,
        () -> size + " would fit in the class below " + sizeClass);
    assertEquals(0, capacity % 64);
    assertTrue(size <= 256 || capacity - size <= capacity / 5, () -> "waste for " + size);
  }

  @Test
  void everySizeHasTheSmallestClassThatFits() {
    for (long size = 0; size <= 1 << 20; size++) {
      assertClass(size);
    }
    for (int exponent = 20; exponent <= 56; exponent++) {
      for (long around = -130; around <= 130; around++) {
        assertClass((1L << exponent) + around);
        assertClass((5L << (exponent - 2)) + around);
      }
    }
  }

  @Test
  void everyClassIsThatOfItsCapacity() {
    for (int sizeClass = 0; sizeClass <= MemoryPool.sizeClass(1L << 56); sizeClass++) {
      assertEquals(sizeClass, MemoryPool.sizeClass(MemoryPool.capacity(sizeClass)));
    }
  }

  @Test
  void blocksAreAlignedAndOfTheSizeAskedFor() {
    MemoryPool pool = pool();
    for (long size : new long[] {0, 1, 63, 64, 65, 1000, 100_000, MIB + 1}) {
      try (Block block = pool.allocate(size)) {
        assertEquals(0, block.segment().address() % 64);
        assertEquals(size, block.segment().byteSize());
        block.segment().fill((byte) 1);
      }
    }
    pool.trim();
  }

  @Test
  void blocksAreReused() {
    MemoryPool pool = pool();
    Block first = pool.allocate(1000);
    long address = first.segment().address();
    assertTrue(first.giveBack());
    try (Block second = pool.allocate(1024)) {
      assertEquals(address, second.segment().address());
      try (Block third = pool.allocate(1000)) {
        assertNotEquals(address, third.segment().address());
      }
      assertFalse(first.giveBack(), "the block is another's now");
      assertEquals(1, pool.report().liveBlocks());
    }
    pool.trim();
  }

  @Test
  void theReportCounts() {
    MemoryPool pool = pool();
    Block small = pool.allocate(100);
    Block large = pool.allocate(MIB);
    assertReport(pool, 128 + MIB, 2, 0, 0);
    large.close();
    large.close();
    assertReport(pool, 128, 1, MIB, 1);
    pool.trim();
    small.close();
    assertReport(pool, 0, 0, 128, 1);
    pool.trim();
    assertEquals(0, pool.report().pooledBytes());
    assertEquals(0, pool.report().pooledBlocks());
  }

  private static void assertReport(
      MemoryPool pool, long liveBytes, long liveBlocks, long pooledBytes, long pooledBlocks) {
    MemoryPool.Report report = pool.report();
    assertEquals(liveBytes, report.liveBytes());
    assertEquals(liveBlocks, report.liveBlocks());
    assertEquals(pooledBytes, report.pooledBytes());
    assertEquals(pooledBlocks, report.pooledBlocks());
    assertEquals(128 + MIB, report.peakBytes());
    assertEquals(64 * MIB, report.limit());
    var usage = report.owners().get(MemoryOwner.SCRATCH);
    assertEquals(new MemoryReport.Usage(liveBytes, liveBlocks, 128 + MIB), usage);
  }

  @Test
  void whoeverTakesABlockHasIt() {
    MemoryPool pool = pool();
    long sum = 0;
    List<Block> blocks = new ArrayList<>();
    for (MemoryOwner owner : MemoryOwner.values()) {
      long byteSize = 1024L << owner.ordinal();
      blocks.add(pool.allocate(byteSize, owner));
      sum += byteSize;
      for (MemoryOwner other : MemoryOwner.values()) {
        long theirs = other.compareTo(owner) <= 0 ? 1024L << other.ordinal() : 0;
        int count = theirs == 0 ? 0 : 1;
        assertEquals(
            new MemoryReport.Usage(theirs, count, theirs), pool.report().owners().get(other));
      }
      assertEquals(sum, pool.report().liveBytes());
    }
    blocks.forEach(Block::close);
    for (MemoryReport.Usage usage : pool.report().owners().values()) {
      assertEquals(0, usage.liveBytes());
      assertEquals(0, usage.liveBlocks());
    }
    assertEquals(sum, pool.report().peakBytes());
    pool.trim();
  }

  @Test
  void whatIsPackedIsOfItsOwnerAndGivenBackWhereThatFails() {
    MemoryPool pool = pool();
    MemorySegment constant = MemorySegment.NULL;
    assertThrows(
        IllegalStateException.class,
        () ->
            pool.packed(
                constant,
                "form",
                64,
                _ -> {
                  throw new IllegalStateException("not packed");
                }));
    assertEquals(0, pool.report().liveBlocks());
    try (Block _ = pool.packed(constant, "form", 64, _ -> {})) {
      assertEquals(
          new MemoryReport.Usage(64, 1, 64), pool.report().owners().get(MemoryOwner.PACKED));
    }
    pool.trim();
  }

  @Test
  void whatTheSystemRefusesIsAskedForTwiceAndDoesNotCount() {
    MemoryPool pool = pool();
    pool.allocate(4096).close();
    long peak = pool.report().peakBytes();
    List<Long> asked = new ArrayList<>();
    pool.allocateWith(
        byteSize -> {
          asked.add(byteSize);
          return MemorySegment.NULL;
        });
    var e =
        assertThrows(
            OutOfNativeMemoryException.class,
            () -> pool.allocate(5000, MemoryOwner.TENSORS, () -> "tensor f32[1250]"));
    assertEquals(
        "memory: tensor f32[1250] needs 5120 bytes and the operating system has none left",
        e.getMessage());
    assertEquals(List.of(5184L, 5184L), asked);
    assertEquals(0, pool.report().liveBytes());
    assertEquals(0, pool.report().liveBlocks());
    assertEquals(peak, pool.report().peakBytes());
    pool.allocateWith(null);
    pool.allocate(5000).close();
    pool.trim();
  }

  @Test
  void noMoreIsPooledThanAllowed() {
    MemoryPool pool = new MemoryPool(64 * MIB, 3 * MIB);
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      blocks.add(pool.allocate(MIB));
    }
    blocks.forEach(Block::close);
    assertEquals(3 * MIB, pool.report().pooledBytes());
    assertEquals(0, pool.report().liveBytes());
    pool.trim();
  }

  @Test
  void pooledMemoryMakesRoomForOtherSizes() {
    MemoryPool pool = new MemoryPool(4 * MIB, 4 * MIB);
    pool.allocate(3 * MIB).close();
    try (Block _ = pool.allocate(2 * MIB)) {
      assertEquals(0, pool.report().pooledBytes(), "both would be more than the limit");
    }
    pool.trim();
  }

  @Test
  void idleBlocksAreFreedAndBusyOnesKept() {
    MemoryPool pool = pool();
    Block a = pool.allocate(1024);
    Block b = pool.allocate(1024);
    a.close();
    b.close();
    pool.trimIdle(); // They came since the last time.
    assertEquals(2048, pool.report().pooledBytes());
    pool.allocate(1024).close(); // One of the two is in use.
    pool.trimIdle();
    assertEquals(1024, pool.report().pooledBytes());
    pool.trimIdle();
    assertEquals(0, pool.report().pooledBytes());
  }

  @Test
  void aRequestAboveTheLimitSaysWhoAndHowMuch() {
    MemoryPool pool = new MemoryPool(4 * MIB, MIB);
    var alone =
        assertThrows(
            OutOfNativeMemoryException.class,
            () -> pool.allocate(5 * MIB, MemoryOwner.TENSORS, () -> "tensor f32[1310720]"));
    assertEquals(
        "memory: tensor f32[1310720] needs 5242880 bytes, the limit is 4194304 (set with"
            + " -Dgatun.memory.limit)",
        alone.getMessage());
    try (Block _ = pool.allocate(3 * MIB)) {
      var together = assertThrows(OutOfNativeMemoryException.class, () -> pool.allocate(2 * MIB));
      assertEquals(
          "memory: scratch needs 2097152 bytes, 3145728 are in use and the limit is 4194304 (set"
              + " with -Dgatun.memory.limit)",
          together.getMessage());
      assertEquals(3 * MIB, pool.report().liveBytes(), "what was refused does not count");
      assertEquals(3 * MIB, pool.report().peakBytes(), "nor was it ever in use");
      assertEquals(1, pool.report().liveBlocks());
      pool.allocate(MIB).close();
    }
    pool.trim();
  }

  @Test
  void negativeSizesAreRefused() {
    MemoryPool pool = pool();
    assertThrows(IllegalArgumentException.class, () -> pool.allocate(-1));
    assertEquals(0, pool.report().liveBytes());
  }

  @Test
  void noSizeOverflows() {
    MemoryPool unlimited = new MemoryPool(Long.MAX_VALUE, 0);
    for (long size : new long[] {1L << 55, Long.MAX_VALUE / 2, Long.MAX_VALUE}) {
      assertThrows(OutOfNativeMemoryException.class, () -> unlimited.allocate(size));
    }
    assertEquals(0, unlimited.report().liveBytes());
  }

  @Test
  void threeBillionElements() {
    Layout layout = Layout.of(DType.F32, Shape.of(3_000_000_000L));
    MemoryPool small = new MemoryPool(8L << 30, 0);
    var e =
        assertThrows(
            OutOfNativeMemoryException.class,
            () -> small.allocate(layout.byteSpan(), MemoryOwner.TENSORS, () -> "tensor " + layout));
    assertEquals(
        "memory: tensor f32[3000000000] needs 12000000000 bytes, the limit is 8589934592 (set with"
            + " -Dgatun.memory.limit)",
        e.getMessage());
    // The machine has it, or says that it has not; indices beyond an int work.
    try (Tensor tensor = Tensor.empty(layout)) {
      tensor.set(5, 2_999_999_999L);
      assertEquals(5, tensor.get(2_999_999_999L));
    } catch (OutOfNativeMemoryException none) {
      assertTrue(none.getMessage().startsWith("memory: tensor f32[3000000000] needs"));
    }
    MemoryPool.shared().trim();
  }

  @Test
  void forgottenTensorsMakeRoomForOthers() {
    long limit = MemoryPool.shared().report().limit();
    Layout layout = Layout.of(DType.I8, Shape.of(limit / 5));
    for (int i = 0; i < 8; i++) {
      Tensor forgotten = Tensor.empty(layout); // Never touched: takes addresses, not memory.
      assertEquals(limit / 5, forgotten.size());
    }
    LiveBlocks.settled();
    MemoryPool.shared().trim();
  }

  @Test
  void propertiesTakeSuffixes() {
    assertEquals(512, MemoryPool.bytes("gatun.memory.limit", "512"));
    assertEquals(512 * MIB, MemoryPool.bytes("gatun.memory.limit", "512m"));
    assertEquals(8L << 30, MemoryPool.bytes("gatun.memory.limit", " 8G "));
    assertEquals(3 << 10, MemoryPool.bytes("gatun.memory.limit", "3k"));
    for (String text : new String[] {"", "m", "-1", "8t", "1.5g", "9999999999g"}) {
      var e =
          assertThrows(
              IllegalArgumentException.class, () -> MemoryPool.bytes("gatun.memory.limit", text));
      assertEquals(
          "memory: property gatun.memory.limit is '"
              + text
              + "', expected bytes such as 512m or 8g",
          e.getMessage());
    }
  }

  @Test
  void manyThreadsNeverShareABlock() throws InterruptedException {
    MemoryPool pool = pool();
    List<Thread> threads = new ArrayList<>();
    List<String> wrong = java.util.Collections.synchronizedList(new ArrayList<>());
    for (int t = 0; t < 6; t++) {
      long mine = t;
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < 20_000; i++) {
                      try (Block block = pool.allocate(8 + i % 3 * 100)) {
                        block.segment().set(ValueLayout.JAVA_LONG, 0, mine);
                        Thread.onSpinWait();
                        if (block.segment().get(ValueLayout.JAVA_LONG, 0) != mine) {
                          wrong.add("thread " + mine + ", round " + i);
                        }
                      }
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(List.of(), wrong);
    assertEquals(0, pool.report().liveBytes());
    assertEquals(0, pool.report().liveBlocks());
    pool.trim();
    assertEquals(0, pool.report().pooledBytes());
  }
}
