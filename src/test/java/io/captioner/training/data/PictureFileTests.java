package io.captioner.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.captioner.files.UnusableFileException;
import io.captioner.image.ImagePreparation;
import io.captioner.image.ImageSize;
import io.captioner.training.features.PhotoReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureFileTests {
    private static final long LIMIT = 100L << 20;

    @TempDir
    private Path folder;

    @Test
    void aPictureAtTheLimitIsReadWhole() throws IOException {
        assertThat(PictureFile.read(zeros(LIMIT))).hasSize((int) LIMIT);
    }

    @Test
    void aPictureOfOneByteMoreIsRefusedByNameByEveryReader() throws IOException {
        Path picture = zeros(LIMIT + 1);
        PhotoReader reader = (bytes, size) -> {
            throw new AssertionError("%d bytes are decoded".formatted(bytes.length));
        };

        assertThatExceptionOfType(UnusableFileException.class)
                .isThrownBy(() -> PictureFile.read(picture))
                .withMessage(picture + " has more than 100 MB; save the picture smaller, or leave it out");
        assertThatExceptionOfType(UnusableFileException.class)
                .isThrownBy(() -> reader.read(picture, ImagePreparation.stretch(new ImageSize(8, 8))))
                .withMessageContaining("more than 100 MB");
    }

    @Test
    void anEntryThatUnpacksToMoreIsRefusedBeforeItIsWhole() throws IOException {
        Path archive = folder.resolve("bomb.zip");
        try (InputStream zeros = Files.newInputStream(zeros(LIMIT + 1));
                OutputStream out = Files.newOutputStream(archive);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("bomb.jpg"));
            zeros.transferTo(zip);
        }
        assertThat(Files.size(archive)).isLessThan(1 << 20);

        try (ImageSources sources = ImageSources.open(List.of(archive))) {
            Path picture = sources.find("bomb.jpg").file().orElseThrow();
            assertThatExceptionOfType(UnusableFileException.class)
                    .isThrownBy(() -> PictureFile.read(picture))
                    .withMessageContaining("bomb.jpg has more than 100 MB");
        }
    }

    private Path zeros(long bytes) throws IOException {
        Path picture = folder.resolve("zeros.jpg");
        try (RandomAccessFile file = new RandomAccessFile(picture.toFile(), "rw")) {
            file.setLength(bytes);
        }
        return picture;
    }
}
