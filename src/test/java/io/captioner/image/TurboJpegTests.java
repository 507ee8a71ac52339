package io.captioner.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import io.captioner.image.format.ImageLimits;
import io.captioner.image.format.UnreadableImageException;
import io.captioner.image.format.UnreadableImageException.Reason;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JPEGs that are decoded at a fraction of their size, against Java's decoder at their full size. */
class TurboJpegTests {
    private static final ImageSize TARGET = new ImageSize(64, 48);

    private final PhotoDecoder decoder = new PhotoDecoder(ImageLimits.defaults());

    @ParameterizedTest
    @CsvSource({
        "224,224,224,224,1",
        "1343,1343,224,224,1",
        "1344,1343,224,224,1",
        "1344,1344,224,224,2",
        "4000,3000,224,224,4",
        "4000,2250,224,224,2",
        "3000,4000,224,224,4",
        "20000,500,224,224,1",
        "6000,4000,224,224,4",
        "65000,65000,1,1,8",
        "4000,3000,299,299,2"
    })
    void whatIsDecodedIsAtLeastThreeTimesAsLargeAsTheTarget(int width, int height, int toWidth, int toHeight, int by) {
        assertThat(TurboJpeg.reduction(width, height, toWidth, toHeight)).isEqualTo(by);
    }

    @ParameterizedTest
    @CsvSource({"160,120", "320,240", "639,481", "1281,963", "1600,1201"})
    void aFractionShowsWhatTheWholePictureShows(int width, int height) throws IOException {
        byte[] jpeg = Drawings.encode(drawing(width, height, BufferedImage.TYPE_3BYTE_BGR), "jpg");

        assertNear(decode(jpeg), whole(jpeg), 16, 1.2);
    }

    @Test
    void aGreyPictureIsReadFromItsFractionToo() throws IOException {
        byte[] jpeg = Drawings.encode(drawing(1283, 965, BufferedImage.TYPE_BYTE_GRAY), "jpg");

        assertNear(decode(jpeg), whole(jpeg), 16, 1.2);
    }

    /** The kinds of sampling, progressive coding and an embedded profile, at a half of 32 x 24. */
    @ParameterizedTest
    @ValueSource(strings = {"progressive.jpg", "profile.jpg", "p3.jpg", "linear-grey.jpg"})
    void everyUsualKindIsReadByTheFasterDecoder(String name) {
        byte[] jpeg = Drawings.resource(name);
        ImageHeader header = ImageHeader.read(jpeg, ImageLimits.defaults(), true);
        assertThat(header.usual()).isTrue();

        byte[] fraction = Objects.requireNonNull(TurboJpeg.decode(header, 4, 3, Interpolation.AUTOMATIC));
        byte[] whole = Objects.requireNonNull(TurboJpeg.decode(header, 32, 24, Interpolation.AUTOMATIC));

        Resampler small = new Resampler(32, 24, 4, 3);
        for (int y = 0; y < 24; y++) {
            small.add(Arrays.copyOfRange(whole, 96 * y, 96 * y + 96));
        }
        assertNear(fraction, small.finish(), 40, 8);
    }

