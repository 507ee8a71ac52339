package io.captioner.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.captioner.attention.Thumbnails.HeatMap;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class HeatMapTests {
    @Test
    void theHottestPixelLiesInTheHeaviestCellAndIsAtFullStrength() {
        for (int cell = 0; cell < 49; cell++) {
            float[] weights = new float[49];
            Arrays.fill(weights, 0.001f);
            weights[cell] = 0.952f;
            float[] heat = HeatMap.of(new AttentionGrid(weights, 7, 7), 140, 70);
            int hottest = 0;
            int coldest = 0;
            for (int i = 0; i < heat.length; i++) {
                hottest = heat[i] > heat[hottest] ? i : hottest;
                coldest = heat[i] < heat[coldest] ? i : coldest;
            }
            assertThat(heat[coldest]).isBetween(0f, 0.01f);
            assertThat(heat[hottest]).isCloseTo(1f, within(1e-6f));
            assertThat(hottest % 140 / 20).isEqualTo(cell % 7);
            assertThat(hottest / 140 / 10).isEqualTo(cell / 7);
        }
    }

    @Test
    void evenAttentionIsFaintEverywhere() {
        float[] weights = new float[49];
        Arrays.fill(weights, 1f / 49);
        for (float heat : HeatMap.of(new AttentionGrid(weights, 7, 7), 50, 50)) {
            assertThat(heat).isCloseTo(0.25f, within(1e-5f));
        }
    }

    @Test
    void heatFallsEvenlyWithTheDistanceFromALoneCell() {
        float[] weights = new float[5];
        weights[2] = 1;
        float[] heat = HeatMap.of(new AttentionGrid(weights, 1, 5), 500, 1);
        for (int x = 251; x < 500; x++) {
            assertThat(heat[x]).isLessThanOrEqualTo(heat[x - 1]);
            assertThat(heat[499 - x]).isCloseTo(heat[x], within(1e-6f));
        }
    }
}
