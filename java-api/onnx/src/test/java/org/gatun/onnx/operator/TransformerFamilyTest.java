package org.gatun.onnx.operator;

import static org.gatun.onnx.Agreement.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.onnx.NodeCheck;
import org.gatun.onnx.SampleTensors;
import org.junit.jupiter.api.Test;

/** What of ONNX Runtime's domain its own CPU has not, and so is not compared with it. */
class TransformerFamilyTest {
  private final Random random = new Random(5);

  @Test
  void sequencesOfABatchGrowEachAtItsEnd() {
    Tensor query = SampleTensors.normal(random, 2, 1, 32);
    Tensor key = SampleTensors.normal(random, 2, 1, 16);
    Tensor value = SampleTensors.normal(random, 2, 1, 16);
    Tensor pastKey = SampleTensors.normal(random, 2, 2, 6, 8);
    Tensor pastValue = SampleTensors.normal(random, 2, 2, 6, 8);
    int[] lengths = {4, 2};
    List<Tensor> outputs =
        NodeCheck.of("com.microsoft", "GroupQueryAttention")
            .with("num_heads", 4)
            .with("kv_num_heads", 2)
            .with("local_window_size", 3)
            .in(query, key, value, pastKey, pastValue)
            .in(Tensor.of(lengths), Tensor.of(new int[] {5}))
            .tensors(true, true, true);
    Tensor presentKey = pastKey.copy();
    Tensor presentValue = pastValue.copy();
    for (int b = 0; b < 2; b++) {
      Tensor newKey = key.select(0, b).reshape(2, 8);
      Tensor newValue = value.select(0, b).reshape(2, 8);
      presentKey.select(0, b).select(1, lengths[b]).copyFrom(newKey);
      presentValue.select(0, b).select(1, lengths[b]).copyFrom(newValue);
    }
    assertClose(presentKey, outputs.get(1), 0);
    assertClose(presentValue, outputs.get(2), 0);
    double[] expected =
        AttentionDefinition.attend(
            HeadAttention.split(query, 4),
            presentKey,
            presentValue,
            0,
            (b, h, i, j) -> j <= lengths[b] && j > lengths[b] - 3);
    assertClose(expected, HeadAttention.split(outputs.getFirst(), 4).contiguous(), 1e-5);
  }

  @Test
  void groupedAttentionThatIsNotCausal() {
    Tensor query = SampleTensors.normal(random, 1, 3, 16);
    Tensor key = SampleTensors.normal(random, 1, 3, 8);
    Tensor value = SampleTensors.normal(random, 1, 3, 8);
    Tensor output =
        NodeCheck.of("com.microsoft", "GroupQueryAttention")
            .with("num_heads", 2)
            .with("kv_num_heads", 1)
            .with("causal", 0)
            .in(query, key, value, null, null)
            .in(Tensor.of(new int[] {2}), Tensor.of(new int[] {3}))
            .tensor();
    double[] expected =
        AttentionDefinition.attend(
            HeadAttention.split(query, 2),
            HeadAttention.split(key, 1),
            HeadAttention.split(value, 1),
            0,
            (b, h, i, j) -> true);
    assertClose(expected, HeadAttention.split(output, 2).contiguous(), 1e-5);
  }

  @Test
  void groupedAttentionRefusesWhatItHasNot() {
    NodeCheck window =
        NodeCheck.of("com.microsoft", "GroupQueryAttention")
            .with("num_heads", 2)
            .with("kv_num_heads", 1)
            .with("sliding_window_cache", 1)
            .normal(1, 3, 16);
    window.refuses("sliding_window_cache");
    NodeCheck quantized =
        NodeCheck.of("com.microsoft", "GroupQueryAttention")
            .with("num_heads", 2)
            .with("kv_num_heads", 1)
            .with("k_quant_type", "PER_TENSOR")
            .normal(1, 3, 16);
    quantized.refuses("k_quant_type");
  }

  @Test
  void packedOperandsAreThoseSideBySide() {
    Tensor all = SampleTensors.normal(random, 2, 4, 2, 3, 8);
    Tensor[] parts = new Tensor[3];
    for (int i = 0; i < 3; i++) {
      parts[i] = all.select(3, i).contiguous().reshape(2, 4, 16);
    }
    Tensor bias = SampleTensors.normal(random, 48);
    Tensor expected =
        NodeCheck.of("com.microsoft", "MultiHeadAttention")
            .with("num_heads", 2)
            .in(parts[0], parts[1], parts[2], bias)
            .tensor();
    Tensor packed =
        NodeCheck.of("com.microsoft", "MultiHeadAttention")
            .with("num_heads", 2)
            .in(all, null, null, bias)
            .tensor();
    assertClose(expected, packed, 1e-6);
    Tensor keysAndValues =
        NodeCheck.of("com.microsoft", "MultiHeadAttention")
            .with("num_heads", 2)
            .in(parts[0], all.slice(3, 1, 3).contiguous(), null, bias)
            .tensor();
    assertClose(expected, keysAndValues, 1e-6);
  }

