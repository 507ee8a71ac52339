package io.captioner.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ResamplerTests {
    /** The numbers were made with the formula of Lanczos' kernel in Python, in double precision. */
    @Test
    void shrinkingIsLanczosWithThreeLobes() {
        assertThat(greys(3, 1, 2, 1, 0, 90, 240)).containsExactly(20, 195);
        assertThat(greys(1, 3, 1, 2, 0, 90, 240)).containsExactly(20, 195);
        assertThat(greys(8, 1, 3, 1, 10, 200, 30, 40, 250, 60, 0, 120)).containsExactly(82, 113, 72);
    }

    @Test
    void whatIsTooFineForTheTargetBecomesGreyAndNotAPattern() {
        for (int size : new int[] {40, 41, 100, 333, 1000}) {
            int[] stripes = new int[size];
            for (int i = 0; i < size; i += 2) {
                stripes[i] = 255;
            }
            int[] shrunk = greys(size, 1, 16, 1, stripes);
            assertThat(Arrays.stream(shrunk, 3, 13)).allMatch(grey -> Math.abs(grey - 128) <= 3);
        }
    }

    @Test
    void whatTheTargetCanHoldKeepsItsContrast() {
        // A wave of five target pixels, from a source that is averaged in groups first.
        int size = 2000;
        int[] wave = new int[size];
        for (int i = 0; i < size; i++) {
            wave[i] = (int) Math.round(128 + 100 * Math.sin(2 * Math.PI * (i + 0.5) / 100));
        }
        int[] shrunk = greys(size, 1, 100, 1, wave);
        for (int i = 3; i < 97; i++) {
            double expected = 128 + 100 * Math.sin(2 * Math.PI * (i + 0.5) / 5);
            assertThat((double) shrunk[i]).isCloseTo(expected, within(4.0));
        }
    }

    @Test
    void groupsThatDoNotComeOutEvenShiftNothing() {
        // A ramp stays one: its middle stays in the middle.
        int size = 1999;
        int[] ramp = new int[size];
        for (int i = 0; i < size; i++) {
            ramp[i] = (int) Math.round(250.0 * i / (size - 1));
        }
        int[] shrunk = greys(size, 1, 25, 1, ramp);
        for (int i = 3; i < 22; i++) {
            assertThat((double) shrunk[i]).isCloseTo(250 * (i + 0.5) / 25, within(1.0));
        }
    }

    @Test
    void growingIsBilinearBetweenPixelCentres() {
        assertThat(greys(2, 1, 4, 1, 0, 100)).containsExactly(0, 25, 75, 100);
        assertThat(greys(1, 2, 1, 4, 0, 100)).containsExactly(0, 25, 75, 100);
        assertThat(greys(1, 1, 3, 2, 77)).containsExactly(77, 77, 77, 77, 77, 77);
    }

    @Test
    void oneAxisMayShrinkWhileTheOtherGrows() {
        assertThat(greys(2, 2, 1, 4, 0, 20, 100, 120)).containsExactly(10, 35, 85, 110);
    }

    @Test
    void whiteStaysWhiteAtEverySize() {
        for (int from = 1; from < 40; from++) {
            for (int to = 1; to < 40; to++) {
                int[] white = new int[from];
                Arrays.fill(white, 255);
                assertThat(greys(from, 1, to, 1, white)).containsOnly(255);
            }
        }
    }

    private static int[] greys(int fromWidth, int fromHeight, int width, int height, int... values) {
        Resampler resampler = new Resampler(fromWidth, fromHeight, width, height);
        for (int y = 0; y < fromHeight; y++) {
            byte[] row = new byte[fromWidth * 3];
            for (int i = 0; i < row.length; i++) {
                row[i] = (byte) values[y * fromWidth + i / 3];
            }
            resampler.add(row);
        }
        byte[] rgb = resampler.finish();
        int[] greys = new int[width * height];
        for (int i = 0; i < greys.length; i++) {
            greys[i] = rgb[3 * i] & 0xff;
            assertThat(rgb[3 * i + 1]).isEqualTo(rgb[3 * i]);
            assertThat(rgb[3 * i + 2]).isEqualTo(rgb[3 * i]);
        }
        return greys;
    }
}
