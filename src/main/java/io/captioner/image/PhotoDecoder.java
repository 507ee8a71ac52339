package io.captioner.image;

import io.captioner.image.format.ByteView;
import io.captioner.image.format.ForeignContent;
import io.captioner.image.format.ImageFormat;
import io.captioner.image.format.ImageLimits;
import io.captioner.image.format.UnreadableImageException;
import io.captioner.image.heif.HeifBoxes;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.ImageInputStream;

/**
 * The one way from bytes to upright sRGB pixels of a given size, for JPEG, PNG, GIF, BMP, WebP and TIFF by content, and
 * for HEIC and AVIF where libheif is installed.
 *
 * <p>The header is judged first: what is beyond the limits is refused before any pixel buffer exists. The first picture
 * of the file is decoded, laid on white where it is transparent, turned by its EXIF orientation and stretched to the
 * target (Lanczos; bilinear where it grows); a picture that has the target's size keeps its bytes. Large JPEGs are
 * decoded at a fraction of their size; large PNG and BMP pictures, and JPEGs of unusual kinds, in strips, so that the
 * decoded part stays under 48 MB. Stateless and safe for many threads; no photo is written to disk.
 */
public final class PhotoDecoder {
    /** Pixels decoded at once; a strip costs the rows above it again, so most photos are one strip. */
    private static final int STRIP_PIXELS = 16_000_000;

    private static final int COLOURS = 3;

    private final ImageLimits limits;
    private final HeifSupport heif;
    private final ImageReaders readers = new ImageReaders();

    /** A decoder that reads HEIC and AVIF where libheif is installed. */
    public PhotoDecoder(ImageLimits limits) {
        this(limits, HeifSupport.installed());
    }

    /** @param heif what reads HEIC and AVIF, if anything does */
    public PhotoDecoder(ImageLimits limits, HeifSupport heif) {
        this.limits = limits;
        this.heif = heif;
    }

    /**
     * Decodes one photo.
     *
     * @param content a whole file; neither kept nor changed
     * @param target the size of the pixels returned
     * @throws UnreadableImageException for whatever bytes cannot be decoded within the limits; nothing else leaves
     */
    public Photo decode(byte[] content, ImageSize target) {
        return decode(content, ImagePreparation.stretch(target));
    }

    /**
     * Decodes one photo and prepares it for a network.
     *
     * @param content a whole file; neither kept nor changed
     * @param target how, and to which size
     * @throws UnreadableImageException for whatever bytes cannot be decoded within the limits; nothing else leaves
     */
    public Photo decode(byte[] content, ImagePreparation target) {
        ImageFormat format = HeifBoxes.sniff(ByteView.bigEndian(content));
        if (format != null) {
            return new HeifDecoder(heif, limits).decode(format, content, target);
        }
        ImageHeader header = ImageHeader.read(content, limits, true);
        try {
            return decode(header, target);
        } catch (UnreadableImageException refused) {
            if (!header.hasProfile()) {
                throw refused;
            }
            return decode(ImageHeader.read(content, limits, false), target);
        }
    }

