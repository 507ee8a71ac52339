package io.captioner.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.captioner.attention.AttentionSummary.Attention.Box;
import io.captioner.attention.AttentionSummary.Attention.Point;
import io.captioner.attention.AttentionSummary.Attention;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class AttentionSummaryTests {
    @Test
    void evenAttentionHasEntropyOneAndNeedsHalfTheCells() {
        float[] weights = new float[64];
        Arrays.fill(weights, 1f / 64);
        Attention attention = AttentionSummary.of(new AttentionGrid(weights, 8, 8), 640, 320);
        assertThat(attention.entropy()).isCloseTo(1, within(1e-9));
        assertThat(area(attention.box())).isEqualTo(640 * 320 / 2);
    }

    @Test
    void attentionToOneCellHasEntropyZeroAndThatCellAsBox() {
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 4; column++) {
                Attention attention = AttentionSummary.of(oneHot(3, 4, row, column), 400, 150);
                assertThat(attention)
                        .isEqualTo(new Attention(
                                new Point(100 * column + 50, 50 * row + 25),
                                new Box(100 * column, 50 * row, 100, 50),
                                0));
            }
        }
    }

    @Test
    void entropyGrowsAsAttentionSpreads() {
        double previous = -1;
        for (int heavy = 1; heavy <= 16; heavy++) {
            float[] weights = new float[16];
            Arrays.fill(weights, 0, heavy, 1f / heavy);
            double entropy = AttentionSummary.of(new AttentionGrid(weights, 4, 4), 16, 16)
                    .entropy();
            assertThat(entropy).isGreaterThan(previous).isCloseTo(Math.log(heavy) / Math.log(16), within(1e-6));
            previous = entropy;
        }
    }

    @Test
    void theScaleOfTheWeightsDoesNotMatter() {
        float[] weights = {1, 2, 3, 4, 5, 60, 7, 8, 9};
        float[] scaled = new float[9];
        for (int i = 0; i < 9; i++) {
            scaled[i] = weights[i] / 128;
        }
        Attention attention = AttentionSummary.of(new AttentionGrid(weights, 3, 3), 90, 90);
        Attention same = AttentionSummary.of(new AttentionGrid(scaled, 3, 3), 90, 90);
        assertThat(same.box()).isEqualTo(attention.box()).isEqualTo(new Box(60, 30, 30, 30));
        assertThat(same.entropy()).isCloseTo(attention.entropy(), within(1e-9));
    }

    @Test
    void ofRectanglesWithEquallyManyCellsTheHeaviestIsTheBox() {
        AttentionGrid grid = new AttentionGrid(new float[] {0.25f, 0.40f, 0.35f}, 1, 3);
        assertThat(AttentionSummary.of(grid, 30, 10))
                .satisfies(attention -> assertThat(attention.box()).isEqualTo(new Box(10, 0, 20, 10)))
                .satisfies(attention -> assertThat(attention.peak()).isEqualTo(new Point(15, 5)));
    }

    @Test
    void theBoxIsTheSmallestThatHoldsHalfOfTheMass() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
        for (int trial = 0; trial < 50; trial++) {
            int rows = 1 + random.nextInt(6);
            int columns = 1 + random.nextInt(6);
            float[] weights = new float[rows * columns];
            double sum = 0;
            for (int i = 0; i < weights.length; i++) {
                weights[i] = (float) Math.exp(3 * random.nextGaussian());
                sum += weights[i];
            }
            // One pixel a cell, so that the box can be counted over naively.
            Box box = AttentionSummary.of(new AttentionGrid(weights, rows, columns), columns, rows)
                    .box();
            assertThat(mass(weights, columns, box)).isGreaterThanOrEqualTo(0.499_99 * sum);
            assertThat(heaviestBelow(area(box), weights, rows, columns)).isLessThan(0.5 * sum);
        }
    }

    @Test
    void boxAndPeakStayInsidePhotosOfAnySize() {
        for (int width : new int[] {1, 2, 5, 7, 13, 641}) {
            for (int height : new int[] {1, 3, 7, 480}) {
                for (int cell = 0; cell < 49; cell++) {
                    Attention attention = AttentionSummary.of(oneHot(7, 7, cell / 7, cell % 7), width, height);
                    Box box = attention.box();
                    assertThat(box.width()).isPositive();
                    assertThat(box.height()).isPositive();
                    assertThat(box.x()).isBetween(0, width - box.width());
                    assertThat(box.y()).isBetween(0, height - box.height());
                    assertThat(attention.peak().x()).isBetween(box.x(), box.x() + box.width() - 1);
                    assertThat(attention.peak().y()).isBetween(box.y(), box.y() + box.height() - 1);
                }
            }
        }
    }

    @Test
    void aGridOfOneCellIsTheWholePhotoAndCertain() {
        assertThat(AttentionSummary.of(new AttentionGrid(new float[] {0.3f}, 1, 1), 31, 20))
                .isEqualTo(new Attention(new Point(15, 10), new Box(0, 0, 31, 20), 0));
    }

    @Test
    void aPhotoWithoutPixelsIsABug() {
        assertThatThrownBy(() -> AttentionSummary.of(oneHot(2, 2, 0, 0), 0, 5)).hasMessageStartingWith("bug");
    }

    private static AttentionGrid oneHot(int rows, int columns, int row, int column) {
        float[] weights = new float[rows * columns];
        weights[row * columns + column] = 1;
        return new AttentionGrid(weights, rows, columns);
    }

    private static int area(Box box) {
        return box.width() * box.height();
    }

    /** Returns the mass of the heaviest rectangle of fewer cells, counted naively. */
    private static double heaviestBelow(int cells, float[] weights, int rows, int columns) {
        double heaviest = 0;
        for (int height = 1; height <= rows; height++) {
            for (int width = 1; width <= columns && width * height < cells; width++) {
                for (int y = 0; y + height <= rows; y++) {
                    for (int x = 0; x + width <= columns; x++) {
                        heaviest = Math.max(heaviest, mass(weights, columns, new Box(x, y, width, height)));
                    }
                }
            }
        }
        return heaviest;
    }

    private static double mass(float[] weights, int columns, Box box) {
        double mass = 0;
        for (int y = box.y(); y < box.y() + box.height(); y++) {
            for (int x = box.x(); x < box.x() + box.width(); x++) {
                mass += weights[y * columns + x];
            }
        }
        return mass;
    }
}
