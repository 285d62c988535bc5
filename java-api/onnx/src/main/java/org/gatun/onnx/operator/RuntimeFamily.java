package org.gatun.onnx.operator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Tensor;
import org.gatun.nn.Functional;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.operator.Operator.Typing;
import org.gatun.runtime.Engine;
import org.gatun.runtime.HostFunction;

/** What else ONNX Runtime has in its domain and a model may use. */
final class RuntimeFamily {
  private RuntimeFamily() {}

  static void register(Registry microsoft) {
    microsoft.add("CDist", 1, RuntimeFamily::distances);
    microsoft.add("ComplexMul", 1, c -> complexProduct(c.tensor(0), c.tensor(1), 1));
    microsoft.add("ComplexMulConj", 1, c -> complexProduct(c.tensor(0), c.tensor(1), -1));
    microsoft.add("DynamicTimeWarping", 1, RuntimeFamily::timeWarping);
    microsoft.move("ExpandDims", 1, c -> c.tensor(0).unsqueeze(Math.toIntExact(c.scalarLong(1))));
    microsoft.add("Inverse", 1, RuntimeFamily::inverse);
    microsoft.add("Irfft", 1, RuntimeFamily::inverseRealFourier);
    microsoft.add("IsAllFinite", 1, RuntimeFamily::allFinite);
    microsoft.add("MatMulInteger16", 1, Typing.ANY, RuntimeFamily::integerProduct);
    microsoft.add("MulInteger", 1, RuntimeFamily::integerMultiplication);
    microsoft.add("Range", 1, RuntimeFamily::range);
    microsoft.add("ReduceSumInteger", 1, Typing.NATIVE, RuntimeFamily::integerSum);
    microsoft.add("Rfft", 1, RuntimeFamily::realFourier);
    microsoft.add("SampleOp", 1, Typing.ANY, c -> List.of(c.value(0)));
    microsoft.move("TorchEmbedding", 1, RuntimeFamily::embedding);
    microsoft.move("UnfoldTensor", 1, RuntimeFamily::unfold);
    microsoft.add("Unique", 1, Typing.ANY, RuntimeFamily::unique);
  }

  // Algebra.

  /** Distances of the rows of two matrices, by {@code |a|^2 + |b|^2 - 2 a b}. */
  private static Tensor distances(Call call) {
    Tensor a = call.tensor(0);
    Tensor b = call.tensor(1);
    if (a.rank() != 2 || b.rank() != 2) {
      throw call.failure("A of shape " + a.shape() + " and B of shape " + b.shape());
    }
    Tensor squares = squares(a).unsqueeze(1).add(squares(b));
    Tensor distances = squares.sub(a.matmul(b.transpose(0, 1)), 2).clampMin(0.0);
    String metric = call.text("metric", "sqeuclidean");
    return switch (metric) {
      case "sqeuclidean" -> distances;
      case "euclidean" -> distances.sqrt();
      default -> throw call.failure("metric '" + metric + "', expected euclidean or sqeuclidean");
    };
  }

  private static Tensor squares(Tensor rows) {
    return rows.square().sum(1);
  }

  /** The product of complex numbers, whose parts lie in the last dimension; of the conjugate. */
  private static Tensor complexProduct(Tensor a, Tensor b, int sign) {
    Tensor real = a.select(-1, 0);
    Tensor imaginary = a.select(-1, 1);
    Tensor c = b.select(-1, 0);
    Tensor d = b.select(-1, 1);
    return Tensor.stack(
        -1, real.mul(c).addcmul(imaginary, d, -sign), imaginary.mul(c).addcmul(real, d, sign));
  }

  private static Tensor inverse(Call call) {
    Tensor x = call.tensor(0);
    if (x.rank() < 2 || x.dim(-1) != x.dim(-2)) {
      throw call.failure("X of shape " + x.shape() + ", expected square matrices");
    }
    DType dtype = x.dtype();
    HostFunction function =
        HostFunction.of(
            "inverse",
            (in, out) -> {
              int n = Math.toIntExact(in.getFirst().dim(-1));
              double[] elements = in.getFirst().toDoubleArray();
              for (int from = 0; from < elements.length; from += n * n) {
                invert(elements, from, n);
              }
              try (Tensor result = Tensor.of(elements, in.getFirst().shape().dims())) {
                out.getFirst().copyFrom(result);
              }
            });
    Layout layout = Layout.of(DType.F64, x.shape());
    return Engine.current().call(function, List.of(layout), x.to(DType.F64)).getFirst().to(dtype);
  }

