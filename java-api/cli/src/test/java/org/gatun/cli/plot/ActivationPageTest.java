package org.gatun.cli.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.gatun.reference.ReferenceBackend;
import org.gatun.runtime.Engine;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The page of the activations, as the reference computes them. */
class ActivationPageTest {
  private static String page() {
    try (Engine engine = Engine.of(new ReferenceBackend())) {
      return engine.with(ActivationPage::create);
    }
  }

  private static Document parsed(String page) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(page.replace("<!DOCTYPE html>", ""))));
  }

  private static Element card(Document page, String title) {
    NodeList titles = page.getElementsByTagName("h3");
    for (int i = 0; i < titles.getLength(); i++) {
      if (titles.item(i).getTextContent().equals(title)) {
        return (Element) titles.item(i).getParentNode();
      }
    }
    throw new AssertionError("no chart of " + title);
  }

  private static double[] numbers(Element card, String name) {
    return java.util.Arrays.stream(card.getAttribute(name).split(" "))
        .mapToDouble(Double::parseDouble)
        .toArray();
  }

  @Test
  void thereIsAChartOfEachActivationWithBothCurves() throws Exception {
    Document page = parsed(page());

    for (ActivationCurves.Family family : ActivationCurves.families()) {
      for (Curve curve : family.curves()) {
        Element card = card(page, curve.title());
        NodeList paths = card.getElementsByTagName("path");
        List<String> kinds =
            java.util.stream.IntStream.range(0, paths.getLength())
                .mapToObj(i -> ((Element) paths.item(i)).getAttribute("class"))
                .toList();
        assertTrue(kinds.contains("f"), curve.title());
        assertTrue(kinds.contains("d"), curve.title());
      }
    }
  }

  @Test
  void theValuesAreTheFunctionsAndTheSlopesTheirDerivatives() throws Exception {
    Element sigmoid = card(parsed(page()), "Sigmoid");
    double[] f = numbers(sigmoid, "data-f");
    double[] d = numbers(sigmoid, "data-d");

    assertEquals(f.length, d.length);
    assertEquals(1 / (1 + Math.exp(7)), f[0], 1e-4);
    assertEquals(0.5, f[f.length / 2], 1e-4);
    assertEquals(0.25, d[d.length / 2], 1e-4);
  }

  @Test
  void aCurveIsBrokenWhereItJumpsAndNowhereElse() {
    assertEquals(2, pieces(0, 0, 0, 1, 1, 1));
    assertEquals(1, pieces(0, 0.1, 0.2, 0.3, 0.4));
    assertEquals(1, pieces(0, 0.2, 0.42, 0.66, 0.92)); // Steep, but not suddenly so.
  }

  private static int pieces(double... values) {
    StringBuilder page = new StringBuilder();
    new Chart(0, 1).draw(values, new double[values.length], page);
    String text = page.toString();
    int start = text.indexOf("class=\"f\" d=\"") + "class=\"f\" d=\"".length();
    return text.substring(start, text.indexOf('"', start)).split("M", -1).length - 1;
  }

  @Test
  void thePageNeedsNothingElse() {
    String page = page();

    assertFalse(page.contains("http://") || page.contains("https://"), "a link to the outside");
    assertFalse(page.contains("src="), "a file beside it");
  }
}
