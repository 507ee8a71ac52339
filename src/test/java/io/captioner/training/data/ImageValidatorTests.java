package io.captioner.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.image.PhotoDecoder;
import io.captioner.image.format.ImageLimits;
import io.captioner.jobs.Progress;
import io.captioner.training.data.ImageValidator.ImageFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageValidatorTests {
    @TempDir
    private Path folder;

    private final List<Path> pictures = new ArrayList<>();
    private final List<Long> checked = new ArrayList<>();

    @BeforeEach
    void drawThreePictures() throws IOException {
        for (int i = 0; i < 3; i++) {
            pictures.add(Files.write(folder.resolve(i + ".jpg"), DrawnPictures.jpeg(30 + i, 20, i)));
        }
    }

    @Test
    void aGoodPictureHasItsHashAndSize() throws IOException, NoSuchAlgorithmException {
        ImageValidator.Results results = validate();

        String hash = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(pictures.get(2))));
        assertThat(results.readable()).hasSize(3).containsEntry(pictures.get(2), new ImageFacts(hash, 32, 20));
        assertThat(results.refused()).isEmpty();
        assertThat(checked).containsExactly(3L);
    }

    @Test
    void whatIsKnownIsNotCheckedAgain() throws IOException {
        Map<Path, ImageFacts> first = validate().readable();

        assertThat(validate().readable()).isEqualTo(first);
        assertThat(checked).containsExactly(3L);
    }

    @Test
    void aPictureThatChangedIsCheckedAgain() throws IOException {
        Map<Path, ImageFacts> first = validate().readable();
        Files.write(pictures.get(1), DrawnPictures.jpeg(50, 50, 9));
        Files.setLastModifiedTime(pictures.get(1), FileTime.fromMillis(1_000_000));

        Map<Path, ImageFacts> second = validate().readable();

        assertThat(checked).containsExactly(3L, 1L);
        assertThat(second.get(pictures.get(1))).isNotEqualTo(first.get(pictures.get(1)));
        assertThat(validate().readable()).isEqualTo(second);
        assertThat(checked).containsExactly(3L, 1L);
    }

    @Test
    void aRefusedPictureIsCheckedEveryTimeUntilItIsGood() throws IOException {
        byte[] good = Files.readAllBytes(pictures.get(0));
        Files.write(pictures.get(0), "no picture".getBytes(StandardCharsets.UTF_8));
        Path gone = folder.resolve("gone.jpg");
        pictures.add(gone);

        ImageValidator.Results results = validate();

        assertThat(results.refused()).containsOnlyKeys(pictures.get(0), gone);
        assertThat(results.refused().get(pictures.get(0))).contains("plain text");
        assertThat(results.refused().get(gone)).contains("cannot be read");
        assertThat(validate().refused()).isEqualTo(results.refused());
        Files.write(pictures.get(0), good);
        assertThat(validate().readable()).hasSize(3);
        assertThat(checked).containsExactly(4L, 2L, 2L);
    }

    @Test
    void aLineThatAKilledProcessLeftHalfWrittenIsIgnored() throws IOException {
        validate();
        Path cache = folder.resolve("cache/pictures.jsonl");
        String text = Files.readString(cache);
        Files.writeString(cache, text.substring(0, text.length() - 20));

        Map<Path, ImageFacts> results = validate().readable();

        assertThat(checked).containsExactly(3L, 1L);
        assertThat(results).hasSize(3);
        assertThat(validate().readable()).isEqualTo(results);
        assertThat(checked).containsExactly(3L, 1L);
    }

    private ImageValidator.Results validate() throws IOException {
        Progress progress = (name, total) -> {
            checked.add(total);
            return Progress.silent().start(name, total);
        };
        return new ImageValidator(
                        new PhotoDecoder(ImageLimits.defaults()), folder.resolve("cache/pictures.jsonl"), progress)
                .validate(pictures);
    }
}
