package org.gatun.safety.models;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Changes the bytes of a file: some anywhere, and some where protobuf's wire format has tags and
 * lengths.
 *
 * <p>Source: <a href="https://protobuf.dev/programming-guides/encoding/">Protocol Buffers,
 * encoding</a>.
 */
final class WireMutator {
  /**
   * A field of a message.
   *
   * @param start where its tag begins
   * @param content where what follows the tag, and its length if it has one, begins
   * @param end where it ends
   * @param wire its wire type
   * @param depth how many messages it lies in
   */
  private record Field(int start, int content, int end, int wire, int depth) {}

  private static final int MOST_FIELDS = 20_000;

  private final RandomGenerator random;
  private byte[] bytes;

  WireMutator(RandomGenerator random, byte[] bytes) {
    this.random = random;
    this.bytes = bytes.clone();
  }

  /** Returns the bytes after some changes. */
  byte[] mutated(List<Seed> others) {
    int changes = random.nextBoolean() ? 1 : 1 + random.nextInt(4);
    for (int i = 0; i < changes && bytes.length > 0; i++) {
      change(others);
    }
    return bytes;
  }

  private void change(List<Seed> others) {
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(14)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[at] = (byte) random.nextInt(256);
      case 2 -> replace(at, at, random(1 + random.nextInt(16)));
      case 3 -> replace(at, Math.min(bytes.length, at + 1 + random.nextInt(16)), new byte[0]);
      case 4 -> bytes = Arrays.copyOf(bytes, at);
      case 5 -> splice(at, Hostile.one(random, others).bytes());
      default -> changeField(others);
    }
  }

  private void changeField(List<Seed> others) {
    List<Field> fields = new ArrayList<>();
    walk(0, bytes.length, 0, fields);
    if (fields.isEmpty()) {
      return;
    }
    Field field = Hostile.one(random, fields);
    byte[] content = Arrays.copyOfRange(bytes, field.content(), field.end());
    byte[] whole = Arrays.copyOfRange(bytes, field.start(), field.end());
    switch (random.nextInt(12)) {
      case 0 -> bytes[field.start()] = (byte) ((bytes[field.start()] & ~7) | random.nextInt(8));
      case 1 -> bytes[field.start()] = (byte) ((random.nextInt(32) << 3) | field.wire());
      case 2 -> {
        // A length, or a number, of any size where it stood: the messages around it do not fit.
        if (field.wire() == 2) {
          replace(field.start() + 1, field.content(), Wire.varint(Hostile.integer(random)));
        } else if (field.wire() == 0) {
          replace(field.content(), field.end(), Wire.varint(Hostile.integer(random)));
        }
      }
      case 3 -> replace(field.start(), field.end(), new byte[0]);
      case 4 -> {
        // Repeated, within messages that are made to fit.
        int times = Hostile.once(random, 50) ? 1000 : 2;
        byte[] copies = new byte[whole.length * Math.min(times, 1 + (1 << 20) / whole.length)];
        for (int i = 0; i < copies.length; i++) {
          copies[i] = whole[i % whole.length];
        }
        fitted(field, copies);
      }
      case 5 -> fitted(field, nested(whole, content));
      case 6, 7, 8, 9 -> {
        if (field.wire() == 0) {
          fitted(field, Wire.concat(tag(field), Wire.varint(Hostile.integer(random))));
        } else if (field.wire() == 2) {
          byte[] other =
              content.length == 0
                  ? random(3)
                  : Arrays.copyOf(content, random.nextInt(content.length + 4));
          fitted(field, Wire.concat(tag(field), Wire.varint(other.length), other));
        }
      }
      default -> {
        Seed other = Hostile.one(random, others);
        List<Field> theirs = new ArrayList<>();
        new WireMutator(random, other.bytes()).walk(0, other.bytes().length, 0, theirs);
        if (!theirs.isEmpty()) {
          Field taken = Hostile.one(random, theirs);
          fitted(field, Arrays.copyOfRange(other.bytes(), taken.start(), taken.end()));
        }
      }
    }
  }

  private byte[] tag(Field field) {
    return new byte[] {bytes[field.start()]};
  }

  /** A message in itself, some or very many times. */
  private byte[] nested(byte[] whole, byte[] content) {
    byte[] inner = whole;
    int depth = Hostile.once(random, 4) ? 300 : 1 + random.nextInt(3);
    for (int i = 0; i < depth && inner.length < 1 << 18; i++) {
      inner =
          Wire.concat(
              new byte[] {whole[0]}, Wire.varint(inner.length + content.length), content, inner);
      if (depth > 100) {
        content = new byte[0];
      }
    }
    return inner;
  }

  /** Puts bytes in the place of a field, and corrects the lengths of the messages around it. */
  private void fitted(Field field, byte[] instead) {
    List<Field> around = new ArrayList<>();
    List<Field> fields = new ArrayList<>();
    walk(0, bytes.length, 0, fields);
    for (Field other : fields) {
      if (other.wire() == 2
          && other.content() <= field.start()
          && other.end() >= field.end()
          && other.start() != field.start()) {
        around.add(other);
      }
    }
    byte[] changed = instead;
    int start = field.start();
    int end = field.end();
    for (Field message : around.reversed()) {
      byte[] content =
          Wire.concat(
              Arrays.copyOfRange(bytes, message.content(), start),
              changed,
              Arrays.copyOfRange(bytes, end, message.end()));
      changed = Wire.concat(tag(message), Wire.varint(content.length), content);
      start = message.start();
      end = message.end();
    }
    replace(start, end, changed);
  }

  /** Finds the fields of a message, and of those in it, outer ones first; false if it is none. */
  private boolean walk(int from, int to, int depth, List<Field> fields) {
    int at = from;
    int before = fields.size();
    while (at < to && fields.size() < MOST_FIELDS) {
      int start = at;
      int tag = bytes[at++] & 0xff;
      if (tag >= 0x80 && at < to) {
        at++;
      }
      int wire = tag & 7;
      int end = at;
      int content = at;
      switch (wire) {
        case 0 -> {
          while (end < to && bytes[end] < 0) {
            end++;
          }
          end++;
        }
        case 1 -> end += 8;
        case 5 -> end += 4;
        case 2 -> {
          long length = 0;
          int shift = 0;
          while (at < to && bytes[at] < 0 && shift < 28) {
            length |= (long) (bytes[at++] & 0x7f) << shift;
            shift += 7;
          }
          length |= at < to ? (long) bytes[at++] << shift : 1L << 40;
          content = at;
          end = length < 0 || length > to - at ? to + 1 : (int) (at + length);
        }
        default -> end = to + 1;
      }
      if (end > to || tag < 8) {
        fields.subList(before, fields.size()).clear();
        return false;
      }
      fields.add(new Field(start, content, end, wire, depth));
      if (wire == 2 && depth < 12 && end > content) {
        walk(content, end, depth + 1, fields);
      }
      at = end;
    }
    return true;
  }

  private void splice(int at, byte[] other) {
    if (other.length > 0) {
      int from = random.nextInt(other.length);
      replace(
          at,
          random.nextBoolean() ? bytes.length : at,
          Arrays.copyOfRange(other, from, other.length));
    }
  }

  private void replace(int from, int to, byte[] instead) {
    bytes =
        Wire.concat(
            Arrays.copyOf(bytes, from), instead, Arrays.copyOfRange(bytes, to, bytes.length));
  }

  private byte[] random(int length) {
    byte[] drawn = new byte[length];
    random.nextBytes(drawn);
    return drawn;
  }
}
