package org.gatun.bindings;

import java.util.List;
import java.util.Locale;

/** Names platforms as the classifiers of {@code gatun-natives} do: {@code linux-x86_64}. */
final class Platform {
  /** The platforms that gatun-natives has a jar for. */
  static final List<String> PACKAGED =
      List.of("linux-x86_64", "linux-arm64", "macosx-arm64", "windows-x86_64");

  private static final String CURRENT =
      of(System.getProperty("os.name"), System.getProperty("os.arch"));

  private Platform() {}

  /** Returns the platform of this JVM. */
  static String current() {
    return CURRENT;
  }

  /**
   * Returns the platform that a JVM names by {@code os.name} and {@code os.arch}, also one that
   * gatun-natives has no jar for.
   */
  static String of(String osName, String osArch) {
    String os = osName.toLowerCase(Locale.ROOT);
    if (os.startsWith("mac")) {
      os = "macosx";
    } else if (os.startsWith("windows")) {
      os = "windows";
    }
    String arch = osArch.toLowerCase(Locale.ROOT);
    if (arch.equals("amd64")) {
      arch = "x86_64";
    } else if (arch.equals("aarch64")) {
      arch = "arm64";
    }
    return String.join("-", os, arch);
  }

  static boolean isLinux(String platform) {
    return platform.startsWith("linux-");
  }

  static boolean isMac(String platform) {
    return platform.startsWith("macosx-");
  }

  static boolean isWindows(String platform) {
    return platform.startsWith("windows-");
  }
}
