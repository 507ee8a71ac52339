package io.captioner.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Small JPEGs of decoded photos, without any metadata of the original. */
public final class Thumbnail {
    private static final int COLOURS = 3;
    private static final float QUALITY = 0.75f;

    private Thumbnail() {}

    /**
     * Returns a JPEG of a photo in its own proportions.
     *
     * @param pixels of the photo, stretched to whatever size
     * @param width columns of the upright original
     * @param height rows of the upright original
     * @param side longest side of the JPEG; of a smaller original its own size
     */
    public static byte[] jpeg(Pixels pixels, int width, int height, int side) {
        double scale = Math.min(1, (double) side / Math.max(width, height));
        int columns = Math.max(1, (int) Math.round(width * scale));
        int rows = Math.max(1, (int) Math.round(height * scale));
        byte[] jpeg = TurboJpeg.encode(pixels, columns, rows, Math.round(100 * QUALITY));
        return jpeg == null ? encode(pixels, columns, rows) : jpeg;
    }

    private static byte[] encode(Pixels pixels, int columns, int rows) {
        Resampler resampler = new Resampler(pixels.width(), pixels.height(), columns, rows);
        int line = pixels.width() * COLOURS;
        for (int y = 0; y < pixels.height(); y++) {
            resampler.add(Arrays.copyOfRange(pixels.rgb(), y * line, (y + 1) * line));
        }
        byte[] rgb = resampler.finish();
        WritableRaster raster = Raster.createInterleavedRaster(
                new DataBufferByte(rgb, rgb.length),
                columns,
                rows,
                columns * COLOURS,
                COLOURS,
                new int[] {0, 1, 2},
                null);
        ComponentColorModel colours = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_sRGB),
                false,
                false,
                ComponentColorModel.OPAQUE,
                DataBuffer.TYPE_BYTE);
        BufferedImage picture = new BufferedImage(colours, raster, false, null);
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(8192);
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            ImageWriteParam quality = writer.getDefaultWriteParam();
            quality.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            quality.setCompressionQuality(QUALITY);
            writer.write(null, new IIOImage(picture, null, null), quality);
        } catch (IOException e) {
            throw new UncheckedIOException("bug: memory cannot be written", e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
