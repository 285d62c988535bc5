package org.gatun.benchmarks.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.gatun.benchmarks.peers.PeerCase.Operand;
import org.jspecify.annotations.Nullable;

/**
 * libtorch as a program that infers uses it: eager calls without derivatives, into the same outputs
 * again where it has calls for that. It belongs to the thread that made it.
 */
final class TorchPeer implements Peer {
  static {
    // Else JavaCPP asks the system for the size of the process at each tensor that a call returns,
    // and has the collector know of it. What a run makes is closed here.
    System.setProperty("org.bytedeco.javacpp.maxBytes", "0");
    System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    System.setProperty("org.bytedeco.javacpp.nopointergc", "true");
  }

  private final InferenceMode mode;

  /** Loads libtorch, for a number of threads. */
  TorchPeer(int threads) {
    torch.set_num_interop_threads(1);
    torch.set_num_threads(threads);
    // libtorch's products are OpenBLAS's, which has threads of its own.
    openblas_nolapack.blas_set_num_threads(threads);
    mode = new InferenceMode(true);
  }

  @Override
  public @Nullable Subject prepare(PeerCase work, boolean channelsLast) {
    try (PointerScope scope = new PointerScope()) {
      TorchCall call = TorchCall.of(work.op(), new TorchOperands(tensors(work, channelsLast)));
      if (call == null) {
        return null;
      }
      // The scope ends here, and what it holds lives as long as the subject.
      scope.extend();
      return new Prepared(scope, call);
    }
  }

  private static List<Tensor> tensors(PeerCase work, boolean channelsLast) {
    List<Tensor> tensors = new ArrayList<>();
    for (int i = 0; i < work.operands().size(); i++) {
      Operand operand = work.operands().get(i);
      Tensor tensor =
          operand.integer()
              ? Tensor.create(operand.longs(work.seed(i)), operand.dims())
              : Tensor.create(operand.floats(work.seed(i)), operand.dims());
      // Weights too, as a model's are that was converted.
      boolean converted = channelsLast && work.hasImage() && tensor.dim() == 4;
      tensors.add(converted ? tensor.contiguous(torch.MemoryFormat.ChannelsLast) : tensor);
    }
    return tensors;
  }

  @Override
  public String version() {
    try {
      // JavaCPP's version follows libtorch's, after a hyphen.
      return "libtorch " + Loader.getVersion("org.bytedeco", "pytorch").split("-", 2)[0];
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    mode.close();
  }

  /** A call with the tensors that it needs, and its last result. */
  private static final class Prepared implements Subject {
    private final PointerScope scope;
    private final TorchCall call;
    private Tensor result = new Tensor();

    Prepared(PointerScope scope, TorchCall call) {
      this.scope = scope;
      this.call = call;
    }

    @Override
    public void run() {
      if (call.allocates()) {
        // Before the call, so that it is given the same memory, which is in the cache.
        result.close();
      }
      result = call.function().get();
    }

    @Override
    public float[] output() {
      try (Tensor rows = result.contiguous()) {
        float[] values = new float[Math.toIntExact(rows.numel())];
        rows.data_ptr_float().get(values);
        return values;
      }
    }

    @Override
    public void close() {
      if (call.allocates()) {
        result.close();
      }
      scope.deallocate();
    }
  }
}
