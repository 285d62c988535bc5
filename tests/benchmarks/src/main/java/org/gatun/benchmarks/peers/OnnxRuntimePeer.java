package org.gatun.benchmarks.peers;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.gatun.benchmarks.peers.PeerCase.Operand;
import org.jspecify.annotations.Nullable;

/** ONNX Runtime with its Java API, all its optimizations on and outputs reused. */
final class OnnxRuntimePeer implements Peer {
  private final OrtEnvironment environment =
      OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "peers");
  private final int threads;

  OnnxRuntimePeer(int threads) {
    this.threads = threads;
  }

  @Override
  public @Nullable Subject prepare(PeerCase work, boolean channelsLast) {
    byte[] model = OnnxGraph.of(work);
    if (model == null) {
      return null;
    }
    try (OrtSession.SessionOptions options = options()) {
      OrtSession session = environment.createSession(model, options);
      Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
      for (int i = 0; i < work.operands().size(); i++) {
        Operand operand = work.operands().get(i);
        if (!operand.constant()) {
          inputs.put(OnnxGraph.input(i), tensor(operand, work.seed(i)));
        }
      }
      return new Running(session, inputs);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Subject prepare(ModelCase model) {
    try (OrtSession.SessionOptions options = options()) {
      OrtSession session = environment.createSession(model.file().toString(), options);
      Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
      for (int i = 0; i < model.inputs().size(); i++) {
        ModelCase.Input input = model.inputs().get(i);
        inputs.put(input.name(), tensor(input.operand(), model.seed(i)));
      }
      return new Running(session, inputs);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  private OrtSession.SessionOptions options() throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(threads);
    options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
    return options;
  }

  private OnnxTensor tensor(Operand operand, long seed) throws OrtException {
    return OnnxTensor.createTensor(
        environment,
        OnnxGraph.bytes(operand, seed),
        operand.dims(),
        operand.integer() ? OnnxJavaType.INT64 : OnnxJavaType.FLOAT);
  }

  @Override
  public String version() {
    return "ONNX Runtime " + environment.getVersion();
  }

  private final class Running implements Subject {
    private final OrtSession session;
    private final Map<String, OnnxTensor> inputs;
    private final Map<String, OnnxTensor> outputs;
    private final String first;

    Running(OrtSession session, Map<String, OnnxTensor> inputs) throws OrtException {
      this.session = session;
      this.inputs = inputs;
      this.first = session.getOutputNames().iterator().next();
      this.outputs = made();
    }

    private Map<String, OnnxTensor> made() throws OrtException {
      Map<String, OnnxTensor> made = new LinkedHashMap<>();
      try (OrtSession.Result result = session.run(inputs)) {
        for (var output : result) {
          TensorInfo info = ((OnnxTensor) output.getValue()).getInfo();
          ByteBuffer memory =
              ByteBuffer.allocateDirect(
                      Math.toIntExact(
                          PeerCase.product(info.getShape()) * Math.max(1, info.type.size)))
                  .order(ByteOrder.nativeOrder());
          made.put(
              output.getKey(),
              OnnxTensor.createTensor(environment, memory, info.getShape(), info.type));
        }
      }
      return made;
    }

    @Override
    public void run() {
      run(outputs);
    }

    private void run(Map<String, OnnxTensor> into) {
      try {
        session.run(inputs, Set.of(), into).close();
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public Runnable caller() {
      try {
        Map<String, OnnxTensor> own = made();
        return () -> run(own);
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public float[] output() {
      var values = Objects.requireNonNull(outputs.get(first)).getFloatBuffer();
      float[] copy = new float[values.remaining()];
      values.get(copy);
      return copy;
    }

    @Override
    public void close() {
      try {
        session.close();
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
      inputs.values().forEach(OnnxTensor::close);
      outputs.values().forEach(OnnxTensor::close);
    }
  }
}
