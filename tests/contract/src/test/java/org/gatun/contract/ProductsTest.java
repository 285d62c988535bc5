package org.gatun.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Scope;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.nn.Functional;
import org.gatun.runtime.Engine;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Products that are made of others: what they are, and that they leave nothing behind. */
class ProductsTest {
  /**
   * A product and the same by other operators, of numbers that are exact in every order but for
   * zeros' signs.
   */
  private record Equality(String name, Supplier<Tensor> product, Supplier<Tensor> same) {}

  /** Returns small whole numbers, others for each shape. */
  private static Tensor some(long... shape) {
    double[] values = new double[(int) Shape.of(shape).size()];
    int start = Arrays.hashCode(shape) & 7;
    Arrays.setAll(values, i -> (i * 5 + start) % 11 - 4);
    return Tensor.of(values, shape);
  }

  private static Tensor einsum(String equation, Tensor... operands) {
    return Functional.einsum(equation, operands);
  }

  private static Stream<Equality> equalities() {
    return Stream.of(
        new Equality(
            "inner",
            () -> some(2, 3).inner(some(4, 3)),
            () -> some(2, 3).matmul(some(4, 3).transpose(0, 1))),
        new Equality(
            "inner of a scalar", () -> some().inner(some(4, 3)), () -> some(4, 3).mul(some())),
        new Equality(
            "outer",
            () -> some(3).outer(some(4)),
            () -> some(3).reshape(3, 1).matmul(some(4).reshape(1, 4))),
        new Equality("vdot", () -> some(5).vdot(some(5)), () -> some(5).mul(some(5)).sum()),
        new Equality(
            "kron",
            () -> some(2, 3).kron(some(4)),
            () -> some(2, 3).reshape(2, 3, 1).mul(some(4)).reshape(2, 12)),
        new Equality(
            "addbmm",
            () -> some(4).addbmm(some(3, 2, 5), some(3, 5, 4), 2, -1),
            () -> some(4).mul(2).sub(some(3, 2, 5).matmul(some(3, 5, 4)).sum(0))),
        new Equality(
            "addr",
            () -> some(3, 4).addr(some(3), some(4), 2, 3),
            () -> some(3, 4).mul(2).add(some(3).outer(some(4)).mul(3))),
        new Equality(
            "gemm",
            () -> Functional.gemm(some(5, 2), some(3, 5), some(3), 2, -1, true, true),
            () ->
                some(5, 2).transpose(0, 1).matmul(some(3, 5).transpose(0, 1)).mul(2).sub(some(3))),
        new Equality(
            "half of the heads",
            () -> some(2, 10, 3, 8).slice(1, 0, 5).matmul(some(2, 5, 8, 6)),
            () -> some(2, 10, 3, 8).slice(1, 0, 5).contiguous().matmul(some(2, 5, 8, 6))),
        new Equality(
            "with half of the heads",
            () -> some(2, 5, 6, 8).matmul(some(2, 10, 8, 7).slice(1, 5, 10)),
            () -> some(2, 5, 6, 8).matmul(some(2, 10, 8, 7).slice(1, 5, 10).contiguous())),
        new Equality(
            "gemm without C",
            () -> Functional.gemm(some(2, 5), some(5, 3), null, 1, 1, false, false),
            () -> some(2, 5).matmul(some(5, 3))),
        new Equality(
            "tensordot",
            () -> some(2, 3, 4).tensordot(some(4, 3, 5), new int[] {2, -2}, new int[] {0, 1}),
            () ->
                some(2, 3, 4).permute(0, 2, 1).reshape(2, 12).matmul(some(4, 3, 5).reshape(12, 5))),
        new Equality(
            "tensordot of a repeated dimension",
            () -> some(2, 3).tensordot(some(1, 4), 1),
            () -> some(2, 3).sum(new int[] {1}, true).matmul(some(1, 4))),
        new Equality(
            "tensordot over nothing",
            () -> some(2).tensordot(some(3, 4), 0),
            () -> some(2).reshape(2, 1, 1).mul(some(3, 4))),
        new Equality(
            "multiDot",
            () -> Functional.multiDot(some(3), some(3, 7), some(7, 2), some(2, 5), some(5)),
            () -> some(3).matmul(some(3, 7)).matmul(some(7, 2)).matmul(some(2, 5)).matmul(some(5))),
        new Equality(
            "bilinear",
            () -> Functional.bilinear(some(2, 5, 3), some(2, 5, 4), some(6, 3, 4), some(6)),
            () ->
                einsum("nmi,oij,nmj->nmo", some(2, 5, 3), some(6, 3, 4), some(2, 5, 4))
                    .add(some(6))),
        new Equality(
            "einsum, a product",
            () -> einsum("ij,jk", some(2, 3), some(3, 4)),
            () -> some(2, 3).matmul(some(3, 4))),
        new Equality(
            "einsum, a view", () -> einsum("ij->ji", some(2, 3)), () -> some(2, 3).transpose(0, 1)),
        new Equality(
            "einsum, an implicit order",
            () -> einsum("ba", some(2, 3)),
            () -> some(2, 3).transpose(0, 1)),
        new Equality(
            "einsum, a trace",
            () -> einsum("ii", some(3, 3)),
            () -> some(3, 3).flatten().slice(0, 0, 9, 4).sum()),
        new Equality(
            "einsum, a diagonal of three",
            () -> einsum("iii->i", some(3, 3, 3)),
            () -> some(3, 3, 3).flatten().slice(0, 0, 27, 13)),
        new Equality(
            "einsum, a diagonal apart",
            () -> einsum("iji->j", some(3, 2, 3)),
            () -> some(3, 2, 3).permute(1, 0, 2).reshape(2, 9).slice(1, 0, 9, 4).sum(1)),
        new Equality(
            "einsum, batches",
            () -> einsum("bij,bkj->bik", some(2, 3, 4), some(2, 5, 4)),
            () -> some(2, 3, 4).matmul(some(2, 5, 4).transpose(1, 2))),
        new Equality(
            "einsum, an ellipsis",
            () -> einsum("...ij,...jk", some(2, 1, 3, 4), some(5, 4, 2)),
            () -> some(2, 1, 3, 4).matmul(some(5, 4, 2))),
        new Equality(
            "einsum, an ellipsis summed",
            () -> einsum("...i->i", some(2, 3, 4)),
            () -> some(2, 3, 4).sum(0, 1)),
        new Equality(
            "einsum, a size of 1",
            () -> einsum("ij,ij->i", some(3, 1), some(3, 4)),
            () -> some(3, 1).mul(some(3, 4)).sum(1)),
        new Equality(
            "einsum, elements",
            () -> einsum("i,i,i->i", some(5), some(5), some(5)),
            () -> some(5).mul(some(5)).mul(some(5))),
        new Equality(
            "einsum, four operands",
            () -> einsum("ab,bc,cd,de->ae", some(2, 9), some(9, 3), some(3, 8), some(8, 2)),
            () -> some(2, 9).matmul(some(9, 3)).matmul(some(3, 8)).matmul(some(8, 2))),
        new Equality(
            "einsum, a label that nobody needs",
            () -> einsum("ij,k->i", some(2, 3), some(4)),
            () -> some(2, 3).sum(1).mul(some(4).sum())),
        new Equality(
            "einsum, nothing to sum",
            () -> einsum("ij,jk->ik", some(2, 0), some(0, 3)),
            () -> Tensor.zeros(DType.F64, 2, 3)),
        new Equality(
            "einsum, scalars", () -> einsum(",i->i", some(), some(3)), () -> some(3).mul(some())));
  }

