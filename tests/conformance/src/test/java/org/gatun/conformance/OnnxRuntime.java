package org.gatun.conformance;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.gatun.DType;
import org.gatun.Tensor;

/** A model in ONNX Runtime, to compare with. */
final class OnnxRuntime implements AutoCloseable {
  private static final OrtEnvironment ENVIRONMENT =
      OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "gatun");

  private final OrtSession session;

  private OnnxRuntime(OrtSession session) {
    this.session = session;
  }

  /** Returns the model in a file. */
  static OnnxRuntime of(Path model) {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(Runtime.getRuntime().availableProcessors());
      return new OnnxRuntime(ENVIRONMENT.createSession(model.toString(), options));
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the model in these bytes. */
  static OnnxRuntime of(byte[] model) {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      return new OnnxRuntime(ENVIRONMENT.createSession(model, options));
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns its version. */
  static String version() {
    return ENVIRONMENT.getVersion();
  }

  /** Returns the outputs by name, as new tensors. */
  Map<String, Tensor> run(Map<String, Tensor> inputs) {
    Map<String, OnnxTensor> given = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
        given.put(input.getKey(), tensor(input.getValue()));
      }
      try (OrtSession.Result result = session.run(given)) {
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        for (var output : result) {
          outputs.put(output.getKey(), tensor((OnnxTensor) output.getValue()));
        }
        return outputs;
      }
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    } finally {
      given.values().forEach(OnnxTensor::close);
    }
  }

  private static OnnxTensor tensor(Tensor tensor) throws OrtException {
    try (Tensor dense = tensor.contiguous()) {
      int bytes = Math.toIntExact(dense.size() * dense.dtype().byteSize());
      ByteBuffer buffer = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
      dense.read(memory -> MemorySegment.ofBuffer(buffer).copyFrom(memory));
      return OnnxTensor.createTensor(
          ENVIRONMENT, buffer, dense.shape().dims(), javaType(dense.dtype()));
    }
  }

  private static Tensor tensor(OnnxTensor tensor) {
    MemorySegment elements = MemorySegment.ofBuffer(tensor.getByteBuffer());
    return Tensor.copyOf(elements, dtype(tensor.getInfo().type), tensor.getInfo().getShape());
  }

  private static OnnxJavaType javaType(DType dtype) {
    return switch (dtype) {
      case F32 -> OnnxJavaType.FLOAT;
      case F64 -> OnnxJavaType.DOUBLE;
      case F16 -> OnnxJavaType.FLOAT16;
      case BF16 -> OnnxJavaType.BFLOAT16;
      case I8 -> OnnxJavaType.INT8;
      case U8 -> OnnxJavaType.UINT8;
      case I16 -> OnnxJavaType.INT16;
      case I32 -> OnnxJavaType.INT32;
      case I64 -> OnnxJavaType.INT64;
      case BOOL -> OnnxJavaType.BOOL;
    };
  }

  private static DType dtype(OnnxJavaType type) {
    for (DType dtype : DType.values()) {
      if (javaType(dtype) == type) {
        return dtype;
      }
    }
    throw new IllegalArgumentException("output of " + type);
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
