package io.captioner.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.image.format.ImageFormat;
import io.captioner.image.format.ImageLimits;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhotoDecoderTests {
    private static final ImageSize SAME = new ImageSize(32, 24);

    private final PhotoDecoder decoder = new PhotoDecoder(ImageLimits.defaults());

    @ParameterizedTest
    @CsvSource({"jpg,JPEG,12", "png,PNG,0", "bmp,BMP,0", "gif,GIF,0", "tiff,TIFF,0"})
    void everyFormatJavaWritesComesBack(String name, ImageFormat format, int tolerance) {
        byte[] bytes = Drawings.encode(Drawings.quarters(32, 24, BufferedImage.TYPE_3BYTE_BGR), name);

        Photo photo = decoder.decode(bytes, SAME);

        assertThat(photo.format()).isEqualTo(format);
        assertThat(photo.width()).isEqualTo(32);
        assertThat(photo.height()).isEqualTo(24);
        assertQuarters(photo.pixels(), tolerance, Drawings.RED, Drawings.GREEN, Drawings.BLUE, Color.WHITE);
    }

    @ParameterizedTest
    @CsvSource({
        "progressive.jpg,JPEG,8",
        "profile.jpg,JPEG,8",
        "cmyk.jpg,JPEG,60",
        "lossy.webp,WEBP,12",
        "lossless.webp,WEBP,0",
        "alpha-lossy.webp,WEBP,12",
        "alpha-lossless.webp,WEBP,0",
        "profile.webp,WEBP,2",
        "animated.webp,WEBP,0",
        "raw.tif,TIFF,0",
        "lzw.tif,TIFF,0",
        "adobe_deflate.tif,TIFF,0"
    })
    void everyKindOfFileShowsItsColoursOnWhite(String name, ImageFormat format, int tolerance) {
        Photo photo = decoder.decode(Drawings.resource(name), SAME);

        assertThat(photo.format()).isEqualTo(format);
        assertQuarters(photo.pixels(), tolerance, Drawings.RED, Drawings.GREEN, Drawings.BLUE, Color.WHITE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"turned.png", "turned.webp", "turned.tif"})
    void orientationIsReadFromEveryFormatThatHasIt(String name) {
        Photo photo = decoder.decode(Drawings.resource(name), new ImageSize(24, 32));

        assertThat(photo.width()).isEqualTo(24);
        assertThat(photo.height()).isEqualTo(32);
        assertQuarters(photo.pixels(), 0, Drawings.BLUE, Drawings.RED, Color.WHITE, Drawings.GREEN);
    }

    @ParameterizedTest
    @CsvSource({"1,RGBW", "2,GRWB", "3,WBGR", "4,BWRG", "5,RBGW", "6,BRWG", "7,WGBR", "8,GWRB"})
    void aPhotoTurnedByExifComesOutUpright(int tag, String quarters) {
        byte[] jpeg = Drawings.encode(Drawings.quarters(64, 48, BufferedImage.TYPE_3BYTE_BGR), "jpg");

        Photo photo = decoder.decode(Drawings.withOrientation(jpeg, tag), SAME);

        assertThat(photo.width()).isEqualTo(tag < 5 ? 64 : 48);
        assertQuarters(
                photo.pixels(),
                10,
                colour(quarters.charAt(0)),
                colour(quarters.charAt(1)),
                colour(quarters.charAt(2)),
                colour(quarters.charAt(3)));
    }

    @Test
    void aPhotoOfTheTargetSizeKeepsEveryByte() {
        BufferedImage noise = new BufferedImage(37, 23, BufferedImage.TYPE_3BYTE_BGR);
        Random random = new Random(7);
        byte[] expected = new byte[37 * 23 * 3];
        for (int i = 0; i < 37 * 23; i++) {
            int rgb = random.nextInt(1 << 24);
            noise.setRGB(i % 37, i / 37, rgb);
            expected[3 * i] = (byte) (rgb >> 16);
            expected[3 * i + 1] = (byte) (rgb >> 8);
            expected[3 * i + 2] = (byte) rgb;
        }

        Photo photo = decoder.decode(Drawings.encode(noise, "png"), new ImageSize(37, 23));

        assertThat(photo.pixels().rgb()).isEqualTo(expected);
    }

    @Test
    void greyKeepsItsValuesIn8And16Bits() {
        BufferedImage eight = new BufferedImage(256, 1, BufferedImage.TYPE_BYTE_GRAY);
        BufferedImage sixteen = new BufferedImage(256, 1, BufferedImage.TYPE_USHORT_GRAY);
        byte[] expected = new byte[256 * 3];
        for (int i = 0; i < 256; i++) {
            eight.getRaster().setSample(i, 0, 0, i);
            sixteen.getRaster().setSample(i, 0, 0, i * 257);
            Arrays.fill(expected, 3 * i, 3 * i + 3, (byte) i);
        }
        ImageSize size = new ImageSize(256, 1);

        assertThat(decoder.decode(Drawings.encode(eight, "png"), size).pixels().rgb())
                .isEqualTo(expected);
        assertThat(decoder.decode(Drawings.encode(sixteen, "png"), size)
                        .pixels()
                        .rgb())
                .isEqualTo(expected);
    }

    @Test
    void alphaIsLaidOnWhite() {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0x80000000);
        image.setRGB(1, 0, 0x00ff0000);

        Pixels pixels = decoder.decode(Drawings.encode(image, "png"), new ImageSize(2, 1))
                .pixels();

        assertThat(Drawings.at(pixels, 0, 0)).isEqualTo(new Color(127, 127, 127));
        assertThat(Drawings.at(pixels, 1, 0)).isEqualTo(Color.WHITE);
    }

    @Test
    void aGifFrameLiesAtItsPlaceOnTheCanvas() {
        byte[] gif = Drawings.encode(Drawings.quarters(4, 4, BufferedImage.TYPE_3BYTE_BGR), "gif");
        gif[6] = 8;
        gif[8] = 8;
        int descriptor = 13 + (3 << (gif[10] & 7) + 1);
        while (gif[descriptor] != ',') {
            descriptor++;
        }
        gif[descriptor + 1] = 2;
        gif[descriptor + 3] = 2;

        Photo photo = decoder.decode(gif, new ImageSize(8, 8));

        assertThat(photo.width()).isEqualTo(8);
        assertThat(Drawings.at(photo.pixels(), 1, 2)).isEqualTo(Color.WHITE);
        assertThat(Drawings.at(photo.pixels(), 2, 2)).isEqualTo(Drawings.RED);
        assertThat(Drawings.at(photo.pixels(), 4, 2)).isEqualTo(Drawings.GREEN);
        assertThat(Drawings.at(photo.pixels(), 2, 5)).isEqualTo(Drawings.BLUE);
    }

    @Test
    void aFineCheckerboardShrinksToGreyNotToStripes() {
        BufferedImage board = new BufferedImage(600, 400, BufferedImage.TYPE_3BYTE_BGR);
        for (int y = 0; y < 400; y++) {
            for (int x = 0; x < 600; x++) {
                board.setRGB(x, y, (x + y) % 2 == 0 ? 0xffffff : 0);
            }
        }

        byte[] rgb = decoder.decode(Drawings.encode(board, "png"), new ImageSize(60, 40))
                .pixels()
                .rgb();

        for (byte value : rgb) {
            assertThat(value & 0xff).isBetween(127, 128);
        }
    }

    @Test
    void aPhotoOfSeveralStripsIsTheSameAsInOne() {
        BufferedImage tall = Drawings.quarters(4200, 4200, BufferedImage.TYPE_BYTE_GRAY);
        WritableRaster raster = tall.getRaster();
        for (int y = 0; y < 4200; y++) {
            raster.setSample(4199, y, 0, y % 256);
        }
        byte[] png = Drawings.encode(tall, "png");

        Pixels pixels = decoder.decode(png, new ImageSize(4200, 4200)).pixels();

        for (int y = 0; y < 4200; y++) {
            assertThat(Drawings.at(pixels, 4199, y).getBlue()).isEqualTo(y % 256);
        }
    }

    @Test
    void aDamagedProfileDoesNotCostThePhoto() {
        for (String name : new String[] {"profile.jpg", "profile.webp"}) {
            byte[] bytes = Drawings.resource(name);
            int profile = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("acsp");
            assertThat(profile).isPositive();
            Arrays.fill(bytes, profile - 36, profile + 60, (byte) 0x5a);

            Photo photo = decoder.decode(bytes, SAME);

            assertQuarters(photo.pixels(), 8, Drawings.RED, Drawings.GREEN, Drawings.BLUE, Color.WHITE);
        }
    }

    private static Color colour(char letter) {
        return switch (letter) {
            case 'R' -> Drawings.RED;
            case 'G' -> Drawings.GREEN;
            case 'B' -> Drawings.BLUE;
            default -> Color.WHITE;
        };
    }

    private static void assertQuarters(Pixels pixels, int tolerance, Color... expected) {
        for (int i = 0; i < 4; i++) {
            int x = pixels.width() / 4 + i % 2 * pixels.width() / 2;
            int y = pixels.height() / 4 + i / 2 * pixels.height() / 2;
            Color found = Drawings.at(pixels, x, y);
            assertThat(Drawings.near(found, expected[i], tolerance))
                    .as("quarter %d is %s, not %s", i, found, expected[i])
                    .isTrue();
        }
    }
}
