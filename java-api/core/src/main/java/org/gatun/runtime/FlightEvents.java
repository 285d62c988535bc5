package org.gatun.runtime;

import java.util.Map;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.jspecify.annotations.Nullable;

/** The events of the JDK's Flight Recorder; touched only where the module {@code jdk.jfr} is. */
final class FlightEvents implements EventSink {
  private static final FlightEvents INSTANCE = new FlightEvents();

  private FlightEvents() {}

  /** Has events be told from the moment on that somebody records. */
  static void listen() {
    FlightRecorder.addListener(
        new FlightRecorderListener() {
          @Override
          public void recorderInitialized(FlightRecorder recorder) {
            FlightRecorder.addPeriodicEvent(Memory.class, FlightEvents::report);
            Telemetry.tell(INSTANCE);
          }
        });
  }

  private static void report() {
    Memory event = new Memory();
    if (event.shouldCommit()) {
      event.fill(MemoryReport.now());
      event.commit();
    }
  }

  @Override
  public void outOfMemory(String purpose, long byteSize, long liveBytes, long limit) {
    OutOfNativeMemory event = new OutOfNativeMemory();
    event.purpose = purpose;
    event.requested = byteSize;
    event.live = liveBytes;
    event.limit = limit;
    event.commit();
  }

  @Override
  public void forgotten(String what, long byteSize, @Nullable String madeAt) {
    NeverClosed event = new NeverClosed();
    event.what = what;
    event.bytes = byteSize;
    event.madeAt = madeAt;
    event.commit();
  }

  @Override
  public Span<PlanRequest, Plan> planning() {
    Planning event = new Planning();
    event.begin();
    return (request, plan) -> {
      event.end();
      if (event.shouldCommit()) {
        event.operator = request.op().name();
        event.implementation = plan.implementation();
        event.inputs = request.inputs().toString();
        event.threads = request.threads();
        event.commit();
      }
    };
  }

  @Override
  public Span<Integer, Program> building() {
    ProgramBuild event = new ProgramBuild();
    event.begin();
    return (recorded, program) -> {
      event.end();
      if (event.shouldCommit()) {
        event.recorded = recorded;
        event.steps = program.size();
        event.inputs = program.inputs().toString();
        event.bytes = program.peakBytes();
        event.commit();
      }
    };
  }

  @Name("org.gatun.Memory")
  @Label("Gatun Memory")
  @Description("What Gatun holds outside the Java heap")
  @Category("Gatun")
  @Period("10 s")
  @StackTrace(false)
  @SuppressWarnings("UnusedVariable") // The recorder reads the fields.
  private static final class Memory extends Event {
    @Label("Live")
    @DataAmount
    long live;

    @Label("Live Blocks")
    long liveBlocks;

    @Label("Kept for Reuse")
    @DataAmount
    long pooled;

    @Label("Peak")
    @DataAmount
    long peak;

    @Label("Limit")
    @DataAmount
    long limit;

    @Label("Tensors")
    @DataAmount
    long tensors;

    @Label("Copied Constants")
    @DataAmount
    long constants;

    @Label("Packed Weights")
    @DataAmount
    long packed;

    @Label("Programs")
    @DataAmount
    long programs;

    @Label("Scratch")
    @DataAmount
    long scratch;

    @Label("Exported Segments")
    long exportedSegments;

    @Label("Mapped Files")
    @DataAmount
    long mapped;

    @Label("Native Handles")
    long nativeHandles;

    @Label("Forgotten")
    long forgotten;

    void fill(MemoryReport report) {
      live = report.liveBytes();
      liveBlocks = report.liveBlocks();
      pooled = report.pooledBytes();
      peak = report.peakBytes();
      limit = report.limit();
      Map<MemoryOwner, MemoryReport.Usage> owners = report.owners();
      tensors = MemoryReport.liveBytes(owners, MemoryOwner.TENSORS);
      constants = MemoryReport.liveBytes(owners, MemoryOwner.CONSTANTS);
      packed = MemoryReport.liveBytes(owners, MemoryOwner.PACKED);
      programs = MemoryReport.liveBytes(owners, MemoryOwner.PROGRAMS);
      scratch = MemoryReport.liveBytes(owners, MemoryOwner.SCRATCH);
      exportedSegments = report.exportedSegments();
      mapped = report.mappedBytes();
      nativeHandles = report.nativeHandles();
      forgotten = report.forgotten();
    }
  }

  @Name("org.gatun.OutOfNativeMemory")
  @Label("Gatun Out of Native Memory")
  @Description("A request for native memory that failed")
  @Category("Gatun")
  @SuppressWarnings("UnusedVariable") // The recorder reads the fields.
  private static final class OutOfNativeMemory extends Event {
    @Label("Purpose")
    @Nullable String purpose;

    @Label("Requested")
    @DataAmount
    long requested;

    @Label("Live")
    @DataAmount
    long live;

    @Label("Limit")
    @DataAmount
    long limit;
  }

  @Name("org.gatun.Forgotten")
  @Label("Gatun Forgotten")
  @Description("What was never closed and the garbage collector found")
  @Category("Gatun")
  @StackTrace(false) // The cleaner's says nothing.
  @SuppressWarnings("UnusedVariable") // The recorder reads the fields.
  private static final class NeverClosed extends Event {
    @Label("What")
    @Nullable String what;

    @Label("Bytes")
    @DataAmount
    long bytes;

    @Label("Made At")
    @Description("The line that made it, with -Dgatun.leaks=trace")
    @Nullable String madeAt;
  }

  @Name("org.gatun.Plan")
  @Label("Gatun Plan")
  @Description("How an operator is computed was worked out")
  @Category("Gatun")
  @Threshold("100 us")
  @SuppressWarnings("UnusedVariable") // The recorder reads the fields.
  private static final class Planning extends Event {
    @Label("Operator")
    @Nullable String operator;

    @Label("Implementation")
    @Nullable String implementation;

    @Label("Inputs")
    @Nullable String inputs;

    @Label("Threads")
    int threads;
  }

  @Name("org.gatun.Program")
  @Label("Gatun Program")
  @Description("A program was made of what was recorded")
  @Category("Gatun")
  @SuppressWarnings("UnusedVariable") // The recorder reads the fields.
  private static final class ProgramBuild extends Event {
    @Label("Recorded Steps")
    int recorded;

    @Label("Steps")
    int steps;

    @Label("Inputs")
    @Nullable String inputs;

    @Label("Memory of a Run")
    @DataAmount
    long bytes;
  }
}
