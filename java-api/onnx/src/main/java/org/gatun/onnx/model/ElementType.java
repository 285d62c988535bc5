package org.gatun.onnx.model;

import java.util.Locale;
import org.gatun.DType;
import org.jspecify.annotations.Nullable;

/**
 * The types of elements that ONNX knows ({@code TensorProto.DataType}), with the {@link DType} that
 * carries their values in Gatun.
 *
 * <p>Types that Gatun's tensors do not have are carried in a type that holds all their values:
 * {@code uint16} in {@code i32}, {@code uint32} in {@code i64}, small integers in {@code i8} and
 * {@code u8}, small floats in {@code f32}. Of {@code uint64} the {@code i64} carries the bits.
 */
public enum ElementType {
  /** IEEE 754 binary32. */
  FLOAT(1, 32, DType.F32),
  /** Unsigned 8-bit integer. */
  UINT8(2, 8, DType.U8),
  /** Signed 8-bit integer. */
  INT8(3, 8, DType.I8),
  /** Unsigned 16-bit integer. */
  UINT16(4, 16, DType.I32),
  /** Signed 16-bit integer. */
  INT16(5, 16, DType.I16),
  /** Signed 32-bit integer. */
  INT32(6, 32, DType.I32),
  /** Signed 64-bit integer. */
  INT64(7, 64, DType.I64),
  /** UTF-8 text, which no tensor carries. */
  STRING(8, 0, null),
  /** A byte of 0 or 1. */
  BOOL(9, 8, DType.BOOL),
  /** IEEE 754 binary16. */
  FLOAT16(10, 16, DType.F16),
  /** IEEE 754 binary64. */
  DOUBLE(11, 64, DType.F64),
  /** Unsigned 32-bit integer. */
  UINT32(12, 32, DType.I64),
  /** Unsigned 64-bit integer, of which an {@code i64} carries the bits. */
  UINT64(13, 64, DType.I64),
  /** Two binary32, which no tensor carries. */
  COMPLEX64(14, 64, null),
  /** Two binary64, which no tensor carries. */
  COMPLEX128(15, 128, null),
  /** bfloat16. */
  BFLOAT16(16, 16, DType.BF16),
  /** 4 bits of exponent, 3 of mantissa, no infinities. */
  FLOAT8E4M3FN(17, 8, DType.F32),
  /** 4 bits of exponent, 3 of mantissa, no infinities, no negative zero. */
  FLOAT8E4M3FNUZ(18, 8, DType.F32),
  /** 5 bits of exponent, 2 of mantissa. */
  FLOAT8E5M2(19, 8, DType.F32),
  /** 5 bits of exponent, 2 of mantissa, no infinities, no negative zero. */
  FLOAT8E5M2FNUZ(20, 8, DType.F32),
  /** Unsigned 4-bit integer. */
  UINT4(21, 4, DType.U8),
  /** Signed 4-bit integer. */
  INT4(22, 4, DType.I8),
  /** 2 bits of exponent, 1 of mantissa. */
  FLOAT4E2M1(23, 4, DType.F32),
  /** 8 bits of exponent: powers of two. */
  FLOAT8E8M0(24, 8, DType.F32),
  /** Unsigned 2-bit integer. */
  UINT2(25, 2, DType.U8),
  /** Signed 2-bit integer. */
  INT2(26, 2, DType.I8);

  private static final ElementType[] BY_CODE = new ElementType[27];

  static {
    for (ElementType type : values()) {
      BY_CODE[type.code] = type;
    }
  }

  private final int code;
  private final int bits;
  private final @Nullable DType carrier;

  ElementType(int code, int bits, @Nullable DType carrier) {
    this.code = code;
    this.bits = bits;
    this.carrier = carrier;
  }

  /**
   * Returns the type with this number in the file format.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static ElementType ofCode(long code) {
    if (code < 1 || code >= BY_CODE.length) {
      throw new IllegalArgumentException(
          "element type: code " + code + ", expected 1 to " + (BY_CODE.length - 1));
    }
    return BY_CODE[(int) code];
  }

  /** Returns the type that is the same as Gatun's. */
  public static ElementType of(DType dtype) {
    return switch (dtype) {
      case F32 -> FLOAT;
      case F64 -> DOUBLE;
      case F16 -> FLOAT16;
      case BF16 -> BFLOAT16;
      case I8 -> INT8;
      case U8 -> UINT8;
      case I16 -> INT16;
      case I32 -> INT32;
      case I64 -> INT64;
      case BOOL -> BOOL;
    };
  }

  /** Returns the number in the file format. */
  public int code() {
    return code;
  }

  /** Returns the bits that an element takes in a file; 0 for text. */
  public int bits() {
    return bits;
  }

  /** Returns whether a tensor of Gatun can carry the values. */
  public boolean hasCarrier() {
    return carrier != null;
  }

  /** Returns whether Gatun's tensors have this very type. */
  public boolean isNative() {
    return carrier != null && of(carrier) == this;
  }

  /** Returns whether the elements are unsigned integers. */
  public boolean isUnsigned() {
    return switch (this) {
      case UINT8, UINT16, UINT32, UINT64, UINT4, UINT2 -> true;
      default -> false;
    };
  }

  /** Returns whether the elements are floats of 16 bits or more, with which one computes. */
  public boolean isFloat() {
    return switch (this) {
      case FLOAT, DOUBLE, FLOAT16, BFLOAT16 -> true;
      default -> false;
    };
  }

  /** Returns whether the elements are floats of 8 bits or less. */
  public boolean isSmallFloat() {
    return switch (this) {
      case FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ, FLOAT4E2M1, FLOAT8E8M0 -> true;
      default -> false;
    };
  }

  /**
   * Returns the type of the tensors that carry the values.
   *
   * @throws IllegalArgumentException for text and complex numbers
   */
  public DType carrier() {
    DType dtype = carrier;
    if (dtype == null) {
      throw new IllegalArgumentException("element type: " + this + ", which Gatun does not have");
    }
    return dtype;
  }

  /** Returns the name in ONNX's type strings, such as {@code float8e4m3fn}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
