package org.gatun.io;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Walks through JSON of objects, strings, and arrays of whole numbers, and through nothing else:
 * all that the header of a safetensors file may have.
 */
final class JsonCursor {
  private final String text;
  private final String file;
  private int at;

  JsonCursor(String text, String file) {
    this.text = text;
    this.file = file;
  }

  /** Takes a character. */
  void expect(char expected) throws MalformedFileException {
    if (!accept(expected)) {
      throw unexpected("'" + expected + "'");
    }
  }

  /** Takes a character if it is the next one, and returns whether it was. */
  boolean accept(char expected) {
    if (next() != expected) {
      return false;
    }
    at++;
    return true;
  }

  /** Takes a comma, or the end of an object or array; returns whether it was a comma. */
  boolean more(char end) throws MalformedFileException {
    if (accept(',')) {
      return true;
    }
    if (!accept(end)) {
      throw unexpected("',' or '" + end + "'");
    }
    return false;
  }

  /** Takes and returns the next key of an object with its colon, and adds it to those seen. */
  String key(Set<String> seen) throws MalformedFileException {
    String key = string();
    if (!seen.add(key)) {
      throw malformed("key '" + key + "' given twice");
    }
    expect(':');
    return key;
  }

  /** Takes and returns a string. */
  String string() throws MalformedFileException {
    if (!accept('"')) {
      throw unexpected("a string");
    }
    StringBuilder string = new StringBuilder();
    while (true) {
      if (at == text.length() || text.charAt(at) < ' ') {
        throw unexpected("the rest of a string");
      }
      char c = text.charAt(at++);
      switch (c) {
        case '"' -> {
          return string.toString();
        }
        case '\\' -> string.append(escaped());
        default -> string.append(c);
      }
    }
  }

  private char escaped() throws MalformedFileException {
    char c = at < text.length() ? text.charAt(at++) : 0;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default ->
          throw malformed("at character " + (at - 1) + ": no escape, expected one of JSON's");
    };
  }

  private char unicode() throws MalformedFileException {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit =
          at < text.length() && text.charAt(at) < 128 ? Character.digit(text.charAt(at), 16) : -1;
      if (digit < 0) {
        throw unexpected("four hexadecimal digits");
      }
      code = code * 16 + digit;
      at++;
    }
    return (char) code;
  }

  /** Takes and returns an array of whole numbers that are not negative. */
  List<Long> numbers(int most) throws MalformedFileException {
    List<Long> numbers = new ArrayList<>();
    expect('[');
    for (boolean more = !accept(']'); more; more = more(']')) {
      if (numbers.size() == most) {
        throw malformed("at character " + at + ": more numbers than " + most);
      }
      numbers.add(number());
    }
    return List.copyOf(numbers);
  }

  private long number() throws MalformedFileException {
    next();
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    String digits = text.substring(start, at);
    if (digits.isEmpty() || (digits.length() > 1 && digits.startsWith("0"))) {
      at = start;
      throw unexpected("a whole number of 0 or more");
    }
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw new MalformedFileException(
          prefix() + "number " + digits + ", expected one below 2^63", e);
    }
  }

  /** Checks that nothing but blanks is left. */
  void end() throws MalformedFileException {
    if (next() != 0 || at < text.length()) {
      throw unexpected("the end");
    }
  }

  /** Returns the next character that is no blank, without taking it; 0 at the end. */
  private char next() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at < text.length() ? text.charAt(at) : 0;
  }

  private MalformedFileException unexpected(String expected) {
    String found =
        at == text.length()
            ? "the end"
            : "'" + text.substring(at, Math.min(at + 1, text.length())) + "'";
    return malformed("at character " + at + ": " + found + ", expected " + expected);
  }

  /** Returns an exception that names the file. */
  MalformedFileException malformed(String problem) {
    return new MalformedFileException(prefix() + problem);
  }

  private String prefix() {
    return "safetensors: " + file + ": header: ";
  }
}
