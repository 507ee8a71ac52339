package io.captioner.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
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
            assertThat(sources.find("c.jpg").near())
                    .as("it is there twice")
                    .containsExactlyInAnyOrder("b/c.jpg", "c/c.jpg");
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

    @Test
    void namesAreFoundDespiteCapitalsAccentsSeparatorsAndFoldersOfOtherMachines() throws IOException {
        files("deep/DOG.JPG", "deep/u\u0308ber.jpg", "deep/a b.jpg", "deep/100%.jpg", "deep/id_7.png");

        try (ImageSources sources = ImageSources.open(List.of(folder))) {
            assertThat(content(sources, "dog.jpg")).isEqualTo("deep/DOG.JPG");
            assertThat(content(sources, "val2014/Dog.jpg")).isEqualTo("deep/DOG.JPG");
            assertThat(content(sources, "C:\\data\\Deep\\dog.jpg")).isEqualTo("deep/DOG.JPG");
            assertThat(content(sources, "\u00FCber.jpg")).isEqualTo("deep/u\u0308ber.jpg");
            assertThat(content(sources, "deep/a%20b.jpg")).isEqualTo("deep/a b.jpg");
            assertThat(content(sources, "100%.jpg")).isEqualTo("deep/100%.jpg");
            assertThat(content(sources, "id_7")).isEqualTo("deep/id_7.png");
        }
    }

    @Test
    void aNameThatMayMeanSeveralPicturesIsNotFoundAndTheNearOnesAreNamed() throws IOException {
        files("cats/1.jpg", "dogs/1.jpg", "dogs/DOG.jpg", "dogs/dog.JPG", "cats/2.png");

        try (ImageSources sources = ImageSources.open(List.of(folder))) {
            assertThat(content(sources, "Dogs/1.JPG")).isEqualTo("dogs/1.jpg");
            assertThat(sources.find("birds/1.jpg").file()).isEmpty();
            assertThat(sources.find("birds/1.jpg").near()).containsExactlyInAnyOrder("cats/1.jpg", "dogs/1.jpg");
            assertThat(sources.find("dog.jpg").near()).containsExactlyInAnyOrder("dogs/DOG.jpg", "dogs/dog.JPG");
            assertThat(sources.find("2.jpg").near()).containsExactly("cats/2.png");
        }
    }

    @Test
    void whatSystemsKeepBesidePicturesIsNoPicture() throws IOException {
        files("a.jpg", "@eaDir/a.jpg/b.jpg", "__MACOSX/._a.jpg", "._c.jpg", "Thumbs.db", ".hidden/d.jpg");

        try (ImageSources sources = ImageSources.open(List.of(folder))) {
            assertThat(content(sources, "a.jpg")).isEqualTo("a.jpg");
            for (String litter : List.of("b.jpg", "._a.jpg", "._c.jpg", "Thumbs.db", "d.jpg", ".hidden/d.jpg")) {
                assertThat(sources.find(litter).file()).as(litter).isEmpty();
            }
        }
    }

    private void files(String... names) throws IOException {
        for (String name : names) {
            Path file = folder.resolve(name);
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.writeString(file, name);
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
