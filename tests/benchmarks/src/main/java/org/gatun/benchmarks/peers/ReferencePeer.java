package org.gatun.benchmarks.peers;

import java.util.ArrayList;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Tensor;
import org.gatun.op.Copy;
import org.gatun.op.Op;
import org.gatun.op.Permute;
import org.gatun.reference.ReferenceBackend;
import org.gatun.runtime.Engine;

/** The reference in plain Java, which computes in double: what results are held against. */
final class ReferencePeer implements Peer {
  private final Engine engine = Engine.of(new ReferenceBackend());

  @Override
  public Subject prepare(PeerCase work, boolean channelsLast) {
    List<Tensor> inputs = new ArrayList<>();
    for (int i = 0; i < work.operands().size(); i++) {
      Tensor tensor = GatunPeer.tensor(work.operands().get(i), work.seed(i));
      inputs.add(channelsLast && i == 0 ? tensor.channelsLast() : tensor);
    }
    Op op = work.op();
    if (op instanceof Permute permute) {
      inputs.set(0, inputs.getFirst().permute(permute.axes().toArray()));
      op = new Copy(false);
    }
    return new Computation(engine, op, inputs);
  }

  @Override
  public String version() {
    return "reference";
  }

  @Override
  public void close() {
    engine.close();
  }

  private static final class Computation implements Subject {
    private final Engine engine;
    private final Op op;
    private final List<Tensor> inputs;
    private final List<Tensor> outputs;

    Computation(Engine engine, Op op, List<Tensor> inputs) {
      this.engine = engine;
      this.op = op;
      this.inputs = inputs;
      List<Layout> layouts = inputs.stream().map(Tensor::layout).toList();
      this.outputs = op.infer(layouts).stream().map(engine::allocate).toList();
    }

    @Override
    public void run() {
      engine.run(op, inputs, outputs);
    }

    @Override
    public float[] output() {
      try (Tensor floats = outputs.getFirst().to(DType.F32)) {
        return floats.toFloatArray();
      }
    }

    @Override
    public void close() {
      inputs.forEach(Tensor::close);
      outputs.forEach(Tensor::close);
    }
  }
}
