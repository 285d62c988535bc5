package org.gatun.runtime;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;
import org.gatun.op.Pointwise;
import org.jspecify.annotations.Nullable;

/**
 * A pointwise operator on a piece of its operands after the other: so small that what is converted
 * before and after stays in the cache.
 *
 * @param piece the plan for a piece of {@link #SIZE} elements
 * @param last the plan for what is left over, null where nothing is
 * @param pieces the number of pieces, with the last one
 * @param inputBytes what the pieces of each input are apart, 0 where it has one element for all
 * @param outputBytes the same for the outputs
 * @param workers who runs them
 * @param threads how many threads do
 */
record PiecewisePlan(
    Plan piece,
    @Nullable Plan last,
    long pieces,
    long[] inputBytes,
    long[] outputBytes,
    Workers workers,
    int threads)
    implements Plan {
  /** The elements of a piece: with two inputs, 384 KB in f32. */
  static final long SIZE = 32 * 1024;

  /** Returns whether an operator can be computed so, and has more than a piece. */
  static boolean fits(PlanRequest request) {
    Layout output = request.output(0);
    return request.op() instanceof Pointwise
        && output.size() > SIZE
        && output.isDense()
        && request.inputs().stream()
            .allMatch(input -> input.span() == 1 || input.sameArrangement(output));
  }

  /** Returns the request for a number of elements that lie side by side, on one thread. */
  static PlanRequest part(PlanRequest request, long size) {
    List<Layout> inputs = request.inputs().stream().map(layout -> part(layout, size)).toList();
    List<Layout> outputs = request.outputs().stream().map(layout -> part(layout, size)).toList();
    PlanRequest part = request.with(request.op(), inputs, outputs);
    return new PlanRequest(part.op(), inputs, outputs, part.constants(), 1, part.context());
  }

  private static Layout part(Layout layout, long size) {
    return Layout.of(layout.dtype(), Shape.of(layout.span() == 1 ? 1 : size));
  }

  /** Returns the plan of these parts. */
  static PiecewisePlan of(PlanRequest request, Plan piece, @Nullable Plan last) {
    return new PiecewisePlan(
        piece,
        last,
        Math.ceilDiv(request.output(0).size(), SIZE),
        bytes(request.inputs()),
        bytes(request.outputs()),
        request.context().workers(),
        request.threads());
  }

  private static long[] bytes(List<Layout> layouts) {
    return layouts.stream()
        .mapToLong(layout -> layout.span() == 1 ? 0 : SIZE * layout.dtype().byteSize())
        .toArray();
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    workers.parallel(
        threads,
        pieces,
        1,
        (from, to) -> {
          for (long i = from; i < to; i++) {
            Plan plan = i == pieces - 1 && last != null ? last : piece;
            plan.execute(at(inputs, inputBytes, i), at(outputs, outputBytes, i));
          }
        });
  }

  private static MemorySegment[] at(MemorySegment[] operands, long[] bytes, long piece) {
    MemorySegment[] parts = new MemorySegment[operands.length];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = operands[i].asSlice(piece * bytes[i]);
    }
    return parts;
  }

  @Override
  public String implementation() {
    return piece.implementation();
  }

  @Override
  public void close() {
    piece.close();
    if (last != null) {
      last.close();
    }
  }
}
