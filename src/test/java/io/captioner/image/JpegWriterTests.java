package io.captioner.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JpegWriterTests {
    @Test
    void whatIsWrittenDecodesToNearlyTheSamePixels() {
        byte[] rgb = new byte[40 * 20 * 3];
        for (int i = 0; i < 40 * 20; i++) {
            rgb[3 * i] = (byte) 200;
            rgb[3 * i + 1] = (byte) (i % 40 * 3);
            rgb[3 * i + 2] = (byte) 40;
        }

        byte[] jpeg = JpegWriter.write(new Pixels(40, 20, rgb));

        Photo photo = new PhotoDecoder(ImageLimits.defaults()).decode(jpeg, new ImageSize(40, 20));
        assertThat(photo.format()).isEqualTo(ImageFormat.JPEG);
        byte[] decoded = photo.pixels().rgb();
        assertThat(photo.width()).isEqualTo(40);
        assertThat(photo.height()).isEqualTo(20);
        for (int i = 0; i < rgb.length; i++) {
            assertThat(Math.abs((decoded[i] & 0xff) - (rgb[i] & 0xff))).isLessThan(16);
        }
    }
}
