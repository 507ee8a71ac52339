package io.captioner.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import io.captioner.image.format.ImageLimits;
import io.captioner.image.format.UnreadableImageException;
import io.captioner.image.format.UnreadableImageException.Reason;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileBytesTests {
    private static final ImageSize TARGET = new ImageSize(16, 16);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long HEAP_LIMIT = 16L << 20;

    private final PhotoDecoder decoder = new PhotoDecoder(ImageLimits.defaults());

    @ParameterizedTest
    @ValueSource(
            strings = {"", "G", "hello", "<svg xmlns='http://www.w3.org/2000/svg'/>", "%PDF-1.7", "BM", "RIFF1234WAVE"})
    void whatIsNoPictureIsCalledSo(String text) {
        UnreadableImageException refused = refusal(text.getBytes(StandardCharsets.ISO_8859_1));

        assertThat(refused.reason()).isEqualTo(Reason.NOT_AN_IMAGE);
        assertThat(refused).hasMessageContaining("Send a");
    }

    @Test
    void aGifOf35BytesThatClaimsTwoGigapixelsIsRefusedForNothing() {
        assertRefusedCheaply(gifBomb());
    }

    @Test
    void aJpegOf64250SquaredIsRefusedForNothing() {
        byte[] jpeg = Drawings.encode(Drawings.quarters(32, 24, BufferedImage.TYPE_3BYTE_BGR), "jpg");
        int frame = new String(jpeg, StandardCharsets.ISO_8859_1).indexOf("\u00ff\u00c0");
        ByteBuffer.wrap(jpeg).putShort(frame + 5, (short) 64250).putShort(frame + 7, (short) 64250);

        assertRefusedCheaply(jpeg);
    }

    @Test
    void aBitmapOfSixTerapixelsIsRefusedForNothing() {
        byte[] bmp = Drawings.encode(Drawings.quarters(32, 24, BufferedImage.TYPE_3BYTE_BGR), "bmp");
        ByteBuffer.wrap(bmp)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(18, 3_000_000)
                .putInt(22, 2_000_000);

        assertRefusedCheaply(bmp);
    }

    @Test
    void aPngOf100000SquaredIsRefusedForNothing() {
        byte[] png = Drawings.encode(Drawings.quarters(32, 24, BufferedImage.TYPE_3BYTE_BGR), "png");
        ByteBuffer.wrap(png).putInt(16, 100_000).putInt(20, 100_000);

        assertRefusedCheaply(png);
    }

    @Test
    void aWebpFrameLargerThanItsCanvasIsRefused() {
        byte[] webp = Drawings.resource("profile.webp");
        int frame = new String(webp, StandardCharsets.ISO_8859_1).indexOf("VP8L");
        ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN).putInt(frame + 9, 0x0fffffff);

        assertRefusedCheaply(webp);
    }

    @Test
    void aTiffTileOfGigabytesIsRefused() {
        byte[] tiff = Drawings.resource("raw.tif");
        ByteBuffer buffer = ByteBuffer.wrap(tiff).order(ByteOrder.LITTLE_ENDIAN);
        int directory = buffer.getInt(4);
        int last = directory + 2 + 12 * (buffer.getShort(directory) - 1);
        buffer.putShort(last, (short) 322)
                .putShort(last + 2, (short) 4)
                .putInt(last + 4, 1)
                .putInt(last + 8, 1 << 30);

        assertRefusedCheaply(tiff);
    }

    @Test
    void aJpegInATiffThatIsLargerThanItsStripIsRefused() {
        byte[] tiff = Drawings.resource("jpeg.tif");
        int frame = new String(tiff, StandardCharsets.ISO_8859_1).indexOf("\u00ff\u00c0");
        ByteBuffer.wrap(tiff).putShort(frame + 5, (short) 6000).putShort(frame + 7, (short) 6000);
        refusal(tiff);
        long heap = allocated();

        assertThat(refusal(tiff).reason()).isEqualTo(Reason.CORRUPT);

        assertThat(allocated() - heap).isLessThan(HEAP_LIMIT);
    }

    @Test
    void aTiffWhoseSamplesTakeGigabytesIsRefused() {
        byte[] tiff = Drawings.resource("float.tif");
        ByteBuffer buffer = ByteBuffer.wrap(tiff).order(ByteOrder.LITTLE_ENDIAN);
        int directory = buffer.getInt(4);
        for (int i = 0; i < buffer.getShort(directory); i++) {
            int entry = directory + 2 + 12 * i;
            if (buffer.getShort(entry) == 256 || buffer.getShort(entry) == 257) {
                buffer.putInt(entry + 8, 7000);
            }
        }

        assertRefusedCheaply(tiff);
    }

    @Test
    void directoriesInACircleAreReadOnce() {
        byte[] tiff = Drawings.resource("raw.tif");
        ByteBuffer buffer = ByteBuffer.wrap(tiff).order(ByteOrder.LITTLE_ENDIAN);
        int directory = buffer.getInt(4);
        buffer.putInt(directory + 2 + 12 * buffer.getShort(directory), directory);

        assertThat(decoder.decode(tiff, TARGET).width()).isEqualTo(32);
    }

    @Test
    void aProfileThatInflatesWithoutEndCostsNothing() throws Exception {
        byte[] png = Drawings.encode(Drawings.quarters(32, 24, BufferedImage.TYPE_3BYTE_BGR), "png");
        ByteArrayOutputStream profile = new ByteArrayOutputStream();
        profile.write("iCCPbomb\0\0".getBytes(StandardCharsets.ISO_8859_1));
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(profile)) {
            deflater.write(new byte[] {0x7f, -1, -1, -1});
            deflater.write(new byte[64 << 20]);
        }
        CRC32 crc = new CRC32();
        crc.update(profile.toByteArray());
        ByteBuffer bomb = ByteBuffer.allocate(png.length + profile.size() + 8);
        bomb.put(png, 0, 33)
                .putInt(profile.size() - 4)
                .put(profile.toByteArray())
                .putInt((int) crc.getValue());
        bomb.put(png, 33, png.length - 33);
        decoder.decode(png, TARGET);

        long before = allocated();
        decoder.decode(bomb.array(), TARGET);

        assertThat(allocated() - before).isLessThan(HEAP_LIMIT);
    }

    @Test
    void compressedTextInAPngIsNeverInflated() throws Exception {
        byte[] png = Drawings.encode(Drawings.quarters(32, 24, BufferedImage.TYPE_BYTE_INDEXED), "png");
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.write("zTXtbomb\0\0".getBytes(StandardCharsets.ISO_8859_1));
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(text)) {
            deflater.write(new byte[64 << 20]);
        }
        CRC32 crc = new CRC32();
        crc.update(text.toByteArray());
        ByteBuffer bomb = ByteBuffer.allocate(png.length + text.size() + 8);
        bomb.put(png, 0, 33).putInt(text.size() - 4).put(text.toByteArray()).putInt((int) crc.getValue());
        bomb.put(png, 33, png.length - 33);
        decoder.decode(png, TARGET);

        long before = allocated();
        decoder.decode(bomb.array(), TARGET);

        assertThat(allocated() - before).isLessThan(HEAP_LIMIT);
    }

    @Test
    void aJpegOfThousandsOfScansIsRefused() {
        byte[] jpeg = Drawings.resource("progressive.jpg");
        String text = new String(jpeg, StandardCharsets.ISO_8859_1);
        String scan = text.substring(text.lastIndexOf("\u00ff\u00da"), jpeg.length - 2);
        String bomb = text.substring(0, jpeg.length - 2) + scan.repeat(1000) + "\u00ff\u00d9";

        assertThat(refusal(bomb.getBytes(StandardCharsets.ISO_8859_1))).hasMessageContaining("scans");
    }

    @Test
    void theRefusalSaysWhatWasFoundAndWhatIsAllowed() {
        assertThat(refusal(gifBomb()))
                .hasMessageContaining("65535 x 32767")
                .hasMessageContaining("50000000")
                .hasMessageContaining("Send a smaller version");
    }

    @Test
    void limitsHoldExactly() {
        byte[] png = Drawings.encode(Drawings.quarters(32, 24, BufferedImage.TYPE_3BYTE_BGR), "png");

        assertThat(new PhotoDecoder(new ImageLimits(32 * 24, 32)).decode(png, TARGET))
                .isNotNull();
        for (ImageLimits limits : List.of(new ImageLimits(32 * 24 - 1, 32), new ImageLimits(32 * 24, 31))) {
            UnreadableImageException refused = catchThrowableOfType(
                    UnreadableImageException.class, () -> new PhotoDecoder(limits).decode(png, TARGET));
            assertThat(refused.reason()).isEqualTo(Reason.TOO_LARGE);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new ImageLimits(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new ImageLimits(1, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpg", "png", "bmp", "gif"})
    void halfAPictureIsRefused(String format) {
        byte[] whole = Drawings.encode(noise(), format);

        UnreadableImageException refused = refusal(Arrays.copyOf(whole, whole.length / 2));

        assertThat(refused.reason()).isEqualTo(Reason.CORRUPT);
        assertThat(refused).hasMessageContaining("Send the whole, original file");
    }

    @Test
    void aJpegThatOnlyLacksItsEndMarkerIsWhole() {
        byte[] whole = Drawings.encode(noise(), "jpg");

        Photo photo = decoder.decode(Arrays.copyOf(whole, whole.length - 2), TARGET);

        assertThat(photo.pixels().rgb())
                .isEqualTo(decoder.decode(whole, TARGET).pixels().rgb());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "progressive.jpg",
                "profile.jpg",
                "cmyk.jpg",
                "lossy.webp",
                "lossless.webp",
                "alpha-lossy.webp",
                "animated.webp",
                "animated.gif",
                "turned.png",
                "lzw.tif",
                "adobe_deflate.tif",
                "turned.tif",
                "jpeg.tif",
                "big.tif",
                "thumbnail.tif",
                "unmarked.tif",
                "unspecified.tif",
                "float.tif",
                "p3.png",
                "p3.tif",
                "p3-jpeg.tif",
                "linear-grey.jpg",
                "linear-grey.tif"
            })
    void noMutationLetsAnythingButARefusalOut(String name) {
        byte[] original = Drawings.resource(name);
        Random random = new Random(name.hashCode());
        PhotoDecoder small = new PhotoDecoder(new ImageLimits(1_000_000, 20_000));
        for (int i = 0; i < 100; i++) {
            byte[] mutant = Arrays.copyOf(original, i % 10 == 0 ? random.nextInt(original.length) : original.length);
            for (int change = random.nextInt(6); change >= 0 && mutant.length > 0; change--) {
                mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(small.decode(mutant, TARGET).pixels().width()).isEqualTo(16);
            } catch (UnreadableImageException refused) {
                assertThat(refused.getMessage()).contains("Send");
            }
        }
    }

    private void assertRefusedCheaply(byte[] bomb) {
        refusal(bomb);
        long heap = allocated();
        long time = THREADS.getCurrentThreadCpuTime();

        UnreadableImageException refused = refusal(bomb);

        assertThat(THREADS.getCurrentThreadCpuTime() - time).isLessThan(100_000_000);
        assertThat(allocated() - heap).isLessThan(HEAP_LIMIT);
        assertThat(refused.reason()).isEqualTo(Reason.TOO_LARGE);
    }

    private UnreadableImageException refusal(byte[] bytes) {
        UnreadableImageException refused =
                catchThrowableOfType(UnreadableImageException.class, () -> decoder.decode(bytes, TARGET));
        assertThat(refused).isNotNull();
        return refused;
    }

    /** Bytes this thread has allocated so far. */
    private static long allocated() {
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    private static byte[] gifBomb() {
        ByteBuffer gif = ByteBuffer.allocate(35).order(ByteOrder.LITTLE_ENDIAN);
        gif.put("GIF89a".getBytes(StandardCharsets.ISO_8859_1))
                .putShort((short) 65535)
                .putShort((short) 32767);
        gif.put(new byte[] {(byte) 0x80, 0, 0, 0, 0, 0, -1, -1, -1, ',', 0, 0, 0, 0});
        gif.putShort((short) 65535).putShort((short) 32767).put(new byte[] {0, 2, 2, 'D', 1, 0, ';'});
        return gif.array();
    }

    private static BufferedImage noise() {
        BufferedImage noise = new BufferedImage(64, 64, BufferedImage.TYPE_3BYTE_BGR);
        Random random = new Random(3);
        for (int i = 0; i < 64 * 64; i++) {
            noise.setRGB(i % 64, i / 64, random.nextInt(1 << 24));
        }
        return noise;
    }
}
