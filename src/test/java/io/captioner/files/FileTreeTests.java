package io.captioner.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreeTests {
    @TempDir
    private Path root;

    @Test
    void clutterIsPassedOver() throws IOException {
        files("a.jpg", "b/c.jpg", "._a.jpg", ".DS_Store", "@eaDir/a.jpg/x.jpg", "Thumbs.db", "desktop.ini", ".nfs0001");
        files(
                "#recycle/a.jpg",
                "$RECYCLE.BIN/x",
                ".Spotlight-V100/x",
                ".Trashes/x",
                "lost+found/x",
                "__MACOSX/b/c.jpg");

        FileTree tree = FileTree.of(root);

        assertThat(tree.files()).containsOnlyKeys("a.jpg", "b/c.jpg");
        assertThat(tree.passedOver().faulty()).isEmpty();
        assertThat(tree.passedOver().toString())
                .startsWith("12: #recycle, $RECYCLE.BIN, ")
                .endsWith(", ...");
    }

    @Test
    void loopsOfLinksEndAndEachFolderIsReadOnceByItsOwnPath() throws IOException {
        files("z/a.jpg", "b/c.jpg");
        Files.createSymbolicLink(root.resolve("b/up"), Path.of(".."));
        Files.createSymbolicLink(root.resolve("self"), Path.of("self"));
        Files.createSymbolicLink(root.resolve("b/other"), Path.of("../z"));
        Files.createSymbolicLink(root.resolve("z/other"), Path.of("../b"));
        Files.createSymbolicLink(root.resolve("broken.jpg"), Path.of("nowhere.jpg"));

        FileTree tree = FileTree.of(root);

        assertThat(tree.files()).containsOnlyKeys("b/c.jpg", "z/a.jpg");
        assertThat(tree.passedOver().faulty())
                .contains(
                        entry("b/other", "a link to a folder that is read already"),
                        entry("b/up", "a link to a folder that it is in"),
                        entry("broken.jpg", "a broken link: not there"))
                .containsOnlyKeys("b/other", "b/up", "broken.jpg", "self", "z/other");
    }

    @Test
    void linksToOtherFoldersAndFilesAreFollowed(@TempDir Path elsewhere) throws IOException {
        Files.writeString(elsewhere.resolve("a.jpg"), "a");
        Files.createSymbolicLink(root.resolve("linked"), elsewhere);
        Files.createSymbolicLink(root.resolve("b.jpg"), elsewhere.resolve("a.jpg"));

        assertThat(FileTree.of(root).files()).containsOnlyKeys("b.jpg", "linked/a.jpg");
    }

    @Test
    void aRootThatIsALinkIsWalked(@TempDir Path elsewhere) throws IOException {
        files("a.jpg");
        Path link = Files.createSymbolicLink(elsewhere.resolve("link"), root);

        assertThat(FileTree.of(link).files().values())
                .extracting(FileTree.Entry::path)
                .containsExactly(link.resolve("a.jpg"));
    }

    @Test
    void whatCannotBeReadIsPassedOverWithItsReason() throws IOException {
        files("a.jpg", "private/b.jpg", "secret.jpg");
        lock("private");
        lock("secret.jpg");
        assumeFalse(Files.isReadable(root.resolve("private")), "this user may read everything");
        try {
            FileTree tree = FileTree.of(root);

            assertThat(tree.files()).containsOnlyKeys("a.jpg");
            assertThat(tree.passedOver().faulty())
                    .containsExactly(entry("private", "access denied"), entry("secret.jpg", "access denied"));
        } finally {
            Files.setPosixFilePermissions(root.resolve("private"), PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void aDeniedFolderIsPassedOverAndADiskThatFailsIsNot() throws IOException {
        FileTree.Walk walk = new FileTree.Walk(root);

        walk.visitFileFailed(root.resolve("lost+found"), new AccessDeniedException("lost+found"));

        assertThat(walk.passedOver().toString()).isEqualTo("1: lost+found (access denied)");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> walk.visitFileFailed(root.resolve("a"), new IOException("Input/output error")));
        assertThatExceptionOfType(AccessDeniedException.class)
                .isThrownBy(() -> walk.visitFileFailed(root, new AccessDeniedException("root")));
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> FileTree.of(root.resolve("gone")));
    }

    private void lock(String name) throws IOException {
        Files.setPosixFilePermissions(root.resolve(name), PosixFilePermissions.fromString("---------"));
    }

    private void files(String... names) throws IOException {
        for (String name : names) {
            Path file = root.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, name);
        }
    }
}
