package org.gatun.bindings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.gatun.bindings.onednn.OneDnn;
import org.gatun.bindings.onednn.dnnl_version_t;
import org.gatun.bindings.openblas.OpenBlas;
import org.gatun.bindings.openblas.openblas_complex_double;
import org.gatun.bindings.openmp.GOMP_parallel$fn;
import org.gatun.bindings.openmp.OpenMp;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The generated bindings against the libraries that come with them. */
class BindingsTest {

  @BeforeAll
  static void load() {
    NativeLibraries.load();
  }

  @ParameterizedTest
  @ValueSource(classes = {OneDnn.class, OpenBlas.class, OpenMp.class})
  void everyFunctionIsInItsLibrary(Class<?> bindings) throws ReflectiveOperationException {
    var addresses =
        Arrays.stream(bindings.getMethods())
            .filter(method -> method.getName().endsWith("$address"))
            .toList();
    assertNotEquals(0, addresses.size());
    for (var address : addresses) {
      assertNotEquals(MemorySegment.NULL, address.invoke(null), address.getName());
    }
  }

  @Test
  void oneDnnIsOfTheVersionThatTheHeadersHave() {
    var version = OneDnn.dnnl_version();

    assertEquals(OneDnn.DNNL_VERSION_MAJOR(), dnnl_version_t.major(version));
    assertEquals(OneDnn.DNNL_VERSION_MINOR(), dnnl_version_t.minor(version));
  }

  @Test
  void openBlasIsOfTheVersionThatTheHeadersHave() {
    var version = OpenBlas.OPENBLAS_VERSION().getString(0).strip();

    assertTrue(OpenBlas.openblas_get_config().getString(0).startsWith(version), version);
  }

  @Test
  void anEngineIsMadeAndDestroyed() {
    try (var arena = Arena.ofConfined()) {
      var engine = arena.allocate(OneDnn.dnnl_engine_t);

      assertEquals(OneDnn.dnnl_success(), OneDnn.dnnl_engine_create(engine, OneDnn.dnnl_cpu(), 0));
      assertEquals(
          OneDnn.dnnl_success(), OneDnn.dnnl_engine_destroy(engine.get(OneDnn.dnnl_engine_t, 0)));
    }
  }

  @Test
  void complexResultsComeBackByValue() {
    try (var arena = Arena.ofConfined()) {
      var x = arena.allocateFrom(ValueLayout.JAVA_DOUBLE, 1, 2, 3, 4);
      var y = arena.allocateFrom(ValueLayout.JAVA_DOUBLE, 5, 6, 7, 8);

      var dot = OpenBlas.cblas_zdotu(arena, 2, x, 1, y, 1);

      // (1 + 2i)(5 + 6i) + (3 + 4i)(7 + 8i)
      assertEquals(-18, openblas_complex_double.real(dot));
      assertEquals(68, openblas_complex_double.imag(dot));
    }
  }

  @Test
  void aTeamCallsBackEachOfItsThreadsOnce() {
    var calls = new AtomicIntegerArray(2);
    try (var arena = Arena.ofConfined()) {
      var body =
          GOMP_parallel$fn.allocate(
              data -> calls.incrementAndGet(OpenMp.omp_get_thread_num()), arena);

      OpenMp.GOMP_parallel(body, MemorySegment.NULL, calls.length(), 0);
    }
    assertTrue(
        IntStream.range(0, calls.length()).allMatch(i -> calls.get(i) == 1), calls::toString);
  }
}
