package org.gatun.conformance;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * BERT's tokens of a text: small letters without accents, split at blanks and punctuation, and each
 * word in the longest pieces that the vocabulary has.
 */
final class WordPieces {
  private final Map<String, Long> vocabulary = new HashMap<>();

  /** Reads the vocabulary of a {@code tokenizer.json}. */
  WordPieces(InputStream tokenizer) throws IOException {
    try (JsonParser json = new JsonFactory().createParser(tokenizer)) {
      while (json.nextToken() != null) {
        if (json.currentToken() == JsonToken.FIELD_NAME && "vocab".equals(json.currentName())) {
          json.nextToken();
          while (json.nextToken() == JsonToken.FIELD_NAME) {
            vocabulary.put(json.currentName(), json.nextLongValue(-1));
          }
        }
      }
    }
  }

  int size() {
    return vocabulary.size();
  }

  /** Returns the tokens between {@code [CLS]} and {@code [SEP]}. */
  long[] of(String text) {
    List<Long> tokens = new ArrayList<>();
    tokens.add(vocabulary.get("[CLS]"));
    String plain =
        Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFD)
            .replaceAll("\\p{Mn}", "")
            .replaceAll("(\\p{Punct})", " $1 ");
    for (String word : plain.strip().split("\\s+")) {
      tokens.addAll(pieces(word));
    }
    tokens.add(vocabulary.get("[SEP]"));
    return tokens.stream().mapToLong(Long::longValue).toArray();
  }

  private List<Long> pieces(String word) {
    List<Long> pieces = new ArrayList<>();
    int start = 0;
    while (start < word.length()) {
      int end = word.length();
      String prefix = start == 0 ? "" : "##";
      while (end > start && !vocabulary.containsKey(prefix + word.substring(start, end))) {
        end--;
      }
      if (end == start) {
        return List.of(vocabulary.get("[UNK]"));
      }
      pieces.add(vocabulary.get(prefix + word.substring(start, end)));
      start = end;
    }
    return pieces;
  }
}
