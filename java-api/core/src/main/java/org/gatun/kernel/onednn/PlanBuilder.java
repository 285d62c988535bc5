package org.gatun.kernel.onednn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.bindings.onednn.OneDnn;
import org.gatun.bindings.openmp.OpenMp;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.ScratchMemory;
import org.gatun.kernel.onednn.PrimitivePlan.Argument;
import org.gatun.kernel.onednn.PrimitivePlan.Operand;
import org.gatun.kernel.onednn.PrimitivePlan.Step;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link PrimitivePlan}: a primitive, and around it the reorders of operands that do not
 * lie as the primitive wants them. Weights that are constant are reordered once, here.
 *
 * <pre>{@code
 * try (PlanBuilder builder = new PlanBuilder(request)) {
 *   MemorySegment src = builder.descriptor(request.input(0));
 *   MemorySegment primitive = builder.primitive("matmul", out -> OneDnn.dnnl_matmul_...(out, ...));
 *   if (primitive == null) {
 *     return null;
 *   }
 *   builder.source(DNNL_ARG_SRC, 0, builder.query(primitive, OneDnn.dnnl_query_src_md()));
 *   ...
 *   return builder.plan();
 * }
 * }</pre>
 *
 * <p>What is made belongs to the builder until {@link #plan} hands it over, so that closing the
 * builder frees all of it when there is no plan.
 */
final class PlanBuilder implements AutoCloseable {
  private final PlanRequest request;
  private final Arena arena = Arena.ofConfined();
  private final List<Handle> temporary = new ArrayList<>();
  private final List<AutoCloseable> kept = new ArrayList<>();
  private final List<Step> before = new ArrayList<>();
  private final List<Step> after = new ArrayList<>();
  private final List<Argument> arguments = new ArrayList<>();
  private @Nullable MemorySegment primitiveDescriptor;
  private String implementation = "";
  private long scratchBytes;

  PlanBuilder(PlanRequest request) {
    this.request = request;
    // A primitive is made for the number of threads that its maker would run it with.
    OpenMp.omp_set_num_threads(request.threads());
  }

  /** Returns where the arguments of constructors may be allocated; closed with the builder. */
  Arena arena() {
    return arena;
  }

  /** Returns a descriptor of the layout. */
  MemorySegment descriptor(Layout layout) {
    return temporarily(Descriptors.of(layout, arena));
  }

  /** Returns a descriptor that leaves the arrangement to the primitive. */
  MemorySegment any(DType dtype, Shape shape) {
    return temporarily(Descriptors.any(dtype, shape, arena));
  }

  /** Returns a descriptor of images in blocks of 16 channels. */
  MemorySegment blocked(DType dtype, Shape shape) {
    return temporarily(Descriptors.blocked(dtype, shape, arena));
  }

  /** Returns the address of an object that lives until the builder is closed. */
  MemorySegment temporarily(Handle handle) {
    temporary.add(handle);
    return handle.address();
  }

  /** Returns attributes: scratchpad from the caller, and the post-ops if there are any. */
  MemorySegment attributes(@Nullable MemorySegment postOps) {
    MemorySegment attributes =
        temporarily(made(Handle.Kind.ATTRIBUTES, OneDnn::dnnl_primitive_attr_create));
    Status.check(
        OneDnn.dnnl_primitive_attr_set_scratchpad_mode(
            attributes, OneDnn.dnnl_scratchpad_mode_user()),
        "primitive_attr_set_scratchpad_mode");
    if (postOps != null) {
      Status.check(
          OneDnn.dnnl_primitive_attr_set_post_ops(attributes, postOps),
          "primitive_attr_set_post_ops");
    }
    return attributes;
  }

  /** Returns an empty list of post-ops. */
  MemorySegment postOps() {
    return temporarily(made(Handle.Kind.POST_OPS, OneDnn::dnnl_post_ops_create));
  }

  private Handle made(Handle.Kind kind, ToIntFunction<MemorySegment> constructor) {
    MemorySegment out = arena.allocate(OneDnn.C_POINTER);
    Status.check(constructor.applyAsInt(out), "creating " + kind);
    return new Handle(kind, out.get(OneDnn.C_POINTER, 0));
  }

  /**
   * Makes the descriptor of the plan's primitive. Returns false where oneDNN has none, or none but
   * its reference code, which is a hundred times slower than any other.
   *
   * @param name the primitive's name
   * @param constructor calls {@code dnnl_..._primitive_desc_create} with the out-parameter it gets
   */
  boolean primitive(String name, ToIntFunction<MemorySegment> constructor) {
    MemorySegment out = arena.allocate(OneDnn.C_POINTER);
    if (!Status.isImplemented(constructor.applyAsInt(out), name)) {
      return false;
    }
    MemorySegment descriptor =
        temporarily(new Handle(Handle.Kind.PRIMITIVE_DESCRIPTOR, out.get(OneDnn.C_POINTER, 0)));
    implementation = implementation(descriptor);
    primitiveDescriptor = descriptor;
    return !isReference(implementation);
  }

  /** Returns oneDNN's name of the code that the primitive runs. */
  private String implementation(MemorySegment descriptor) {
    MemorySegment out = arena.allocate(OneDnn.C_POINTER);
    Status.check(
        OneDnn.dnnl_primitive_desc_query(descriptor, OneDnn.dnnl_query_impl_info_str(), 0, out),
        "primitive_desc_query of impl_info_str");
    return out.get(OneDnn.C_POINTER, 0).reinterpret(256).getString(0);
  }

  /**
   * Returns whether a part of the name, as in {@code conv:any+ref:any}, is that of reference code.
   */
  static boolean isReference(String implementation) {
    return Arrays.stream(implementation.split("[:+]")).anyMatch(part -> part.startsWith("ref"));
  }

  /** Returns the name of the code that the primitive runs. */
  String implementation() {
    return implementation;
  }

  /** Returns the descriptor that the primitive wants for one of its operands. */
  MemorySegment wanted(int query) {
    return OneDnn.dnnl_primitive_desc_query_md(descriptor(), query, 0);
  }

  private MemorySegment descriptor() {
    if (primitiveDescriptor == null) {
      throw new IllegalStateException("onednn: no primitive was made");
    }
    return primitiveDescriptor;
  }

  /**
   * Gives the primitive an input of the operator, reordered first if it does not lie as wanted; a
   * constant is reordered now and kept.
   *
   * @param argument oneDNN's number of the argument
   * @param input which input of the operator
   * @param given how it lies, as the primitive sees its dimensions
   * @param wanted how the primitive wants it
   */
  void source(int argument, int input, MemorySegment given, MemorySegment wanted) {
    MemorySegment constant = request.constant(input);
    if (Descriptors.same(given, wanted)) {
      pass(argument, new Operand.Input(input), wanted);
    } else if (constant != null) {
      pass(argument, new Operand.Constant(packed(constant, given, wanted)), wanted);
    } else {
      Operand reordered = scratch(Descriptors.byteSize(wanted));
      before.add(reorder(new Operand.Input(input), given, reordered, wanted));
      pass(argument, reordered, wanted);
    }
  }

  /** Has the primitive write an output of the operator, reordered after it if need be. */
  void destination(int argument, int output, MemorySegment given, MemorySegment produced) {
    if (Descriptors.same(given, produced)) {
      pass(argument, new Operand.Output(output), produced);
      return;
    }
    Operand result = scratch(Descriptors.byteSize(produced));
    pass(argument, result, produced);
    after.add(reorder(result, produced, new Operand.Output(output), given));
  }

  /** Gives the primitive an operand as it is. */
  void pass(int argument, Operand operand, MemorySegment descriptor) {
    arguments.add(new Argument(argument, operand, kept(descriptor)));
  }

  /** Returns scratch memory of the plan, in a place of its own. */
  Operand scratch(long byteSize) {
    long offset = scratchBytes;
    scratchBytes += (byteSize + 63) / 64 * 64;
    return new Operand.Scratch(offset, byteSize);
  }

  private MemorySegment kept(MemorySegment descriptor) {
    MemorySegment out = arena.allocate(OneDnn.C_POINTER);
    Status.check(OneDnn.dnnl_memory_desc_clone(out, descriptor), "memory_desc_clone");
    Handle clone = new Handle(Handle.Kind.MEMORY_DESCRIPTOR, out.get(OneDnn.C_POINTER, 0));
    kept.add(clone);
    return clone.address();
  }

  private Step reorder(
      Operand from, MemorySegment fromDescriptor, Operand to, MemorySegment toDescriptor) {
    MemorySegment attributes = attributes(null);
    MemorySegment out = arena.allocate(OneDnn.C_POINTER);
    Status.check(
        OneDnn.dnnl_reorder_primitive_desc_create(
            out, fromDescriptor, Cpu.engine(), toDescriptor, Cpu.engine(), attributes),
        "reorder_primitive_desc_create");
    MemorySegment descriptor =
        temporarily(new Handle(Handle.Kind.PRIMITIVE_DESCRIPTOR, out.get(OneDnn.C_POINTER, 0)));
    return step(
        descriptor,
        List.of(
            new Argument(OneDnn.DNNL_ARG_FROM(), from, kept(fromDescriptor)),
            new Argument(OneDnn.DNNL_ARG_TO(), to, kept(toDescriptor))));
  }

  private Step step(MemorySegment descriptor, List<Argument> operands) {
    MemorySegment out = arena.allocate(OneDnn.C_POINTER);
    Status.check(OneDnn.dnnl_primitive_create(out, descriptor), "primitive_create");
    Handle primitive = new Handle(Handle.Kind.PRIMITIVE, out.get(OneDnn.C_POINTER, 0));
    kept.add(primitive);
    List<Argument> all = new ArrayList<>(operands);
    MemorySegment scratchpad =
        OneDnn.dnnl_primitive_desc_query_md(descriptor, OneDnn.dnnl_query_scratchpad_md(), 0);
    long byteSize = Descriptors.byteSize(scratchpad);
    if (byteSize > 0) {
      all.add(new Argument(OneDnn.DNNL_ARG_SCRATCHPAD(), scratch(byteSize), kept(scratchpad)));
    }
    return new Step(primitive.address(), List.copyOf(all));
  }

  private MemorySegment packed(MemorySegment constant, MemorySegment given, MemorySegment wanted) {
    ScratchMemory.Block block =
        request
            .context()
            .memory()
            .packed(
                constant,
                PackedForm.of(given, wanted, arena),
                Descriptors.byteSize(wanted),
                to -> reorderOnce(constant, given, to, wanted));
    kept.add(block);
    return block.segment();
  }

  private void reorderOnce(
      MemorySegment from, MemorySegment given, MemorySegment to, MemorySegment wanted) {
    // On one thread: constants are packed while the JVM compiles, and each of many short parallel
    // regions would wait for a worker that its compiler keeps from a processor. The first run of
    // ResNet-50 takes 0.92 of the time on two.
    PlanRequest alone =
        new PlanRequest(request.op(), List.of(), List.of(), List.of(), 1, request.context());
    try (PlanBuilder once = new PlanBuilder(alone)) {
      Step step = once.reorder(new Operand.Input(0), given, new Operand.Output(0), wanted);
      try (PrimitivePlan plan = once.plan(List.of(step), "reorder")) {
        plan.execute(new MemorySegment[] {from}, new MemorySegment[] {to});
      }
    } finally {
      OpenMp.omp_set_num_threads(request.threads());
    }
  }

  /** Returns the plan of what was described; the builder is done with then. */
  PrimitivePlan plan() {
    List<Step> steps = new ArrayList<>(before);
    steps.add(step(descriptor(), arguments));
    steps.addAll(after);
    String reorders = before.isEmpty() && after.isEmpty() ? "" : "reorder+";
    return plan(steps, "onednn:" + reorders + implementation);
  }

  private PrimitivePlan plan(List<Step> steps, String name) {
    PrimitivePlan plan =
        new PrimitivePlan(
            name,
            List.copyOf(steps),
            List.copyOf(kept),
            scratchBytes,
            request.threads(),
            request.context().memory());
    kept.clear();
    return plan;
  }

  @Override
  public void close() {
    PrimitivePlan.closeAll(kept);
    PrimitivePlan.closeAll(temporary);
    arena.close();
  }
}
