package io.captioner.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.captioner.image.ImageSize;
import io.captioner.image.Pixels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldenTests {
    private static final ImageSize SIZE = new ImageSize(64, 48);

    @TempDir
    Path bundle;

    @Test
    void theSameSeedDrawsTheSamePicturesForEver() {
        List<Pixels> images = GoldenImages.draw(7, 3, SIZE);
        CRC32 crc = new CRC32();
        images.forEach(image -> crc.update(image.rgb()));
        assertThat(crc.getValue()).isEqualTo(753529976L);
        assertThat(GoldenImages.draw(7, 2, SIZE).get(1).rgb())
                .isEqualTo(images.get(1).rgb());
        assertThat(GoldenImages.draw(8, 1, SIZE).get(0).rgb())
                .isNotEqualTo(images.get(0).rgb());
    }

    @Test
    void thePicturesAreSmoothAndUseTheRange() {
        for (Pixels image : GoldenImages.draw(7, 8, SIZE)) {
            int largest = 0;
            for (int i = 3; i < image.rgb().length; i++) {
                if (i % (3 * SIZE.width()) >= 3) {
                    largest = Math.max(largest, Math.abs((image.rgb()[i] & 0xff) - (image.rgb()[i - 3] & 0xff)));
                }
            }
            assertThat(largest).isLessThan(64);
            int[] sorted = new int[image.rgb().length];
            Arrays.setAll(sorted, i -> image.rgb()[i] & 0xff);
            Arrays.sort(sorted);
            assertThat(sorted[sorted.length - 1] - sorted[0]).isGreaterThan(100);
        }
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Hypothesis best =
                new Hypothesis(new int[] {4, 5}, new float[] {-0.1f, -2.25e-7f}, -1, -1, new float[0][], true);
        Golden golden = Golden.of(9, new DecodeOptions(3, 5, 0.7f), List.of(List.of(best)));
        Golden.write(bundle, golden);
        assertThat(Golden.read(bundle)).usingRecursiveComparison().isEqualTo(golden);
    }

    @Test
    void whatDoesNotFitTogetherIsRefused() throws IOException {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new Golden(1, 1, new DecodeOptions(1, 1, 0), new int[][] {{4}}, new float[][] {{-1, -2}}));
        Files.writeString(bundle.resolve(Bundle.GOLDEN), """
                {"seed": 1, "images": 2, "options": {"beamWidth": 1, "maxWords": 1, "lengthPenalty": 0, "noRepeatNgram": 0, "sampling": null},
                 "tokens": [[4]], "logProbabilities": [[-1.0]]}
                """);
        assertThatExceptionOfType(BrokenBundleException.class)
                .isThrownBy(() -> Golden.read(bundle))
                .withMessageContaining("2 images need as many captions");
    }
}
