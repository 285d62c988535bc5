package example;

import java.util.ArrayList;
import java.util.List;
import org.gatun.DType;
import org.gatun.OutOfNativeMemoryException;
import org.gatun.Tensor;
import org.gatun.runtime.MemoryReport;

/** An application that asks for more than the system gives, and goes on. */
public final class Hungry {
  private Hungry() {}

  /**
   * Takes blocks until there are no more, then computes.
   *
   * @param arguments the bytes of a block
   */
  public static void main(String[] arguments) {
    long byteSize = Long.parseLong(arguments[0]);
    List<Tensor> tensors = new ArrayList<>();
    try (Tensor a = Tensor.full(DType.F32, 1, 64, 64)) {
      a.matmul(a).close(); // What is loaded takes addresses too.
      try {
        while (tensors.size() < 1000) {
          tensors.add(Tensor.empty(DType.I8, byteSize));
        }
        System.out.println("no end");
      } catch (OutOfNativeMemoryException e) {
        System.out.println("refused: " + e.getMessage());
      }
      System.out.println("taken " + (tensors.size() > 1));
      tensors.forEach(Tensor::close);
      try (Tensor product = a.matmul(a);
          Tensor large = Tensor.empty(DType.I8, byteSize)) {
        System.out.println("computed " + product.get(5, 5) + " beside " + large.size());
      }
    }
    System.out.println("live " + MemoryReport.now().liveBytes());
  }
}
