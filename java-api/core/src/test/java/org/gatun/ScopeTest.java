package org.gatun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class ScopeTest {
  private static Tensor made() {
    return Tensor.zeros(DType.F32, 2, 3);
  }

  @Test
  void closesWhatWasMadeInsideIt() {
    Tensor before = made();
    Tensor inside;
    Tensor view;
    try (Scope scope = Scope.open()) {
      inside = made();
      view = before.flatten();
      assertFalse(inside.isClosed());
      assertSame(view, scope.keep(view));
    }
    assertTrue(inside.isClosed());
    assertFalse(before.isClosed());
    assertFalse(view.isClosed());
    before.close();
    assertEquals(0, view.get(5));
    view.close();
  }

  @Test
  void memoryComesBack() {
    long live = LiveBlocks.settled();
    try (Scope _ = Scope.open()) {
      for (int i = 0; i < 300; i++) {
        Tensor tensor = made();
        if (i % 2 == 0) {
          tensor.close();
        }
      }
      assertEquals(live + 150, LiveBlocks.count());
    }
    assertEquals(live, LiveBlocks.count());
  }

  @Test
  void whatIsKeptBelongsToTheOuterScope() {
    Tensor kept;
    Tensor twice;
    try (Scope outer = Scope.open()) {
      try (Scope inner = Scope.open()) {
        kept = inner.keep(made());
        twice = outer.keep(inner.keep(made()));
      }
      assertFalse(kept.isClosed());
    }
    assertTrue(kept.isClosed());
    assertFalse(twice.isClosed());
    twice.close();
  }

  @Test
  void afterAScopeTheOuterOneGoesOn() {
    Tensor later;
    try (Scope _ = Scope.open()) {
      try (Scope _ = Scope.open()) {
        made();
      }
      later = made();
    }
    assertTrue(later.isClosed());
    Tensor free = made();
    assertFalse(free.isClosed());
    free.close();
  }

  @Test
  void otherThreadsStayOutside() {
    Scope scope = Scope.open();
    Tensor theirs = CompletableFuture.supplyAsync(ScopeTest::made).join();
    scope.close();
    assertFalse(theirs.isClosed());
    theirs.close();
  }

  @Test
  void otherThreadsMayNotUseIt() {
    try (Scope scope = Scope.open()) {
      Tensor mine = made();
      var e =
          assertThrows(
              CompletionException.class, () -> CompletableFuture.runAsync(scope::close).join());
      assertTrue(e.getCause() instanceof WrongThreadException, () -> "" + e.getCause());
      assertTrue(e.getCause().getMessage().contains(Thread.currentThread().getName()));
      assertThrows(
          CompletionException.class,
          () -> CompletableFuture.runAsync(() -> scope.keep(mine)).join());
      assertFalse(mine.isClosed());
    }
  }

  @Test
  void closingOutOfOrderFailsAndClosesAll() {
    try (Scope around = Scope.open()) {
      Tensor kept = made();
      Scope outer = Scope.open();
      Tensor ofOuter = made();
      Scope inner = Scope.open();
      Tensor ofInner = made();
      Scope innermost = Scope.open();
      Tensor ofInnermost = made();
      var e = assertThrows(IllegalStateException.class, outer::close);
      assertEquals("scope: closed before a scope that was opened inside it", e.getMessage());
      assertTrue(ofOuter.isClosed() && ofInner.isClosed() && ofInnermost.isClosed());
      innermost.close();
      inner.close();
      outer.close();
      assertThrows(IllegalStateException.class, () -> inner.keep(ofInner));
      Tensor later = around.keep(made()); // The scope around goes on.
      assertFalse(kept.isClosed());
      later.close();
    }
  }

  @Test
  void closedScopes() {
    Scope scope = Scope.open();
    Tensor tensor = made();
    scope.close();
    scope.close();
    assertThrows(IllegalStateException.class, () -> scope.keep(tensor));
  }

  @Test
  void keepingWhatIsNotItsOwnDoesNothing() {
    Tensor before = made();
    try (Scope scope = Scope.open()) {
      assertSame(before, scope.keep(before));
    }
    assertFalse(before.isClosed());
    before.close();
  }
}
