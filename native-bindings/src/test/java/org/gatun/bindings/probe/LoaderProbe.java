package org.gatun.bindings.probe;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.gatun.bindings.NativeLibraries;
import org.gatun.bindings.NativeLibraryException;

/**
 * A program that loads the libraries and prints what happened, for tests to start in a JVM of its
 * own. It has a package of its own, because it also runs on the class path beside the module.
 */
public final class LoaderProbe {
  private LoaderProbe() {}

  /**
   * Prints {@code loaded MILLISECONDS} and what is loaded, or {@code failed MESSAGE}; the argument
   * is the number of threads that load at once.
   */
  public static void main(String[] args) throws Throwable {
    int threads = Integer.parseInt(args[0]);
    long start = System.nanoTime();
    try {
      loadFrom(threads);
    } catch (NativeLibraryException e) {
      System.out.println("failed " + e.getMessage());
      printSecondFailure();
      return;
    }
    System.out.println("loaded " + (System.nanoTime() - start) / 1_000_000);
    for (NativeLibraries.Library library : NativeLibraries.loaded()) {
      System.out.println(library);
    }
    System.out.println("openblas threads " + openBlasThreads());
    printMappedOpenMp();
  }

  private static void loadFrom(int threads) throws InterruptedException {
    var others = new ArrayList<Thread>();
    for (int i = 1; i < threads; i++) {
      others.add(Thread.ofPlatform().start(NativeLibraries::load));
    }
    NativeLibraries.load();
    for (Thread other : others) {
      other.join();
    }
  }

  private static void printSecondFailure() {
    try {
      NativeLibraries.load();
      System.out.println("second load passed");
    } catch (NativeLibraryException e) {
      System.out.println("failed again " + e.getMessage());
    }
  }

  private static int openBlasThreads() throws Throwable {
    var function =
        Linker.nativeLinker()
            .downcallHandle(
                SymbolLookup.loaderLookup().findOrThrow("openblas_get_num_threads"),
                FunctionDescriptor.of(JAVA_INT));
    return (int) function.invokeExact();
  }

  private static void printMappedOpenMp() throws IOException {
    Path maps = Path.of("/proc/self/maps");
    if (Files.exists(maps)) {
      try (var lines = Files.lines(maps)) {
        lines
            .filter(line -> line.contains("gomp"))
            .map(line -> "mapped " + line.substring(line.indexOf('/')))
            .distinct()
            .forEach(System.out::println);
      }
    }
  }
}
