package org.gatun.safety.arguments;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.gatun.MemoryAction;
import org.gatun.OutOfNativeMemoryException;
import org.gatun.Scope;
import org.gatun.Storage;
import org.gatun.Tensor;
import org.gatun.onnx.NodeListener;
import org.gatun.onnx.operator.Call;
import org.gatun.runtime.Engine;
import org.gatun.runtime.HostFunction;
import org.gatun.runtime.MemoryMXBean;
import org.gatun.runtime.Ownership;
import org.gatun.runtime.Program;
import org.gatun.runtime.TensorAccess;
import org.gatun.testkit.LeakCheck;
import org.jspecify.annotations.Nullable;

/**
 * A process of its own that calls the public methods one after the other, and says what was wrong.
 * Call number n has the same arguments in each run, whatever was called before it.
 *
 * <pre>{@code
 * HostileRun SEED FROM TO FOLDER
 * }</pre>
 */
public final class HostileRun {
  /** How often memory is looked at. */
  private static final int LEAKS = 250;

  /** How often those that take tensors are called where the others are called once. */
  private static final int ROUNDS = 4;

  private static final long HANG_NANOS = 10_000_000_000L;

  /** What is not called, with the reason. */
  private static final Map<String, String> LEFT_OUT =
      Map.of(
          "Threads.set(int)", "the calls to come would run on other threads than those before",
          "TensorAccess.install(TensorAccess)", "only its package can make one");

  /** What has no instances that a caller could get at, but through JMX or by extending it. */
  private static final Set<Class<?>> UNREACHABLE =
      Set.of(Storage.class, TensorAccess.class, Ownership.class, MemoryMXBean.class);

  /** What callers write, and the library calls. */
  private static final Set<Class<?>> CALLBACKS =
      Set.of(
          MemoryAction.class,
          HostFunction.class,
          Program.StepListener.class,
          NodeListener.class,
          Call.Bodies.class);

  /** Methods to which a tensor may say where elements are. */
  private static final Pattern INDEXING =
      Pattern.compile("(?i)gather|scatter|index|take|embed|select|put|oneHot|unpool|nll|entropy");

  /** Methods that say that they write to what they are given. */
  private static final Set<String> WRITE =
      Set.of(
          "set",
          "fill",
          "copyFrom",
          "load",
          "close",
          "call",
          "fillUniform",
          "fillNormal",
          "fillTruncatedNormal",
          "fillExponential",
          "run",
          "forward",
          "with",
          // Rows that are longer than a limit are scaled in the table.
          "embedding",
          "embeddingBag");

  /** Methods whose results have no particular value, or another one at each call. */
  private static final Set<String> UNCOMPARED =
      Set.of("empty", "call", "with", "segment", "allocate", "parameters", "buffers", "state");

  private final long seed;
  private final Surroundings surroundings;
  private final CallLog log;
  private final PrintStream out;
  private final List<Door> doors;

  /** The order in which they are called: those that take tensors more often than others. */
  private final List<Door> turns = new ArrayList<>();

  private final Map<String, String> problems = new LinkedHashMap<>();

  /** The methods that returned, at least once. */
  private final Set<Door> returned = new HashSet<>();

  private volatile long started;
  private volatile String running = "";
  private long results;
  private long exceptions;
  private long compared;

  private HostileRun(long seed, Path folder, PrintStream out) throws IOException {
    this.seed = seed;
    this.surroundings = new Surroundings(folder);
    this.log = CallLog.create(folder.resolve("calls"));
    this.out = out;
    this.doors = doors();
    for (int round = 0; round < ROUNDS; round++) {
      for (Door door : doors) {
        if (round == 0 || takesTensors(door)) {
          turns.add(door);
        }
      }
    }
  }

  /** Returns the methods that are called. */
  static List<Door> doors() {
    return PublicApi.doors().stream().filter(door -> !isLeftOut(door)).toList();
  }

  private static boolean takesTensors(Door door) {
    return Stream.concat(
            Stream.of(door.executable().getGenericParameterTypes()),
            door.hasReceiver() ? Stream.of(door.type()) : Stream.empty())
        .anyMatch(
            type ->
                type.getTypeName().contains("org.gatun.Tensor")
                    || (type instanceof Class<?> c && c.isAssignableFrom(Tensor.class)));
  }

  private static boolean isLeftOut(Door door) {
    boolean jdks = door.type().isEnum() && door.executable().getName().equals("valueOf");
    return jdks
        || Stream.of(door.executable().getParameterTypes()).anyMatch(PublicApi::isTrusted)
        || LEFT_OUT.containsKey(door.label())
        || (door.hasReceiver()
            && (UNREACHABLE.contains(door.type()) || CALLBACKS.contains(door.type())));
  }

  static Set<String> leftOut() {
    return LEFT_OUT.keySet();
  }

  /** Runs the calls. */
  public static void main(String[] args) throws Exception {
    HostileRun run = new HostileRun(Long.parseLong(args[0]), Path.of(args[3]), System.out);
    run.watch(Thread.currentThread());
    run.all(Long.parseLong(args[1]), Long.parseLong(args[2]));
    System.exit(run.problems.isEmpty() ? 0 : 1);
  }

