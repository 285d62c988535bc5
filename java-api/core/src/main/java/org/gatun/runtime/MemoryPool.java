package org.gatun.runtime;

import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.gatun.OutOfNativeMemoryException;
import org.gatun.kernel.ScratchMemory;
import org.jspecify.annotations.Nullable;

/**
 * Off-heap memory for tensors and scratch: 64-byte aligned, never zero-filled, kept for reuse when
 * it is given back, and returned to the operating system when it has lain idle.
 *
 * <p>Sizes are rounded up to four classes for each doubling, so that at most a fifth is wasted and
 * a loop that repeats finds its blocks again. Three bounds hold: at most {@code pooledLimit} bytes
 * lie unused; above a soft limit of live bytes the garbage collector is asked to find forgotten
 * tensors; above {@code limit} a request fails with {@link OutOfNativeMemoryException}.
 *
 * <p>Properties, read once: {@code gatun.memory.limit} (bytes, or with the suffix k, m or g;
 * default four fifths of the memory that the container or machine has), {@code gatun.memory.pooled}
 * (default an eighth of the limit).
 *
 * <p>Whoever takes a block is its {@link MemoryOwner}, and the pool counts what each has.
 */
public final class MemoryPool implements ScratchMemory {
  /** Fits a cache line and a 512-bit vector; a misaligned start costs vector loops a fifth. */
  static final int ALIGNMENT = 64;

  private static final int CLASSES = 4 * 64;
  private static final long IDLE_MILLIS = 10_000;

  /** More than any machine addresses, and little enough for sizes to be rounded up. */
  private static final long MOST = 1L << 56;

  private static final Supplier<String> SCRATCH = () -> "scratch";
  private static final Supplier<String> PACKED = () -> "packed weights";
  private static final Supplier<String> CONSTANT = () -> "the copy of a constant";

  private static final MemoryPool SHARED = ofProperties();

  static {
    Telemetry.listen();
    MemoryMonitor.registerIfAsked();
  }

  private final long limit;
  private final long softLimit;
  private final long configuredPooledLimit;
  private volatile long pooledLimit;
  private volatile LongFunction<MemorySegment> malloc = NativeHeap::malloc;
  private volatile int patience = 20;
  private final FreeList[] free = new FreeList[CLASSES];
  private final AtomicLong liveBytes = new AtomicLong();
  private final Account[] accounts = new Account[MemoryOwner.values().length];
  private final AtomicLong pooledBytes = new AtomicLong();
  private final AtomicLong peakBytes = new AtomicLong();
  private final AtomicLong nextCollection;
  private final AtomicBoolean trimming = new AtomicBoolean();

  MemoryPool(long limit, long pooledLimit) {
    this.limit = Math.min(limit, MOST);
    this.softLimit = this.limit / 2;
    this.configuredPooledLimit = pooledLimit;
    this.pooledLimit = pooledLimit;
    this.nextCollection = new AtomicLong(softLimit);
    for (int i = 0; i < CLASSES; i++) {
      free[i] = new FreeList();
    }
    for (int i = 0; i < accounts.length; i++) {
      accounts[i] = new Account();
    }
  }

  /** Returns the pool that tensors come from. */
  public static MemoryPool shared() {
    return SHARED;
  }

  private static MemoryPool ofProperties() {
    long machine =
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getTotalMemorySize()
            : Runtime.getRuntime().maxMemory() * 4;
    long limit = bytes("gatun.memory.limit", machine / 5 * 4);
    return new MemoryPool(limit, bytes("gatun.memory.pooled", limit / 8));
  }

  private static long bytes(String property, long otherwise) {
    String text = System.getProperty(property);
    return text == null ? otherwise : bytes(property, text);
  }

  /** Returns the bytes that a property's text says. */
  static long bytes(String property, String text) {
    String digits = text.strip().toLowerCase(Locale.ROOT);
    int shift =
        switch (digits.isEmpty() ? ' ' : digits.charAt(digits.length() - 1)) {
          case 'k' -> 10;
          case 'm' -> 20;
          case 'g' -> 30;
          default -> 0;
        };
    try {
      long number = Long.parseLong(shift == 0 ? digits : digits.substring(0, digits.length() - 1));
      if (number >= 0 && number <= Long.MAX_VALUE >> shift) {
        return number << shift;
      }
    } catch (NumberFormatException e) {
      // The message below says the same with the property's name.
    }
    throw new IllegalArgumentException(
        "memory: property " + property + " is '" + text + "', expected bytes such as 512m or 8g");
  }

