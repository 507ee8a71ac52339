package io.captioner.image;

import io.captioner.image.TiffDirectory.Entry;
import io.captioner.image.format.ByteView;
import io.captioner.image.format.ColourConversion;
import io.captioner.image.format.ImageFormat;
import io.captioner.image.format.ImageLimits;
import io.captioner.image.format.Orientation;
import io.captioner.image.format.UnreadableImageException;
import io.captioner.image.format.UnreadableImageException.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The size and orientation of a TIFF's picture, and the file as a plain TIFF of that one picture with the tags that
 * pixels need: overlapping values and chains of directories are how a small TIFF makes a decoder allocate gigabytes.
 */
final class TiffHeader {
    private static final int WIDTH = 256;
    private static final int HEIGHT = 257;
    private static final int BITS = 258;
    private static final int COMPRESSION = 259;
    private static final int PHOTOMETRIC = 262;
    private static final int STRIP_OFFSETS = 273;
    private static final int ORIENTATION = 274;
    private static final int SAMPLES = 277;
    private static final int ROWS_PER_STRIP = 278;
    private static final int STRIP_SIZES = 279;
    private static final int PLANAR = 284;
    private static final int TILE_WIDTH = 322;
    private static final int TILE_HEIGHT = 323;
    private static final int TILE_OFFSETS = 324;
    private static final int TILE_SIZES = 325;
    private static final int EXTRA_SAMPLES = 338;
    private static final int SAMPLE_FORMAT = 339;
    private static final int JPEG_TABLES = 347;
    private static final int JPEG_STREAM = 513;
    private static final int XMP = 700;
    private static final int PROFILE = 34675;
    private static final Set<Integer> NEEDED = Set.of(
            WIDTH,
            HEIGHT,
            BITS,
            COMPRESSION,
            PHOTOMETRIC,
            266,
            STRIP_OFFSETS,
            SAMPLES,
            ROWS_PER_STRIP,
            STRIP_SIZES,
            PLANAR,
            292,
            293,
            317,
            320,
            TILE_WIDTH,
            TILE_HEIGHT,
            TILE_OFFSETS,
            TILE_SIZES,
            332,
            334,
            336,
            EXTRA_SAMPLES,
            SAMPLE_FORMAT,
            JPEG_TABLES,
            512,
            JPEG_STREAM,
            514,
            515,
            519,
            520,
            521,
            529,
            530,
            531,
            532,
            PROFILE);
    private static final long RGB = 2;
    private static final long PALETTE = 3;
    private static final long SEPARATED = 5;
    private static final long YCBCR = 6;
    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int MAX_SAMPLES = 64;
    private static final int MAX_BYTES_A_PIXEL = 8;

    /** Tiles may reach beyond the picture, but all of them hold no more than this many times the pixels allowed. */
    private static final int MAX_TILE_WASTE = 2;

    private final byte[] content;
    private final ImageLimits limits;
    private final TiffDirectory directory;
    private final int width;
    private final int height;

    private TiffHeader(byte[] content, ImageLimits limits) {
        this.content = content;
        this.limits = limits;
        this.directory = TiffPages.picture(ByteView.bigEndian(content));
        this.width = side(WIDTH);
        this.height = side(HEIGHT);
    }

    static ImageHeader read(byte[] content, ImageLimits limits, boolean keepProfile) {
        TiffHeader header = new TiffHeader(content, limits);
        limits.check(header.width, header.height);
        header.checkBytes();
        header.checkTiles();
        long compression = TiffCoding.check(header.directory);
        if (compression == TiffCoding.JPEG || compression == TiffCoding.OLD_JPEG) {
            header.checkJpegs(compression);
        }
        // The decoder converts no grey, no palette and no JPEG: their profile is applied behind it, as that of RGB is.
        int components = header.components();
        boolean keepsProfile = keepProfile && components == 0;
        List<Entry> kept = header.directory.entries().stream()
                .filter(entry -> NEEDED.contains(entry.tag()) && (keepsProfile || entry.tag() != PROFILE))
                .toList();
        if (kept.stream().mapToLong(Entry::size).sum() > content.length) {
            throw UnreadableImageException.damaged("its TIFF directory holds more than the file");
        }
        return ImageHeader.still(
                        ImageFormat.TIFF,
                        header.width,
                        header.height,
                        header.orientation(),
                        header.rewritten(kept),
                        keepsProfile && header.directory.has(PROFILE))
                .converted(keepProfile ? ColourConversion.of(header.profile(), components) : null);
    }

