package org.gatun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.runtime.MemoryReport;
import org.junit.jupiter.api.Test;

/** What {@code gatun info} finds. */
class FactsTest {
  @Test
  void whatSlowsThingsIsPointedOut() {
    Facts facts =
        Facts.gather(
            Map.of("OPENBLAS_CORETYPE", "Haswell", "OMP_WAIT_POLICY", "passive", "HOME", "there"));

    assertEquals(2, facts.advice().size(), facts.advice().toString());
    assertTrue(
        facts.advice().get(0).startsWith("OMP_WAIT_POLICY=passive is set: threads that sleep"));
    assertTrue(facts.advice().get(1).startsWith("OPENBLAS_CORETYPE=Haswell is set: it keeps"));
  }

  @Test
  void nothingIsMissingWhereNothingIsSet() {
    Facts facts = Facts.gather(Map.of("OMP_NUM_THREADS", "2", "OPENBLAS_NUM_THREADS", "1"));
    StringWriter text = new StringWriter();
    InfoCommand.print(facts, new PrintWriter(text, true));

    assertTrue(facts.usable());
    assertEquals(List.of(), facts.advice());
    assertTrue(text.toString().contains("  OMP_NUM_THREADS       2\n"), text.toString());
    assertTrue(text.toString().strip().endsWith("Nothing is missing."), text.toString());
  }

  @Test
  void theJsonIsJsonWithTheSameFacts() throws Exception {
    Facts facts = Facts.gather(Map.of("OPENBLAS_CORETYPE", "Has\"well\n"));
    MemoryReport memory = MemoryReport.now();
    String json = InfoCommand.json(facts, memory);

    int texts = 0;
    int numbers = 0;
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      while (parser.nextToken() != null) {
        texts += parser.currentToken() == JsonToken.VALUE_STRING ? 1 : 0;
        numbers += parser.currentToken().isNumeric() ? 1 : 0;
      }
    }
    int entries = facts.sections().stream().mapToInt(section -> section.entries().size()).sum();
    assertEquals(entries + facts.advice().size(), texts);
    // Each number of the report, but for the map, and three of each owner.
    int ofReport = MemoryReport.class.getRecordComponents().length - 1;
    assertEquals(ofReport + 3 * memory.owners().size(), numbers);
    assertTrue(json.contains("\"packed_weights\" : {"), json);
  }

  @Test
  void theMemoryIsToldByOwner() {
    StringWriter text = new StringWriter();
    try (Tensor tensor = Tensor.zeros(DType.F32, 1 << 20)) {
      InfoCommand.print(Facts.gather(Map.of()), new PrintWriter(text, true));
      assertEquals(1 << 20, tensor.size());
    }
    assertTrue(
        text.toString().matches("(?s).*\n  tensors +[45]\\.\\d MiB in \\d+ blocks, .*"),
        text::toString);
    for (String entry : new String[] {"packed weights", "scratch", "exported", "native handles"}) {
      assertTrue(text.toString().contains("\n  " + entry), text.toString());
    }
  }
}