  @Override
  public Block allocate(long byteSize) {
    return allocate(byteSize, MemoryOwner.SCRATCH, SCRATCH);
  }

  /**
   * Returns a block of uninitialized memory; see {@link #allocate(long)}.
   *
   * @param owner what it is for
   */
  public Block allocate(long byteSize, MemoryOwner owner) {
    return allocate(
        byteSize,
        owner,
        switch (owner) {
          case SCRATCH -> SCRATCH;
          case PACKED -> PACKED;
          case CONSTANTS -> CONSTANT;
          case TENSORS, PROGRAMS -> owner::title;
        });
  }

  @Override
  public Block packed(
      MemorySegment constant, Object form, long byteSize, Consumer<MemorySegment> maker) {
    Objects.requireNonNull(constant, "memory: constant is null");
    Objects.requireNonNull(form, "memory: form is null");
    Objects.requireNonNull(maker, "memory: maker is null");
    Block block = allocate(byteSize, MemoryOwner.PACKED, PACKED);
    boolean done = false;
    try {
      maker.accept(block.segment());
      done = true;
      return block;
    } finally {
      if (!done) {
        block.close();
      }
    }
  }

  @Override
  public Block borrow(long byteSize) {
    return borrow(byteSize, MemoryOwner.SCRATCH, SCRATCH);
  }

  /**
   * Returns a block for one execution; see {@link #borrow(long)}.
   *
   * @param owner what it is for
   * @param purpose names the request in the exception
   */
  Block borrow(long byteSize, MemoryOwner owner, Supplier<String> purpose) {
    PooledMemory memory = take(byteSize, owner, purpose);
    memory.lend(byteSize, owner);
    return memory;
  }

  /**
   * Returns a block of uninitialized memory.
   *
   * @param byteSize 0 or more
   * @param owner what it is for
   * @param purpose names the request in the exception, such as {@code tensor f32[3, 4]}
   * @throws OutOfNativeMemoryException if the limit or the machine does not allow it
   */
  Block allocate(long byteSize, MemoryOwner owner, Supplier<String> purpose) {
    return new PooledBlock(this, take(byteSize, owner, purpose), owner, byteSize);
  }

  private PooledMemory take(long byteSize, MemoryOwner owner, Supplier<String> purpose) {
    if (byteSize < 0) {
      throw new IllegalArgumentException(
          "memory: " + purpose.get() + " of " + byteSize + " bytes, expected 0 or more");
    }
    if (byteSize > limit) {
      throw exhausted(
          purpose, byteSize, " bytes, the limit is " + limit + " (set with -Dgatun.memory.limit)");
    }
    int sizeClass = sizeClass(byteSize);
    long capacity = capacity(sizeClass);
    PooledMemory memory = free[sizeClass].pop();
    if (memory != null) {
      pooledBytes.addAndGet(-capacity);
      raise(peakBytes, liveBytes.addAndGet(capacity));
    } else {
      // Asked before NativeHeap is initialized, where a denial would be an Error for good.
      Libraries.requireNativeAccess();
      reserve(capacity, purpose);
      memory = new PooledMemory(this, allocateNew(capacity, purpose), sizeClass);
      HugePages.ask(memory.address().address(), byteSize);
      // What is refused never was in use. Others may have counted in what is refused them.
      raise(peakBytes, Math.min(limit, liveBytes.get()));
    }
    accounts[owner.ordinal()].add(capacity);
    return memory;
  }

  private static void raise(AtomicLong peak, long now) {
    if (now > peak.get()) {
      peak.accumulateAndGet(now, Math::max);
    }
  }

  private OutOfNativeMemoryException exhausted(
      Supplier<String> purpose, long byteSize, String reason) {
    String what = purpose.get();
    EventSink events = Telemetry.events();
    if (events != null) {
      events.outOfMemory(what, byteSize, liveBytes.get(), limit);
    }
    return new OutOfNativeMemoryException("memory: " + what + " needs " + byteSize + reason);
  }