    private Orientation orientation() {
        ByteView file = ByteView.bigEndian(content);
        OrientationTags tags = new OrientationTags();
        for (long value : directory.values(ORIENTATION, 1)) {
            tags.tag(value);
        }
        for (Entry entry : directory.entries()) {
            if (entry.tag() == XMP && entry.at() < file.length()) {
                tags.xmp(file.slice(entry.at(), entry.size(), true));
            }
        }
        return tags.found();
    }

    private int side(int tag) {
        return (int) Math.min(Integer.MAX_VALUE, directory.value(tag, 0));
    }

    /** Returns the components of the profile that fits the decoded colours, 0 where the decoder itself uses it. */
    private int components() {
        long photometric = directory.value(PHOTOMETRIC, RGB);
        boolean isRgb = photometric == RGB || photometric == PALETTE || photometric == YCBCR;
        return photometric < RGB ? 1 : isRgb ? 3 : 0;
    }

    private byte @Nullable [] profile() {
        for (Entry entry : directory.entries()) {
            if (entry.tag() == PROFILE && entry.at() + entry.size() <= content.length) {
                return Arrays.copyOfRange(content, entry.at(), (int) (entry.at() + entry.size()));
            }
        }
        return null;
    }

    /** Decoders hold a whole TIFF, in its own samples: as many bytes as 16-bit RGBA takes are enough for any photo. */
    private void checkBytes() {
        long bytes = (long) width * height * directory.value(SAMPLES, 1) * (directory.value(BITS, 1) + 7) / 8;
        if (bytes > MAX_BYTES_A_PIXEL * limits.maxPixels()) {
            throw new UnreadableImageException(
                    Reason.TOO_LARGE,
                    "The TIFF takes %d bytes when it is unpacked; at most %d are accepted. Send it with 8 bits a sample."
                            .formatted(bytes, MAX_BYTES_A_PIXEL * limits.maxPixels()));
        }
    }

    private void checkTiles() {
        int tileWidth = side(TILE_WIDTH);
        int tileHeight = side(TILE_HEIGHT);
        limits.check(tileWidth, tileHeight);
        if (tileWidth > 0 && tileHeight > 0) {
            long columns = (width + tileWidth - 1L) / tileWidth * tileWidth;
            long rows = (height + tileHeight - 1L) / tileHeight * tileHeight;
            if (columns * rows > MAX_TILE_WASTE * Math.max(limits.maxPixels(), (long) tileWidth * tileHeight)) {
                throw UnreadableImageException.damaged("its tiles are far larger than the picture");
            }
        }
    }

    /** Checks that each JPEG inside is as large as its strip or tile: else it would be decoded at its own size. */
    private void checkJpegs(long compression) {
        boolean tiled = directory.has(TILE_OFFSETS);
        int columns = tiled ? side(TILE_WIDTH) : width;
        int rows = tiled ? side(TILE_HEIGHT) : (int) Math.min(height, directory.value(ROWS_PER_STRIP, height));
        long oldStream = directory.value(JPEG_STREAM, 0);
        if (compression == TiffCoding.OLD_JPEG && oldStream > 0) {
            checkJpeg(oldStream, content.length - oldStream, width, height);
            return;
        }
        long[] offsets = directory.values(tiled ? TILE_OFFSETS : STRIP_OFFSETS, content.length);
        long[] sizes = directory.values(tiled ? TILE_SIZES : STRIP_SIZES, content.length);
        if (Arrays.stream(sizes).sum() > content.length || sizes.length != offsets.length) {
            throw UnreadableImageException.damaged("its TIFF directory holds more than the file");
        }
        for (int i = 0; i < offsets.length && compression == TiffCoding.JPEG; i++) {
            checkJpeg(offsets[i], sizes[i], columns, rows);
        }
    }