  /** Inverts a matrix in its place, by Gauss and Jordan with pivots from all rows left. */
  private static void invert(double[] matrix, int from, int n) {
    int[] swapped = new int[n];
    for (int step = 0; step < n; step++) {
      int pivot = step;
      for (int row = step + 1; row < n; row++) {
        if (Math.abs(matrix[from + row * n + step]) > Math.abs(matrix[from + pivot * n + step])) {
          pivot = row;
        }
      }
      swapped[step] = pivot;
      for (int column = 0; column < n; column++) {
        double moved = matrix[from + step * n + column];
        matrix[from + step * n + column] = matrix[from + pivot * n + column];
        matrix[from + pivot * n + column] = moved;
      }
      double factor = 1 / matrix[from + step * n + step];
      matrix[from + step * n + step] = 1;
      for (int column = 0; column < n; column++) {
        matrix[from + step * n + column] *= factor;
      }
      for (int row = 0; row < n; row++) {
        double times = matrix[from + row * n + step];
        if (row != step) {
          matrix[from + row * n + step] = 0;
          for (int column = 0; column < n; column++) {
            matrix[from + row * n + column] -= times * matrix[from + step * n + column];
          }
        }
      }
    }
    for (int step = n - 1; step >= 0; step--) {
      for (int row = 0; row < n; row++) {
        double moved = matrix[from + row * n + step];
        matrix[from + row * n + step] = matrix[from + row * n + swapped[step]];
        matrix[from + row * n + swapped[step]] = moved;
      }
    }
  }

  // Fourier transforms of the last dimension, as products with the waves.

  private static Tensor realFourier(Call call) {
    checkTransform(call);
    Tensor x = call.tensor(0);
    int size = Math.toIntExact(x.dim(-1));
    int kept = size / 2 + 1;
    double[] waves = new double[size * kept * 2];
    for (int at = 0; at < size; at++) {
      for (int wave = 0; wave < kept; wave++) {
        double angle = angle(at, wave, size);
        waves[(at * kept + wave) * 2] = Math.cos(angle);
        waves[(at * kept + wave) * 2 + 1] = -Math.sin(angle);
      }
    }
    Tensor matrix = Tensor.of(waves, size, 2L * kept).to(x.dtype());
    return x.matmul(matrix).unflatten(-1, kept, 2);
  }

  private static Tensor inverseRealFourier(Call call) {
    checkTransform(call);
    Tensor x = call.tensor(0);
    if (x.rank() < 2 || x.dim(-1) != 2 || x.dim(-2) < 2) {
      throw call.failure("X of shape " + x.shape() + ", expected (..., waves, 2)");
    }
    int kept = Math.toIntExact(x.dim(-2));
    int size = 2 * (kept - 1);
    double[] waves = new double[kept * 2 * size];
    for (int wave = 0; wave < kept; wave++) {
      // Waves but for the first and the last stand for their mirrored ones as well.
      double times = (wave == 0 || wave == kept - 1 ? 1.0 : 2.0) / size;
      for (int at = 0; at < size; at++) {
        double angle = angle(at, wave, size);
        waves[2 * wave * size + at] = times * Math.cos(angle);
        waves[(2 * wave + 1) * size + at] = -times * Math.sin(angle);
      }
    }
    return x.flatten(-2, -1).matmul(Tensor.of(waves, 2L * kept, size).to(x.dtype()));
  }

  private static double angle(int at, int wave, int size) {
    return 2 * Math.PI * ((long) at * wave % size) / size;
  }

  private static void checkTransform(Call call) {
    if (call.integer("signal_ndim", 1) != 1
        || call.flag("normalized", false)
        || !call.flag("onesided", true)) {
      throw call.failure("expected signal_ndim 1, normalized 0 and onesided 1");
    }
  }

  // Integers.

  private static Tensor integerMultiplication(Call call) {
    return shifted(call, 0).mul(shifted(call, 2));
  }

  private static Tensor shifted(Call call, int input) {
    Tensor x = call.tensor(input).to(DType.I32);
    return call.has(input + 1) ? x.sub(call.tensor(input + 1).to(DType.I32)) : x;
  }

  /** The product of 16-bit integers; unsigned where both are. */
  private static List<Value> integerProduct(Call call) {
    boolean unsigned = call.type(0) == ElementType.UINT16 && call.type(1) == ElementType.UINT16;
    DType computed = unsigned ? DType.I64 : DType.I32;
    Tensor product = call.tensor(0).to(computed).matmul(call.tensor(1).to(computed));
    return List.of(
        unsigned
            ? new Value.Dense(ElementType.UINT32, product.bitwiseAnd(0xffffffffL))
            : Value.of(product));
  }

  private static List<Value> integerSum(Call call) {
    Tensor x = call.tensor(0);
    long[] axes = call.integers("axes");
    int[] over =
        axes == null ? new int[0] : Arrays.stream(axes).mapToInt(Math::toIntExact).toArray();
    Tensor sum = x.to(DType.I64).sum(over, call.flag("keepdims", true));
    return List.of(
        x.dtype() == DType.U8
            ? new Value.Dense(ElementType.UINT32, sum.bitwiseAnd(0xffffffffL))
            : Value.of(sum.to(DType.I32)));
  }

