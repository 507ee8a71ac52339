package io.captioner.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.image.ImageLimits;
import io.captioner.image.PhotoDecoder;
import io.captioner.jobs.Progress;
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
    private final List<Long> looks = new ArrayList<>();

    @BeforeEach
    void drawThreePictures() throws IOException {
        for (int i = 0; i < 3; i++) {
            pictures.add(Files.write(folder.resolve(i + ".jpg"), DrawnPictures.jpeg(30 + i, 20, i)));
        }
    }

    @Test
    void aGoodPictureHasItsHashAndSize() throws IOException, NoSuchAlgorithmException {
        ImageValidator.ResultCache findings = inspect();

        String hash = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(pictures.get(2))));
        assertThat(findings.readable()).hasSize(3).containsEntry(pictures.get(2), new ImageFacts(hash, 32, 20));
        assertThat(findings.refused()).isEmpty();
        assertThat(looks).containsExactly(3L);
    }

    @Test
    void whatIsKnownIsNotLookedAtAgain() throws IOException {
        Map<Path, ImageFacts> first = inspect().readable();

        assertThat(inspect().readable()).isEqualTo(first);
        assertThat(looks).containsExactly(3L);
    }

    @Test
    void aPictureThatChangedIsLookedAtAgain() throws IOException {
        Map<Path, ImageFacts> first = inspect().readable();
        Files.write(pictures.get(1), DrawnPictures.jpeg(50, 50, 9));
        Files.setLastModifiedTime(pictures.get(1), FileTime.fromMillis(1_000_000));

        Map<Path, ImageFacts> second = inspect().readable();

        assertThat(looks).containsExactly(3L, 1L);
        assertThat(second.get(pictures.get(1))).isNotEqualTo(first.get(pictures.get(1)));
        assertThat(inspect().readable()).isEqualTo(second);
        assertThat(looks).containsExactly(3L, 1L);
    }

    @Test
    void aRefusedPictureIsLookedAtEveryTimeUntilItIsGood() throws IOException {
        byte[] good = Files.readAllBytes(pictures.get(0));
        Files.write(pictures.get(0), "no picture".getBytes(StandardCharsets.UTF_8));
        Path gone = folder.resolve("gone.jpg");
        pictures.add(gone);

        ImageValidator.ResultCache findings = inspect();

        assertThat(findings.refused()).containsOnlyKeys(pictures.get(0), gone);
        assertThat(findings.refused().get(pictures.get(0))).contains("plain text");
        assertThat(findings.refused().get(gone)).contains("cannot be read");
        assertThat(inspect().refused()).isEqualTo(findings.refused());
        Files.write(pictures.get(0), good);
        assertThat(inspect().readable()).hasSize(3);
        assertThat(looks).containsExactly(4L, 2L, 2L);
    }

    @Test
    void aLineThatAKilledProcessLeftHalfWrittenIsNotBelieved() throws IOException {
        inspect();
        Path memory = folder.resolve("memory/pictures.jsonl");
        String text = Files.readString(memory);
        Files.writeString(memory, text.substring(0, text.length() - 20));

        Map<Path, ImageFacts> findings = inspect().readable();

        assertThat(looks).containsExactly(3L, 1L);
        assertThat(findings).hasSize(3);
        assertThat(inspect().readable()).isEqualTo(findings);
        assertThat(looks).containsExactly(3L, 1L);
    }

    private ImageValidator.ResultCache inspect() throws IOException {
        Progress progress = (name, total) -> {
            looks.add(total);
            return Progress.silent().start(name, total);
        };
        return new ImageValidator(
                        new PhotoDecoder(ImageLimits.defaults()), folder.resolve("memory/pictures.jsonl"), progress)
                .inspect(pictures);
    }
}
