package org.gatun.examples;

import static org.gatun.examples.Chapter.holds;
import static org.gatun.examples.Chapter.refused;
import static org.gatun.examples.Chapter.same;
import static org.gatun.examples.Chapter.section;
import static org.gatun.examples.Chapter.show;

import java.util.Arrays;
import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.nn.Initialize;
import org.gatun.nn.Linear;

/** Random numbers of a seed, and the initial values of weights that are made of them. */
public final class RandomNumbers {
  private static final int MANY = 200_000;

  private RandomNumbers() {}

  /** Runs the chapter. */
  static void main() {
    try (Scope scope = Scope.open()) {
      seeds();
      distributions();
      orders();
      initialValues();
    }
  }

  private static void seeds() {
    section("generators: a seed and how far its sequence has come");
    Generator random = new Generator(42);
    Tensor first = show("the first draw", random.randn(DType.F32, 4));
    Tensor second = show("the second", random.randn(DType.F32, 4));
    Generator again = new Generator(42);
    same("the same seed begins the same", again.randn(DType.F32, 4), first);
    same("and goes on the same", again.randn(DType.F32, 4), second);
    holds("another does not", !new Generator(43).randn(DType.F32, 4).equal(first));
    Tensor filled = Tensor.empty(DType.F32, 4);
    new Generator(42).fillNormal(filled, 0, 1);
    same("a tensor that is there gets the same numbers", filled, first);
  }

  private static void distributions() {
    section("distributions");
    Generator random = new Generator(1);
    about("rand, from 0 to 1", random.rand(DType.F32, MANY), 0.5, 1.0 / 12);
    about("uniform from -1 to 3", random.uniform(-1, 3, DType.F32, MANY), 1, 16.0 / 12);
    about("randn", random.randn(DType.F32, MANY), 0, 1);
    about("normal, mean 5, deviation 2", random.normal(5, 2, DType.F32, MANY), 5, 4);
    about("exponential of rate 2", random.exponential(2, DType.F32, MANY), 0.5, 0.25);
    about("bernoulli of 0.3", random.bernoulli(0.3, DType.F32, MANY), 0.3, 0.21);
    Tensor p = Tensor.of(new float[] {0, 0.5f, 1}, 3, 1).expand(3, 1000);
    show("bernoulli of 0, 0.5 and 1, the means", random.bernoulli(p).mean(1));
    Tensor dice = random.randint(1, 7, DType.I64, MANY);
    about("dice: randint from 1 to 7, which is not among them", dice.to(DType.F32), 3.5, 35.0 / 12);
    holds("1 is the least", dice.min().item() == 1);
    holds("6 the largest", dice.max().item() == 6);
    refused("uniform from 3 to -1", () -> random.uniform(3, -1, DType.F32, 2));
    refused("randn of whole numbers", () -> random.randn(DType.I64, 2));
  }

  private static void about(String claim, Tensor drawn, double mean, double variance) {
    double foundMean = drawn.mean().item();
    double foundVariance = drawn.var().item();
    boolean near =
        Math.abs(foundMean - mean) < 0.03 * (1 + Math.abs(mean))
            && Math.abs(foundVariance - variance) < 0.03 * (1 + variance);
    holds("%s: mean %.3f, variance %.3f".formatted(claim, foundMean, foundVariance), near);
  }

  private static void orders() {
    section("orders");
    Generator random = new Generator(2);
    Tensor order = show("randperm(8)", random.randperm(8));
    long[] sorted = order.toLongArray();
    Arrays.sort(sorted);
    same("each number once", Tensor.of(sorted), Tensor.arange(8));
    Tensor rows = Tensor.arange(DType.F32, 0, 16, 1).view(8, 2);
    show("rows in that order", rows.indexSelect(0, order));
  }

  private static void initialValues() {
    section("initial values: weights that keep the variance from layer to layer");
    Generator random = new Generator(3);
    Tensor x = random.randn(DType.F32, 500, 400);
    Tensor weight = Tensor.empty(DType.F32, 300, 400);
    Initialize.kaimingNormal(weight, Initialize.Fan.IN, Initialize.Gain.LINEAR, random);
    about("x of variance 1 times kaiming_normal", x.matmul(weight.t()), 0, 1);
    Initialize.kaimingUniform(weight, Initialize.Fan.IN, Initialize.Gain.RELU, random);
    Tensor squares = x.matmul(weight.t()).relu().square();
    holds(
        "with the gain of relu its mean square is 1 after relu",
        Math.abs(squares.mean().item() - 1) < 0.05);
    double bound = Math.sqrt(6.0 / (300 + 400));
    Initialize.xavierUniform(weight, Initialize.Gain.LINEAR, random);
    holds("xavier_uniform ends at sqrt(6 / (in + out))", weight.abs().max().item() <= bound);
    Initialize.xavierNormal(weight, Initialize.Gain.TANH, random);
    about("xavier_normal with the gain of tanh, times 20", weight.mul(20), 0, 400 * 25.0 / 9 / 350);
    Initialize.truncNormal(weight, 0, 1, -2, 2, random);
    holds("trunc_normal ends at its bounds", weight.abs().max().item() <= 2);
    refused(
        "a vector has no inputs and outputs",
        () -> Initialize.xavierNormal(weight.select(0, 0), Initialize.Gain.LINEAR, random));
    try (Linear one = new Linear(4, 3, 42);
        Linear other = new Linear(4, 3, 42)) {
      same(
          "layers of the same seed are the same",
          one.parameters().get("weight"),
          other.parameters().get("weight"));
    }
  }
}
