package org.gatun.kernel.onednn;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.gatun.Layout;
import org.gatun.bindings.onednn.OneDnn;
import org.gatun.kernel.FloatProducts;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.jspecify.annotations.Nullable;

/** oneDNN's products with packed matrices. */
public final class DnnlProducts implements FloatProducts {
  /** Makes the products. */
  public DnnlProducts() {}

  @Override
  public @Nullable Plan matmul(
      PlanRequest request, Layout a, Layout b, Layout products, MemorySegment constant) {
    List<@Nullable MemorySegment> constants = new ArrayList<>();
    constants.add(null);
    constants.add(constant);
    PlanRequest part =
        new PlanRequest(
            request.op(), List.of(a, b), List.of(products), constants, 1, request.context());
    try (PlanBuilder builder = new PlanBuilder(part)) {
      MemorySegment src = builder.descriptor(a);
      MemorySegment dst = builder.descriptor(products);
      boolean made =
          builder.primitive(
              "matmul",
              out ->
                  OneDnn.dnnl_matmul_primitive_desc_create(
                      out,
                      Cpu.engine(),
                      src,
                      builder.any(b.dtype(), b.shape()),
                      MemorySegment.NULL,
                      dst,
                      builder.attributes(null)));
      if (!made) {
        return null;
      }
      builder.source(OneDnn.DNNL_ARG_SRC(), 0, src, builder.wanted(OneDnn.dnnl_query_src_md()));
      builder.source(
          OneDnn.DNNL_ARG_WEIGHTS(),
          1,
          builder.descriptor(b),
          builder.wanted(OneDnn.dnnl_query_weights_md()));
      builder.destination(
          OneDnn.DNNL_ARG_DST(), 0, dst, builder.wanted(OneDnn.dnnl_query_dst_md()));
      return builder.plan();
    }
  }
}
