package io.captioner.image;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** The pictures that tests stand on: quarters of red, green / blue, white. */
final class Drawings {
    static final Color RED = new Color(220, 30, 30);
    static final Color GREEN = new Color(30, 160, 30);
    static final Color BLUE = new Color(30, 30, 220);

    private Drawings() {}

    static BufferedImage quarters(int width, int height, int type) {
        BufferedImage image = new BufferedImage(width, height, type);
        Graphics2D pen = image.createGraphics();
        fill(pen, Color.WHITE, 0, 0, width, height);
        fill(pen, RED, 0, 0, width / 2, height / 2);
        fill(pen, GREEN, width / 2, 0, width / 2, height / 2);
        fill(pen, BLUE, 0, height / 2, width / 2, height / 2);
        pen.dispose();
        return image;
    }

    private static void fill(Graphics2D pen, Color colour, int x, int y, int width, int height) {
        pen.setColor(colour);
        pen.fillRect(x, y, width, height);
    }

    static byte[] encode(BufferedImage image, String format) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image, format, bytes)) {
                throw new IllegalArgumentException("no writer of " + format);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    static byte[] resource(String name) {
        try (InputStream stream = Drawings.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalArgumentException("no test resource " + name);
            }
            return stream.readAllBytes();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Returns the JPEG with an EXIF segment behind its start marker that says only the orientation. */
    static byte[] withOrientation(byte[] jpeg, int orientation) {
        byte[] exif = {
            (byte) 0xff,
            (byte) 0xe1,
            0,
            34,
            'E',
            'x',
            'i',
            'f',
            0,
            0,
            'M',
            'M',
            0,
            42,
            0,
            0,
            0,
            8,
            0,
            1,
            1,
            18,
            0,
            3,
            0,
            0,
            0,
            1,
            0,
            (byte) orientation,
            0,
            0,
            0,
            0,
            0,
            0
        };
        byte[] out = new byte[jpeg.length + exif.length];
        System.arraycopy(jpeg, 0, out, 0, 2);
        System.arraycopy(exif, 0, out, 2, exif.length);
        System.arraycopy(jpeg, 2, out, 2 + exif.length, jpeg.length - 2);
        return out;
    }

    static Color at(Pixels pixels, int x, int y) {
        int i = 3 * (y * pixels.width() + x);
        byte[] rgb = pixels.rgb();
        return new Color(rgb[i] & 0xff, rgb[i + 1] & 0xff, rgb[i + 2] & 0xff);
    }

    /** Whether each colour is within {@code tolerance} of the other in every channel. */
    static boolean near(Color one, Color other, int tolerance) {
        return Math.abs(one.getRed() - other.getRed()) <= tolerance
                && Math.abs(one.getGreen() - other.getGreen()) <= tolerance
                && Math.abs(one.getBlue() - other.getBlue()) <= tolerance;
    }
}