    private void checkJpeg(long offset, long size, int columns, int rows) {
        if (offset < 0 || size < 1 || offset + size > content.length) {
            throw UnreadableImageException.damaged("part of its data is missing");
        }
        byte[] jpeg = Arrays.copyOfRange(content, (int) offset, (int) (offset + size));
        ImageHeader inside = JpegHeader.read(jpeg, limits, false);
        if (inside.width() != columns || inside.height() > rows) {
            throw UnreadableImageException.damaged("a JPEG inside the TIFF has another size than its strip or tile");
        }
    }

    /** Appends a directory of these entries alone, with none following it, and points the header to it. */
    private byte[] rewritten(List<Entry> entries) {
        boolean bigEndian = content[0] == 'M';
        int extra = undeclaredSamples();
        List<Entry> all = new ArrayList<>(entries);
        if (extra > 0) {
            all.add(new Entry(EXTRA_SAMPLES, SHORT, extra, -1));
        }
        all.sort(Comparator.comparingInt(Entry::tag));
        long values = all.stream().mapToLong(entry -> entry.size() + 2).sum();
        int at = content.length + (content.length & 1);
        int valuesAt = at + 2 + 12 * all.size() + 4;
        byte[] file = Arrays.copyOf(content, (int) (valuesAt + values));
        put(file, 2, 2, 42, bigEndian);
        put(file, 4, 4, at, bigEndian);
        put(file, at, 2, all.size(), bigEndian);
        int to = at + 2;
        for (Entry entry : all) {
            int type = entry.isBig() ? LONG : entry.type();
            int unit = entry.isBig() ? 4 : entry.unit();
            int size = (int) (unit * Math.min(entry.count(), Integer.MAX_VALUE / 8));
            put(file, to, 2, entry.tag(), bigEndian);
            put(file, to + 2, 2, type, bigEndian);
            put(file, to + 4, 4, (int) entry.count(), bigEndian);
            if (size > 4) {
                put(file, to + 8, 4, valuesAt, bigEndian);
            }
            copyValues(entry, file, size > 4 ? valuesAt : to + 8, size, bigEndian);
            valuesAt += size > 4 ? size + (size & 1) : 0;
            to += 12;
        }
        return file;
    }

    private void copyValues(Entry entry, byte[] file, int to, int size, boolean bigEndian) {
        if (entry.isBig()) {
            long[] values = directory.values(entry.tag(), size / 4);
            for (int i = 0; i < values.length; i++) {
                put(file, to + 4 * i, 4, (int) values[i], bigEndian);
            }
        } else if (entry.at() >= 0 && entry.at() < content.length) {
            System.arraycopy(content, entry.at(), file, to, Math.min(size, content.length - entry.at()));
        }
    }

    /** Returns the samples beyond the colours of which the file does not say what they are: not alpha, then. */
    private int undeclaredSamples() {
        long photometric = directory.value(PHOTOMETRIC, -1);
        long colours = photometric == RGB || photometric == YCBCR || photometric > YCBCR
                ? 3
                : photometric == SEPARATED ? directory.value(334, 4) : 1;
        long samples = directory.value(SAMPLES, 1);
        boolean isKnown = photometric >= 0 && photometric != PALETTE && !directory.has(EXTRA_SAMPLES);
        return isKnown && samples <= MAX_SAMPLES ? (int) Math.max(0, samples - colours) : 0;
    }

    private static void put(byte[] file, int at, int size, int value, boolean bigEndian) {
        for (int i = 0; i < size; i++) {
            file[at + i] = (byte) (value >> 8 * (bigEndian ? size - 1 - i : i));
        }
    }
}
