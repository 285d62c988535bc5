package org.gatun.examples;

import static org.gatun.examples.Chapter.refused;
import static org.gatun.examples.Chapter.same;
import static org.gatun.examples.Chapter.section;
import static org.gatun.examples.Chapter.shape;
import static org.gatun.examples.Chapter.show;

import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.nn.Functional;
import org.gatun.nn.Linear;

/** Linear layers, matmul, mm and bmm: which of them broadcasts, and what is transposed. */
public final class Products {
  private Products() {}

  /** Runs the chapter. */
  static void main() {
    try (Scope scope = Scope.open()) {
      linear();
      matrices();
      broadcast();
      batches();
    }
  }

  private static void linear() {
    section("linear: y = x W^T + b, over the last dimension");
    try (Linear layer = new Linear(20, 30, 42)) {
      Tensor x = new Generator(1).randn(DType.F32, 128, 20);
      Tensor y = shape("linear(x)", layer.forward(x), 128, 30);
      Tensor weight = layer.parameters().get("weight");
      Tensor bias = layer.parameters().get("bias");
      same("linear(x) = x W^T + b", y, x.matmul(weight.transpose(0, 1)).add(bias));
      same("the function takes the parameters", y, Functional.linear(x, weight, bias));
      shape(
          "of a batch of sequences linear(x)",
          layer.forward(new Generator(2).randn(DType.F32, 4, 7, 20)),
          4,
          7,
          30);
    }
  }

  private static void matrices() {
    section("mm: two matrices, and nothing else");
    Tensor a = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    Tensor b = Tensor.of(new float[] {1, 0, 0, 1, 1, 1}, 3, 2);
    show("a.mm(b)", a.mm(b));
    refused("a.mm(a)", () -> a.mm(a));
    refused("a.mm(of three dimensions)", () -> a.mm(b.unsqueeze(0)));
  }

  private static void broadcast() {
    section("matmul: the ranks decide");
    Generator random = new Generator(3);
    Tensor vector = random.randn(DType.F32, 3);
    Tensor matrix = random.randn(DType.F32, 4, 3);
    Tensor batch = random.randn(DType.F32, 10, 3, 5);
    shape("vector.matmul(vector)", vector.matmul(vector));
    shape("matrix.matmul(vector)", matrix.matmul(vector), 4);
    shape("matrix.matmul(batch)", matrix.matmul(batch), 10, 4, 5);
    shape("vector.matmul(batch)", vector.matmul(batch), 10, 5);
    Tensor heads = random.randn(DType.F32, 2, 1, 4, 3);
    shape("batches (2, 1) and (10) meet", heads.matmul(batch), 2, 10, 4, 5);
    same(
        "a matrix times a batch is a matrix times each of it",
        matrix.matmul(batch).select(0, 7),
        matrix.mm(batch.select(0, 7)));
  }

  private static void batches() {
    section("bmm: as many products as there are pairs, without broadcasting");
    Generator random = new Generator(4);
    Tensor a = random.randn(DType.F32, 10, 3, 4);
    Tensor b = random.randn(DType.F32, 10, 4, 5);
    Tensor c = shape("a.bmm(b)", a.bmm(b), 10, 3, 5);
    same("bmm is matmul here", c, a.matmul(b));
    refused("a.bmm(of one matrix)", () -> a.bmm(b.slice(0, 0, 1)));
  }
}
