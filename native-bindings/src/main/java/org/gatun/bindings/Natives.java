package org.gatun.bindings;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** The natives jar of a platform, wherever it is. */
interface Natives {
  /** Returns the content of a file of the jar's natives folder. */
  InputStream open(String file) throws IOException;

  /** Returns where the jar was found, for messages. */
  String location();

  /**
   * Returns the natives jar of a platform, from the class path or the module path.
   *
   * @throws NativeLibraryException if there is none
   */
  static Natives find(String platform) {
    if (!Platform.PACKAGED.contains(platform)) {
      throw new NativeLibraryException(
          "platform: %s, expected a 64-bit JVM on one of %s; elsewhere set the system properties %s and %s to the paths of libraries of your own"
              .formatted(
                  platform,
                  Platform.PACKAGED,
                  Component.ONEDNN.property(),
                  Component.OPENBLAS.property()));
    }
    String folder = "META-INF/gatun/natives/".concat(platform).concat("/");
    URL manifest = Natives.class.getClassLoader().getResource(folder.concat(NativesManifest.FILE));
    if (manifest != null) {
      return beside(manifest);
    }
    return onModulePath(platform, folder)
        .orElseThrow(
            () ->
                new NativeLibraryException(
                    "natives: none for %s on the class path or the module path, expected the dependency org.gatun:gatun-natives with the classifier %s, in the version of org.gatun:gatun (Maven adds it by itself, other build tools do not)"
                        .formatted(platform, platform)));
  }

  /** Returns the content of the manifest. */
  default NativesManifest manifest() {
    try (var stream = open(NativesManifest.FILE)) {
      String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      return NativesManifest.parse(text, location());
    } catch (IOException e) {
      throw new NativeLibraryException(
          "natives: %s cannot be read: %s".formatted(location(), e), e);
    }
  }

  private static Natives beside(URL manifest) {
    String url = manifest.toString();
    String base = url.substring(0, url.length() - NativesManifest.FILE.length());
    return new Natives() {
      @Override
      public InputStream open(String file) throws IOException {
        URLConnection connection = URI.create(base.concat(file)).toURL().openConnection();
        // A cached connection would keep the jar open for the life of the process.
        connection.setUseCaches(false);
        return connection.getInputStream();
      }

      @Override
      public String location() {
        return url;
      }
    };
  }

  /**
   * Looks on the module path itself: nothing requires the natives jar, so that it is no module of
   * the application unless the user adds it with {@code --add-modules}.
   */
  private static Optional<Natives> onModulePath(String platform, String folder) {
    Path[] entries =
        Arrays.stream(System.getProperty("jdk.module.path", "").split(File.pathSeparator))
            .filter(entry -> !entry.isEmpty())
            .map(Path::of)
            .toArray(Path[]::new);
    String module = "org.gatun.natives." + platform.replace('-', '.');
    return ModuleFinder.of(entries).find(module).map(reference -> inside(reference, folder));
  }

  private static Natives inside(ModuleReference module, String folder) {
    return new Natives() {
      @Override
      public InputStream open(String file) throws IOException {
        var reader = module.open();
        InputStream content =
            reader.open(folder + file).orElseThrow(() -> new FileNotFoundException(folder + file));
        return new FilterInputStream(content) {
          @Override
          public void close() throws IOException {
            try (reader) {
              super.close();
            }
          }
        };
      }

      @Override
      public String location() {
        return module.location().map(URI::toString).orElse(module.descriptor().name());
      }
    };
  }
}
