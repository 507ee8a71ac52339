package io.captioner.image;

import io.captioner.image.format.ColourConversion;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The rows of a decoded picture as 8-bit sRGB, on white where it is transparent; for one thread. */
final class ImageRows {
    private static final int OPAQUE = 255;

    private final BufferedImage picture;
    private final int width;
    private final byte[] row;
    /** What {@code getRGB} returns, then how opaque each pixel is. */
    private final int[] values;

    private final @Nullable ColourConversion colours;
    private double[] greys = {};

    /**
     * @param colours how the picture's colours become sRGB, null where they are sRGB or say themselves what they are
     */
    ImageRows(BufferedImage picture, @Nullable ColourConversion colours) {
        this.picture = picture;
        this.colours = colours;
        this.width = picture.getWidth();
        this.row = new byte[width * 3];
        this.values = new int[width];
    }

    /** Whether every pixel is fully transparent. */
    static boolean isEmpty(BufferedImage picture) {
        if (!picture.getColorModel().hasAlpha()) {
            return false;
        }
        int width = picture.getWidth();
        int[] argb = new int[width];
        for (int y = 0; y < picture.getHeight(); y++) {
            picture.getRGB(0, y, width, 1, argb, 0, width);
            for (int pixel : argb) {
                if (pixel >>> 24 != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Returns row {@code y} as RGB bytes in a buffer that the next call overwrites. */
    byte[] row(int y) {
        if (picture.getType() == BufferedImage.TYPE_3BYTE_BGR
                && picture.getRaster().getDataBuffer() instanceof DataBufferByte buffer
                && buffer.getData().length == width * picture.getHeight() * 3) {
            swapRedAndBlue(buffer.getData(), y * width * 3);
        } else if (isGrey(picture.getColorModel())) {
            spreadGrey(y);
        } else {
            takeColours(y);
        }
        if (colours != null) {
            colours.convert(row);
        }
        if (picture.getColorModel().hasAlpha()) {
            layOnWhite();
        }
        return row;
    }

    private void swapRedAndBlue(byte[] bgr, int from) {
        for (int i = 0; i < row.length; i += 3) {
            row[i] = bgr[from + i + 2];
            row[i + 1] = bgr[from + i + 1];
            row[i + 2] = bgr[from + i];
        }
    }

    /** Java's own grey is linear light: its conversion to RGB would brighten the sRGB greys that files hold. */
    private static boolean isGrey(ColorModel model) {
        return model.getColorSpace().getType() == ColorSpace.TYPE_GRAY;
    }

    private void spreadGrey(int y) {
        Raster raster = picture.getRaster();
        ColorModel model = picture.getColorModel();
        int bands = raster.getNumBands();
        double[] samples = raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, values());
        boolean isInteger =
                raster.getTransferType() != DataBuffer.TYPE_FLOAT && raster.getTransferType() != DataBuffer.TYPE_DOUBLE;
        double white = isInteger ? Math.pow(2, model.getComponentSize(0)) - 1 : 1;
        for (int x = 0; x < width; x++) {
            double grey = samples[x * bands];
            if (model.hasAlpha()) {
                values[x] = toByte(samples[x * bands + 1], white);
                grey *= model.isAlphaPremultiplied() ? OPAQUE / Math.max(1.0, values[x]) : 1;
            }
            Arrays.fill(row, 3 * x, 3 * x + 3, (byte) toByte(grey, white));
        }
    }

    private double[] values() {
        if (greys.length == 0) {
            greys = new double[width * picture.getRaster().getNumBands()];
        }
        return greys;
    }

    private void takeColours(int y) {
        picture.getRGB(0, y, width, 1, values, 0, width);
        for (int x = 0; x < width; x++) {
            row[3 * x] = (byte) (values[x] >> 16);
            row[3 * x + 1] = (byte) (values[x] >> 8);
            row[3 * x + 2] = (byte) values[x];
            values[x] >>>= 24;
        }
    }

    private void layOnWhite() {
        for (int i = 0; i < row.length; i++) {
            int alpha = values[i / 3];
            row[i] = (byte) (((row[i] & 0xff) * alpha + OPAQUE * (OPAQUE - alpha) + OPAQUE / 2) / OPAQUE);
        }
    }

    /** Samples of 32 bits are read as signed, though they are not. */
    private static int toByte(double sample, double white) {
        double unsigned = sample < 0 && white > Integer.MAX_VALUE ? sample + white + 1 : sample;
        return (int) Math.max(0, Math.min(OPAQUE, unsigned * OPAQUE / white + 0.5));
    }
}
