package org.gatun.safety.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import example.Forgetful;
import example.Managed;
import example.Recorded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What applications are told of their memory: logs, the Flight Recorder's events, and JMX. */
class MemoryTelemetryTest {
  private static final List<String> SMALL = List.of("-Xmx256m", "-XX:+UseSerialGC");

  @TempDir private Path folder;

  private OtherJvm forgetful(String... flags) throws IOException, InterruptedException {
    Path model = Files.write(folder.resolve("small.onnx"), SmallModel.bytes());
    List<String> all = new java.util.ArrayList<>(SMALL);
    all.addAll(List.of(flags));
    OtherJvm jvm = OtherJvm.run(all, Forgetful.class, model.toString());
    assertEquals(0, jvm.status(), jvm.text());
    assertTrue(jvm.text().contains("0 bytes live in 0 blocks"), jvm.text());
    return jvm;
  }

  @Test
  void tracedLeaksNameTheLineOfTheCaller() throws Exception {
    String text = forgetful("-Dgatun.leaks=trace").text();
    assertMade(text, "a tensor of 4000 bytes", "tensor");
    assertMade(text, "a tensor of 1024 bytes", "operator");
    assertMade(text, "a runner of matmul", "runner");
    assertMade(text, "an engine of the native backend", "engine");
    assertMade(text, "weights", "program");
    assertMade(text, "a program of 1 steps", "program");
    assertMade(text, "a session of graph 'small'", "session");
    // What these had was given back by them, and is not told of beside them.
    assertEquals(7, text.split("was never closed; made at", -1).length - 1, text);
  }

  private static void assertMade(String text, String what, String method) {
    String line =
        Arrays.stream(text.split("\n"))
            .filter(each -> each.contains("memory: " + what + " was never closed; made at "))
            .findFirst()
            .orElseThrow(() -> new AssertionError(what + " is not told of:\n" + text));
    assertTrue(line.contains("example.Forgetful." + method + "(Forgetful.java:"), line);
  }

  @Test
  void otherwiseTheyAreCounted() throws Exception {
    String text = forgetful().text();
    assertFalse(text.contains("never closed"), text);
    assertTrue(text.contains("forgotten 7\n"), text);
    assertTrue(text.contains("bytes 5024\n"), text);
  }

  @Test
  void theFlightRecorderHasEvents() throws Exception {
    OtherJvm jvm = OtherJvm.run(SMALL, Recorded.class, folder.resolve("a.jfr").toString());
    String text = jvm.text();
    assertEquals(0, jvm.status(), text);
    assertTrue(text.contains("org.gatun.Memory {"), text);
    assertTrue(text.contains("org.gatun.OutOfNativeMemory {"), text);
    assertTrue(text.contains("purpose = \"tensor f32[1125899906842624]\""), text);
    assertTrue(text.contains("Recorded.act"), "the stack of who asked: " + text);
    assertTrue(text.contains("what = \"a tensor of 36000 bytes\""), text);
    assertFalse(text.contains("what = \"a tensor of 32000 bytes\""), "nobody recorded: " + text);
    assertTrue(text.contains("org.gatun.Plan {"), text);
    assertTrue(text.contains("operator = \"matmul\""), text);
    assertTrue(text.contains("org.gatun.Program {"), text);
    assertTrue(text.contains("recorded = 2") && text.contains("steps = 2"), text);
  }

  @Test
  void aRuntimeWithoutTheRecorderNeedsNone() throws Exception {
    String text =
        forgetful("--limit-modules=java.base,java.logging,jdk.management,jdk.unsupported").text();
    assertTrue(text.contains("forgotten 7\n"), text);
    assertFalse(text.contains("Error"), text);
  }

  @Test
  void jmxHasTheReport() throws Exception {
    OtherJvm asked = OtherJvm.run(SMALL, Managed.class);
    assertEquals(0, asked.status(), asked.text());
    String registered = "registered false\nregistered true\nlive 4096 of 1024\n";
    assertTrue(asked.text().contains(registered), asked.text());
    for (String attribute :
        List.of(
            "LiveBytes 4096",
            "LiveBlocks 1",
            "PooledBytes 0",
            "PeakBytes 4096",
            "NativeHandles 0",
            "Forgotten 0")) {
      assertTrue(asked.text().contains(attribute + "\n"), attribute + " of " + asked.text());
    }
    List<String> flags = new java.util.ArrayList<>(SMALL);
    flags.add("-Dgatun.jmx=true");
    OtherJvm property = OtherJvm.run(flags, Managed.class, "by property");
    assertEquals(0, property.status(), property.text());
    assertTrue(property.text().contains("registered true\nlive 4096"), property.text());
    assertTrue(property.text().contains("tensors 4096\n"), property.text());
  }
}