  private static Tensor range(Call call) {
    double step = call.has(2) ? call.scalar(2) : 1;
    return Tensor.arange(call.tensor(0).dtype(), call.scalar(0), call.scalar(1), step);
  }

  private static Tensor allFinite(Call call) {
    boolean infinities = !call.flag("isnan_only", false);
    boolean nans = !call.flag("isinf_only", false);
    Tensor all = Tensor.ones(DType.BOOL);
    for (Tensor x : call.tensorsFrom(0)) {
      Tensor found =
          infinities && nans ? x.isfinite().logicalNot() : infinities ? x.isinf() : x.isnan();
      all = all.logicalAnd(found.any().logicalNot());
    }
    return all;
  }

  // Parts.

  private static Tensor embedding(Call call) {
    Tensor indices = call.tensor(1);
    Tensor table = call.tensor(0);
    if (table.rank() != 2) {
      throw call.failure("weight of shape " + table.shape() + ", expected a matrix");
    }
    return Functional.embedding(indices, table);
  }

  private static Tensor unfold(Call call) {
    Tensor x = call.tensor(0);
    int axis = call.axis(call.integer("dim", -1), x.rank());
    return x.unfold(axis, call.integer("size"), call.integer("step", 1));
  }

  /** The different elements in the order of their first places, those places, and their counts. */
  private static List<Value> unique(Call call) {
    Tensor x = call.tensor(0);
    if (x.rank() != 1) {
      throw call.failure("x of shape " + x.shape() + ", expected one dimension");
    }
    Map<Object, Integer> known = new LinkedHashMap<>();
    List<Long> firsts = new ArrayList<>();
    List<Long> counts = new ArrayList<>();
    long[] places = new long[Math.toIntExact(x.size())];
    Object[] keys = keys(x);
    for (int i = 0; i < places.length; i++) {
      int number = known.computeIfAbsent(keys[i], _ -> known.size());
      if (number == firsts.size()) {
        firsts.add((long) i);
        counts.add(0L);
      }
      places[i] = number;
      counts.set(number, counts.get(number) + 1);
    }
    Tensor values = x.indexSelect(0, Tensor.of(array(firsts)));
    return List.of(
        new Value.Dense(call.type(0), values),
        Value.of(Tensor.of(places)),
        Value.of(Tensor.of(array(counts))));
  }

  private static Object[] keys(Tensor x) {
    return x.dtype().isFloating()
        ? Arrays.stream(x.to(DType.F64).toDoubleArray()).boxed().toArray()
        : Arrays.stream(x.to(DType.I64).toLongArray()).boxed().toArray();
  }

  private static long[] array(List<Long> numbers) {
    return numbers.stream().mapToLong(Long::longValue).toArray();
  }

  /** The path of least cost through a matrix from its first to its last element: (2, length). */
  private static Tensor timeWarping(Call call) {
    Tensor x = call.tensor(0);
    boolean batched = x.rank() == 3 && x.dim(0) == 1;
    if (x.rank() != 2 && !batched) {
      throw call.failure("input of shape " + x.shape() + ", expected (rows, columns)");
    }
    int rows = Math.toIntExact(x.dim(-2));
    int columns = Math.toIntExact(x.dim(-1));
    double[] costs = x.to(DType.F64).toDoubleArray();
    int[][] steps = new int[rows + 1][columns + 1];
    double[] above = new double[columns + 1];
    Arrays.fill(above, Double.POSITIVE_INFINITY);
    above[0] = 0;
    for (int row = 1; row <= rows; row++) {
      double[] current = new double[columns + 1];
      current[0] = Double.POSITIVE_INFINITY;
      for (int column = 1; column <= columns; column++) {
        double both = above[column - 1];
        double down = above[column];
        double right = current[column - 1];
        int step = both < down && both < right ? 0 : down < both && down < right ? 1 : 2;
        steps[row][column] = step;
        double before = step == 0 ? both : step == 1 ? down : right;
        current[column] = costs[(row - 1) * columns + column - 1] + before;
      }
      above = current;
    }
    List<int[]> path = new ArrayList<>();
    int row = rows;
    int column = columns;
    while (row > 0 && column > 0) {
      path.addFirst(new int[] {row - 1, column - 1});
      int step = steps[row][column];
      row -= step == 2 ? 0 : 1;
      column -= step == 1 ? 0 : 1;
    }
    int[] flat = new int[2 * path.size()];
    for (int i = 0; i < path.size(); i++) {
      flat[i] = path.get(i)[0];
      flat[path.size() + i] = path.get(i)[1];
    }
    return Tensor.of(flat, 2, path.size());
  }
}
