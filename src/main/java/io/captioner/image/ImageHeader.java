package io.captioner.image;

import io.captioner.image.format.ByteView;
import io.captioner.image.format.ColourConversion;
import io.captioner.image.format.ForeignContent;
import io.captioner.image.format.ImageFormat;
import io.captioner.image.format.ImageLimits;
import io.captioner.image.format.Orientation;
import io.captioner.image.format.UnreadableImageException;
import java.awt.Rectangle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a file says of its first picture before a pixel is decoded.
 *
 * @param format the format, by content
 * @param width columns of the stored canvas
 * @param height rows of the stored canvas
 * @param frame where on the canvas the first picture lies; the canvas itself but for animations
 * @param orientation how the canvas is turned upright
 * @param content the file as the decoder is to see it, without the metadata that could harm it
 * @param hasProfile whether a colour profile is embedded that a second try can leave out
 * @param laterFrames where the next pictures of an animation lie, in case the first is empty
 * @param colours how the decoded colours become sRGB, null where the decoder does that or they are sRGB
 * @param usual whether it is a JPEG of the kind that {@link TurboJpeg} decodes
 */
record ImageHeader(
        ImageFormat format,
        int width,
        int height,
        Rectangle frame,
        Orientation orientation,
        byte[] content,
        boolean hasProfile,
        List<Rectangle> laterFrames,
        @Nullable ColourConversion colours,
        boolean usual) {
    /** A still picture that fills its canvas. */
    static ImageHeader still(
            ImageFormat format, int width, int height, Orientation orientation, byte[] content, boolean hasProfile) {
        Rectangle frame = new Rectangle(width, height);
        return new ImageHeader(format, width, height, frame, orientation, content, hasProfile, List.of(), null, false);
    }

    /** Returns this header with a conversion of the decoded colours. */
    ImageHeader converted(@Nullable ColourConversion conversion) {
        return new ImageHeader(
                format, width, height, frame, orientation, content, hasProfile, laterFrames, conversion, usual);
    }

    /** Returns this header, of a JPEG, with whether {@link TurboJpeg} decodes it. */
    ImageHeader usual(boolean isUsual) {
        return new ImageHeader(
                format, width, height, frame, orientation, content, hasProfile, laterFrames, colours, isUsual);
    }

    /**
     * Reads the header, refusing what is beyond the limits; allocates no more than a copy of the content.
     *
     * @param keepProfile false to hide an embedded colour profile from the decoder
     */
    static ImageHeader read(byte[] content, ImageLimits limits, boolean keepProfile) {
        ImageHeader header = switch (sniff(ByteView.bigEndian(content))) {
            case JPEG -> JpegHeader.read(content, limits, keepProfile);
            case PNG -> PngHeader.read(content, limits, keepProfile);
            case GIF -> GifHeader.read(content, limits);
            case BMP -> BmpHeader.read(content, limits);
            case WEBP -> WebpHeader.read(content, limits, keepProfile);
            case TIFF -> TiffHeader.read(content, limits, keepProfile);
            case HEIC, AVIF -> throw new IllegalStateException("bug: HEIF is read by HeifDecoder");
        };
        if (header.frame.isEmpty() || header.width < 1 || header.height < 1) {
            throw UnreadableImageException.damaged("it has no pixels");
        }
        return header;
    }

    private static ImageFormat sniff(ByteView file) {
        if (file.has(0, "\u00ff\u00d8\u00ff")) {
            return ImageFormat.JPEG;
        } else if (file.has(0, "\u0089PNG\r\n\u001a\n")) {
            return ImageFormat.PNG;
        } else if (file.has(0, "GIF87a") || file.has(0, "GIF89a")) {
            return ImageFormat.GIF;
        } else if (file.has(0, "RIFF") && file.has(8, "WEBP")) {
            return ImageFormat.WEBP;
        } else if (file.has(0, "II*\0") || file.has(0, "MM\0*") || file.has(0, "II+\0") || file.has(0, "MM\0+")) {
            return ImageFormat.TIFF;
        } else if (file.has(0, "BM") && file.length() >= 26 && file.has(15, "\0\0\0")) {
            // The size of its header; text that starts with BM has letters there.
            return ImageFormat.BMP;
        }
        throw ForeignContent.refusal(file.bytes());
    }
}
