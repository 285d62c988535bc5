package org.gatun.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.gatun.op.MatMul;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;
import org.gatun.testkit.bench.Contender;
import org.junit.jupiter.api.Test;

/** What follows from measured times. */
class ResultsTest {
  @Test
  void speedUpsAreThoseOfTheFasterNativeContender() {
    Row row = Samples.library("matmul/a", "");

    assertEquals(4, row.speedUpOver(Contender.VECTOR).getAsDouble(), Samples.TOLERANCE);
    assertEquals(100, row.speedUpOver(Contender.REFERENCE).getAsDouble(), Samples.TOLERANCE);
    assertEquals("onednn:brgemm+packed", row.implementation());
    assertTrue(row.isLibrary());
  }

  @Test
  void ratesCountFlopsWhereThereAreAndBytesElsewhere() {
    assertEquals(5, Samples.library("matmul/a", "").rate().getAsDouble(), Samples.TOLERANCE);
    assertEquals(40, Samples.java("relu/a").rate().getAsDouble(), Samples.TOLERANCE);
  }

  @Test
  void meansAreGeometricOverTheRowsThatHaveBoth() {
    Results results = Samples.results(Samples.library("matmul/a", ""), Samples.java("relu/a"));

    Results.Mean reference = results.speedUpOver(Contender.REFERENCE, _ -> true);
    assertEquals(50, reference.value(), Samples.TOLERANCE);
    assertEquals(2, reference.rows());
    assertEquals(1, results.speedUpOver(Contender.SCALAR, _ -> true).rows());
    assertEquals(0, results.speedUpOver(Contender.BOUND, _ -> false).rows());
  }

  @Test
  void wrongResultsAreCounted() {
    Results results = Samples.results(Samples.library("matmul/a", ""), Samples.java("relu/a"));

    assertEquals(1, results.wrong());
    assertEquals(7, results.verified());
    assertFalse(results.busy());
  }

  @Test
  void familiesAreThoseOfTheSealedHierarchy() {
    assertEquals("Contraction", Row.family(new MatMul()));
    assertEquals("Pointwise", Row.family(new Unary(UnaryFunction.RELU)));
  }

  @Test
  void timingsAreMedianAndQuartiles() {
    Timing timing = Timing.of(new double[] {5, 1, 4, 2, 3}, 50);

    assertEquals(new Timing(3, 2, 4, 50), timing);
    assertEquals(new Timing(7, 7, 7, 1), Timing.of(new double[] {7}, 1));
  }

  @Test
  void axesHaveRoomForAllValuesAndOne() {
    LogAxis axis = LogAxis.of(List.of(0.5, 200.0));

    assertEquals(List.of(1.0, 10.0, 100.0), axis.ticks());
    assertTrue(axis.position(0.5) > 0 && axis.position(200) < 100);
    assertEquals(
        axis.position(10) - axis.position(1), axis.position(100) - axis.position(10), 1e-9);
    assertEquals("1/10\u00d7", LogAxis.label(0.1));
    assertEquals("1,000\u00d7", LogAxis.label(1000));
  }

  @Test
  void numbersHaveThreeDigitsThatMeanSomething() {
    assertEquals("0.42", Numbers.of(0.4237));
    assertEquals("52.8", Numbers.of(52.81));
    assertEquals("1,304", Numbers.of(1304.2));
    assertEquals("52.8 \u00b5s", Numbers.duration(52_810));
    assertEquals("1.50 s", Numbers.duration(1.5e9));
  }
}
