package io.captioner.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;

/** What the drawn quarters are after a turn: the letters R, G, B and W of the upper then the lower two. */
final class Quarters {
    /** The quarters of the drawing for the orientations 1 to 8. */
    static final String[] TURNED = {"RGBW", "GRWB", "WBGR", "BWRG", "RBGW", "BRWG", "WGBR", "GWRB"};

    private Quarters() {}

    static void assertShown(Pixels pixels, int tolerance, String letters) {
        for (int i = 0; i < 4; i++) {
            int x = pixels.width() / 4 + i % 2 * pixels.width() / 2;
            int y = pixels.height() / 4 + i / 2 * pixels.height() / 2;
            Color found = Drawings.at(pixels, x, y);
            Color expected = switch (letters.charAt(i)) {
                case 'R' -> Drawings.RED;
                case 'G' -> Drawings.GREEN;
                case 'B' -> Drawings.BLUE;
                default -> Color.WHITE;
            };
            assertThat(Drawings.near(found, expected, tolerance))
                    .as("quarter %d of %s is %s, not %s", i, letters, found, expected)
                    .isTrue();
        }
    }
}
