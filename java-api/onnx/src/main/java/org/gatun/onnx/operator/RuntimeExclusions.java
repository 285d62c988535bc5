package org.gatun.onnx.operator;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The operators of ONNX Runtime's own domain that Gatun leaves out, each with its reason. */
final class RuntimeExclusions {
  /** The reasons by the names of the operators. */
  static final Map<String, String> REASONS = new TreeMap<>();

  static {
    because(
        "it runs a whole loop of generation, which the caller of a model writes in Java",
        List.of("BeamSearch", "GreedySearch", "Sampling", "WhisperBeamSearch"));
    because(
        "it is a step of a generation loop, which the caller of a model writes in Java",
        List.of("BifurcationDetector", "NGramRepeatBlock"));
    because("its elements are text, which no tensor holds", List.of("Tokenizer"));
    because(
        "it hashes the numbers of tokens, which a tokenizer does before the model",
        List.of("MurmurHash3", "NGramHashMapping", "VarlenNGramHashMapping"));
    because(
        "ONNX Runtime has it for GPUs alone, and writes it when it optimizes a model for one",
        List.of(
            "DecoderAttention",
            "GatedDeltaNet",
            "GatedRelativePositionBias",
            "GemmFloat8",
            "LongformerAttention",
            "MatMulBlockQuantizedFp4Weight",
            "MatMulBlockQuantizedFp8Weight",
            "MatMulNBitsMlp",
            "MatMulNBitsQkv",
            "PackedAttention",
            "PackedMultiHeadAttention",
            "PagedAttention",
            "RelativePositionBias",
            "RemovePadding",
            "RestorePadding",
            "VarlenCausalConvWithState"));
    because(
        "its operands lie as cuBLASLt wants them",
        List.of(
            "DequantizeWithOrder",
            "QOrderedAttention",
            "QOrderedGelu",
            "QOrderedLayerNormalization",
            "QOrderedLongformerAttention",
            "QOrderedMatMul",
            "QuantizeWithOrder"));
    because(
        "its attention skips blocks by a mask in a compressed form, which nothing but Phi-3-small"
            + " on ONNX Runtime has",
        List.of("SparseAttention"));
    because("sparse matrices are read as dense ones", List.of("SparseToDenseMatMul"));
    because(
        "it holds a model in the form of another runtime, for its hardware",
        List.of("EPContext", "Snpe"));
    because(
        "its numbers are of formats of special hardware", List.of("DequantizeBFP", "QuantizeBFP"));
    because(
        "its weights are packed for one version of ONNX Runtime's own kernels",
        List.of("MatMulFpQ4"));
    because(
        "its weights are of bitsandbytes' formats, for training on GPUs", List.of("MatMulBnb4"));
    because(
        "it is a whole layer on integers: give Gatun the model before ONNX Runtime fused it",
        List.of("DynamicQuantizeLSTM", "QAttention"));
    because(
        "its experts' weights are packed in 4 or 8 bits: give Gatun the model with MoE, before they"
            + " were quantized",
        List.of("QMoE"));
    because("ONNX Runtime calls it experimental", List.of("QEmbedLayerNormalization"));
    because(
        "no exporter writes it: a recurrent cell with an attention of its own, or an embedding of"
            + " characters, of models before transformers",
        List.of("AttnLSTM", "WordConvEmbedding"));
  }

  private RuntimeExclusions() {}

  private static void because(String reason, List<String> operators) {
    operators.forEach(operator -> REASONS.put(operator, reason));
  }
}
