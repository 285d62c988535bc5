package org.gatun.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.gatun.kernel.ScratchMemory.Block;
import org.junit.jupiter.api.Test;

/** A form of a constant is made once, shared, and given back with its last share. */
class PackedConstantsTest {
  private final MemoryPool pool = new MemoryPool(1 << 20, 0);
  private final PackedConstants packed = new PackedConstants(pool);
  private final MemorySegment constant = Arena.ofAuto().allocate(8);
  private int made;

  private Block pack(MemorySegment from, Object form) {
    return packed.packed(from, form, 128, _ -> made++);
  }

  @Test
  void sameFormOfTheSameConstantIsShared() {
    Block one = pack(constant, "a");
    Block same = pack(constant, "a");
    Block other = pack(constant, "b");
    // The same address is not the same constant: memory is used again.
    Block elsewhere = pack(constant.asSlice(0), "a");
    assertEquals(3, made);
    assertEquals(one.segment().address(), same.segment().address());
    assertNotEquals(one.segment().address(), other.segment().address());
    assertNotEquals(one.segment().address(), elsewhere.segment().address());
    assertEquals(3 * 128, packed.byteSize());
    assertTrue(one.giveBack());
    assertFalse(one.giveBack());
    assertEquals(3 * 128, packed.byteSize());
    same.close();
    other.close();
    elsewhere.close();
    assertEquals(0, packed.byteSize());
    assertEquals(0, pool.report().liveBlocks());
  }

  @Test
  void formsOfFormsAreFoundWhenWhatIsBetweenWasDropped() {
    Block converted = pack(constant, "converted");
    Block whole = pack(converted.segment(), "packed");
    converted.close();
    Block again = pack(constant, "converted");
    Block same = pack(again.segment(), "packed");
    assertEquals(3, made);
    assertEquals(whole.segment().address(), same.segment().address());
    again.close();
    whole.close();
    assertEquals(128, packed.byteSize());
    same.close();
    assertEquals(0, pool.report().liveBlocks());
  }

  @Test
  void formThatCannotBeMadeLeavesNothing() {
    assertThrows(
        IllegalStateException.class,
        () ->
            packed.packed(
                constant,
                "a",
                128,
                _ -> {
                  throw new IllegalStateException();
                }));
    assertEquals(0, pool.report().liveBlocks());
    pack(constant, "a").close();
    assertEquals(1, made);
  }
}
