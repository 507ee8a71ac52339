package io.captioner.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** JPEGs of pictures that the program has in memory, without any metadata. */
public final class JpegPicture {
    private JpegPicture() {}

    /** Returns pixels as a picture; of values that are no whole numbers the whole part. */
    public static BufferedImage picture(Pixels pixels) {
        int width = pixels.width();
        BufferedImage picture = new BufferedImage(width, pixels.height(), BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * pixels.height(); i++) {
            picture.setRGB(i % width, i / width, pixels.colour(i));
        }
        return picture;
    }

    /** @param quality 0 to 1 */
    public static byte[] encode(BufferedImage picture, float quality) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(8192);
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            ImageWriteParam settings = writer.getDefaultWriteParam();
            settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            settings.setCompressionQuality(quality);
            writer.write(null, new IIOImage(picture, null, null), settings);
        } catch (IOException e) {
            throw new UncheckedIOException("bug: memory cannot be written", e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
