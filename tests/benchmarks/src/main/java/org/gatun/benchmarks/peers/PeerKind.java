package org.gatun.benchmarks.peers;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.gatun.Precision;
import org.gatun.onnx.SessionOptions;

/** Who is compared. */
enum PeerKind {
  /** Gatun as a user calls it. */
  GATUN("Gatun"),
  /** Gatun with sessions in bf16: models only. */
  BF16("Gatun, bf16"),
  /** ONNX Runtime's Java API; images are row-major whatever the layout. */
  ORT("ONNX Runtime"),
  /** libtorch, eager. */
  TORCH("libtorch"),
  /** oneDNN's primitives alone, made once, on packed weights and its best layouts: the floor. */
  ONEDNN("bare oneDNN"),
  /** The reference in plain Java. */
  REFERENCE("reference");

  private final String title;

  PeerKind(String title) {
    this.title = title;
  }

  /** Returns its name for people. */
  String title() {
    return title;
  }

  /** Returns its name on the command line and in files. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns whether it is a product that Gatun is to be as fast as. */
  boolean isProduct() {
    return this == ORT || this == TORCH;
  }

  /** Returns whether it runs models. */
  boolean takesModels() {
    return this == GATUN || this == BF16 || this == ORT;
  }

  /** Makes it, in a process of its own. */
  Peer create(int threads) {
    return switch (this) {
      case GATUN -> new GatunPeer(threads, SessionOptions.defaults());
      case BF16 -> new GatunPeer(threads, SessionOptions.defaults().withPrecision(Precision.BF16));
      case ORT -> new OnnxRuntimePeer(threads);
      case TORCH -> new TorchPeer(threads);
      case ONEDNN -> new OneDnnPeer(threads);
      case REFERENCE -> new ReferencePeer();
    };
  }

  /**
   * Returns what its process has in its environment: the settings with which the others are
   * fastest. With the allocator's they keep the memory that they get; libtorch's threads spin
   * beside those of its OpenBLAS, and must not spin for long.
   */
  Map<String, String> environment() {
    String allocator =
        "glibc.malloc.arena_max=1:glibc.malloc.trim_threshold=2147483648"
            + ":glibc.malloc.mmap_threshold=2147483648";
    return switch (this) {
      case ORT -> Map.of("GLIBC_TUNABLES", allocator);
      case TORCH -> Map.of("GLIBC_TUNABLES", allocator, "GOMP_SPINCOUNT", "10000");
      case GATUN, BF16, ONEDNN, REFERENCE -> Map.of();
    };
  }

  /** Returns the flags of its JVM. */
  List<String> flags() {
    return isProduct()
        ? List.of("--enable-native-access=ALL-UNNAMED")
        : List.of("--enable-native-access=ALL-UNNAMED", "--add-modules=jdk.incubator.vector");
  }
}
