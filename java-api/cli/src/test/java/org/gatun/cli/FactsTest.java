package org.gatun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
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
    String json = InfoCommand.json(facts);

    int values = 0;
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      while (parser.nextToken() != null) {
        values += parser.currentToken().isScalarValue() ? 1 : 0;
      }
    }
    int entries = facts.sections().stream().mapToInt(section -> section.entries().size()).sum();
    assertEquals(1 + entries + facts.advice().size(), values);
  }
}
