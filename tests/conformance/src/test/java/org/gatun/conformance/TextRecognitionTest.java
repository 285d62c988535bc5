package org.gatun.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.onnx.OnnxModel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * PP-OCR reads text that is drawn here: one network finds the lines, one tells which way up they
 * are, one reads them. What is read is what was drawn, and each network's outputs are ONNX
 * Runtime's.
 */
class TextRecognitionTest {
  private static final double TOLERANCE = 1e-4;
  private static final List<String> LINES =
      List.of("Gatun lifts ships", "through 3 locks", "by 26 meters");

  private static final int WIDTH = 512;
  private static final int HEIGHT = 288;
  private static final float[] MEAN = {0.485f, 0.456f, 0.406f};
  private static final float[] STD = {0.229f, 0.224f, 0.225f};
  private static final float[] HALF = {0.5f, 0.5f, 0.5f};

  @BeforeAll
  static void aFontIsThere() {
    boolean there = TextImage.canDraw();
    if (!there) {
      System.out.println("Reading text was skipped: Java finds no fonts here to draw it with");
    }
    assumeTrue(there, "no fonts to draw text with");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PP-OCRv3", "PP-OCRv4"})
  void readsWhatIsDrawn(String version) throws IOException {
    BufferedImage image = TextImage.draw(WIDTH, HEIGHT, LINES);
    assertEquals(LINES, read(version, image, find(version, image)));
  }

  @Test
  void tellsWhichWayUp() throws IOException {
    BufferedImage image = TextImage.draw(WIDTH, HEIGHT, LINES);
    Rectangle box = find("PP-OCRv4", image).getFirst();
    BufferedImage line = TextImage.strip(image, box, 192, 48);
    try (RealModel model = model("ppocr-mobile-v2.0-cls", "ch_ppocr_mobile_v2.0_cls_infer");
        Scope scope = Scope.open()) {
      float upright = turned(model, line);
      float upsideDown = turned(model, TextImage.turned(line));
      assertTrue(upright < 0.1, () -> "upright text: " + upright);
      assertTrue(upsideDown > 0.9, () -> "text upside down: " + upsideDown);
    }
  }

  private static float turned(RealModel model, BufferedImage line) {
    return only(model, TextImage.pixels(line, HALF, HALF)).toFloatArray()[1];
  }

  private static List<Rectangle> find(String version, BufferedImage image) throws IOException {
    try (RealModel model = model(version + "-det", "ch_" + version + "_det_infer");
        Scope scope = Scope.open()) {
      Tensor map = only(model, TextImage.pixels(image, MEAN, STD));
      return TextImage.boxes(map.toFloatArray(), WIDTH, HEIGHT);
    }
  }

  private static List<String> read(String version, BufferedImage image, List<Rectangle> boxes)
      throws IOException {
    List<String> lines = new ArrayList<>();
    try (RealModel model = model(version + "-rec", "ch_" + version + "_rec_infer")) {
      List<String> characters = characters(version);
      for (Rectangle box : boxes) {
        try (Scope scope = Scope.open()) {
          BufferedImage line = TextImage.strip(image, box, box.width * 48 / box.height, 48);
          Tensor steps = only(model, TextImage.pixels(line, HALF, HALF));
          lines.add(text(steps.squeeze(0).argmax(1).toLongArray(), characters));
        }
      }
    }
    return lines;
  }

  private static Tensor only(RealModel model, Tensor input) {
    Map<String, Tensor> outputs = model.run(Map.of("x", input), TOLERANCE);
    assertEquals(1, outputs.size());
    return outputs.values().iterator().next();
  }

  /** The characters that the model was trained on: 0 is none, the last one a blank. */
  private static List<String> characters(String version) throws IOException {
    OnnxModel model =
        OnnxModel.load(RealModel.FOLDER.resolve(version + "-rec").resolve("model.onnx"));
    List<String> characters = new ArrayList<>();
    characters.add("");
    characters.addAll(model.definition().metadata().get("character").lines().toList());
    characters.add(" ");
    return characters;
  }

  /** A character counts once for as long as it goes on. */
  private static String text(long[] best, List<String> characters) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < best.length; i++) {
      if (i == 0 || best[i] != best[i - 1]) {
        text.append(characters.get((int) best[i]));
      }
    }
    return text.toString();
  }

  private static RealModel model(String name, String file) throws IOException {
    return RealModel.ofResource(name, "models/" + file + ".onnx");
  }
}
