package org.gatun.kernel.onednn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.bindings.onednn.OneDnn;

/** Memory descriptors: oneDNN's word for layouts. */
final class Descriptors {
  /** oneDNN's DNNL_MAX_NDIMS. */
  private static final int MAX_RANK = 12;

  private Descriptors() {}

  /**
   * Returns whether oneDNN can describe the layout: a known dtype, no dimension or element twice,
   * and none that lie between those of another.
   */
  static boolean canDescribe(Layout layout) {
    return layout.rank() <= MAX_RANK
        && layout.size() > 0
        && !layout.overlaps()
        && layout.dtype() != DType.I64
        && layout.dtype() != DType.I16
        && nests(withUsualStrides(layout));
  }

  /**
   * Returns whether each dimension steps over all of those with smaller strides, as oneDNN asks
   * for. The diagonal of a tensor of three dimensions may not.
   */
  private static boolean nests(Layout layout) {
    List<Integer> axes =
        IntStream.range(0, layout.rank())
            .boxed()
            .sorted(
                Comparator.<Integer>comparingLong(layout::stride).thenComparingLong(layout::dim))
            .toList();
    long least = 1;
    for (int axis : axes) {
      if (layout.stride(axis) < least) {
        return false;
      }
      least = layout.stride(axis) * layout.dim(axis);
    }
    return true;
  }

  /** Returns oneDNN's number for a dtype. */
  static int dataType(DType dtype) {
    return switch (dtype) {
      case F32 -> OneDnn.dnnl_f32();
      case F64 -> OneDnn.dnnl_f64();
      case F16 -> OneDnn.dnnl_f16();
      case BF16 -> OneDnn.dnnl_bf16();
      case I8 -> OneDnn.dnnl_s8();
      case U8, BOOL -> OneDnn.dnnl_u8();
      case I32 -> OneDnn.dnnl_s32();
      case I16, I64 ->
          throw new IllegalArgumentException("onednn: no data type for " + dtype.spelling());
    };
  }

  /** Returns a descriptor of the layout; a scalar is described as one element of one dimension. */
  static Handle of(Layout layout, Arena arena) {
    Layout described = withUsualStrides(layout);
    int rank = Math.max(1, described.rank());
    MemorySegment dims = arena.allocate(ValueLayout.JAVA_LONG, rank);
    MemorySegment strides = arena.allocate(ValueLayout.JAVA_LONG, rank);
    dims.set(ValueLayout.JAVA_LONG, 0, 1);
    strides.set(ValueLayout.JAVA_LONG, 0, 1);
    for (int axis = 0; axis < described.rank(); axis++) {
      dims.setAtIndex(ValueLayout.JAVA_LONG, axis, described.dim(axis));
      strides.setAtIndex(ValueLayout.JAVA_LONG, axis, described.stride(axis));
    }
    MemorySegment out = arena.allocate(OneDnn.C_POINTER);
    Status.check(
        OneDnn.dnnl_memory_desc_create_with_strides(
            out, rank, dims, dataType(layout.dtype()), strides),
        "memory_desc_create_with_strides of " + layout);
    return new Handle(Handle.Kind.MEMORY_DESCRIPTOR, out.get(OneDnn.C_POINTER, 0));
  }

  /**
   * The stride of a dimension of size 1 says nothing, but oneDNN reads it all the same and takes
   * slower code where it is not the one that follows from the others.
   */
  private static Layout withUsualStrides(Layout layout) {
    if (layout.isContiguous()) {
      return Layout.of(layout.dtype(), layout.shape());
    }
    if (layout.isChannelsLast()) {
      return Layout.channelsLast(layout.dtype(), layout.shape());
    }
    return layout;
  }

  /** Returns a descriptor that leaves the arrangement to the primitive. */
  static Handle any(DType dtype, Shape shape, Arena arena) {
    return tagged(dtype, shape, OneDnn.dnnl_format_tag_any(), arena);
  }

  /** Returns a descriptor of images (N, C, spatial...) in blocks of 16 channels. */
  static Handle blocked(DType dtype, Shape shape, Arena arena) {
    int tag =
        switch (shape.rank()) {
          case 3 -> OneDnn.dnnl_nCw16c();
          case 4 -> OneDnn.dnnl_nChw16c();
          case 5 -> OneDnn.dnnl_nCdhw16c();
          default ->
              throw new IllegalArgumentException(
                  "onednn: images of shape " + shape + ", expected (N, C, spatial...)");
        };
    return tagged(dtype, shape, tag, arena);
  }

  private static Handle tagged(DType dtype, Shape shape, int tag, Arena arena) {
    MemorySegment dims = arena.allocateFrom(ValueLayout.JAVA_LONG, shape.dims());
    MemorySegment out = arena.allocate(OneDnn.C_POINTER);
    Status.check(
        OneDnn.dnnl_memory_desc_create_with_tag(out, shape.rank(), dims, dataType(dtype), tag),
        "memory_desc_create_with_tag of " + dtype.spelling() + shape);
    return new Handle(Handle.Kind.MEMORY_DESCRIPTOR, out.get(OneDnn.C_POINTER, 0));
  }

  /** Returns whether two descriptors say the same. */
  static boolean same(MemorySegment a, MemorySegment b) {
    return OneDnn.dnnl_memory_desc_equal(a, b) != 0;
  }

  /** Returns a descriptor as data, from which {@link #ofBytes} makes it again. */
  static byte[] bytes(MemorySegment descriptor, Arena arena) {
    MemorySegment size = arena.allocate(ValueLayout.JAVA_LONG);
    Status.check(
        OneDnn.dnnl_memory_desc_get_blob(MemorySegment.NULL, size, descriptor),
        "memory_desc_get_blob");
    MemorySegment blob = arena.allocate(size.get(ValueLayout.JAVA_LONG, 0));
    Status.check(OneDnn.dnnl_memory_desc_get_blob(blob, size, descriptor), "memory_desc_get_blob");
    return blob.toArray(ValueLayout.JAVA_BYTE);
  }

  /** Returns the descriptor that was made data. */
  static Handle ofBytes(byte[] data, Arena arena) {
    MemorySegment out = arena.allocate(OneDnn.C_POINTER);
    Status.check(
        OneDnn.dnnl_memory_desc_create_with_blob(
            out, arena.allocateFrom(ValueLayout.JAVA_BYTE, data)),
        "memory_desc_create_with_blob");
    return new Handle(Handle.Kind.MEMORY_DESCRIPTOR, out.get(OneDnn.C_POINTER, 0));
  }

  /** Returns the bytes that memory of a descriptor takes. */
  static long byteSize(MemorySegment descriptor) {
    return OneDnn.dnnl_memory_desc_get_size(descriptor);
  }
}
