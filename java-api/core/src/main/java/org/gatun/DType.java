package org.gatun;

import java.util.Locale;
import java.util.Objects;

/**
 * The type of a tensor's elements.
 *
 * <p>Elements lie in memory in the byte order of the platform, without padding between them.
 */
public enum DType {
  /** IEEE 754 binary32. */
  F32(4, Kind.FLOATING),
  /** IEEE 754 binary64. */
  F64(8, Kind.FLOATING),
  /** IEEE 754 binary16. */
  F16(2, Kind.FLOATING),
  /** bfloat16: the upper half of a binary32. */
  BF16(2, Kind.FLOATING),
  /** Signed 8-bit integer. */
  I8(1, Kind.INTEGER),
  /** Unsigned 8-bit integer. */
  U8(1, Kind.INTEGER),
  /** Signed 16-bit integer. */
  I16(2, Kind.INTEGER),
  /** Signed 32-bit integer. */
  I32(4, Kind.INTEGER),
  /** Signed 64-bit integer. */
  I64(8, Kind.INTEGER),
  /** One byte, 0 or 1. */
  BOOL(1, Kind.BOOLEAN);

  private enum Kind {
    BOOLEAN,
    INTEGER,
    FLOATING
  }

  private final int byteSize;
  private final Kind kind;
  private final String spelling;

  DType(int byteSize, Kind kind) {
    this.byteSize = byteSize;
    this.kind = kind;
    this.spelling = name().toLowerCase(Locale.ROOT);
  }

  /** Returns the bytes that one element takes. */
  public int byteSize() {
    return byteSize;
  }

  /** Returns whether the elements are floating-point numbers. */
  public boolean isFloating() {
    return kind == Kind.FLOATING;
  }

  /** Returns whether the elements are integers; booleans are not. */
  public boolean isInteger() {
    return kind == Kind.INTEGER;
  }

  /** Returns the lower-case name used in messages, {@code f32} for {@link #F32}. */
  public String spelling() {
    return spelling;
  }

  /**
   * Returns the smallest type that holds the values of both, by PyTorch's rules: floating before
   * integer before boolean; {@code f16} and {@code bf16} meet in {@code f32}, {@code u8} and {@code
   * i8} in {@code i16}.
   *
   * <p>Source: <a href="https://pytorch.org/docs/stable/tensor_attributes.html">PyTorch, type
   * promotion</a>.
   */
  public static DType promote(DType a, DType b) {
    Objects.requireNonNull(a, "promote: a is null");
    Objects.requireNonNull(b, "promote: b is null");
    if (a == b) {
      return a;
    }
    if (a.kind != b.kind) {
      return a.kind.compareTo(b.kind) > 0 ? a : b;
    }
    if (a.kind == Kind.FLOATING) {
      if (a == F64 || b == F64) {
        return F64;
      }
      return F32;
    }
    // Both are integers, and they differ.
    DType wider = a.byteSize >= b.byteSize ? a : b;
    if (a.byteSize == b.byteSize) {
      return I16; // u8 with i8: neither holds the other.
    }
    return wider;
  }
}
