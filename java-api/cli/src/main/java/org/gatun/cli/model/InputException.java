package org.gatun.cli.model;

/** What the command line says of a model's inputs does not fit the model. */
public final class InputException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with a message that names the option. */
  InputException(String message) {
    super(message);
  }
}