  /** Counts the bytes in, asking for forgotten tensors above the soft limit. */
  private void reserve(long capacity, Supplier<String> purpose) {
    long live = liveBytes.addAndGet(capacity);
    if (live < softLimit) {
      nextCollection.set(softLimit); // What made it rise has gone.
    }
    if (live > nextCollection.get()) {
      collect();
      // Collecting again is worth it when as much as a quarter more has come to live.
      nextCollection.set(Math.max(softLimit, liveBytes.get() + liveBytes.get() / 4));
      live = liveBytes.get();
    }
    if (live > limit) {
      collect();
      live = liveBytes.get();
    }
    if (live > limit) {
      liveBytes.addAndGet(-capacity);
      throw exhausted(
          purpose,
          capacity,
          " bytes, "
              + (live - capacity)
              + " are in use and the limit is "
              + limit
              + " (set with -Dgatun.memory.limit)");
    }
    if (live + pooledBytes.get() > limit) {
      trim();
    }
  }

  private MemorySegment allocateNew(long capacity, Supplier<String> purpose) {
    MemorySegment address = malloc.apply(capacity + ALIGNMENT);
    if (address.equals(MemorySegment.NULL)) {
      collect();
      trim(); // After it: what the collector found has come to the pool.
      address = malloc.apply(capacity + ALIGNMENT);
    }
    if (address.equals(MemorySegment.NULL)) {
      liveBytes.addAndGet(-capacity);
      throw exhausted(purpose, capacity, " bytes and the operating system has none left");
    }
    return address;
  }

  /**
   * Has every request ask this function, as tests do that want it to fail; null for the C library
   * and the pool again. What it returns is given back to the C library.
   */
  void allocateWith(@Nullable LongFunction<MemorySegment> function) {
    malloc = function == null ? NativeHeap::malloc : function;
    pooledLimit = function == null ? configuredPooledLimit : 0;
    patience = function == null ? 20 : 0;
    trim();
  }

