package org.gatun.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version of Gatun, which the build writes beside this class. */
public final class Version implements IVersionProvider {
  private static final String FILE = "version.properties";

  /** Made by picocli. */
  Version() {}

  /** Returns the version, such as {@code 0.1.0}. */
  public static String gatun() {
    Properties properties = new Properties();
    try (InputStream file = Version.class.getResourceAsStream(FILE)) {
      if (file == null) {
        throw new IllegalStateException("version: " + FILE + " is not beside its class");
      }
      properties.load(file);
    } catch (IOException e) {
      throw new UncheckedIOException("version: " + FILE + " cannot be read", e);
    }
    return properties.getProperty("version");
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "gatun " + gatun() + ", JDK " + Runtime.version() + ", " + System.getProperty("os.name")
    };
  }
}
