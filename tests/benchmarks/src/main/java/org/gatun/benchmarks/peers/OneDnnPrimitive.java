package org.gatun.benchmarks.peers;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.gatun.bindings.onednn.OneDnn;
import org.gatun.bindings.onednn.dnnl_exec_arg_t;

/**
 * A primitive of oneDNN on memory that lies as it likes it best. What it is made of is described
 * first, then the primitive, then its sources and its result.
 */
final class OneDnnPrimitive implements Peer.Subject {
  private static final int ALIGNMENT = 64;
  private static final int LONGEST_NAME = 256;

  /** An argument of the primitive: oneDNN's number and memory object. */
  private record Argument(int number, MemorySegment memory) {}

  private final MemorySegment engine;
  private final MemorySegment stream;
  private final Arena arena = Arena.ofConfined();
  private final List<Runnable> destructors = new ArrayList<>();
  private final List<Argument> arguments = new ArrayList<>();
  private MemorySegment descriptor = MemorySegment.NULL;
  private MemorySegment primitive = MemorySegment.NULL;
  private MemorySegment list = MemorySegment.NULL;
  private MemorySegment result = MemorySegment.NULL;
  private long[] resultDims = {};

  OneDnnPrimitive(MemorySegment engine, MemorySegment stream) {
    this.engine = engine;
    this.stream = stream;
  }

  /** Returns numbers as an argument. */
  MemorySegment longs(long... values) {
    return arena.allocateFrom(ValueLayout.JAVA_LONG, values);
  }

  /** Returns a descriptor of row-major memory. */
  MemorySegment rowMajor(long... dims) {
    long[] strides = new long[dims.length];
    long next = 1;
    for (int i = dims.length - 1; i >= 0; i--) {
      strides[i] = next;
      next *= dims[i];
    }
    return strided(dims, strides);
  }

  /** Returns a descriptor of memory with these strides. */
  MemorySegment strided(long[] dims, long[] strides) {
    return described(
        out ->
            OneDnn.dnnl_memory_desc_create_with_strides(
                out, dims.length, longs(dims), OneDnn.dnnl_f32(), longs(strides)));
  }

  /** Returns a descriptor that leaves the arrangement to the primitive. */
  MemorySegment any(long... dims) {
    return tagged(OneDnn.dnnl_format_tag_any(), dims);
  }

  /** Returns a descriptor of images with the channels of a pixel side by side. */
  MemorySegment channelsLast(long... dims) {
    int tag =
        switch (dims.length) {
          case 3 -> OneDnn.dnnl_nwc();
          case 4 -> OneDnn.dnnl_nhwc();
          case 5 -> OneDnn.dnnl_ndhwc();
          default -> throw new IllegalArgumentException("images of rank " + dims.length);
        };
    return tagged(tag, dims);
  }

  private MemorySegment tagged(int tag, long... dims) {
    return described(
        out ->
            OneDnn.dnnl_memory_desc_create_with_tag(
                out, dims.length, longs(dims), OneDnn.dnnl_f32(), tag));
  }

  private MemorySegment described(ToIntFunction<MemorySegment> constructor) {
    return made(constructor, OneDnn::dnnl_memory_desc_destroy);
  }

  private MemorySegment made(
      ToIntFunction<MemorySegment> constructor, ToIntFunction<MemorySegment> destructor) {
    MemorySegment out = arena.allocate(OneDnn.C_POINTER);
    check(constructor.applyAsInt(out));
    MemorySegment made = out.get(OneDnn.C_POINTER, 0);
    destructors.add(() -> check(destructor.applyAsInt(made)));
    return made;
  }

  /** Has a constructor of oneDNN describe the primitive. */
  void describe(ToIntFunction<MemorySegment> constructor) {
    descriptor = made(constructor, OneDnn::dnnl_primitive_desc_destroy);
  }

  /** Returns how the primitive wants one of its operands. */
  MemorySegment wanted(int query) {
    return OneDnn.dnnl_primitive_desc_query_md(descriptor, query, 0);
  }

