package org.gatun.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The table, the JSON and the page of the same results. */
class ReportsTest {
  private static final Results RESULTS =
      Samples.results(
          Samples.library("matmul/a<b>", ""),
          Samples.library("conv2d/c", "nchw"),
          Samples.library("conv2d/c", "channels-last"),
          Samples.java("relu/a"));

  private static String table(Results results) {
    StringWriter text = new StringWriter();
    TextTable.write(results, new PrintWriter(text, true));
    return text.toString();
  }

  private static Document page(Results results) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(HtmlReport.of(results))));
  }

  private static List<Element> elements(Document page, String tag, String cssClass) {
    NodeList all = page.getElementsByTagName(tag);
    return IntStream.range(0, all.getLength())
        .mapToObj(i -> (Element) all.item(i))
        .filter(e -> List.of(e.getAttribute("class").split(" ")).contains(cssClass))
        .toList();
  }

  @Test
  void theTableShowsTimesSpeedUpsAndErrors() {
    String table = table(RESULTS);

    assertTrue(
        table
            .lines()
            .anyMatch(
                line ->
                    line.matches(
                        "conv2d/c +nchw +2\\.00 +1\\.00 +4\\.00 +8\\.00 +100 +5\\.00 GFLOP/s"
                            + " +4\\.00\u00d7 +100\u00d7 +onednn:brgemm\\+packed")),
        table);
    assertTrue(
        table
            .lines()
            .anyMatch(
                line ->
                    line.matches(
                        "relu/a +1\\.00 +\u2013 +1\\.00 +WRONG +25\\.0 +40\\.0 GB/s +1\\.00\u00d7"
                            + " +25\\.0\u00d7 +java:vector")),
        table);
    assertTrue(table.contains("WRONG relu/a, Java scalar: at [0] <1.0> & \"2.0\""), table);
    assertTrue(table.contains("4.00\u00d7 over Java vector, where a library computes (3 rows)"));
    assertTrue(table.contains("15 results verified against the reference, 1 wrong"), table);
  }

  @Test
  void theColumnsOfTheTableAreAligned() {
    List<String> rows =
        table(RESULTS).lines().filter(line -> line.matches("(case|matmul|conv2d|relu).*")).toList();

    assertEquals(5, rows.size());
    int column = rows.getFirst().indexOf("implementation");
    assertTrue(
        rows.stream().skip(1).allMatch(row -> row.charAt(column - 1) == ' '), rows.toString());
    assertTrue(rows.stream().skip(1).allMatch(row -> row.charAt(column) != ' '), rows.toString());
  }

  @Test
  void theJsonSaysTheSame() throws Exception {
    String json = JsonReport.of(RESULTS);

    List<String> cases = new ArrayList<>();
    List<String> statuses = new ArrayList<>();
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      while (parser.nextToken() != null) {
        if (parser.currentToken().isScalarValue()) {
          switch (String.valueOf(parser.currentName())) {
            case "case" -> cases.add(parser.getText());
            case "status" -> statuses.add(parser.getText());
            default -> {}
          }
        }
      }
    }
    assertEquals(List.of("matmul/a<b>", "conv2d/c", "conv2d/c", "relu/a"), cases);
    assertEquals(20, statuses.size());
    assertEquals(
        List.of("measured", "absent", "measured", "wrong", "measured"), statuses.subList(15, 20));
  }

  @Test
  void thePageIsWellFormedAndHasEveryRow() throws Exception {
    Document page = page(RESULTS);

    assertEquals(4, page.getElementsByTagName("tbody").item(0).getChildNodes().getLength() / 2);
    assertEquals(2, elements(page, "article", "family").size());
    assertEquals(
        3, elements(page, "i", "bound").stream().filter(e -> e.hasAttribute("style")).count());
    assertEquals(
        4, elements(page, "i", "vector").stream().filter(e -> e.hasAttribute("style")).count());
    assertEquals(1, elements(page, "span", "wrong").size());
    assertEquals(List.of("conv2d/c"), texts(page, "h4"));
  }

  private static List<String> texts(Document page, String tag) {
    NodeList all = page.getElementsByTagName(tag);
    return IntStream.range(0, all.getLength()).mapToObj(i -> all.item(i).getTextContent()).toList();
  }

  @Test
  void thePageNeedsNothingElse() {
    String page = HtmlReport.of(RESULTS);

    assertFalse(page.matches("(?s).*(https?:|src=|@import|url\\(|<link).*"));
  }

  @Test
  void aPageOfNothingSaysSo() throws Exception {
    assertEquals(List.of("Nothing could be measured."), texts(page(Samples.results()), "h1"));
  }

  @Test
  void manyRowsAreCutInTwoButNoCaseIs() throws Exception {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      rows.add(Samples.library("conv2d/" + i, "nchw"));
      rows.add(Samples.library("conv2d/" + i, "channels-last"));
    }
    Document page = page(Samples.results(rows.toArray(Row[]::new)));

    assertEquals(1, elements(page, "article", "wide").size());
    assertEquals(7, texts(page, "h4").size());
  }
}
