package org.gatun.runtime;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gatun.Storage;
import org.gatun.Tensor;
import org.jspecify.annotations.Nullable;

/** What a recording knows of storages: inputs, constants that steps read, and what they write. */
final class RecordedMemory implements AutoCloseable {
  private static final int FEW = 4096;

  private final TensorAccess access = TensorAccess.get();

  /** The inputs on a storage: there may be several, side by side. */
  private final Map<Storage, List<Buffer>> inputs = new IdentityHashMap<>();

  private final Map<Storage, Buffer> buffers = new IdentityHashMap<>();
  private final List<Buffer> constants = new ArrayList<>();
  private final Set<Storage> made = Collections.newSetFromMap(new IdentityHashMap<>());
  private int sweepAt = FEW;

  /** Says what the part of a storage is that the tensor looks at. */
  void put(Tensor tensor, Buffer input) {
    inputs.computeIfAbsent(access.storage(tensor), _ -> new ArrayList<>(1)).add(input);
  }

  /** Says that the storage was made while the recording ran. */
  void made(Tensor tensor) {
    sweep();
    made.add(access.storage(tensor));
  }

  /**
   * Forgets storages that no tensor is on any more, whenever their number has doubled: a loop makes
   * new ones for as long as it runs.
   */
  private void sweep() {
    if (made.size() + buffers.size() >= sweepAt) {
      made.removeIf(access::isGivenBack);
      buffers.keySet().removeIf(access::isGivenBack);
      sweepAt = Math.max(FEW, 2 * (made.size() + buffers.size()));
    }
  }

  /** Returns whether the storage was made while the recording ran. */
  boolean isMade(Tensor tensor) {
    return made.contains(access.storage(tensor));
  }

  /** Returns whether the tensor's elements depend on the inputs. */
  boolean depends(Tensor tensor) {
    Buffer buffer = find(tensor);
    return buffer != null && buffer.kind() != Buffer.Kind.CONSTANT;
  }

  /** Returns whether those of one of the tensors do. */
  boolean anyDepends(Tensor[] tensors) {
    for (Tensor tensor : tensors) {
      if (depends(tensor)) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether one of the others is on the storage of the tensor. */
  boolean isShared(Tensor tensor, Tensor[] others) {
    for (Tensor other : others) {
      if (access.storage(other) == access.storage(tensor)) {
        return true;
      }
    }
    return false;
  }

  /** Returns what is known of the memory; null for that of a constant that no step reads. */
  @Nullable Buffer find(Tensor tensor) {
    Storage storage = access.storage(tensor);
    List<Buffer> on = inputs.get(storage);
    if (on == null) {
      return buffers.get(storage);
    }
    Buffer found = null;
    for (Buffer input : on) {
      if (input.kind() == Buffer.Kind.UNKNOWN || input.contains(tensor)) {
        found = found == null ? input : Buffer.unknown();
      }
    }
    return found == null ? Buffer.unknown() : found;
  }

  /**
   * Returns where the tensor lies; a constant is kept from now on.
   *
   * @throws IllegalStateException if it is a constant and closed
   */
  RecordedStep.Operand operand(Tensor tensor) {
    Buffer buffer = find(tensor);
    if (buffer == null) {
      Tensor keeper = access.alias(tensor);
      if (keeper == null) {
        throw new IllegalStateException("recording: tensor " + tensor.layout() + " is closed");
      }
      buffer = constant(keeper);
      buffers.put(access.storage(tensor), buffer);
    }
    return new RecordedStep.Operand(buffer, buffer.offsetOf(tensor), tensor.layout());
  }

  /** Returns a new buffer of a constant, which closes the tensor that keeps it. */
  Buffer constant(Tensor keeper) {
    Buffer buffer = Buffer.constant(keeper);
    constants.add(buffer);
    return buffer;
  }

  /** Returns a new buffer that takes the place of what the tensor's storage was: steps write it. */
  Buffer replace(Tensor tensor) {
    sweep();
    Storage storage = access.storage(tensor);
    Buffer buffer = Buffer.made(storage.byteSize());
    buffers.put(storage, buffer);
    return buffer;
  }

  /** Returns the constant that the storage was to the steps before; those after take it anew. */
  @Nullable Buffer forget(Tensor tensor) {
    return buffers.remove(access.storage(tensor));
  }

  /** Lets go of the constants; which tensors depend on the inputs is known still. */
  @Override
  public void close() {
    constants.forEach(Buffer::close);
    constants.clear();
  }
}
