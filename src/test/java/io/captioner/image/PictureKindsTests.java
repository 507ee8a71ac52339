package io.captioner.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.captioner.image.format.ImageLimits;
import io.captioner.image.format.UnreadableImageException;
import io.captioner.image.format.UnreadableImageException.Reason;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Less usual kinds of the formats that are read: decoded to the right pixels, or refused by name. */
class PictureKindsTests {
    private static final ImageSize SAME = new ImageSize(32, 24);

    private final PhotoDecoder decoder = new PhotoDecoder(ImageLimits.defaults());

    /** The profile's curve is a power, the pixels' that of sRGB: dark channels differ by 13; unconverted, by 46. */
    @ParameterizedTest
    @CsvSource({
        "big.tif,1",
        "big-endian.tif,1",
        "thumbnail.tif,1",
        "unmarked.tif,1",
        "pages.tif,1",
        "unspecified.tif,1",
        "float.tif,1",
        "jpeg.tif,12",
        "p3.png,14",
        "p3.jpg,18",
        "p3.webp,14",
        "p3.tif,14",
        "p3-jpeg.tif,18"
    })
    void theQuartersOfEveryKindHaveTheirColours(String name, int tolerance) {
        assertQuarters(Drawings.resource(name), tolerance);
    }

    @ParameterizedTest
    @ValueSource(strings = {"linear-grey.png", "linear-grey.jpg", "linear-grey.tif"})
    void aGreyProfileIsHeeded(String name) {
        Color grey = Drawings.at(decoder.decode(Drawings.resource(name), SAME).pixels(), 9, 9);

        assertThat(Drawings.near(grey, new Color(128, 128, 128), 3))
                .as("%s", grey)
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "zstd.tif,Zstandard",
        "lerc.tif,LERC",
        "signed.tif,signed samples",
        "bright.tif,floating-point",
        "raw.nef,Nikon NEF",
        "raw.dng,DNG",
        "twelve-bits.jpg,12-bit JPEG",
        "jpeg-ls.jpg,JPEG-LS"
    })
    void aCodingThatIsNotReadIsNamed(String name, String coding) {
        assertNamed(Drawings.resource(name), coding);
    }

    @Test
    void oldJpegCompressionWithoutItsTablesIsNamed() {
        byte[] tiff = Drawings.resource("jpeg.tif");
        ByteBuffer buffer =
                ByteBuffer.wrap(tiff).order(tiff[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int entry = buffer.getInt(4) + 2;
        while (buffer.getShort(entry) != 259) {
            entry += 12;
        }
        buffer.putShort(entry + 8, (short) 6);

        assertNamed(tiff, "old JPEG compression");
    }

    @Test
    void aDamagedTiffProfileOrPngProfileIsIgnored() {
        for (String name : new String[] {"p3.tif", "p3.png"}) {
            byte[] bytes = Drawings.resource(name);
            int at = index(bytes, name.equals("p3.tif") ? "acsp" : "iCCP") + 30;
            bytes[at] ^= 0x55;
            bytes[at + 1] ^= 0x55;

            Color red = Drawings.at(decoder.decode(bytes, SAME).pixels(), 8, 6);

            assertThat(Drawings.near(red, Drawings.RED, 40))
                    .as("%s of %s", red, name)
                    .isTrue();
        }
    }

    @Test
    void codePointsOfAPngGoBeforeItsGamma() {
        byte[] p3 = withChunk(withoutProfile(Drawings.resource("p3.png")), "cICP", 12, 13, 0, 1);

        assertQuarters(withChunk(p3, "gAMA", 0, 1, 0x86, 0xa0), 3);
        byte[] srgb = Drawings.encode(Drawings.quarters(32, 24, BufferedImage.TYPE_3BYTE_BGR), "png");
        assertQuarters(withChunk(srgb, "cICP", 1, 13, 0, 1), 0);
        assertQuarters(withChunk(withChunk(srgb, "gAMA", 0, 1, 0x86, 0xa0), "sRGB", 0), 0);
    }

    @Test
    void theGammaOfAPngWithoutProfileIsHeeded() {
        BufferedImage grey = new BufferedImage(4, 4, BufferedImage.TYPE_3BYTE_BGR);
        for (int i = 0; i < 16; i++) {
            grey.setRGB(i % 4, i / 4, 0x373737);
        }

        byte[] linear = withChunk(Drawings.encode(grey, "png"), "gAMA", 0, 1, 0x86, 0xa0);

        Color shown = Drawings.at(decoder.decode(linear, new ImageSize(4, 4)).pixels(), 1, 1);
        assertThat(Drawings.near(shown, new Color(128, 128, 128), 2))
                .as("%s", shown)
                .isTrue();
    }

    @Test
    void aPngOfAppleIsNamed() {
        byte[] png = Drawings.encode(Drawings.quarters(32, 24, BufferedImage.TYPE_3BYTE_BGR), "png");
        byte[] apple = chunkAt(png, 8, "CgBI", 0x50, 0, 0x20, 2);

        assertNamed(apple, "CgBI");
    }

    @Test
    void aJpegTakesItsHeightFromTheMarkerBehindItsScan() {
        byte[] jpeg = jpeg();
        int frame = index(jpeg, "\u00ff\u00c0");
        jpeg[frame + 5] = 0;
        jpeg[frame + 6] = 0;
        ByteBuffer lines = ByteBuffer.allocate(jpeg.length + 6);
        lines.put(jpeg, 0, jpeg.length - 2).put(bytes("\u00ff\u00dc\0\4\0\u0018\u00ff\u00d9"));

        assertQuarters(lines.array(), 12);
        assertThat(refusal(jpeg).reason()).isEqualTo(Reason.CORRUPT);
    }

    @Test
    void aHugeHeightInThatMarkerIsTooLarge() {
        byte[] jpeg = jpeg();
        int frame = index(jpeg, "\u00ff\u00c0");
        jpeg[frame + 5] = 0;
        jpeg[frame + 6] = 0;
        ByteBuffer lines = ByteBuffer.allocate(jpeg.length + 6);
        lines.put(jpeg, 0, jpeg.length - 2).put(bytes("\u00ff\u00dc\0\4\u00ff\u00ff\u00ff\u00d9"));

        assertThat(refusal(lines.array()).reason()).isEqualTo(Reason.TOO_LARGE);
    }

    @ParameterizedTest
    @CsvSource({"c9,arithmetic", "ca,arithmetic", "c5,hierarchical", "f7,JPEG-LS"})
    void aJpegProcessThatIsNotReadIsNamed(String marker, String name) {
        byte[] jpeg = jpeg();
        jpeg[index(jpeg, "\u00ff\u00c0") + 1] = (byte) Integer.parseInt(marker, 16);

        assertNamed(jpeg, name);
    }

    @Test
    void aProgressiveJpegWithoutItsEndMarkerIsWhole() {
        byte[] jpeg = Drawings.resource("progressive.jpg");

        assertQuarters(Arrays.copyOf(jpeg, jpeg.length - 2), 8);
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 64})
    void aBitmapWithAHeaderOfOs2IsRead(int header) {
        byte[] windows = bitmap();
        ByteBuffer os2 = ByteBuffer.allocate(windows.length - 40 + header).order(ByteOrder.LITTLE_ENDIAN);
        os2.put(windows, 0, 14 + Math.min(40, header));
        os2.put(14 + header, windows, 54, windows.length - 54);
        os2.putInt(14, header).putInt(10, 14 + header);

        assertQuarters(os2.array(), 0);
    }

    @Test
    void theSizeThatABitmapSaysItsFileHasIsIgnored() {
        byte[] bitmap = bitmap();
        ByteBuffer.wrap(bitmap).putInt(2, 0);

        assertQuarters(bitmap, 0);
    }

    @ParameterizedTest
    @CsvSource({"40,4,JPEG", "40,5,PNG", "64,3,Huffman", "64,4,RLE24", "40,11,compression number 11", "77,0,77 bytes"})
    void aBitmapInACodingThatIsNotReadIsNamed(int header, int compression, String name) {
        byte[] bitmap = bitmap();
        ByteBuffer.wrap(bitmap)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(14, header)
                .putInt(30, compression);

        assertNamed(bitmap, name);
    }

    @Test
    void alphaThatIsNowhereSetDoesNotHideABitmap() {
        ByteBuffer bitmap = ByteBuffer.allocate(14 + 56 + 4 * 32 * 24).order(ByteOrder.LITTLE_ENDIAN);
        bitmap.put(bytes("BM")).putInt(bitmap.capacity()).putInt(0).putInt(70);
        bitmap.putInt(56)
                .putInt(32)
                .putInt(-24)
                .putShort((short) 1)
                .putShort((short) 32)
                .putInt(3);
        bitmap.putInt(54, 0xff0000).putInt(58, 0xff00).putInt(62, 0xff).putInt(66, 0xff000000);
        BufferedImage quarters = Drawings.quarters(32, 24, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 32 * 24; i++) {
            bitmap.putInt(70 + 4 * i, quarters.getRGB(i % 32, i / 32) & 0xffffff);
        }

        assertQuarters(bitmap.array(), 0);
    }

    @Test
    void theFirstFrameOfAGifWithSomethingOnItIsTaken() {
        byte[] gif = Drawings.encode(Drawings.quarters(32, 24, BufferedImage.TYPE_3BYTE_BGR), "gif");
        int picture = 13 + (3 << (gif[10] & 7) + 1);
        ByteArrayOutputStream animation = new ByteArrayOutputStream();
        animation.write(gif, 0, picture);
        // A frame of one pixel, of the transparent colour 0.
        String empty = "!\u00f9\4\1\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0";
        animation.writeBytes(bytes(empty + empty));
        animation.write(gif, picture, gif.length - picture);

        assertQuarters(animation.toByteArray(), 0);
    }

    @Test
    void anEmptyGifIsWhite() {
        byte[] gif = bytes(
                "GIF89a\4\0\4\0\u0080\0\0\0\0\0\u00ff\u00ff\u00ff!\u00f9\4\1\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;");

        Photo photo = decoder.decode(gif, new ImageSize(4, 4));

        assertThat(Drawings.at(photo.pixels(), 0, 0)).isEqualTo(Color.WHITE);
    }

    private void assertQuarters(byte[] content, int tolerance) {
        Photo photo = decoder.decode(content, SAME);
        assertThat(photo.width()).isEqualTo(32);
        assertThat(photo.height()).isEqualTo(24);
        Color[] expected = {Drawings.RED, Drawings.GREEN, Drawings.BLUE, Color.WHITE};
        for (int i = 0; i < 4; i++) {
            Color found = Drawings.at(photo.pixels(), 8 + i % 2 * 16, 6 + i / 2 * 12);
            assertThat(Drawings.near(found, expected[i], tolerance))
                    .as("quarter %d is %s, not %s", i, found, expected[i])
                    .isTrue();
        }
    }

    private void assertNamed(byte[] content, String name) {
        UnreadableImageException refused = refusal(content);
        assertThat(refused.reason()).isEqualTo(Reason.NOT_AN_IMAGE);
        assertThat(refused).hasMessageContaining(name).hasMessageContaining("JPEG or PNG");
    }

    private UnreadableImageException refusal(byte[] content) {
        UnreadableImageException refused =
                catchThrowableOfType(UnreadableImageException.class, () -> decoder.decode(content, SAME));
        assertThat(refused).isNotNull();
        return refused;
    }

    private static byte[] jpeg() {
        return Drawings.encode(Drawings.quarters(32, 24, BufferedImage.TYPE_3BYTE_BGR), "jpg");
    }

    private static byte[] bitmap() {
        return Drawings.encode(Drawings.quarters(32, 24, BufferedImage.TYPE_3BYTE_BGR), "bmp");
    }

    private static byte[] withoutProfile(byte[] png) {
        byte[] plain = png.clone();
        plain[index(plain, "iCCP")] = 'x';
        return plain;
    }

    private static byte[] withChunk(byte[] png, String name, int... data) {
        return chunkAt(png, 33, name, data);
    }

    private static byte[] chunkAt(byte[] png, int at, String name, int... data) {
        ByteBuffer chunk = ByteBuffer.allocate(12 + data.length).putInt(data.length);
        chunk.put(bytes(name));
        for (int value : data) {
            chunk.put((byte) value);
        }
        CRC32 crc = new CRC32();
        crc.update(chunk.array(), 4, 4 + data.length);
        chunk.putInt((int) crc.getValue());
        ByteBuffer whole = ByteBuffer.allocate(png.length + chunk.capacity());
        return whole.put(png, 0, at)
                .put(chunk.array())
                .put(png, at, png.length - at)
                .array();
    }

    private static int index(byte[] bytes, String latin) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(latin);
    }

    private static byte[] bytes(String latin) {
        return latin.getBytes(StandardCharsets.ISO_8859_1);
    }
}