  private void all(long from, long to) {
    long first = from;
    while (first < to) {
      long end = Math.min(to, first + LEAKS);
      String leak = leakOf(first, end);
      if (leak != null) {
        leakOfOne(first, end, leak);
      }
      first = end;
    }
    out.println(
        (to - from)
            + " calls of "
            + doors.size()
            + " methods, "
            + returned.size()
            + " of which returned: "
            + results
            + " results, "
            + compared
            + " of them compared with the reference, "
            + exceptions
            + " exceptions, "
            + problems.size()
            + " problems");
  }

  private @Nullable String leakOf(long from, long to) {
    closeEngines();
    LeakCheck check = LeakCheck.start();
    for (long number = from; number < to; number++) {
      one(number);
    }
    closeEngines();
    String leak = check.leak().orElse(null);
    // Segments, and runners that were forgotten, are given back when they are unreachable; and
    // threads that get loops and models ready have memory of their own for a while.
    for (int attempt = 0; leak != null && attempt < 1000; attempt++) {
      if (attempt % 50 == 0) {
        System.gc();
      }
      sleep();
      leak = check.leak().orElse(null);
    }
    return leak;
  }

  private void leakOfOne(long from, long to, String leak) {
    for (long number = from; number < to; number++) {
      String own = leakOf(number, number + 1);
      if (own != null) {
        problem("leaks", number, running, own, null);
        return;
      }
    }
    problem("leaks", from, "calls " + from + " to " + to, leak + ", none of them alone", null);
  }

  private void closeEngines() {
    surroundings.engines.forEach(Engine::close);
    surroundings.reference.close();
  }

  private static void sleep() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void one(long number) {
    Door door = turns.get((int) (number % turns.size()));
    // Outermost, so that scopes that a method opens are inside it.
    try (Scope _ = Scope.open()) {
      call(door, number);
    } catch (RuntimeException e) {
      problem("closing", number, running, "closing what was made: " + e, e);
    }
  }

  private Numbers numbers(long number) {
    return new Numbers(new SplittableRandom(seed * 1_000_003 + number));
  }

  /** Makes a call, and makes it again on the reference where the results can be compared. */
  private void call(Door door, long number) {
    Made made = make(door, number, null);
    if (made != null && made.comparable && (made.tame || made.thrown == null)) {
      Made expected = make(door, number, surroundings.reference);
      if (expected != null) {
        compare(number, made, expected);
      }
    }
  }

  private void compare(long number, Made made, Made expected) {
    compared++;
    Throwable thrown = made.thrown;
    Throwable wanted = expected.thrown;
    if (thrown == null && wanted == null) {
      // Of hostile arguments that the two take alike, the numbers are of no interest.
      String difference = made.tame ? Results.difference(expected.results, made.results) : null;
      if (difference != null) {
        problem("differs from the reference", number, running, difference, null);
      }
    } else if (thrown == null) {
      // The reference has arrays of its own, which some shapes are too large for.
      if (made.tame
          || wanted instanceof IllegalArgumentException
          || wanted instanceof IndexOutOfBoundsException) {
        problem("the reference throws", number, running, "" + wanted, wanted);
      }
    } else if (wanted == null
        && !(thrown instanceof UnsupportedOperationException)
        && !(thrown instanceof OutOfNativeMemoryException)) {
      problem("throws, the reference does not", number, running, "" + thrown, thrown);
    }
  }

  /** What came of a call. */
  private record Made(
      @Nullable Throwable thrown, List<Tensor> results, boolean tame, boolean comparable) {}