    private Photo decode(ImageHeader header, ImagePreparation target) {
        boolean swaps = header.orientation().swapsSides;
        ImageSize upright = target.resized();
        int width = swaps ? upright.height() : upright.width();
        int height = swaps ? upright.width() : upright.height();
        byte[] rgb = header.usual() ? TurboJpeg.decode(header, width, height, target.interpolation()) : null;
        if (rgb == null) {
            RowResampler resampler = target.interpolation().resampler(header.width(), header.height(), width, height);
            try {
                readAll(header, resampler);
            } catch (UnreadableImageException refused) {
                throw refused;
            } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError broken) {
                // Decoders meet hostile bytes with whatever comes: a negative array size, endless recursion, a huge
                // table.
                throw UnreadableImageException.damaged("the " + header.format() + " data is damaged or cut off");
            }
            rgb = resampler.finish();
        }
        return new Photo(
                swaps ? header.height() : header.width(),
                swaps ? header.width() : header.height(),
                header.format(),
                target.middle(header.orientation().turn(rgb, upright.width(), upright.height())));
    }

    private void readAll(ImageHeader header, RowResampler resampler) throws IOException {
        ImageReader reader = readers.reader(header.format());
        try (ImageInputStream input = new EndedInput(header.content())) {
            reader.setInput(input, false, true);
            reader.addIIOReadWarningListener(new CutOffListener());
            if (reader.getWidth(0) != header.frame().width || reader.getHeight(0) != header.frame().height) {
                throw UnreadableImageException.damaged("its headers disagree about its size");
            }
            readFrame(reader, header, resampler);
        } finally {
            reader.dispose();
        }
    }

    private static void readFrame(ImageReader reader, ImageHeader header, RowResampler resampler) throws IOException {
        Rectangle frame = header.frame();
        Rectangle canvas = new Rectangle(header.width(), header.height());
        if (!frame.equals(canvas) || !header.laterFrames().isEmpty()) {
            readAnimation(reader, header, canvas, resampler);
            return;
        }
        if (header.format() == ImageFormat.TIFF && isFloat(reader)) {
            checkRange(reader.readRaster(0, null));
        }
        int rows = isReadInStrips(header.format()) ? Math.max(1, STRIP_PIXELS / frame.width) : frame.height;
        for (int y = 0; y < frame.height; y += rows) {
            ImageReadParam region = reader.getDefaultReadParam();
            Rectangle strip = new Rectangle(0, y, frame.width, Math.min(rows, frame.height - y));
            region.setSourceRegion(strip);
            if (header.format() == ImageFormat.TIFF && reader.getRawImageType(0).getNumBands() > COLOURS) {
                // Else a fourth sample is taken for alpha, and alpha for unassociated, whatever they are.
                region.setDestinationType(reader.getRawImageType(0));
            }
            BufferedImage picture = reader.read(0, region);
            if (picture.getWidth() != strip.width || picture.getHeight() != strip.height) {
                throw UnreadableImageException.damaged("it is too large to be read in parts, send a smaller version");
            }
            ImageRows pictureRows = new ImageRows(picture, header.colours());
            for (int row = 0; row < strip.height; row++) {
                resampler.add(pictureRows.row(row));
            }
        }
    }

    private static boolean isFloat(ImageReader reader) throws IOException {
        int type = reader.getRawImageType(0).getSampleModel().getTransferType();
        return type == DataBuffer.TYPE_FLOAT || type == DataBuffer.TYPE_DOUBLE;
    }

    /** Refuses floating-point samples that are brighter on average than white, which is 1: their scale is unknown. */
    private static void checkRange(Raster raster) {
        double sum = 0;
        double[] line = new double[raster.getWidth() * raster.getNumBands()];
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, line);
            sum += Arrays.stream(line).filter(Double::isFinite).sum();
        }
        if (sum > (double) line.length * raster.getHeight()) {
            throw ForeignContent.coding("a TIFF with floating-point samples that are not between 0 and 1");
        }
    }

    /** Takes the first frame that has something on it, at its place on the canvas; the first of all if none has. */
    private static void readAnimation(ImageReader reader, ImageHeader header, Rectangle canvas, RowResampler resampler)
            throws IOException {
        Rectangle frame = header.frame();
        BufferedImage picture = reader.read(0);
        for (int i = 0; i < header.laterFrames().size() && ImageRows.isEmpty(picture); i++) {
            frame = header.laterFrames().get(i);
            picture = reader.read(i + 1);
            if (picture.getWidth() != frame.width || picture.getHeight() != frame.height) {
                throw UnreadableImageException.damaged("its headers disagree about its size");
            }
        }
        layOnCanvas(new ImageRows(picture, header.colours()), frame, canvas, resampler);
    }

    /** The other decoders hold the whole picture whatever part is asked for. */
    private static boolean isReadInStrips(ImageFormat format) {
        return format == ImageFormat.JPEG || format == ImageFormat.PNG || format == ImageFormat.BMP;
    }

    private static void layOnCanvas(ImageRows pictureRows, Rectangle frame, Rectangle canvas, RowResampler resampler) {
        byte[] line = new byte[canvas.width * 3];
        Rectangle seen = frame.intersection(canvas);
        for (int y = 0; y < canvas.height; y++) {
            Arrays.fill(line, (byte) 255);
            if (y >= seen.y && y < seen.y + seen.height) {
                System.arraycopy(pictureRows.row(y - frame.y), 0, line, 3 * seen.x, 3 * seen.width);
            }
            resampler.add(line);
        }
    }

    /** Refuses a JPEG whose pixel data ends early: its missing part would be captioned as a grey surface. */
    private static final class CutOffListener implements IIOReadWarningListener {
        @Override
        public void warningOccurred(ImageReader source, String warning) {
            if (warning.toLowerCase(Locale.ROOT).contains("premature end")) {
                throw UnreadableImageException.damaged("part of its data is missing");
            }
        }
    }
}