  @TestFactory
  Stream<DynamicTest> equal() {
    return equalities()
        .flatMap(
            equality ->
                Engines.all().entrySet().stream()
                    .map(
                        engine ->
                            DynamicTest.dynamicTest(
                                equality.name + " on " + engine.getKey(),
                                () -> check(equality, engine.getValue()))));
  }

  private static void check(Equality equality, Engine engine) {
    boolean unused =
        engine.with(
            () -> {
              try (Scope _ = Scope.open()) {
                Tensor product = equality.product.get();
                Tensor same = equality.same.get();
                assertEquals(same.shape(), product.shape());
                assertArrayEquals(same.toDoubleArray(), product.toDoubleArray(), 1e-12);
              }
              return true;
            });
  }

  @Test
  void wrongEquationsSayWhatIsWrong() {
    Map<String, String> problems =
        Map.of(
            "ij,jk", "2 operands, 1 given",
            "ijk", "3 labels for operand 0 of shape [2, 3]",
            "i", "1 labels for operand 0 of shape [2, 3]",
            "ij->k", "label k of the result is in no operand",
            "ij->ii", "label i twice in the result",
            "i1", "unexpected '1', expected letters and one ellipsis in a term",
            "ii", "label i has size 3 in operand 0 of shape [2, 3], expected 2");
    try (Tensor x = some(2, 3)) {
      problems.forEach(
          (equation, problem) ->
              refuses(
                  "einsum: equation \"" + equation + "\": " + problem, () -> einsum(equation, x)));
      refuses(
          "einsum: equation \"ij,jk\": label j has size 2 in operand 1 of shape [2, 3], expected 3",
          () -> einsum("ij,jk", x, x));
    }
  }

  @Test
  void wrongShapesSayWhatIsWrong() {
    try (Scope _ = Scope.open()) {
      Tensor x = some(2, 3);
      refuses("addmm: shapes [2] and [2, 3], expected ranks 2 and 2", () -> x.addmm(some(2), x));
      refuses("addr: shapes [2, 3] and [2], expected ranks 1 and 1", () -> x.addr(x, some(2)));
      refuses("outer: shapes [2, 3] and [2], expected ranks 1 and 1", () -> x.outer(some(2)));
      refuses(
          "baddbmm: shapes [2, 3, 4] and [3, 4, 5], batches of 2 and 3 differ",
          () -> x.baddbmm(some(2, 3, 4), some(3, 4, 5)));
      refuses(
          "tensordot: shapes [2, 3] and [2, 3], axes 1 and 0 have sizes 3 and 2",
          () -> x.tensordot(x, 1));
      refuses(
          "tensordot: axis -1 of shape [2, 3] given twice",
          () -> x.tensordot(x, new int[] {1, -1}, new int[] {0, 1}));
      refuses(
          "multiDot: tensor 1 has 2 rows, expected 3, the columns of the one before",
          () -> Functional.multiDot(x, x));
      refuses("multiDot: 1 tensors, expected two or more", () -> Functional.multiDot(x));
      refuses(
          "bilinear: inputs of shapes [2, 3] and [2, 3], expected (..., 3) and (..., 4) for weights"
              + " of shape [5, 3, 4]",
          () -> Functional.bilinear(x, x, some(5, 3, 4), null));
      refuses(
          "gemm: shapes [2, 3] and [3], expected two matrices",
          () -> Functional.gemm(x, some(3), null, 1, 1, false, false));
    }
  }

  private static void refuses(String message, Supplier<Tensor> product) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, product::get).getMessage());
  }
}