  /**
   * Gives the primitive values, reordered now if it wants them otherwise.
   *
   * @param argument oneDNN's number of the argument
   * @param given how the values lie
   * @param wanted how the primitive wants them
   */
  void source(int argument, float[] values, MemorySegment given, MemorySegment wanted) {
    MemorySegment from = memory(given);
    data(from).copyFrom(MemorySegment.ofArray(values));
    MemorySegment to = from;
    if (OneDnn.dnnl_memory_desc_equal(given, wanted) == 0) {
      to = memory(wanted);
      reorder(from, given, to, wanted);
    }
    arguments.add(new Argument(argument, to));
  }

  /** Has the primitive write its result, and makes it. */
  OneDnnPrimitive destination(long... dims) {
    resultDims = dims;
    result = memory(wanted(OneDnn.dnnl_query_dst_md()));
    arguments.add(new Argument(OneDnn.DNNL_ARG_DST(), result));
    primitive =
        made(out -> OneDnn.dnnl_primitive_create(out, descriptor), OneDnn::dnnl_primitive_destroy);
    list = list(arguments);
    return this;
  }

  private MemorySegment list(List<Argument> of) {
    MemorySegment made = dnnl_exec_arg_t.allocateArray(of.size(), arena);
    for (int i = 0; i < of.size(); i++) {
      MemorySegment entry = dnnl_exec_arg_t.asSlice(made, i);
      dnnl_exec_arg_t.arg(entry, of.get(i).number());
      dnnl_exec_arg_t.memory(entry, of.get(i).memory());
    }
    return made;
  }

  private MemorySegment memory(MemorySegment layout) {
    MemorySegment data = arena.allocate(OneDnn.dnnl_memory_desc_get_size(layout), ALIGNMENT);
    return made(
        out -> OneDnn.dnnl_memory_create(out, layout, engine, data), OneDnn::dnnl_memory_destroy);
  }

  private MemorySegment data(MemorySegment memory) {
    try (Arena local = Arena.ofConfined()) {
      MemorySegment out = local.allocate(OneDnn.C_POINTER);
      check(OneDnn.dnnl_memory_get_data_handle(memory, out));
      MemorySegment layout = local.allocate(OneDnn.C_POINTER);
      check(OneDnn.dnnl_memory_get_memory_desc(memory, layout));
      return out.get(OneDnn.C_POINTER, 0)
          .reinterpret(OneDnn.dnnl_memory_desc_get_size(layout.get(OneDnn.C_POINTER, 0)));
    }
  }

  private void reorder(
      MemorySegment from, MemorySegment fromLayout, MemorySegment to, MemorySegment toLayout) {
    MemorySegment how =
        made(
            out ->
                OneDnn.dnnl_reorder_primitive_desc_create(
                    out, fromLayout, engine, toLayout, engine, MemorySegment.NULL),
            OneDnn::dnnl_primitive_desc_destroy);
    MemorySegment reorder =
        made(out -> OneDnn.dnnl_primitive_create(out, how), OneDnn::dnnl_primitive_destroy);
    List<Argument> both =
        List.of(new Argument(OneDnn.DNNL_ARG_FROM(), from), new Argument(OneDnn.DNNL_ARG_TO(), to));
    check(OneDnn.dnnl_primitive_execute(reorder, stream, both.size(), list(both)));
    check(OneDnn.dnnl_stream_wait(stream));
  }

  @Override
  public void run() {
    check(OneDnn.dnnl_primitive_execute(primitive, stream, arguments.size(), list));
    check(OneDnn.dnnl_stream_wait(stream));
  }

  @Override
  public float[] output() {
    MemorySegment layout = rowMajor(resultDims);
    MemorySegment rows = memory(layout);
    reorder(result, wanted(OneDnn.dnnl_query_dst_md()), rows, layout);
    return data(rows).toArray(ValueLayout.JAVA_FLOAT);
  }

  @Override
  public String implementation() {
    MemorySegment out = arena.allocate(OneDnn.C_POINTER);
    check(OneDnn.dnnl_primitive_desc_query(descriptor, OneDnn.dnnl_query_impl_info_str(), 0, out));
    return out.get(OneDnn.C_POINTER, 0).reinterpret(LONGEST_NAME).getString(0);
  }

  @Override
  public void close() {
    destructors.reversed().forEach(Runnable::run);
    arena.close();
  }

  /** Checks a status. */
  static void check(int status) {
    if (status != OneDnn.dnnl_success()) {
      throw new IllegalStateException("onednn: " + OneDnn.dnnl_status2str(status).getString(0));
    }
  }
}
