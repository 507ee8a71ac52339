package io.captioner.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ResamplerTests {
    @Test
    void shrinkingCountsEveryPixelWithThePartUnderTheTarget() {
        // 3 -> 2: a target pixel is one and a half source pixels.
        assertThat(greys(3, 1, 2, 1, 0, 90, 240)).containsExactly(30, 190);
        assertThat(greys(1, 3, 1, 2, 0, 90, 240)).containsExactly(30, 190);
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
