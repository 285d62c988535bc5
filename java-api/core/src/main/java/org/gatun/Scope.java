package org.gatun;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Closes the tensors that were made inside it.
 *
 * <pre>{@code
 * try (Scope scope = Scope.open()) {
 *   Tensor hidden = x.matmul(w).add(b).relu(); // three tensors, closed at the end
 *   return scope.keep(hidden.softmax(-1)); // but for this one
 * }
 * }</pre>
 *
 * <p>A scope belongs to the thread that opened it, and to it alone: what other threads make
 * meanwhile is not the scope's. Scopes nest and are closed innermost first. One that is never
 * closed keeps its tensors until a scope around it is closed or its thread has ended; then the
 * garbage collector finds them.
 */
public final class Scope implements AutoCloseable {
  private static final ThreadLocal<@Nullable Scope> CURRENT = new ThreadLocal<>();

  private final @Nullable Scope outer;
  private final Thread owner = Thread.currentThread();
  private List<Tensor> tensors = new ArrayList<>();
  private int compactAt = 64;
  private boolean closed;

  private Scope(@Nullable Scope outer) {
    this.outer = outer;
  }

  /** Returns a new scope, which the tensors that this thread makes belong to until it is closed. */
  public static Scope open() {
    Scope scope = new Scope(CURRENT.get());
    CURRENT.set(scope);
    return scope;
  }

  /** Has the innermost scope of this thread, if there is one, close the tensor. */
  static void adopt(Tensor tensor) {
    Scope current = CURRENT.get();
    if (current != null) {
      current.add(tensor);
    }
  }

  private void add(Tensor tensor) {
    if (tensors.size() >= compactAt) {
      // A long loop may close its tensors itself: do not remember them for ever.
      tensors.removeIf(Tensor::isClosed);
      compactAt = Math.max(64, 2 * tensors.size());
    }
    tensors.add(tensor);
  }

  /**
   * Returns the tensor, which this scope does not close any more: the scope around this one does,
   * or the caller where there is none.
   *
   * @throws IllegalStateException if this scope is closed
   * @throws WrongThreadException if another thread opened this scope
   */
  public Tensor keep(Tensor tensor) {
    checkUsable();
    Objects.requireNonNull(tensor, "scope: tensor is null");
    int at = tensors.lastIndexOf(tensor);
    if (at >= 0) {
      tensors.remove(at);
      if (outer != null) {
        outer.add(tensor);
      }
    }
    return tensor;
  }

  /**
   * Returns the tensor, which no scope of this thread closes any more: it has another owner, as the
   * parameters of a layer have.
   */
  public static Tensor detach(Tensor tensor) {
    Objects.requireNonNull(tensor, "scope: tensor is null");
    for (Scope scope = CURRENT.get(); scope != null; scope = scope.outer) {
      int at = scope.tensors.lastIndexOf(tensor);
      if (at >= 0) {
        scope.tensors.remove(at);
      }
    }
    return tensor;
  }

  private void checkUsable() {
    if (Thread.currentThread() != owner) {
      throw new WrongThreadException(
          "scope: used by thread "
              + Thread.currentThread().getName()
              + ", expected "
              + owner.getName()
              + ", which opened it");
    }
    if (closed) {
      throw new IllegalStateException("scope: it is closed");
    }
  }

  /**
   * Closes the tensors of this scope. Closing a scope twice does nothing. A tensor that an operator
   * is reading, as where the function of {@link org.gatun.runtime.Engine#call} closes a scope
   * around the call, keeps its memory until the operator has ended.
   *
   * @throws IllegalStateException if a scope that was opened inside this one is still open: it was
   *     forgotten, or belongs to somebody who called. It is closed first, and this one too, before
   *     the exception is thrown: the tensors of both would never be closed otherwise
   * @throws WrongThreadException if another thread opened this scope
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    checkUsable();
    boolean innermost = true;
    for (Scope inner = CURRENT.get(); inner != null && inner != this; inner = inner.outer) {
      innermost = false;
      inner.end();
    }
    end();
    if (!innermost) {
      throw new IllegalStateException("scope: closed before a scope that was opened inside it");
    }
  }

  private void end() {
    closed = true;
    if (outer == null) {
      CURRENT.remove();
    } else {
      CURRENT.set(outer);
    }
    for (Tensor tensor : tensors) {
      tensor.close();
    }
    tensors = List.of();
  }
}
