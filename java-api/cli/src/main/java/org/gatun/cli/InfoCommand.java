package org.gatun.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.gatun.runtime.MemoryReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What Gatun runs on here, what is missing, and how to get it. */
@Command(
    name = "info",
    description = {
      "Tell what Gatun runs on here: versions, libraries, processor, threads, memory, settings;"
          + " what is missing and how to get it."
    },
    footer = {
      "",
      "Exit code 1 says that operators cannot run here: the native libraries cannot be loaded."
    })
final class InfoCommand implements Callable<Integer> {
  private static final int MIN_WIDTH = 16;

  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "Print it as JSON.")
  private boolean json;

  /** Made by picocli. */
  InfoCommand() {}

  @Override
  public Integer call() throws IOException {
    Facts facts = Facts.gather(System.getenv());
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(json(facts, MemoryReport.now()));
    } else {
      print(facts, out);
    }
    out.flush();
    return facts.usable() ? 0 : 1;
  }

  static void print(Facts facts, PrintWriter out) {
    for (Facts.Section section : facts.sections()) {
      out.println(section.title());
      int width = section.entries().keySet().stream().mapToInt(String::length).max().orElse(1);
      String format = "  %-" + Math.max(MIN_WIDTH, width) + "s  %s%n";
      section.entries().forEach((name, value) -> out.printf(format, name, value));
      out.println();
    }
    if (facts.advice().isEmpty()) {
      out.println("Nothing is missing.");
    } else {
      out.println("To do");
      facts.advice().forEach(advice -> out.println("  - " + advice));
    }
  }

  /**
   * Returns the facts as JSON: an object for each section, the numbers of the memory report, and
   * the list {@code to_do}.
   */
  static String json(Facts facts, MemoryReport memory) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = new JsonFactory().createGenerator(text)) {
      generator.useDefaultPrettyPrinter();
      generator.writeStartObject();
      generator.writeBooleanField("usable", facts.usable());
      for (Facts.Section section : facts.sections()) {
        generator.writeObjectFieldStart(key(section.title()));
        for (var entry : section.entries().entrySet()) {
          generator.writeStringField(key(entry.getKey()), entry.getValue());
        }
        generator.writeEndObject();
      }
      generator.writeFieldName("memory_report");
      write(memory, generator);
      generator.writeArrayFieldStart("to_do");
      for (String advice : facts.advice()) {
        generator.writeString(advice);
      }
      generator.writeEndArray();
      generator.writeEndObject();
    }
    return text.toString();
  }

  private static void write(MemoryReport memory, JsonGenerator generator) throws IOException {
    generator.writeStartObject();
    generator.writeNumberField("live_bytes", memory.liveBytes());
    generator.writeNumberField("live_blocks", memory.liveBlocks());
    generator.writeNumberField("pooled_bytes", memory.pooledBytes());
    generator.writeNumberField("pooled_blocks", memory.pooledBlocks());
    generator.writeNumberField("peak_bytes", memory.peakBytes());
    generator.writeNumberField("limit", memory.limit());
    generator.writeObjectFieldStart("owners");
    for (var entry : memory.owners().entrySet()) {
      generator.writeObjectFieldStart(key(entry.getKey().title()));
      generator.writeNumberField("live_bytes", entry.getValue().liveBytes());
      generator.writeNumberField("live_blocks", entry.getValue().liveBlocks());
      generator.writeNumberField("peak_bytes", entry.getValue().peakBytes());
      generator.writeEndObject();
    }
    generator.writeEndObject();
    generator.writeNumberField("exported_segments", memory.exportedSegments());
    generator.writeNumberField("exported_bytes", memory.exportedBytes());
    generator.writeNumberField("native_handles", memory.nativeHandles());
    generator.writeNumberField("mapped_files", memory.mappedFiles());
    generator.writeNumberField("mapped_bytes", memory.mappedBytes());
    generator.writeNumberField("forgotten", memory.forgotten());
    generator.writeNumberField("forgotten_bytes", memory.forgottenBytes());
    generator.writeEndObject();
  }

  /** Environment variables keep their names. */
  private static String key(String title) {
    return title.equals(title.toUpperCase(Locale.ROOT))
        ? title
        : title.toLowerCase(Locale.ROOT).replace(' ', '_');
  }
}