  /** Makes the arguments and the call; null where there are no arguments for it. */
  private @Nullable Made make(Door door, long number, @Nullable Engine engine) {
    Numbers numbers = numbers(number);
    boolean writes = door.executable().getName().startsWith("write");
    try (Arguments making = new Arguments(numbers, surroundings, writes)) {
      int hostile = numbers.chance(0.3) ? 0 : numbers.chance(0.8) ? 1 : 2;
      boolean onHostile =
          door.hasReceiver() && hostile > 0 && numbers.below(door.parameters().length + 1) == 0;
      if (INDEXING.matcher(door.label()).find()) {
        making.operands.index();
      }
      Object receiver = door.hasReceiver() ? making.receiver(door.type(), onHostile) : null;
      if (door.hasReceiver() && receiver == null) {
        return null; // Found by chance alone, and not each time.
      }
      @Nullable Object[] arguments = making.arguments(door, onHostile ? hostile - 1 : hostile, 0);
      running =
          number
              + " "
              + (engine == null ? "" : "reference: ")
              + Description.of(door, receiver, arguments);
      log.note(running);
      boolean mayWrite =
          WRITE.contains(door.executable().getName())
              || door.executable().getName().endsWith("InPlace")
              || door.type().getName().endsWith("Initialize");
      List<Tensor> given =
          mayWrite
              ? List.of()
              : Results.tensors(
                  List.of(
                      java.util.Arrays.asList(arguments), receiver == null ? List.of() : receiver));
      long[] sums = given.stream().mapToLong(HostileRun::checksum).toArray();
      Object result = null;
      Throwable thrown = null;
      started = System.nanoTime();
      try {
        result =
            engine == null
                ? door.call(receiver, arguments)
                : under(engine, door, receiver, arguments);
        results++;
        returned.add(door);
      } catch (Throwable e) {
        thrown = e;
        exceptions++;
        String problem = Outcome.problem(e, arguments, making.returnedNull());
        if (problem != null && engine == null) {
          problem(problem, number, running, e.getMessage(), e);
        }
      } finally {
        started = 0;
      }
      if (thrown == null) {
        for (int i = 0; i < arguments.length; i++) {
          if (arguments[i] == null && !door.takesNull(i) && engine == null) {
            problem("takes null as argument " + i, number, running, Description.of(result), null);
          }
        }
      }
      for (int i = 0; i < sums.length; i++) {
        if (sums[i] != checksum(given.get(i))) {
          problem("writes to an argument", number, running, Description.of(given.get(i)), null);
        }
      }
      List<Tensor> tensors = thrown == null ? Results.tensors(result) : List.of();
      if (thrown == null && number % 4 == 0 && result != null) {
        running = number + " text of the result of " + running;
        String _ = String.valueOf(result);
        int _ = result.hashCode();
      }
      if (result instanceof AutoCloseable closeable
          && !(result instanceof Tensor)
          && result != receiver) {
        closeable.close();
      }
      boolean comparable =
          !UNCOMPARED.contains(door.executable().getName())
              && !making.operands.areUntrue()
              && (thrown != null || Results.areTensors(result));
      return new Made(thrown, tensors, hostile == 0 && making.operands.areTame(), comparable);
    } catch (Throwable e) {
      problem("around a call", number, running, "" + e, e);
      return null;
    }
  }

  private static @Nullable Object under(
      Engine engine, Door door, @Nullable Object receiver, @Nullable Object[] arguments)
      throws Throwable {
    Throwable[] thrown = new Throwable[1];
    Object result =
        engine.with(
            () -> {
              try {
                return door.call(receiver, arguments);
              } catch (Throwable e) {
                thrown[0] = e;
                return null;
              }
            });
    if (thrown[0] != null) {
      throw thrown[0];
    }
    return result;
  }

  /** Returns a number that depends on all elements; 0 where they cannot be read. */
  private static long checksum(Tensor tensor) {
    long[] sum = {0};
    try {
      tensor.read(
          memory -> {
            for (long i = 0; i < Math.min(4096, memory.byteSize()); i++) {
              sum[0] = sum[0] * 31 + memory.get(ValueLayout.JAVA_BYTE, i);
            }
          });
    } catch (IllegalStateException | WrongThreadException e) {
      return 0;
    }
    return sum[0];
  }

  /** Notes a problem, once for each method and kind. */
  private void problem(
      String kind, long number, String call, @Nullable String details, @Nullable Throwable thrown) {
    Door door = turns.get((int) (number % turns.size()));
    String where = thrown == null ? "" : frames(thrown);
    if (problems.putIfAbsent(kind + (thrown == null ? door.label() : where), "") == null) {
      out.println("PROBLEM " + kind + "\n  call: " + call + "\n  " + details);
      if (!where.isEmpty()) {
        out.println(where);
      }
      if (thrown != null && thrown.getCause() != null) {
        out.println("  because of " + thrown.getCause() + "\n" + frames(thrown.getCause()));
      }
      out.flush();
    }
  }

  private static String frames(Throwable thrown) {
    StringBuilder text = new StringBuilder();
    int shown = 0;
    for (StackTraceElement frame : thrown.getStackTrace()) {
      if (frame.getClassName().startsWith("org.gatun.safety") || shown == 7) {
        break;
      }
      if (!frame.getClassName().contains("reflect")) {
        text.append(shown++ == 0 ? "" : "\n").append("    at ").append(frame);
      }
    }
    return text.toString();
  }

  /** Ends the process, with the stack of the call, where one does not return. */
  private void watch(Thread calling) {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              java.lang.management.ThreadMXBean threads =
                  java.lang.management.ManagementFactory.getThreadMXBean();
              long last = 0;
              long cpu = 0;
              while (true) {
                sleep();
                long now = started;
                if (now == 0 || now != last) {
                  last = now;
                  cpu = threads.getThreadCpuTime(calling.threadId());
                  continue;
                }
                // A thread that waits counts too, but a machine that is busy with others less.
                boolean busy = threads.getThreadCpuTime(calling.threadId()) - cpu > HANG_NANOS;
                if (busy || System.nanoTime() - now > 6 * HANG_NANOS) {
                  out.println("PROBLEM hangs\n  call: " + running);
                  for (StackTraceElement frame : calling.getStackTrace()) {
                    out.println("    at " + frame);
                  }
                  out.flush();
                  Runtime.getRuntime().halt(3);
                }
              }
            });
  }
}
