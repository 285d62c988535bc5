package org.gatun.kernel.onednn;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToIntFunction;
import org.gatun.bindings.onednn.OneDnn;

/** An object of oneDNN, destroyed once. */
public final class Handle implements AutoCloseable {
  private static final AtomicLong LIVE = new AtomicLong();

  /** What an object is, and how it is destroyed. */
  enum Kind {
    ATTRIBUTES(OneDnn::dnnl_primitive_attr_destroy),
    ENGINE(OneDnn::dnnl_engine_destroy),
    MEMORY(OneDnn::dnnl_memory_destroy),
    MEMORY_DESCRIPTOR(OneDnn::dnnl_memory_desc_destroy),
    POST_OPS(OneDnn::dnnl_post_ops_destroy),
    PRIMITIVE(OneDnn::dnnl_primitive_destroy),
    PRIMITIVE_DESCRIPTOR(OneDnn::dnnl_primitive_desc_destroy),
    STREAM(OneDnn::dnnl_stream_destroy);

    private final ToIntFunction<MemorySegment> destructor;

    Kind(ToIntFunction<MemorySegment> destructor) {
      this.destructor = destructor;
    }
  }

  private final MemorySegment address;
  private final Kind kind;
  private final AtomicBoolean closed = new AtomicBoolean();

  Handle(Kind kind, MemorySegment address) {
    this.kind = kind;
    this.address = address;
    LIVE.incrementAndGet();
  }

  /** Returns the number of objects that are not destroyed yet, but for the engine. */
  public static long live() {
    return LIVE.get();
  }

  MemorySegment address() {
    return address;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      LIVE.decrementAndGet();
      Status.check(kind.destructor.applyAsInt(address), "destroying " + kind);
    }
  }
}
