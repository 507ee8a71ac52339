package io.captioner.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageSourcesTests {
    @TempDir
    private Path folder;

    @Test
    void picturesAreFoundByPathAndByNameInFoldersAndArchivesInTurn() throws IOException {
        Path archive = zip("val2017.zip", "val2017/a.jpg", "val2017/b.jpg", "b/c.jpg", "c/c.jpg");
        Files.createDirectories(folder.resolve("photos/deep"));
        Files.writeString(folder.resolve("photos/b.jpg"), "photos/b.jpg");
        Files.writeString(folder.resolve("photos/deep/d.jpg"), "photos/deep/d.jpg");

        try (ImageSources sources = ImageSources.open(List.of(folder.resolve("photos"), archive))) {
            assertThat(content(sources, "a.jpg")).isEqualTo("val2017/a.jpg");
            assertThat(content(sources, "val2017/a.jpg")).isEqualTo("val2017/a.jpg");
            assertThat(content(sources, "b.jpg")).isEqualTo("photos/b.jpg");
            assertThat(content(sources, "d.jpg")).isEqualTo("photos/deep/d.jpg");
            assertThat(sources.find("c.jpg").near()).as("it is there twice").containsExactlyInAnyOrder("b/c.jpg", "c/c.jpg");
            assertThat(sources.find("val2017").file()).isEmpty();
            assertThat(sources.find("e.jpg").file()).isEmpty();
        }
    }

    @Test
    void whatIsNeitherFolderNorArchiveIsRefusedByName() throws IOException {
        Path text = Files.writeString(folder.resolve("photos.txt"), "no archive");
        Path broken = Files.write(folder.resolve("broken.zip"), new byte[] {'P', 'K', 3, 4, 0, 0});

        for (Path place : List.of(text, broken, folder.resolve("gone.zip"))) {
            assertThatIOException()
                    .isThrownBy(() -> ImageSources.open(List.of(folder, place)))
                    .withMessageContaining(place.toString());
        }
    }

    private static String content(ImageSources sources, String image) throws IOException {
        return Files.readString(sources.find(image).file().orElseThrow());
    }

    private Path zip(String name, String... entries) throws IOException {
        Path archive = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(archive);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (String entry : entries) {
                zip.putNextEntry(new ZipEntry(entry));
                zip.write(entry.getBytes(StandardCharsets.UTF_8));
            }
        }
        return archive;
    }
}
