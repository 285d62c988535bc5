package org.gatun.runtime;

/** Whether the JVM was started with the Vector API. */
public final class VectorSupport {
  private static final String MODULE = "jdk.incubator.vector";
  private static final boolean AVAILABLE = detect();

  private VectorSupport() {}

  private static boolean detect() {
    if ("false".equals(System.getProperty("gatun.vector"))) {
      return false;
    }
    boolean found = ModuleLayer.boot().findModule(MODULE).isPresent();
    if (!found) {
      System.getLogger("org.gatun.vector")
          .log(
              System.Logger.Level.WARNING,
              "vector: module "
                  + MODULE
                  + " is not resolved, Java kernels run without it and slower;"
                  + " start the JVM with --add-modules "
                  + MODULE);
    }
    return found;
  }

  /**
   * Returns whether Java kernels use the Vector API: its module is resolved, and the property
   * {@code gatun.vector} is not {@code false}.
   */
  public static boolean isAvailable() {
    return AVAILABLE;
  }

  /**
   * Does nothing where the Vector API is there.
   *
   * @throws IllegalStateException where it is not
   */
  static void require() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      throw new IllegalStateException(
          "vector: module "
              + MODULE
              + " is not resolved; start the JVM with --add-modules "
              + MODULE);
    }
  }
}
