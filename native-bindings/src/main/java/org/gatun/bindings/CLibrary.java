package org.gatun.bindings;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The functions of the operating system that loading needs and the JDK does not offer. */
final class CLibrary {
  private static final Linker LINKER = Linker.nativeLinker();

  private CLibrary() {}

  /** Returns glibc's version, as {@code 2.36}; empty if the C library is another one. */
  static Optional<String> glibcVersion() {
    return LINKER
        .defaultLookup()
        .find("gnu_get_libc_version")
        .map(
            address -> {
              var function = LINKER.downcallHandle(address, FunctionDescriptor.of(ADDRESS));
              try {
                return ((MemorySegment) function.invokeExact()).reinterpret(64).getString(0);
              } catch (Throwable e) {
                throw neverThrown(e);
              }
            });
  }

  /** Returns the number of the user whose rights this process has. POSIX only. */
  static int effectiveUser() {
    MethodHandle function = handle("geteuid", FunctionDescriptor.of(JAVA_INT));
    try {
      return (int) function.invokeExact();
    } catch (Throwable e) {
      throw neverThrown(e);
    }
  }

  /** Sets a variable in the environment that C code of this process sees, unless it is set. */
  static void setEnvironmentIfUnset(String name, String value) {
    if (System.getenv(name) != null) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      int status;
      if (Platform.isWindows(Platform.current())) {
        // OpenBLAS asks the system, not the C runtime, of which a process may have several.
        var kernel = SymbolLookup.libraryLookup("kernel32", arena);
        MethodHandle function =
            LINKER.downcallHandle(
                kernel.findOrThrow("SetEnvironmentVariableW"),
                FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
        int set =
            (int)
                function.invokeExact(
                    arena.allocateFrom(name, StandardCharsets.UTF_16LE),
                    arena.allocateFrom(value, StandardCharsets.UTF_16LE));
        status = set == 0 ? -1 : 0;
      } else {
        MethodHandle function =
            handle("setenv", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
        // The last argument forbids overwriting what another library of this process has set.
        status = (int) function.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 0);
      }
      if (status != 0) {
        throw new NativeLibraryException(
            "environment: %s=%s could not be set".formatted(name, value));
      }
    } catch (NativeLibraryException | IllegalCallerException e) {
      throw e;
    } catch (Throwable e) {
      throw neverThrown(e);
    }
  }

  private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor);
  }

  private static AssertionError neverThrown(Throwable e) {
    return new AssertionError("a downcall throws nothing", e);
  }
}
