package org.gatun.benchmarks.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gatun.Layout;
import org.gatun.Tensor;
import org.gatun.benchmarks.peers.PeerCase.Operand;
import org.gatun.onnx.OnnxModel;
import org.gatun.onnx.OnnxSession;
import org.gatun.onnx.SessionOptions;
import org.gatun.op.Copy;
import org.gatun.op.Op;
import org.gatun.op.Permute;
import org.gatun.runtime.Engine;
import org.gatun.runtime.Runner;
import org.gatun.runtime.Threads;

/** Gatun as a user calls it: plain tensors, weights bound once, outputs reused. */
final class GatunPeer implements Peer {
  private final SessionOptions options;

  /**
   * @param options how sessions of models are made
   */
  GatunPeer(int threads, SessionOptions options) {
    Threads.set(threads);
    this.options = options;
  }

  @Override
  public Subject prepare(PeerCase work, boolean channelsLast) {
    List<Tensor> inputs = new ArrayList<>();
    List<Tensor> constants = new ArrayList<>();
    for (int i = 0; i < work.operands().size(); i++) {
      Operand operand = work.operands().get(i);
      Tensor tensor = tensor(operand, work.seed(i));
      if (channelsLast && i == 0) {
        tensor = tensor.channelsLast();
      }
      // Only what comes last is bound: an embedding's table stands first and needs no packing.
      (operand.constant() && !inputs.isEmpty() ? constants : inputs).add(tensor);
    }
    Op op = work.op();
    if (op instanceof Permute permute) {
      inputs.set(0, inputs.getFirst().permute(permute.axes().toArray()));
      op = new Copy(false);
    }
    return new Operator(op, inputs, constants);
  }

  /** Returns an operand with the values of a seed, row-major. */
  static Tensor tensor(Operand operand, long seed) {
    return operand.integer()
        ? Tensor.of(operand.longs(seed), operand.dims())
        : Tensor.of(operand.floats(seed), operand.dims());
  }

  @Override
  public Subject prepare(ModelCase model) {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (int i = 0; i < model.inputs().size(); i++) {
      ModelCase.Input input = model.inputs().get(i);
      inputs.put(input.name(), tensor(input.operand(), model.seed(i)));
    }
    try {
      return new Network(OnnxModel.load(model.file()).session(options), inputs);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String version() {
    return "Gatun";
  }

  private static final class Operator implements Subject {
    private final Engine engine = Engine.current();
    private final Runner runner;
    private final List<Tensor> inputs;
    private final List<Tensor> outputs;
    private final String implementation;

    Operator(Op op, List<Tensor> inputs, List<Tensor> constants) {
      this.inputs = inputs;
      List<Layout> layouts = new ArrayList<>();
      inputs.forEach(input -> layouts.add(input.layout()));
      constants.forEach(constant -> layouts.add(constant.layout()));
      this.outputs = op.infer(layouts).stream().map(engine::allocate).toList();
      this.runner = engine.bind(op, constants.toArray(Tensor[]::new));
      this.implementation = runner.implementation(inputs.toArray(Tensor[]::new));
    }

    @Override
    public void run() {
      runner.run(inputs, outputs);
    }

    @Override
    public float[] output() {
      return outputs.getFirst().toFloatArray();
    }

    @Override
    public String implementation() {
      return implementation;
    }

    @Override
    public void close() {
      runner.close();
      inputs.forEach(Tensor::close);
      outputs.forEach(Tensor::close);
    }
  }

  private static final class Network implements Subject {
    private final OnnxSession session;
    private final Map<String, Tensor> inputs;
    private final Map<String, Tensor> outputs;

    Network(OnnxSession session, Map<String, Tensor> inputs) {
      this.session = session;
      this.inputs = inputs;
      this.outputs = session.run(inputs);
    }

    @Override
    public void run() {
      session.run(inputs, outputs);
    }

    @Override
    public Runnable caller() {
      Map<String, Tensor> own = session.run(inputs);
      return () -> session.run(inputs, own);
    }

    @Override
    public float[] output() {
      return outputs.values().iterator().next().toFloatArray();
    }

    @Override
    public void close() {
      session.close();
      inputs.values().forEach(Tensor::close);
      outputs.values().forEach(Tensor::close);
    }
  }
}
