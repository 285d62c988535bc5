package org.gatun.onnx.operator;

import static org.gatun.onnx.Agreement.assertSame;
import static org.gatun.onnx.SampleTensors.mixed;

import java.util.List;
import org.gatun.Tensor;
import org.gatun.nn.Functional;
import org.gatun.onnx.NodeCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiffusionFamilyTest {
  @ParameterizedTest
  @CsvSource({"0, 0", "0, 1", "1, 0", "1, 1"})
  void normalizesGroupsOfEitherLayout(int last, int activation) {
    Tensor x = mixed(2, 3, 4, 6);
    Tensor images = last == 1 ? x.permute(0, 3, 1, 2) : x;
    Tensor scale = mixed(images.dim(1));
    Tensor bias = mixed(images.dim(1)).add(1.0);
    Tensor y =
        NodeCheck.of("com.microsoft", "GroupNorm")
            .in(x)
            .in(scale)
            .in(bias)
            .with("groups", 3)
            .with("channels_last", last)
            .with("activation", activation)
            .tensor();
    Tensor plain = Functional.groupNorm(images.contiguous(), 3, scale, bias, 1e-5);
    Tensor expected = activation == 1 ? plain.silu() : plain;
    assertSame(last == 1 ? expected.permute(0, 2, 3, 1) : expected, y);
  }

  @Test
  void addsWhatIsSkippedFirst() {
    Tensor x = mixed(2, 3, 4, 6);
    Tensor skip = mixed(2, 6);
    Tensor bias = mixed(6).mul(3.0);
    Tensor scale = mixed(6).add(1.0);
    List<Tensor> y =
        NodeCheck.of("com.microsoft", "SkipGroupNorm")
            .in(x)
            .in(scale)
            .in(bias)
            .in(skip)
            .in(bias)
            .with("groups", 2)
            .with("activation", 0)
            .outputs(2)
            .tensors();
    Tensor sum = x.add(skip.reshape(2, 1, 1, 6)).add(bias);
    assertSame(sum, y.get(1));
    Tensor images = sum.permute(0, 3, 1, 2).contiguous();
    assertSame(Functional.groupNorm(images, 2, scale, bias, 1e-5).permute(0, 2, 3, 1), y.get(0));
  }

  @Test
  void gatesByTheSecondHalf() {
    Tensor x = mixed(2, 3, 8);
    Tensor bias = mixed(8);
    Tensor y = NodeCheck.of("com.microsoft", "BiasSplitGelu").in(x).in(bias).tensor();
    Tensor sum = x.add(bias);
    assertSame(sum.narrow(2, 0, 4).mul(Functional.gelu(sum.narrow(2, 4, 4))), y);
  }

  @Test
  void addsBiasAndSkip() {
    Tensor x = mixed(2, 3, 8);
    Tensor bias = mixed(8);
    Tensor skip = mixed(2, 3, 8).mul(2.0);
    Tensor y = NodeCheck.of("com.microsoft", "BiasAdd").in(x).in(bias).in(skip).tensor();
    assertSame(x.add(bias).add(skip), y);
  }

  @Test
  void activatesGroupsAsPassesWriteThem() {
    Tensor x = mixed(2, 4, 3, 3);
    Tensor scale = mixed(4);
    Tensor y =
        NodeCheck.of("org.gatun", "GroupNormalization")
            .in(x)
            .in(scale)
            .in(scale)
            .with("num_groups", 2)
            .with("activation", "Silu")
            .tensor();
    assertSame(Functional.groupNorm(x, 2, scale, scale, 1e-5).silu(), y);
  }

  @Test
  void refusesAnotherActivation() {
    NodeCheck.of("com.microsoft", "GroupNorm")
        .in(mixed(1, 2, 2, 4))
        .in(mixed(4))
        .in(mixed(4))
        .with("groups", 2)
        .with("activation", 2)
        .refuses("activation is 2");
  }
}
