package io.captioner.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FamiliarityTests {
    /** Photos around (1, 2, 3) with standard deviations 2 and 0.5 along the first two axes, and a rest of 0.1. */
    private static final Familiarity FAMILIARITY = new Familiarity(
            new float[] {1, 2, 3}, new float[][] {{0.5f, 0, 0}, {0, 2, 0}}, 0.1f, new float[] {0.5f, 1, 1, 2, 4});

    @TempDir
    Path bundle;

    @Test
    void thePositionIsInStandardDeviations() {
        float[] position = FAMILIARITY.position(new float[] {5, 1.5f, 3.3f});

        assertThat(position).hasSize(FAMILIARITY.dimensions());
        assertThat(position[0]).isCloseTo(2, within(1e-5f));
        assertThat(position[1]).isCloseTo(-1, within(1e-5f));
        assertThat(position[2]).isCloseTo(3, within(1e-4f));
        assertThat(Familiarity.distance(position)).isCloseTo(3 / Math.sqrt(2.5), within(1e-4));
    }

    @Test
    void whatLiesOutsideOfTheMainAxesIsFarOutAndWhatLiesAlongThemIsNot() {
        double along = Familiarity.distance(FAMILIARITY.position(new float[] {9, 4, 3.1f}));
        double outside = Familiarity.distance(FAMILIARITY.position(new float[] {2, 2, 9}));

        assertThat(along).isLessThan(0.5);
        assertThat(outside).isGreaterThan(50);
        assertThat(Familiarity.distance(FAMILIARITY.position(new float[] {1, 2, 3})))
                .isFinite();
    }

    @Test
    void theDirectionWeighsAxesByTheRootOfTheirStandardDeviation() {
        float[] direction = FAMILIARITY.direction(FAMILIARITY.position(new float[] {5, 1.5f, 3.3f}));

        double x = 2 * Math.sqrt(2);
        double y = -1 * Math.sqrt(0.5);
        assertThat(direction).hasSize(2);
        assertThat(direction[0]).isCloseTo((float) (x / Math.hypot(x, y)), within(1e-5f));
        assertThat(direction[1]).isCloseTo((float) (y / Math.hypot(x, y)), within(1e-5f));
        assertThat(FAMILIARITY.direction(new float[3])).containsExactly(0, 0);
    }

    @Test
    void theShareIsOfTheHeldOutPhotosThatLieAtLeastAsFarOut() {
        assertThat(FAMILIARITY.share(0)).isEqualTo(1);
        assertThat(FAMILIARITY.share(0.5)).isEqualTo(1);
        assertThat(FAMILIARITY.share(0.75)).isCloseTo(0.875, within(1e-9));
        assertThat(FAMILIARITY.share(3)).isCloseTo(0.125, within(1e-9));
        assertThat(FAMILIARITY.share(4)).isZero();
        assertThat(FAMILIARITY.share(Double.NaN)).isZero();
        double before = 1;
        for (double distance = 0; distance < 5; distance += 0.01) {
            assertThat(FAMILIARITY.share(distance)).isBetween(0.0, before);
            before = FAMILIARITY.share(distance);
        }
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        assertThat(Familiarity.read(bundle)).isNull();
        FAMILIARITY.write(bundle);

        Familiarity read = Objects.requireNonNull(Familiarity.read(bundle));

        float[] features = {0, 7, -2};
        assertThat(read.position(features)).containsExactly(FAMILIARITY.position(features));
        assertThat(read.share(1.7)).isEqualTo(FAMILIARITY.share(1.7));
    }

    @Test
    void aDamagedFileIsRefused() throws IOException {
        FAMILIARITY.write(bundle);
        Path file = bundle.resolve(Bundle.FAMILIARITY);
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {0, 3, 16, whole.length - 1}) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatExceptionOfType(BrokenBundleException.class).isThrownBy(() -> Familiarity.read(bundle));
        }
        byte[] huge = whole.clone();
        Arrays.fill(huge, 4, 8, (byte) 0x7f);
        Files.write(file, huge);
        assertThatExceptionOfType(BrokenBundleException.class).isThrownBy(() -> Familiarity.read(bundle));
    }

    @Test
    void constantsThatDoNotFitAreRefused() {
        float[][] axes = {{1, 0, 0}};
        float[] held = {1, 2};
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Familiarity(new float[2], axes, 1, held))
                .withMessageContaining("1 axes for vectors of 2 values");
        assertThatIllegalArgumentException().isThrownBy(() -> new Familiarity(new float[3], axes, 0, held));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Familiarity(new float[3], axes, 1, new float[] {2, 1}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FAMILIARITY.position(new float[2]))
                .withMessageContaining("vectors of 2 values, not 3");
    }
}
