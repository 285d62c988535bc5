package org.gatun.cli.plot;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.gatun.DType;
import org.gatun.Scope;
import org.gatun.Tensor;

/**
 * Writes the activations and their derivatives as one web page that needs nothing else: a chart for
 * each, with its formula, its derivative, its use, and its values at the pointer. The operators
 * themselves compute what is drawn, in f64.
 */
public final class ActivationPage {
  private static final double LEAST_X = -7;
  private static final double LARGEST_X = 7;
  private static final int POINTS = 561;

  private final StringBuilder page = new StringBuilder();

  private ActivationPage() {}

  /** Returns the page, computed on the current engine. */
  public static String create() {
    return new ActivationPage().write();
  }

  private String write() {
    page.append(
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <title>Activations and their derivatives, drawn by Gatun</title>
        <style>
        %s</style>
        </head>
        <body>
        <header>
        <a class="brand" href="#top" id="top">
        <svg viewBox="0 0 32 32" width="30" height="30" aria-hidden="true">
        <rect width="32" height="32" rx="8"/>
        <path d="M5 18h7v-5h7V8h8"/><path class="wave" d="M5 24c2.8 0 2.8 2 5.5 2s2.7-2 5.5-2 2.8 2 5.5 2 2.7-2 5.5-2"/>
        </svg>
        <span>Gatun</span></a>
        <button type="button" id="theme" aria-label="Switch between light and dark">
        <svg viewBox="0 0 20 20" width="16" height="16" aria-hidden="true">
        <circle cx="10" cy="10" r="7.5" fill="none" stroke="currentColor" stroke-width="1.8"/>
        <path d="M10 2.5a7.5 7.5 0 0 1 0 15z" fill="currentColor"/></svg></button>
        </header>
        <main>
        <section class="hero">
        <h1>Activations and their derivatives</h1>
        <p class="lead">An activation bends what a layer computes; without one, many layers are no more than one. On the way
        back the gradient is multiplied by its derivative: where that is near 0, nothing is learned.</p>
        <p class="legend"><span><svg width="34" height="10"><path class="f" d="M2 5H32"/></svg>the function f(x)</span>
        <span><svg width="34" height="10"><path class="d" d="M2 5H32"/></svg>its derivative f′(x)</span>
        <span>Point at a chart for values.</span></p>
        </section>
        """
            .formatted(resource("page.css")));
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.linspace(DType.F64, LEAST_X, LARGEST_X, POINTS);
      ActivationCurves.families().forEach(family -> family(family, x));
    }
    page.append(
        """
        <p class="foot">Every point was computed by Gatun's operators and gradients, in f64.</p>
        </main>
        <script>/*<![CDATA[*/
        %s/*]]>*/</script>
        </body>
        </html>
        """
            .formatted(resource("page.js")));
    return page.toString();
  }

  private void family(ActivationCurves.Family family, Tensor x) {
    page.append(
        "<section><h2>%s</h2><p class=\"note\">%s</p>\n<div class=\"grid\">\n"
            .formatted(family.title(), family.text()));
    for (Curve curve : family.curves()) {
      try (Scope scope = Scope.open()) {
        double[] values = curve.function().apply(x).toDoubleArray();
        double[] slopes = curve.gradient().apply(Tensor.ones(DType.F64, POINTS), x).toDoubleArray();
        card(curve, values, slopes);
      }
    }
    page.append("</div></section>\n");
  }

  private void card(Curve curve, double[] values, double[] slopes) {
    page.append(
        """
        <article class="card" data-f="%s" data-d="%s">
        <h3>%s</h3>
        <dl><div><dt>f</dt><dd>%s</dd></div><div><dt>f′</dt><dd class="slope">%s</dd></div></dl>
        """
            .formatted(
                numbers(values), numbers(slopes), curve.title(), curve.formula(), curve.slope()));
    new Chart(LEAST_X, LARGEST_X).draw(values, slopes, page);
    page.append("<p class=\"use\">%s</p>\n</article>\n".formatted(curve.use()));
  }

  private static String numbers(double[] values) {
    return DoubleStream.of(values)
        .mapToObj(value -> String.format(Locale.ROOT, "%.4f", value))
        .collect(Collectors.joining(" "));
  }

  private static String resource(String name) {
    try (InputStream file = ActivationPage.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException("page: " + name + " is not beside its class");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("page: " + name + " cannot be read", e);
    }
  }
}
