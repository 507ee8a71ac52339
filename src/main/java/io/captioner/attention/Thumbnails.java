package io.captioner.attention;

import io.captioner.image.Pixels;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Small JPEGs of photos for pages that hold many: as they are, and under the attention of a word. */
public final class Thumbnails {
    private static final float QUALITY = 0.82f;

    private Thumbnails() {}

    /** Returns a JPEG of a photo, of the photo's size. */
    public static byte[] photo(Pixels photo) {
        return jpeg(AttentionOverlay.image(photo));
    }

    /** Returns a JPEG of a photo under one word's attention, drawn as {@link AttentionOverlay} draws it. */
    public static byte[] word(Pixels photo, AttentionGrid attention) {
        return jpeg(AttentionOverlay.overlay(AttentionOverlay.image(photo), attention));
    }

    private static byte[] jpeg(BufferedImage image) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            ImageWriteParam settings = writer.getDefaultWriteParam();
            settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            settings.setCompressionQuality(QUALITY);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
