package io.captioner.attention;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.attention.ContactSheet.Captioned;
import io.captioner.attention.ContactSheet.Word;
import io.captioner.image.ImageSize;
import io.captioner.image.Pixels;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class ContactSheetTests {
    private static final AttentionGrid UPPER_LEFT = new AttentionGrid(new float[] {1, 0, 0, 0}, 2, 2);
    private static final AttentionGrid LOWER_RIGHT = new AttentionGrid(new float[] {0, 0, 0, 1}, 2, 2);

    @Test
    void aPanelHasTheProportionsOfItsPhoto() {
        assertThat(ContactSheet.panel(400, 200, 3)).isEqualTo(new ImageSize(240, 120));
        assertThat(ContactSheet.panel(10, 30, 3)).isEqualTo(new ImageSize(80, 240));
        assertThat(ContactSheet.panel(20_000, 2, 3)).isEqualTo(new ImageSize(240, 1));
    }

    @Test
    void panelsAreSmallerTheMoreThereAre() {
        ImageSize many = ContactSheet.panel(400, 400, 800);

        assertThat(many.width()).isBetween(96, 130);
        assertThat(ContactSheet.panel(400, 400, 100_000)).isEqualTo(new ImageSize(96, 96));
    }

    @Test
    void eachWordIsAPanelUnderItsOwnAttention() throws IOException {
        BufferedImage sheet = sheet(new Captioned(
                grey(100, 100), "a dog", List.of(new Word("a", 0.5, UPPER_LEFT), new Word("dog", 0.25, LOWER_RIGHT))));

        int top = sheet.getHeight() - 12 - 24 - 100;
        assertThat(brightness(sheet, 12 + 112 + 15, top + 15))
                .isGreaterThan(brightness(sheet, 12 + 112 + 85, top + 85));
        assertThat(brightness(sheet, 12 + 224 + 15, top + 15)).isLessThan(brightness(sheet, 12 + 224 + 85, top + 85));
        assertThat(sheet.getRGB(12 + 50, top + 50) & 0xFFFFFF).isEqualTo(0x808080);
    }

    @Test
    void fiveAreInARowAndALongCaptionHasSeveralLines() throws IOException {
        List<Word> words = IntStream.range(0, 50)
                .mapToObj(i -> new Word("word" + i, 0.5, UPPER_LEFT))
                .toList();
        BufferedImage sheet =
                sheet(new Captioned(grey(100, 50), "word ".repeat(50).strip(), words));

        assertThat(sheet.getWidth()).isBetween(5 * 112 + 12, 5 * 252 + 12);
        assertThat(sheet.getHeight()).isGreaterThan(11 * (50 + 24 + 12));
    }

    @Test
    void photosAreOneBelowTheOther() throws IOException {
        Captioned photo = new Captioned(grey(240, 100), "a", List.of());

        assertThat(sheet(photo, photo).getHeight() - 12)
                .isEqualTo(2 * (sheet(photo).getHeight() - 12));
    }

    private static BufferedImage sheet(Captioned... photos) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(ContactSheet.png(List.of(photos))));
    }

    private static Pixels grey(int width, int height) {
        byte[] rgb = new byte[width * height * 3];
        Arrays.fill(rgb, (byte) 128);
        return new Pixels(width, height, rgb);
    }

    private static int brightness(BufferedImage image, int x, int y) {
        int rgb = image.getRGB(x, y);
        return (rgb >> 16 & 0xFF) + (rgb >> 8 & 0xFF) + (rgb & 0xFF);
    }
}
