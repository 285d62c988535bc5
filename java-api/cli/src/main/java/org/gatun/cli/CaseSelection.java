package org.gatun.cli;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.gatun.testkit.Case;

/**
 * Which cases a pattern names. Patterns are separated by commas; {@code *} stands for any text,
 * {@code ?} for one character. A case is named by its whole name ({@code matmul/512}) or by its
 * operator ({@code matmul}), in whatever case of letters.
 */
final class CaseSelection {
  private final List<Pattern> patterns;

  private CaseSelection(List<Pattern> patterns) {
    this.patterns = patterns;
  }

  /** Returns the selection that a text of patterns makes. */
  static CaseSelection of(String globs) {
    return new CaseSelection(
        Stream.of(globs.split(","))
            .map(String::strip)
            .filter(glob -> !glob.isEmpty())
            .map(CaseSelection::pattern)
            .toList());
  }

  private static Pattern pattern(String glob) {
    StringBuilder regex = new StringBuilder();
    for (char c : glob.toCharArray()) {
      regex.append(
          switch (c) {
            case '*' -> ".*";
            case '?' -> ".";
            default -> Pattern.quote(String.valueOf(c));
          });
    }
    return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE);
  }

  /**
   * Returns the cases that are named.
   *
   * @throws IllegalArgumentException if there are none; the message lists the operators there are
   */
  List<Case> of(List<Case> cases) {
    List<Case> chosen = cases.stream().filter(this::contains).toList();
    if (chosen.isEmpty()) {
      throw new IllegalArgumentException(
          "no case is named by the pattern; there are cases of "
              + cases.stream()
                  .map(CaseSelection::operator)
                  .distinct()
                  .sorted()
                  .collect(Collectors.joining(", ")));
    }
    return chosen;
  }

  private boolean contains(Case test) {
    return patterns.stream()
        .anyMatch(p -> p.matcher(test.name()).matches() || p.matcher(operator(test)).matches());
  }

  private static String operator(Case test) {
    int slash = test.name().indexOf('/');
    return (slash < 0 ? test.name() : test.name().substring(0, slash)).toLowerCase(Locale.ROOT);
  }
}
