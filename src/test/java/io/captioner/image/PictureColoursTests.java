package io.captioner.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.image.format.ImageLimits;
import java.awt.Color;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;

/** Profiles, transparency and chromaticities of plain pictures of 4 x 4 pixels, judged by their first pixel. */
class PictureColoursTests {
    private static final ImageSize SAME = new ImageSize(4, 4);
    private static final byte[] LINEAR =
            ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();

    private final PhotoDecoder decoder = new PhotoDecoder(ImageLimits.defaults());

    /** Linear 20 is 79 in sRGB, and that half on white is 167; laid on white first, it would be 193. */
    @Test
    void colourIsConvertedBeforeItIsLaidOnWhite() throws Exception {
        byte[] png = Drawings.encode(plain(BufferedImage.TYPE_INT_ARGB, 0x80141414), "png");
        ByteArrayOutputStream profile = new ByteArrayOutputStream();
        profile.writeBytes(new byte[] {'x', 0, 0});
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(profile)) {
            deflater.write(LINEAR);
        }

        assertGrey(withChunk(png, "iCCP", profile.toByteArray()), 167);
    }

    @Test
    void greyThatWasMultipliedByItsAlphaKeepsItsBrightness() {
        assertGrey(greyTiff(1, 50, 100), 50 + 255 - 100);
        assertGrey(greyTiff(2, 127, 100), 50 + 255 - 100);
        assertGrey(greyTiff(0, 127, 100), 127);
    }

    @Test
    void aProfileThatABitmapEmbedsIsHeeded() {
        byte[] windows = Drawings.encode(plain(BufferedImage.TYPE_3BYTE_BGR, 0x646464), "bmp");
        ByteBuffer bitmap =
                ByteBuffer.allocate(windows.length + 84 + LINEAR.length).order(ByteOrder.LITTLE_ENDIAN);
        bitmap.put(windows, 0, 54);
        bitmap.put(138, windows, 54, windows.length - 54)
                .put(windows.length + 84, LINEAR)
                .putInt(10, 138)
                .putInt(14, 124)
                .putInt(70, 0x4d424544)
                .putInt(126, windows.length + 70)
                .putInt(130, LINEAR.length);

        assertGrey(bitmap.array(), 167);
        assertGrey(bitmap.putInt(130, Integer.MAX_VALUE).array(), 100);
    }

    @Test
    void chromaticitiesThatAreNoColoursAreIgnored() {
        byte[] png =
                withChunk(Drawings.encode(plain(BufferedImage.TYPE_3BYTE_BGR, 0x646464), "png"), "gAMA", new byte[] {
                    0, 0, (byte) 0xb1, (byte) 0x8f
                });

        assertGrey(withChunk(png, "cHRM", new byte[32]), 100);
        byte[] damaged = new byte[32];
        new Random(6).nextBytes(damaged);
        assertGrey(withChunk(png, "cHRM", damaged), 100);
    }

    private void assertGrey(byte[] content, int grey) {
        Color shown = Drawings.at(decoder.decode(content, SAME).pixels(), 0, 0);
        assertThat(Drawings.near(shown, new Color(grey, grey, grey), 2))
                .as("%s, not %d", shown, grey)
                .isTrue();
    }

    private static BufferedImage plain(int type, int argb) {
        BufferedImage image = new BufferedImage(4, 4, type);
        for (int i = 0; i < 16; i++) {
            image.setRGB(i % 4, i / 4, argb);
        }
        return image;
    }

    /** A TIFF of grey and one more sample: of no meaning (0), associated (1) or unassociated alpha (2). */
    private static byte[] greyTiff(int extraSample, int grey, int alpha) {
        int[][] entries = {
            {256, 4},
            {257, 4},
            {258, 8 | 8 << 16},
            {259, 1},
            {262, 1},
            {273, 8},
            {277, 2},
            {278, 4},
            {279, 32},
            {338, extraSample}
        };
        ByteBuffer tiff =
                ByteBuffer.allocate(8 + 32 + 2 + 12 * entries.length + 4).order(ByteOrder.LITTLE_ENDIAN);
        tiff.put("II*\0".getBytes(StandardCharsets.ISO_8859_1)).putInt(40);
        for (int i = 0; i < 16; i++) {
            tiff.put((byte) grey).put((byte) alpha);
        }
        tiff.putShort((short) entries.length);
        for (int[] entry : entries) {
            tiff.putShort((short) entry[0])
                    .putShort((short) 3)
                    .putInt(entry[0] == 258 ? 2 : 1)
                    .putInt(entry[1]);
        }
        return tiff.array();
    }

    private static byte[] withChunk(byte[] png, String name, byte[] data) {
        ByteBuffer chunk = ByteBuffer.allocate(12 + data.length)
                .putInt(data.length)
                .put(name.getBytes(StandardCharsets.ISO_8859_1))
                .put(data);
        CRC32 crc = new CRC32();
        crc.update(chunk.array(), 4, 4 + data.length);
        chunk.putInt((int) crc.getValue());
        ByteBuffer whole = ByteBuffer.allocate(png.length + chunk.capacity());
        return whole.put(png, 0, 33)
                .put(chunk.array())
                .put(png, 33, png.length - 33)
                .array();
    }
}