    @Test
    void whatIsTooFineForTheTargetBecomesGreyAndNotAPattern() {
        BufferedImage stripes = new BufferedImage(1001, 763, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < 763; y++) {
            for (int x = 0; x < 1001; x++) {
                stripes.getRaster().setSample(x, y, 0, (x / 2 + y / 3) % 2 * 255);
            }
        }

        byte[] rgb = decode(Drawings.encode(stripes, "jpg"));

        for (int y = 3; y < 45; y++) {
            for (int x = 3; x < 61; x++) {
                assertThat(rgb[3 * (64 * y + x)] & 0xff).isBetween(117, 138);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void aLargePhotoIsTurnedByItsOrientation(int orientation) {
        byte[] jpeg = Drawings.encode(Drawings.quarters(1600, 1200, BufferedImage.TYPE_3BYTE_BGR), "jpg");

        Photo photo = decoder.decode(Drawings.withOrientation(jpeg, orientation), TARGET);

        assertThat(photo.width()).isEqualTo(orientation < 5 ? 1600 : 1200);
        Quarters.assertShown(photo.pixels(), 6, Quarters.TURNED[orientation - 1]);
    }

    @Test
    void aLargePhotoOfWhichAPartIsMissingIsRefused() {
        byte[] jpeg = Drawings.encode(drawing(1600, 1200, BufferedImage.TYPE_3BYTE_BGR), "jpg");
        byte[] half = Arrays.copyOf(jpeg, jpeg.length / 2);

        assertThat(refusal(half).reason()).isEqualTo(Reason.CORRUPT);
        half[half.length - 2] = (byte) 0xff;
        half[half.length - 1] = (byte) 0xd9;
        assertThat(refusal(half)).hasMessageContaining("part of its data is missing");
    }

    @Test
    void whatTheFasterDecoderWarnsOfIsLeftToTheOther() {
        byte[] jpeg = Drawings.encode(Drawings.quarters(320, 240, BufferedImage.TYPE_3BYTE_BGR), "jpg");
        int scan = new String(jpeg, StandardCharsets.ISO_8859_1).indexOf("\u00ff\u00da");
        byte[] stray = new byte[jpeg.length + 9];
        System.arraycopy(jpeg, 0, stray, 0, scan);
        System.arraycopy(jpeg, scan, stray, scan + 9, jpeg.length - scan);

        assertThat(TurboJpeg.decode(
                        ImageHeader.read(stray, ImageLimits.defaults(), true), 64, 48, Interpolation.AUTOMATIC))
                .isNull();

        Quarters.assertShown(decoder.decode(stray, TARGET).pixels(), 6, "RGBW");
    }

    @ParameterizedTest
    @CsvSource({"0,false", "1,true", "2,false"})
    void onlyYcbcrAndGreyAreUsual(int transform, boolean usual) {
        byte[] jpeg = Drawings.encode(Drawings.quarters(32, 24, BufferedImage.TYPE_3BYTE_BGR), "jpg");
        String latin = new String(jpeg, StandardCharsets.ISO_8859_1);
        String adobe = "\u00ff\u00ee\0\16Adobe\0\144\0\0\0\0" + (char) transform;
        byte[] marked = (latin.substring(0, 2) + adobe + latin.substring(2)).getBytes(StandardCharsets.ISO_8859_1);

        assertThat(isUsual(jpeg)).isTrue();
        assertThat(isUsual(marked)).isEqualTo(usual);
        assertThat(isUsual(Drawings.resource("cmyk.jpg"))).isFalse();
        int frame = latin.indexOf("\u00ff\u00c0");
        for (int component = 0; component < 3; component++) {
            jpeg[frame + 10 + 3 * component] = (byte) "RGB".charAt(component);
        }
        assertThat(isUsual(jpeg)).isFalse();
    }

    @Test
    void twelveMegapixelsTakeLittleHeap() {
        byte[] jpeg = Drawings.encode(Drawings.quarters(4000, 3000, BufferedImage.TYPE_3BYTE_BGR), "jpg");
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        decoder.decode(jpeg, TARGET);
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());

        decoder.decode(jpeg, TARGET);

        assertThat(threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before)
                .isLessThan(2 << 20);
    }

    private static boolean isUsual(byte[] jpeg) {
        return ImageHeader.read(jpeg, ImageLimits.defaults(), true).usual();
    }

    private UnreadableImageException refusal(byte[] jpeg) {
        return Objects.requireNonNull(
                catchThrowableOfType(UnreadableImageException.class, () -> decoder.decode(jpeg, TARGET)));
    }

    private byte[] decode(byte[] jpeg) {
        return decoder.decode(jpeg, TARGET).pixels().rgb();
    }

    /** Decodes all of a JPEG by Java's decoder, then resizes it as a picture without loss. */
    private byte[] whole(byte[] jpeg) throws IOException {
        return decode(Drawings.encode(ImageIO.read(new ByteArrayInputStream(jpeg)), "png"));
    }

    private static void assertNear(byte[] found, byte[] expected, int most, double mean) {
        int largest = 0;
        double sum = 0;
        for (int i = 0; i < expected.length; i++) {
            int difference = Math.abs((found[i] & 0xff) - (expected[i] & 0xff));
            largest = Math.max(largest, difference);
            sum += difference;
        }
        assertThat(largest).isLessThanOrEqualTo(most);
        assertThat(sum / expected.length).isLessThanOrEqualTo(mean);
    }

    /** Gradients with lines of every direction, and grain. */
    private static BufferedImage drawing(int width, int height, int type) {
        Random random = new Random(5);
        BufferedImage image = new BufferedImage(width, height, type);
        Graphics2D pen = image.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pen.setPaint(new GradientPaint(0, 0, Drawings.RED, width, height, Drawings.GREEN));
        pen.fillRect(0, 0, width, height);
        pen.setStroke(new BasicStroke(width / 80f));
        for (int i = 0; i < 40; i++) {
            pen.setColor(new Color(random.nextInt(1 << 24)));
            pen.drawLine(random.nextInt(width), random.nextInt(height), random.nextInt(width), random.nextInt(height));
        }
        pen.dispose();
        for (int i = 0; i < width * height / 10; i++) {
            int x = random.nextInt(width);
            int y = random.nextInt(height);
            image.setRGB(x, y, image.getRGB(x, y) ^ 0x0f0f0f);
        }
        return image;
    }
}
