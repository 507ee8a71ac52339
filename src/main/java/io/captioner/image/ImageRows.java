package io.captioner.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.util.Arrays;

/** The rows of a decoded picture as 8-bit sRGB, on white where it is transparent; for one thread. */
final class ImageRows {
    private static final int OPAQUE = 255;

    private final BufferedImage picture;
    private final int width;
    private final byte[] row;
    private final int[] values;

    ImageRows(BufferedImage picture) {
        this.picture = picture;
        this.width = picture.getWidth();
        this.row = new byte[width * 3];
        this.values = new int[width * Math.max(1, picture.getRaster().getNumBands())];
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
            composite(y);
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
        return model.getColorSpace().getType() == ColorSpace.TYPE_GRAY
                && (model.getTransferType() == DataBuffer.TYPE_BYTE
                        || model.getTransferType() == DataBuffer.TYPE_USHORT)
                && !model.isAlphaPremultiplied();
    }

    private void spreadGrey(int y) {
        Raster raster = picture.getRaster();
        int bands = raster.getNumBands();
        int[] samples = raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, values);
        int white = (1 << picture.getColorModel().getComponentSize(0)) - 1;
        for (int x = 0; x < width; x++) {
            int grey = toByte(samples[x * bands], white);
            int alpha = bands > 1 ? toByte(samples[x * bands + 1], white) : OPAQUE;
            Arrays.fill(row, 3 * x, 3 * x + 3, onWhite(grey, alpha));
        }
    }

    private void composite(int y) {
        int[] argb = picture.getRGB(0, y, width, 1, values, 0, width);
        for (int x = 0; x < width; x++) {
            int alpha = argb[x] >>> 24;
            row[3 * x] = onWhite(argb[x] >> 16 & 0xff, alpha);
            row[3 * x + 1] = onWhite(argb[x] >> 8 & 0xff, alpha);
            row[3 * x + 2] = onWhite(argb[x] & 0xff, alpha);
        }
    }

    private static int toByte(int sample, int white) {
        return (int) ((sample * 255L + white / 2) / white);
    }

    private static byte onWhite(int value, int alpha) {
        return (byte) ((value * alpha + OPAQUE * (OPAQUE - alpha) + OPAQUE / 2) / OPAQUE);
    }
}