  /** Lets the Cleaner find tensors that were forgotten, and gives it a moment to free them. */
  private void collect() {
    if (patience == 0) {
      return;
    }
    long before = liveBytes.get();
    System.gc();
    for (int attempt = 0; attempt < patience && liveBytes.get() >= before; attempt++) {
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  void giveBack(PooledMemory memory, MemoryOwner owner) {
    int sizeClass = memory.sizeClass();
    long capacity = capacity(sizeClass);
    accounts[owner.ordinal()].subtract(capacity);
    liveBytes.addAndGet(-capacity);
    if (pooledBytes.addAndGet(capacity) > pooledLimit) {
      pooledBytes.addAndGet(-capacity);
      NativeHeap.free(memory.address());
      return;
    }
    free[sizeClass].push(memory);
    if (!trimming.get() && trimming.compareAndSet(false, true)) {
      startTrimming();
    }
  }

  private void startTrimming() {
    try {
      Thread.ofPlatform().name("gatun-memory-trim").daemon().start(this::trimWhileIdle);
    } catch (OutOfMemoryError e) {
      // The system has no more threads: the next block that is given back tries again.
      trimming.set(false);
    }
  }

  /** Returns all pooled memory to the operating system at once. */
  public void trim() {
    release(FreeList::takeAll);
  }

  /** Frees the pooled blocks that nobody asked for since the last time. */
  void trimIdle() {
    release(FreeList::takeIdle);
  }

  private void release(Function<FreeList, List<PooledMemory>> taken) {
    boolean any = false;
    for (int sizeClass = 0; sizeClass < CLASSES; sizeClass++) {
      for (PooledMemory memory : taken.apply(free[sizeClass])) {
        pooledBytes.addAndGet(-capacity(sizeClass));
        NativeHeap.free(memory.address());
        any = true;
      }
    }
    if (any) {
      NativeHeap.trim();
    }
  }

  private void trimWhileIdle() {
    boolean mine = true;
    while (mine) {
      try {
        Thread.sleep(IDLE_MILLIS);
      } catch (InterruptedException e) {
        // The next block that is given back starts another thread.
        trimming.set(false);
        return;
      }
      trimIdle();
      if (pooledBytes.get() == 0) {
        trimming.set(false);
        // A block that came between these lines saw this thread still running.
        mine = pooledBytes.get() != 0 && trimming.compareAndSet(false, true);
      }
    }
  }

  /** Returns what the pool holds now. */
  public Report report() {
    Map<MemoryOwner, MemoryReport.Usage> owners = new EnumMap<>(MemoryOwner.class);
    long blocks = 0;
    for (MemoryOwner owner : MemoryOwner.values()) {
      MemoryReport.Usage usage = accounts[owner.ordinal()].usage();
      blocks += usage.liveBlocks();
      owners.put(owner, usage);
    }
    long pooled = 0;
    for (FreeList list : free) {
      pooled += list.size();
    }
    return new Report(
        liveBytes.get(), blocks, pooledBytes.get(), pooled, peakBytes.get(), limit, owners);
  }

  /**
   * What a pool holds.
   *
   * @param liveBytes bytes in use by tensors, packed weights and scratch
   * @param liveBlocks the number of blocks that these are
   * @param pooledBytes bytes kept for reuse
   * @param pooledBlocks the number of blocks that these are
   * @param peakBytes the most bytes that were in use at a time
   * @param limit the most bytes that may be in use
   * @param owners what of it is in use by whom, for each owner
   */
  public record Report(
      long liveBytes,
      long liveBlocks,
      long pooledBytes,
      long pooledBlocks,
      long peakBytes,
      long limit,
      Map<MemoryOwner, MemoryReport.Usage> owners) {
    /** Makes the map unmodifiable. */
    public Report {
      owners = Map.copyOf(owners);
    }
  }

  /** What one owner has. */
  private static final class Account {
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong blocks = new AtomicLong();
    private final AtomicLong peak = new AtomicLong();

    void add(long capacity) {
      blocks.incrementAndGet();
      raise(peak, bytes.addAndGet(capacity));
    }

    void subtract(long capacity) {
      blocks.decrementAndGet();
      bytes.addAndGet(-capacity);
    }

    MemoryReport.Usage usage() {
      return new MemoryReport.Usage(bytes.get(), blocks.get(), peak.get());
    }
  }

  /** The class of a size: 64-byte steps up to 256, then four steps for each doubling. */
  static int sizeClass(long byteSize) {
    long units = Math.max(1, Math.ceilDiv(byteSize, ALIGNMENT));
    if (units <= 4) {
      return (int) units - 1;
    }
    int exponent = 63 - Long.numberOfLeadingZeros(units - 1);
    int quarter = (int) (((units - 1) >>> (exponent - 2)) & 3);
    return 4 + (exponent - 2) * 4 + quarter;
  }

  /** The bytes that blocks of a class hold. */
  static long capacity(int sizeClass) {
    if (sizeClass < 4) {
      return (sizeClass + 1L) * ALIGNMENT;
    }
    int exponent = (sizeClass - 4) / 4;
    int quarter = (sizeClass - 4) % 4;
    return ((5L + quarter) << exponent) * ALIGNMENT;
  }

  /** Blocks of one class, last in first out: what was freed last is still in the cache. */
  private static final class FreeList {
    private final ArrayDeque<PooledMemory> blocks = new ArrayDeque<>();

    /** The fewest blocks that lay here since the idle ones were taken: so many were not needed. */
    private int fewest;

    synchronized @Nullable PooledMemory pop() {
      PooledMemory memory = blocks.pollLast();
      fewest = Math.min(fewest, blocks.size());
      return memory;
    }

    synchronized void push(PooledMemory memory) {
      blocks.addLast(memory);
    }

    synchronized int size() {
      return blocks.size();
    }

    synchronized List<PooledMemory> takeIdle() {
      List<PooledMemory> idle = take(fewest);
      fewest = blocks.size();
      return idle;
    }

    synchronized List<PooledMemory> takeAll() {
      fewest = 0;
      return take(blocks.size());
    }

    private List<PooledMemory> take(int count) {
      List<PooledMemory> taken = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        taken.add(blocks.removeFirst());
      }
      return taken;
    }
  }
}
