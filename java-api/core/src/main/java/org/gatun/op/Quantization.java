package org.gatun.op;

/**
 * Operators on integers of few bits that stand for real numbers: an integer {@code q} stands for
 * {@code (q - zero point) * scale}.
 */
public sealed interface Quantization extends Op
    permits Dequantize, DynamicQuantize, Quantize, QuantizedConv, QuantizedMatMul {}