  @Test
  void maskOfFourDimensionsIsReadFromThePast() {
    Tensor x = SampleTensors.normal(random, 1, 2, 4);
    Tensor weights = SampleTensors.normal(random, 4, 12);
    Tensor past = SampleTensors.normal(random, 2, 1, 1, 3, 4);
    int[] lower = new int[36];
    int[] rows = new int[10];
    for (int i = 0; i < 36; i++) {
      lower[i] = i % 6 <= i / 6 ? 1 : 0;
    }
    for (int i = 0; i < 10; i++) {
      rows[i] = i % 5 <= 3 + i / 5 ? 1 : 0;
    }
    Tensor square = attention(x, weights, Tensor.of(lower, 1, 1, 6, 6), past);
    Tensor rectangle = attention(x, weights, Tensor.of(rows, 1, 2, 5), past);
    assertClose(rectangle, square, 1e-6);
  }

  private static Tensor attention(Tensor x, Tensor weights, Tensor mask, Tensor past) {
    return NodeCheck.of("com.microsoft", "Attention")
        .with("num_heads", 1)
        .in(x, weights, null, mask, past)
        .tensor();
  }

  @Test
  void rotationOfTextIsTheSameInAllSections() {
    Tensor x = SampleTensors.normal(random, 2, 3, 24);
    Tensor cos = SampleTensors.normal(random, 9, 6);
    Tensor sin = SampleTensors.normal(random, 9, 6);
    Tensor at = Tensor.of(new long[] {0, 1, 2, 5, 6, 7}, 2, 3);
    Tensor plain = NodeCheck.of("com.microsoft", "RotaryEmbedding").in(x, at, cos, sin).tensor();
    for (int layout = 0; layout < 2; layout++) {
      Tensor sections =
          NodeCheck.of("com.microsoft", "MRotaryEmbedding")
              .with("mrope_section", new long[] {2, 2, 2})
              .with("mrope_layout", layout)
              .in(x, Tensor.stack(0, at, at, at), cos, sin)
              .tensor();
      assertClose(plain, sections, 1e-6);
    }
  }

  @Test
  void sectionsFollowTheirPositions() {
    // Pairs (1, 0) become the cosine of their section's position, then the sine.
    Tensor x = Tensor.of(new float[] {1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0}, 1, 1, 12);
    Tensor table = Tensor.arange(DType.F32, 0, 3, 1).unsqueeze(1).mul(10.0);
    Tensor cos = table.add(Tensor.arange(DType.F32, 0, 6, 1));
    Tensor sin = Tensor.zeros(DType.F32, 3, 6);
    Tensor at = Tensor.of(new long[] {0, 1, 2}, 3, 1, 1);
    double[][] expected = {{0, 1, 12, 13, 24, 25}, {0, 11, 22, 3, 14, 25}};
    for (int layout = 0; layout < 2; layout++) {
      Tensor result =
          NodeCheck.of("com.microsoft", "MRotaryEmbedding")
              .with("mrope_section", new long[] {2, 2, 2})
              .with("mrope_layout", layout)
              .in(x, at, cos, sin)
              .tensor();
      assertClose(expected[layout], result.slice(2, 0, 6).contiguous(), 1e-6);
    }
  }

  @Test
  void layerNormsBeforeOnnxHadThem() {
    Tensor x = SampleTensors.normal(random, 2, 6);
    List<Tensor> outputs =
        NodeCheck.of("LayerNormalization", 9)
            .in(x, Tensor.ones(DType.F32, 6))
            .tensors(true, true, true);
    for (int row = 0; row < 2; row++) {
      double mean = 0;
      double square = 0;
      for (int i = 0; i < 6; i++) {
        mean += x.get(row, i) / 6;
        square += x.get(row, i) * x.get(row, i) / 6;
      }
      double inverse = 1 / Math.sqrt(square - mean * mean + 1e-5);
      assertEquals(mean, outputs.get(1).get(row, 0), 1e-6);
      assertEquals(inverse, outputs.get(2).get(row, 0), 1e-5);
      assertEquals((x.get(row, 3) - mean) * inverse, outputs.get(0).get(row, 3), 1e-5);
    }
  }

  @Test
  void productsWithEverythingBehindThem() {
    Tensor a = SampleTensors.normal(random, 2, 3, 4);
    Tensor b = SampleTensors.normal(random, 5, 4);
    Tensor bias = SampleTensors.normal(random, 5);
    Tensor residual = SampleTensors.normal(random, 2, 3, 5);
    Tensor product = a.matmul(b.transpose(0, 1));
    for (float alpha : new float[] {1, 0.5f}) {
      Tensor result =
          NodeCheck.of("org.gatun", "FusedMatMul")
              .with("transB", 1)
              .with("alpha", alpha)
              .with("activation", "Relu")
              .in(a, b, bias, residual)
              .tensor();
      assertClose(product.mul((double) alpha).add(bias).add(residual).relu(), result, 1e-5);
    }
  }

