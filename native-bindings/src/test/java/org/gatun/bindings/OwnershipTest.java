package org.gatun.bindings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Which folders libraries are loaded from. */
@DisabledOnOs(OS.WINDOWS)
class OwnershipTest {
  @TempDir private Path temporary;

  private final Ownership ownership = Ownership.ofThisProcess();
  private Path root;

  @BeforeEach
  void resolve() throws IOException {
    root = temporary.toRealPath();
  }

  @Test
  void createsWhatIsMissingForItsUserToWrite() throws IOException {
    Path folder = ownership.folder(root.resolve("a/b/c"), true);
    assertEquals(root.resolve("a/b/c"), folder);
    assertEquals(
        "rwxr-xr-x",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("a/b"))));
  }

  @Test
  void followsLinksAndNamesWhereTheyLead() throws IOException {
    Files.createDirectories(root.resolve("real/cache"));
    Files.createSymbolicLink(root.resolve("absolute"), root.resolve("real"));
    Files.createSymbolicLink(root.resolve("relative"), Path.of("real/../absolute"));
    assertEquals(
        root.resolve("real/cache"), ownership.folder(root.resolve("relative/cache"), true));
  }

  @Test
  void aParentThatOthersCanWriteIsRefused() throws IOException {
    Path open = Files.createDirectory(root.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    var e = refused(open.resolve("cache"));
    assertTrue(e.startsWith("cache: " + open + " has mode 777, so that others could"), e);
    assertTrue(e.contains("chmod go-w") && e.contains("gatun.natives.verify=always"), e);
    assertFalse(Files.exists(open.resolve("cache")), "nothing is created where it is not safe");
    assertEquals(open.resolve("cache"), ownership.folder(open.resolve("cache"), false));
  }

  @Test
  void soIsOneThatALinkLeadsThrough() throws IOException {
    Path open = Files.createDirectory(root.resolve("open"));
    Files.createDirectory(open.resolve("cache"));
    Files.createSymbolicLink(root.resolve("first"), root.resolve("second"));
    Files.createSymbolicLink(root.resolve("second"), open.resolve("cache"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertTrue(refused(root.resolve("first")).startsWith("cache: " + open + " has mode 777"));
  }

  @Test
  void aStickyParentIsLikeTmp() throws IOException {
    Path sticky = Files.createDirectory(root.resolve("sticky"));
    Files.setAttribute(sticky, "unix:mode", 01777);
    assertEquals(sticky.resolve("cache"), ownership.folder(sticky.resolve("cache"), true));
  }

  @Test
  void aLinkOfAnotherUserIsRefused() throws IOException {
    assumeTrue(isRoot(), "only root can give a link away");
    Path sticky = Files.createDirectory(root.resolve("sticky"));
    Files.setAttribute(sticky, "unix:mode", 01777);
    Path own = Files.createDirectory(root.resolve("own"));
    Path link = Files.createSymbolicLink(sticky.resolve("cache"), own);
    Files.setAttribute(link, "unix:uid", 1234, LinkOption.NOFOLLOW_LINKS);
    assertTrue(refused(link).startsWith("cache: " + link + " belongs to user 1234, expected"));
  }

  @Test
  void aParentOfAnotherUserIsRefused() throws IOException {
    assumeTrue(isRoot(), "only root can give a folder away");
    Path foreign = Files.createDirectory(root.resolve("foreign"));
    Files.setAttribute(foreign, "unix:uid", 1234);
    assertTrue(
        refused(foreign.resolve("cache"))
            .startsWith("cache: " + foreign + " belongs to user 1234, expected user 0"));
  }

  @Test
  void theGroupOfAUserAloneMayWrite() throws IOException {
    assumeTrue(isRoot(), "only root can give a folder away");
    Path shared = Files.createDirectory(root.resolve("shared"));
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxr-x"));
    Path cache = shared.resolve("cache");
    assertEquals(cache, ownership.folder(cache, true), "root's own group");
    Files.setAttribute(shared, "unix:gid", 1234);
    assertTrue(refused(cache).startsWith("cache: " + shared + " has mode 775"));
  }

  @Test
  void linksThatLeadNowhereEnd() throws IOException {
    Files.createSymbolicLink(root.resolve("a"), root.resolve("b"));
    Files.createSymbolicLink(root.resolve("b"), root.resolve("a"));
    assertThrows(
        FileSystemLoopException.class, () -> ownership.folder(root.resolve("a/cache"), true));
  }

  @Test
  void theOwnerOfASandboxIsNotToldFromRoot() throws IOException {
    Path map = Files.writeString(root.resolve("map"), "         0          0 4294967295\n");
    assertFalse(Ownership.rootIsUnmapped(map));
    Files.writeString(map, "         0       1000          1\n");
    assertTrue(Ownership.rootIsUnmapped(map));
    Files.writeString(map, "0 1000 1\n1 100000 65536\n");
    assertFalse(Ownership.rootIsUnmapped(map));
    assertFalse(Ownership.rootIsUnmapped(root.resolve("absent")));
  }

  private String refused(Path path) {
    return assertThrows(NativeLibraryException.class, () -> ownership.folder(path, true))
        .getMessage();
  }

  private static boolean isRoot() {
    return CLibrary.effectiveUser() == 0;
  }
}
