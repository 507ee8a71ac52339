package io.captioner.api;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import javax.imageio.ImageIO;

/** A JPEG whose rows are stored sideways, with the EXIF orientation that says so. */
final class PageSidewaysPhoto {
    /** An APP1 segment with the single tag Orientation = 6: turn clockwise by a quarter. */
    private static final byte[] EXIF = HexFormat.of()
            .parseHex("ffe10022" + "457869660000" + "4d4d002a00000008" + "0001" + "011200030000000100060000"
                    + "00000000");

    private PageSidewaysPhoto() {}

    /** Returns a photo of one colour that is this wide and high when it is upright. */
    static byte[] ofUpright(int width, int height, Color colour) throws IOException {
        BufferedImage stored = new BufferedImage(height, width, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = stored.createGraphics();
        graphics.setColor(colour);
        graphics.fillRect(0, 0, stored.getWidth(), stored.getHeight());
        graphics.dispose();
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        ImageIO.write(stored, "jpeg", jpeg);
        ByteArrayOutputStream turned = new ByteArrayOutputStream();
        turned.write(jpeg.toByteArray(), 0, 2);
        turned.writeBytes(EXIF);
        turned.write(jpeg.toByteArray(), 2, jpeg.size() - 2);
        return turned.toByteArray();
    }
}
