package org.gatun.cli;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.gatun.bindings.NativeLibraryException;
import org.gatun.runtime.Libraries;
import org.gatun.runtime.MemoryReport;
import org.gatun.runtime.NativeBackend;
import org.gatun.runtime.Threads;
import org.gatun.runtime.VectorSupport;

/**
 * What there is to say about Gatun on this machine.
 *
 * @param usable whether operators can run
 * @param sections the facts
 * @param advice what is missing or slows things, and what to do about it
 */
record Facts(boolean usable, List<Section> sections, List<String> advice) {
  /** Facts under a title. */
  record Section(String title, Map<String, String> entries) {
    Section(String title) {
      this(title, new LinkedHashMap<>());
    }

    Section with(String name, String value) {
      entries.put(name, value);
      return this;
    }
  }

  /** Returns the facts of this JVM, with these environment variables. */
  static Facts gather(Map<String, String> environment) {
    List<Section> sections = new ArrayList<>();
    List<String> advice = new ArrayList<>();
    Machine machine = Machine.here();
    sections.add(
        new Section("Gatun")
            .with("version", Version.gatun())
            .with("JDK", machine.jdk())
            .with(
                "started with",
                String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments()))
            .with("OS", machine.os()));
    Section cpu =
        new Section("Processor")
            .with("name", machine.cpu())
            .with("processors", machine.processors() + " that this JVM may use")
            .with("memory", Machine.size(machine.memoryBytes()));
    sections.add(cpu);
    Section libraries = new Section("Native libraries").with("platform", Libraries.platform());
    sections.add(libraries);
    Optional<Libraries.Report> report = loaded(libraries, advice);
    report.ifPresent(
        r ->
            cpu.with("oneDNN uses", r.oneDnnInstructions())
                .with("OpenBLAS uses", r.openBlasCore() + " kernels"));
    sections.add(vector(advice));
    sections.add(threads(report));
    sections.add(memory());
    sections.add(variables(environment, advice));
    return new Facts(report.isPresent(), List.copyOf(sections), List.copyOf(advice));
  }

  private static Optional<Libraries.Report> loaded(Section section, List<String> advice) {
    try {
      Libraries.Report report = Libraries.report();
      for (Libraries.Loaded library : report.libraries()) {
        section.with(
            library.name(),
            library.version() + ", " + library.path().getFileName() + ", from " + library.origin());
      }
      report.libraries().stream()
          .map(Libraries.Loaded::path)
          .map(Path::getParent)
          .distinct()
          .forEach(folder -> section.with("folder", folder.toString()));
      section.with("OpenBLAS build", report.openBlasBuild());
      return Optional.of(report);
    } catch (NativeLibraryException e) {
      section.with("loaded", "no: " + e.getMessage());
      advice.add("No operator can run: " + e.getMessage());
      return Optional.empty();
    }
  }

  private static Section vector(List<String> advice) {
    boolean resolved = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    if (!resolved) {
      advice.add(
          "The Vector API is not there and Java kernels run several times slower: start the JVM"
              + " with --add-modules jdk.incubator.vector");
    } else if (!VectorSupport.isAvailable()) {
      advice.add("The property gatun.vector=false turns the Vector API off: remove it");
    }
    return new Section("Java kernels")
        .with("Vector API", VectorSupport.isAvailable() ? "in use" : "not in use")
        .with("module", "jdk.incubator.vector " + (resolved ? "is resolved" : "is not resolved"));
  }

  private static Section threads(Optional<Libraries.Report> report) {
    Section section = new Section("Threads").with("operators", String.valueOf(Threads.count()));
    report.ifPresent(
        r ->
            section
                .with("workers", NativeBackend.create().context().workers().name())
                .with("OpenBLAS's own", String.valueOf(r.openBlasThreads())));
    return section;
  }

  private static Section memory() {
    MemoryReport report = MemoryReport.now();
    Section section =
        new Section("Memory pool")
            .with("limit", Machine.size(report.limit()) + " (set by -Dgatun.memory.limit)")
            .with("in use", counted(report.liveBytes(), report.liveBlocks(), "blocks"));
    report
        .owners()
        .forEach(
            (owner, usage) ->
                section.with(
                    owner.title(),
                    counted(usage.liveBytes(), usage.liveBlocks(), "blocks")
                        + ", "
                        + Machine.size(usage.peakBytes())
                        + " at most so far"));
    return section
        .with("kept for reuse", counted(report.pooledBytes(), report.pooledBlocks(), "blocks"))
        .with("peak", Machine.size(report.peakBytes()))
        .with(
            "exported",
            counted(report.exportedBytes(), report.exportedSegments(), "segments of tensors"))
        .with("mapped", counted(report.mappedBytes(), report.mappedFiles(), "files"))
        .with("native handles", String.valueOf(report.nativeHandles()))
        .with(
            "never closed",
            report.forgotten()
                + ", tensors of "
                + Machine.size(report.forgottenBytes())
                + " (-Dgatun.leaks=trace says where)")
        .with("Java heap", Machine.size(Runtime.getRuntime().maxMemory()) + " at most");
  }

  private static String counted(long bytes, long count, String what) {
    return Machine.size(bytes) + " in " + count + " " + what;
  }

  private static Section variables(Map<String, String> environment, List<String> advice) {
    Section section = new Section("Environment");
    new TreeMap<>(environment)
        .forEach(
            (name, value) -> {
              if (concerns(name)) {
                section.with(name, value);
                advise(name, value, advice);
              }
            });
    if (section.entries().isEmpty()) {
      section.with("variables", "none that oneDNN, OpenBLAS, OpenMP or Gatun read");
    }
    return section;
  }

  private static boolean concerns(String name) {
    return List.of("OPENBLAS_", "GOTO_", "OMP_", "GOMP_", "KMP_", "ONEDNN_", "DNNL_", "GATUN_")
        .stream()
        .anyMatch(name::startsWith);
  }

  private static void advise(String name, String value, List<String> advice) {
    String why =
        switch (name) {
          case "OPENBLAS_CORETYPE" ->
              "it keeps OpenBLAS from the kernels for this processor, which can halve its speed";
          case "OPENBLAS_L2_SIZE" ->
              "OpenBLAS cuts matrices for a cache of that size instead of this processor's";
          case "OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS" ->
              value.equals("1") ? "" : "OpenBLAS's threads and oneDNN's fight for the processors";
          case "OMP_WAIT_POLICY" ->
              value.equalsIgnoreCase("passive")
                  ? "threads that sleep between operators cost up to half the speed"
                  : "threads that spin for ever take a processor each";
          case "OMP_PROC_BIND", "GOMP_CPU_AFFINITY", "KMP_AFFINITY" ->
              "it may put several threads on one processor";
          case "OMP_DYNAMIC" ->
              value.equalsIgnoreCase("true") ? "OpenMP may run on fewer threads than asked" : "";
          case "ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA" ->
              "it keeps oneDNN from newer instructions of this processor";
          case "ONEDNN_VERBOSE", "DNNL_VERBOSE" ->
              value.equals("0") ? "" : "oneDNN prints a line for every call, which takes time";
          default -> "";
        };
    if (!why.isEmpty()) {
      advice.add(name + "=" + value + " is set: " + why + "; unset it");
    }
  }
}