  @Test
  void biasesOfSoftmaxStandWhereTheDataDo() {
    Tensor x = SampleTensors.normal(random, 2, 3, 4, 5);
    Tensor inner = SampleTensors.normal(random, 2, 1, 1, 5);
    NodeCheck node =
        NodeCheck.of("com.microsoft", "BiasSoftmax").with("axis", 3).with("is_inner_broadcast", 1);
    assertClose(x.add(inner).softmax(3), node.in(x, inner).tensor(), 1e-6);
    Tensor outer = SampleTensors.normal(random, 4, 5);
    NodeCheck other =
        NodeCheck.of("com.microsoft", "BiasSoftmax").with("axis", 2).with("is_inner_broadcast", 0);
    Tensor expected = x.add(outer).flatten(2, 3).softmax(2).reshapeAs(x);
    assertClose(expected, other.in(x, outer).tensor(), 1e-6);
  }

  @Test
  void dropoutDoesNothingOutsideTraining() {
    Tensor x = SampleTensors.normal(random, 3, 4);
    Tensor bias = SampleTensors.normal(random, 4);
    List<Tensor> outputs =
        NodeCheck.of("com.microsoft", "BiasDropout").in(x, bias).tensors(true, true);
    assertClose(x.add(bias), outputs.getFirst(), 0);
    assertTrue(outputs.get(1).all().item() != 0);
    Tensor ratio = Tensor.scalar(0.5f);
    Tensor training = Tensor.ones(DType.BOOL);
    NodeCheck trained =
        NodeCheck.of("com.microsoft", "BiasDropout").in(x, bias, null, ratio, training);
    trained.refuses("training_mode");
  }

  @Test
  void fourierTransformsUndoEachOther() {
    Tensor x = SampleTensors.normal(random, 2, 8);
    Tensor waves = NodeCheck.of("com.microsoft", "Rfft").with("signal_ndim", 1).in(x).tensor();
    double real = 0;
    double imaginary = 0;
    for (int i = 0; i < 8; i++) {
      real += x.get(1, i) * Math.cos(2 * Math.PI * 3 * i / 8);
      imaginary -= x.get(1, i) * Math.sin(2 * Math.PI * 3 * i / 8);
    }
    assertEquals(real, waves.get(1, 3, 0), 1e-5);
    assertEquals(imaginary, waves.get(1, 3, 1), 1e-5);
    assertClose(
        x, NodeCheck.of("com.microsoft", "Irfft").with("signal_ndim", 1).in(waves).tensor(), 1e-5);
  }

  @Test
  void complexNumbers() {
    Tensor a = Tensor.of(new float[] {1, 2, 3, -1}, 2, 2);
    Tensor b = Tensor.of(new float[] {5, 6, 0, 2}, 2, 2);
    double[] product = {-7, 16, 2, 6};
    double[] conjugate = {17, 4, -2, -6};
    assertClose(product, NodeCheck.of("com.microsoft", "ComplexMul").in(a, b).tensor(), 1e-6);
    assertClose(conjugate, NodeCheck.of("com.microsoft", "ComplexMulConj").in(a, b).tensor(), 1e-6);
  }

  @Test
  void integers() {
    Tensor bytes = Tensor.of(new byte[] {1, -2, 3, 100}, 2, 2);
    NodeCheck sum =
        NodeCheck.of("com.microsoft", "ReduceSumInteger")
            .with("axes", new long[] {1})
            .with("keepdims", 0);
    assertClose(new double[] {-1, 103}, sum.in(bytes).tensor(), 0);
    Tensor zero = Tensor.of(new byte[] {1}).reshape();
    NodeCheck product = NodeCheck.of("com.microsoft", "MulInteger").in(bytes, zero, bytes, null);
    assertClose(new double[] {0, 6, 6, 9900}, product.tensor(), 0);
  }

  @Test
  void finiteness() {
    Tensor fine = Tensor.of(new float[] {1, 2});
    Tensor infinite = Tensor.of(new float[] {1, Float.POSITIVE_INFINITY});
    assertEquals(1, NodeCheck.of("com.microsoft", "IsAllFinite").in(fine, fine).tensor().item());
    assertEquals(
        0, NodeCheck.of("com.microsoft", "IsAllFinite").in(fine, infinite).tensor().item());
    NodeCheck nans =
        NodeCheck.of("com.microsoft", "IsAllFinite").with("isnan_only", 1).in(infinite);
    assertEquals(1, nans.tensor().item());
  }

  @Test
  void nothingIsBothThereAndLeftOut() {
    for (String name : RuntimeExclusions.REASONS.keySet()) {
      assertNull(OperatorTable.get().find("com.microsoft", name, 1), name);
    }
  }
}
