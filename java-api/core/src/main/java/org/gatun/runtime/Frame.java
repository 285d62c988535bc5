package org.gatun.runtime;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gatun.runtime.Schedule.Place;
import org.gatun.runtime.Schedule.Slot;

/**
 * The operands of all steps of a program, for one run at a time. Between runs it keeps where they
 * lay: memory is mostly the same again.
 */
final class Frame {
  /** No address: 0 is that of some segments without bytes. */
  private static final long NOWHERE = -1;

  private final MemorySegment[][] inputs;
  private final MemorySegment[][] outputs;
  private final Moving[] ofRun;
  private final Moving[][] ofInputs;
  private final Moving[][] ofOutputs;
  private final long[] inputAddresses;
  private final long[] outputAddresses;
  private long runAddress = NOWHERE;

  private record Moving(long offset, long byteSize, MemorySegment[][] lists, int[] indices) {
    void point(MemorySegment base) {
      MemorySegment part =
          offset == 0 && byteSize == base.byteSize() ? base : base.asSlice(offset, byteSize);
      for (int i = 0; i < indices.length; i++) {
        lists[i][indices[i]] = part;
      }
    }
  }

  /** Makes a frame for a program with so many inputs and outputs. */
  Frame(Schedule schedule, int programInputs, int programOutputs) {
    this.inputs = lists(schedule.inputs());
    this.outputs = lists(schedule.outputs());
    this.inputAddresses = new long[programInputs];
    this.outputAddresses = new long[programOutputs];
    Arrays.fill(inputAddresses, NOWHERE);
    Arrays.fill(outputAddresses, NOWHERE);
    List<Moving> run = new ArrayList<>();
    List<List<Moving>> in = new ArrayList<>();
    List<List<Moving>> out = new ArrayList<>();
    for (int i = 0; i < programInputs; i++) {
      in.add(new ArrayList<>());
    }
    for (int i = 0; i < programOutputs; i++) {
      out.add(new ArrayList<>());
    }
    for (Place place : schedule.places()) {
      switch (place) {
        case Place.Fixed(MemorySegment segment, Slot slot) -> list(slot)[slot.index()] = segment;
        case Place.Moving(Schedule.Part part, List<Slot> slots) -> {
          List<Moving> list =
              switch (part.source()) {
                case RUN -> run;
                case INPUT -> in.get(part.index());
                case OUTPUT -> out.get(part.index());
              };
          list.add(moving(part, slots));
        }
      }
    }
    this.ofRun = run.toArray(Moving[]::new);
    this.ofInputs = in.stream().map(list -> list.toArray(Moving[]::new)).toArray(Moving[][]::new);
    this.ofOutputs = out.stream().map(list -> list.toArray(Moving[]::new)).toArray(Moving[][]::new);
  }

  private static MemorySegment[][] lists(int[] sizes) {
    MemorySegment[][] lists = new MemorySegment[sizes.length][];
    for (int i = 0; i < sizes.length; i++) {
      lists[i] = new MemorySegment[sizes[i]];
    }
    return lists;
  }

  private Moving moving(Schedule.Part part, List<Slot> slots) {
    return new Moving(
        part.offset(),
        part.byteSize(),
        slots.stream().map(this::list).toArray(MemorySegment[][]::new),
        slots.stream().mapToInt(Slot::index).toArray());
  }

  private MemorySegment[] list(Slot slot) {
    return (slot.output() ? outputs : inputs)[slot.step()];
  }

  /** Has the operands lie in this memory. */
  void point(MemorySegment run, MemorySegment[] in, MemorySegment[] out) {
    if (run.address() != runAddress) {
      runAddress = run.address();
      for (Moving moving : ofRun) {
        moving.point(run);
      }
    }
    point(ofInputs, inputAddresses, in);
    point(ofOutputs, outputAddresses, out);
  }

  private static void point(Moving[][] moving, long[] addresses, MemorySegment[] bases) {
    for (int i = 0; i < bases.length; i++) {
      if (bases[i].address() != addresses[i]) {
        addresses[i] = bases[i].address();
        for (Moving part : moving[i]) {
          part.point(bases[i]);
        }
      }
    }
  }

  MemorySegment[] inputs(int step) {
    return inputs[step];
  }

  MemorySegment[] outputs(int step) {
    return outputs[step];
  }
}
