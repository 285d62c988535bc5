package org.gatun.runtime;

import java.util.EnumSet;
import java.util.Set;
import org.gatun.DType;
import org.gatun.bindings.NativeLibraries;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.KernelContext;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.onednn.InstructionSet;
import org.gatun.kernel.openmp.OpenMpWorkers;
import org.jspecify.annotations.Nullable;

/** The kernels of oneDNN, OpenBLAS and Java, by {@link KernelTable}. */
public final class NativeBackend implements Backend {
  private final Set<Library> libraries;
  private final KernelContext context;

  private NativeBackend(Set<Library> libraries, boolean vector) {
    this.libraries = EnumSet.copyOf(libraries);
    this.context = new KernelContext(new OpenMpWorkers(), MemoryPool.shared(), vector);
  }

  /**
   * Returns the backend that uses all libraries, and the Vector API where its module is resolved.
   * The libraries are loaded with the first operator.
   */
  public static NativeBackend create() {
    return of(EnumSet.allOf(Library.class), VectorSupport.isAvailable());
  }

  /**
   * Returns a backend of some libraries' kernels alone, for comparisons and tests.
   *
   * @param vector whether Java kernels use the Vector API
   * @throws IllegalArgumentException if there is no library
   * @throws IllegalStateException if the Vector API is asked for and its module is not resolved
   */
  public static NativeBackend of(Set<Library> libraries, boolean vector) {
    if (libraries.isEmpty()) {
      throw new IllegalArgumentException("backend: no libraries, expected one or more");
    }
    if (vector) {
      VectorSupport.require();
    }
    return new NativeBackend(libraries, vector);
  }

  @Override
  public String name() {
    if (libraries.size() == Library.values().length) {
      return "native";
    }
    String names = libraries.toString().toLowerCase(java.util.Locale.ROOT);
    return names.substring(1, names.length() - 1);
  }

  @Override
  public KernelContext context() {
    return context;
  }

  /**
   * Returns a plan.
   *
   * @throws org.gatun.bindings.NativeLibraryException if the native libraries cannot be loaded
   */
  @Override
  public @Nullable Plan plan(PlanRequest request) {
    // Not before an operator asks: tensors are made, viewed, read and written without them.
    NativeLibraries.load();
    for (Kernel kernel : KernelTable.kernels(request.op())) {
      if (libraries.contains(kernel.library())) {
        Plan plan = kernel.plan(request);
        if (plan != null) {
          return plan;
        }
      }
    }
    return null;
  }

  /**
   * Returns whether products of this dtype are computed in it: {@code bf16} and {@code f16} where
   * the processor has instructions for it.
   *
   * @throws org.gatun.bindings.NativeLibraryException if the native libraries cannot be loaded
   */
  @Override
  public boolean multiplies(DType dtype) {
    if (Backend.super.multiplies(dtype)) {
      return true;
    }
    if (!libraries.contains(Library.ONEDNN)) {
      return false;
    }
    NativeLibraries.load();
    return InstructionSet.multiplies(dtype);
  }
}
