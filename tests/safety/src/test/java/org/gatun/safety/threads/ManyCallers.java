package org.gatun.safety.threads;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.gatun.testkit.LeakCheck;

/**
 * Sixteen threads that run models and operators as they like, beside one that looks at what the
 * process takes. In a process of its own, with a heap of a fixed size that is there from the start:
 * what the process grows by is not the heap.
 */
final class ManyCallers {
  private static final int CALLERS = 16;
  private static final int VIRTUAL = 4;
  private static final int SAMPLES = 100;
  private static final int MOST_FAILURES = 10;
  private static final long STANDSTILL_NANOS = TimeUnit.SECONDS.toNanos(120);

  private final int seconds;
  private final AtomicLong done = new AtomicLong();
  private final Collection<String> failures = new ConcurrentLinkedQueue<>();
  private volatile boolean stop;

  private ManyCallers(int seconds) {
    this.seconds = seconds;
  }

  /**
   * Ends with an exception where a result differs from that of one thread, or something leaks.
   *
   * @param arguments for how many seconds, of how many cases one is run, and whether what is taken
   *     has to stay the same
   */
  public static void main(String[] arguments) throws InterruptedException {
    ManyCallers callers = new ManyCallers(Integer.parseInt(arguments[0]));
    boolean staysTheSame = Boolean.parseBoolean(arguments[2]);
    LeakCheck leaks = LeakCheck.start();
    List<ProcessState> samples;
    try (MixedWork work = new MixedWork(Integer.parseInt(arguments[1]))) {
      if (staysTheSame) {
        String wrong = work.doAll();
        check(wrong.isEmpty(), () -> wrong);
      }
      samples = callers.run(work);
    }
    check(leaks.leak().isEmpty(), () -> leaks.leak().toString());
    if (staysTheSame) {
      checkFlat(samples);
    }
    System.out.println(callers.done + " pieces of work done");
  }

  private static void check(boolean holds, Supplier<String> message) {
    if (!holds) {
      throw new AssertionError(message.get());
    }
  }

  private List<ProcessState> run(MixedWork work) throws InterruptedException {
    List<Thread> callers = new ArrayList<>();
    for (int seed = 0; seed < CALLERS; seed++) {
      callers.add(caller(work, seed));
    }
    List<ProcessState> samples;
    try {
      samples = watch();
    } finally {
      stop = true;
      for (Thread caller : callers) {
        caller.join(TimeUnit.MINUTES.toMillis(2));
      }
    }
    check(callers.stream().noneMatch(Thread::isAlive), ManyCallers::dump);
    check(failures.isEmpty(), () -> failures + " of " + done + " pieces of work");
    check(done.get() > CALLERS, () -> done + " pieces of work done");
    return samples;
  }

  private Thread caller(MixedWork work, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return Thread.ofPlatform()
        .daemon()
        .name("caller-" + seed)
        .start(
            () -> {
              while (!stop && failures.size() < MOST_FAILURES) {
                if (seed < VIRTUAL) {
                  onVirtualThread(() -> doOne(work, random, seed));
                } else {
                  doOne(work, random, seed);
                }
              }
            });
  }

  private void onVirtualThread(Runnable action) {
    try {
      Thread.ofVirtual().start(action).join();
    } catch (InterruptedException e) {
      failures.add("nobody interrupts a caller: " + e);
    }
  }

  private void doOne(MixedWork work, SplittableRandom random, int seed) {
    try {
      String wrong = work.doOne(random);
      if (!wrong.isEmpty()) {
        failures.add(wrong + " (seed " + seed + ", piece " + done + ")");
      }
    } catch (RuntimeException | Error e) {
      failures.add(e + " (seed " + seed + ", piece " + done + ")");
    }
    done.incrementAndGet();
  }

  /** Returns what the process had taken at regular intervals; ends it where all callers stand. */
  private List<ProcessState> watch() throws InterruptedException {
    List<ProcessState> samples = new ArrayList<>();
    long start = System.nanoTime();
    long pause = TimeUnit.SECONDS.toNanos(seconds) / SAMPLES;
    long seen = -1;
    long lastProgress = start;
    for (int i = 1; i <= SAMPLES && failures.isEmpty(); i++) {
      TimeUnit.NANOSECONDS.sleep(Math.max(0, start + i * pause - System.nanoTime()));
      samples.add(ProcessState.now());
      if (done.get() != seen) {
        seen = done.get();
        lastProgress = System.nanoTime();
      }
      long standstill = System.nanoTime() - lastProgress;
      check(standstill < STANDSTILL_NANOS, ManyCallers::dump);
    }
    return samples;
  }

  /**
   * The last half does not grow: its first and its last fifth, by their means.
   *
   * <p>Resident memory says little of that. Sixteen threads find methods to compile for as long as
   * a run takes, the longer the less of the processor they get: some 10 MB of code in the last
   * half, and up to 40 MB at a time for the compiler to work with. So what the libraries and the
   * pool have is counted by itself, to the megabyte; resident memory is for what is mapped by hand.
   */
  private static void checkFlat(List<ProcessState> samples) {
    checkFlat("libraries", 1.03, samples, ProcessState::libraries);
    checkFlat("classes", 1.02, samples, ProcessState::classes);
    checkFlat("what is not code", 1.05, samples, state -> state.resident() - state.compiled());
    // Of these some are made and closed all the time.
    checkFlat("the pool", 1.05, samples, ProcessState::pool);
    checkFlat("handles", 1.05, samples, ProcessState::handles);
    checkFlat("threads", 1.05, samples, ProcessState::threads);
  }

  private static void checkFlat(
      String what, double most, List<ProcessState> samples, ToLongFunction<ProcessState> taken) {
    int half = samples.size() / 2;
    int fifth = half / 5;
    double early = mean(samples.subList(half, half + fifth), taken);
    double late = mean(samples.subList(samples.size() - fifth, samples.size()), taken);
    check(late <= most * early, () -> what + ": " + early + ", then " + late + ", of " + samples);
  }

  private static double mean(List<ProcessState> samples, ToLongFunction<ProcessState> what) {
    return samples.stream().mapToLong(what).average().orElseThrow();
  }

  private static String dump() {
    StringBuilder text = new StringBuilder("nothing moves:\n");
    for (ThreadInfo info :
        ManagementFactory.getThreadMXBean().dumpAllThreads(true, true, Integer.MAX_VALUE)) {
      text.append(info);
    }
    return text.toString();
  }
}
