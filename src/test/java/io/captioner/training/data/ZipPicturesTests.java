package io.captioner.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.captioner.files.UnusableFileException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZipPicturesTests {
    private static final int FLAGS = 8;
    private static final int METHOD = 10;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "IBM437, grün.jpg",
        "windows-1252, grün.jpg",
        "IBM850, Ærø.jpg",
        "windows-31j, 犬.jpg",
        "GBK, 狗.jpg",
        "IBM866, собака.jpg",
        "UTF-8, 犬 grün.jpg"
    })
    void picturesAreFoundInArchivesOfWindows(String charset, String name) throws IOException {
        Path zip = zip(Charset.forName(charset), "photos\\" + name, "photos\\b.jpg", "__MACOSX/photos/._b.jpg");

        try (ImageSources sources = ImageSources.open(List.of(zip))) {
            for (String image : List.of(name, "photos/" + name, "photos\\" + name, "other/" + name)) {
                assertThat(content(sources, image)).isEqualTo("photos\\" + name);
            }
            assertThat(content(sources, "B.JPG")).isEqualTo("photos\\b.jpg");
            assertThat(sources.find("._b.jpg").file()).isEmpty();
            assertThat(sources.find(name).file().orElseThrow().toUri()).isNotNull();
        }
    }

    @Test
    void picturesAreFoundInAnArchiveOfTheFormatForLargeOnes() throws IOException {
        Path archive = folder.resolve("large.zip");
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(archive)) {
            zip.setUseZip64(Zip64Mode.Always);
            for (String name : List.of("photos/a.jpg", "photos/b.jpg")) {
                zip.putArchiveEntry(new ZipArchiveEntry(name));
                zip.write(name.getBytes(StandardCharsets.UTF_8));
                zip.closeArchiveEntry();
            }
        }
        assertThat(Files.readString(archive, StandardCharsets.ISO_8859_1)).contains("PK\6\6", "PK\6\7");

        try (ImageSources sources = ImageSources.open(List.of(archive))) {
            assertThat(content(sources, "photos/a.jpg")).isEqualTo("photos/a.jpg");
            assertThat(content(sources, "B.jpg")).isEqualTo("photos/b.jpg");
        }
    }

    @Test
    void picturesAreFoundInAnArchiveOfMoreThanTheOldFormatCounts() throws IOException {
        Path archive = folder.resolve("many.zip");
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(archive)) {
            zip.setMethod(ZipArchiveOutputStream.STORED);
            for (int i = 0; i <= 65_535; i++) {
                ZipArchiveEntry entry = new ZipArchiveEntry(i + ".jpg");
                entry.setSize(0);
                entry.setCrc(0);
                zip.putArchiveEntry(entry);
                zip.closeArchiveEntry();
            }
        }

        try (ImageSources sources = ImageSources.open(List.of(archive))) {
            assertThat(sources.find("0.jpg").file()).isPresent();
            assertThat(sources.find("65535.jpg").file()).isPresent();
        }
    }

    @Test
    void anEncryptedArchiveIsRefusedByName() throws IOException {
        assertRefused(patched(bytes -> bytes[FLAGS] |= 1), "is encrypted ('a.jpg')", "unpack it");
    }

    @Test
    void anotherCompressionIsRefusedByName() throws IOException {
        assertRefused(patched(bytes -> bytes[METHOD] = 9), "compressed with method 9 (ENHANCED_DEFLATED)", "unpack it");
    }

    @Test
    void aCutArchiveAPageAndAnEmptyFileAreRefusedByWhatTheyAre() throws IOException {
        byte[] whole = Files.readAllBytes(zip(StandardCharsets.UTF_8, "a.jpg", "b.jpg"));

        assertRefused(Files.write(folder.resolve("cut.zip"), Arrays.copyOf(whole, whole.length - 30)), "is cut off");
        assertRefused(Files.write(folder.resolve("cut"), Arrays.copyOf(whole, whole.length - 30)), "is cut off");
        assertRefused(Files.write(folder.resolve("empty.zip"), new byte[0]), "is empty");
        assertRefused(Files.writeString(folder.resolve("page.zip"), "<html>Not found</html>"), "HTML page");
        assertRefused(Files.writeString(folder.resolve("a.txt"), "hello"), "neither a folder nor a zip archive");
        assertRefused(zip(StandardCharsets.UTF_8, "./a.jpg"), "unpack it and name the folder");
    }

    private void assertRefused(Path place, String... said) {
        assertThatExceptionOfType(UnusableFileException.class)
                .isThrownBy(() -> ImageSources.open(List.of(place)))
                .satisfies(e -> assertThat(e).hasMessageContainingAll(said).hasMessageContaining(place.toString()));
    }

    /** Returns an archive of one picture, whose record in the directory is changed. */
    private Path patched(Consumer<byte[]> change) throws IOException {
        Path zip = zip(StandardCharsets.UTF_8, "a.jpg");
        byte[] bytes = Files.readAllBytes(zip);
        int directory = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("PK\1\2");
        byte[] tail = Arrays.copyOfRange(bytes, directory, bytes.length);
        change.accept(tail);
        System.arraycopy(tail, 0, bytes, directory, tail.length);
        return Files.write(zip, bytes);
    }

    private static String content(ImageSources sources, String image) throws IOException {
        return Files.readString(sources.find(image).file().orElseThrow());
    }

    private Path zip(Charset charset, String... entries) throws IOException {
        Path archive = folder.resolve("photos.zip");
        try (OutputStream out = Files.newOutputStream(archive);
                ZipOutputStream zip = new ZipOutputStream(out, charset)) {
            for (String entry : entries) {
                zip.putNextEntry(new ZipEntry(entry));
                zip.write(entry.getBytes(StandardCharsets.UTF_8));
            }
        }
        return archive;
    }
}
