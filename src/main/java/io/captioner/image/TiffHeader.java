package io.captioner.image;

import io.captioner.image.TiffDirectory.Entry;
import io.captioner.image.UnreadableImageException.Reason;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The size and orientation of a TIFF's first picture, and the file with its directory cut down to the tags that pixels
 * need: overlapping values and chains of directories are how a small TIFF makes a decoder allocate gigabytes.
 */
final class TiffHeader {
    private static final int WIDTH = 256;
    private static final int HEIGHT = 257;
    private static final int COMPRESSION = 259;
    private static final int ORIENTATION = 274;
    private static final int XMP = 700;
    private static final int TILE_WIDTH = 322;
    private static final int TILE_HEIGHT = 323;
    private static final int PROFILE = 34675;
    private static final Set<Integer> NEEDED = Set.of(
            WIDTH,
            HEIGHT,
            258,
            COMPRESSION,
            262,
            266,
            273,
            277,
            278,
            279,
            284,
            292,
            293,
            317,
            320,
            TILE_WIDTH,
            TILE_HEIGHT,
            324,
            325,
            332,
            334,
            336,
            338,
            339,
            529,
            530,
            531,
            532,
            PROFILE);
    private static final Set<Long> JPEG_INSIDE = Set.of(6L, 7L);

    private TiffHeader() {}

    static ImageHeader read(byte[] content, ImageLimits limits, boolean keepProfile) {
        ByteView file = ByteView.bigEndian(content);
        TiffDirectory directory = new TiffDirectory(file);
        int width = side(directory, WIDTH);
        int height = side(directory, HEIGHT);
        limits.check(width, height);
        limits.check(side(directory, TILE_WIDTH), side(directory, TILE_HEIGHT));
        if (JPEG_INSIDE.contains(directory.value(COMPRESSION, 1))) {
            throw new UnreadableImageException(
                    Reason.NOT_AN_IMAGE, "A TIFF with JPEG compression is not read. Send the picture as JPEG or PNG.");
        }
        List<Entry> kept = directory.entries().stream()
                .filter(entry -> NEEDED.contains(entry.tag()) && (keepProfile || entry.tag() != PROFILE))
                .toList();
        if (kept.stream().mapToLong(Entry::size).sum() > content.length) {
            throw ImageHeader.damaged("its TIFF directory holds more than the file");
        }
        boolean hasProfile = kept.stream().anyMatch(entry -> entry.tag() == PROFILE);
        return ImageHeader.still(
                ImageFormat.TIFF,
                width,
                height,
                orientation(file, directory),
                withDirectory(content, kept),
                hasProfile);
    }

    private static Orientation orientation(ByteView file, TiffDirectory directory) {
        OrientationTags tags = new OrientationTags();
        for (Entry entry : directory.entries()) {
            if (entry.tag() == ORIENTATION) {
                tags.tag(entry.value());
            } else if (entry.tag() == XMP && entry.size() > 4) {
                int at = file.slice(entry.offset() + 8, 4, file.has(0, "MM")).u31(0);
                if (at < file.length()) {
                    tags.xmp(file.slice(at, entry.size(), true));
                }
            }
        }
        return tags.found();
    }

    private static int side(TiffDirectory directory, int tag) {
        return (int) Math.min(Integer.MAX_VALUE, directory.value(tag, 0));
    }

    /** Appends a directory of these entries alone, with none following it, and points the header to it. */
    private static byte[] withDirectory(byte[] content, List<Entry> entries) {
        boolean bigEndian = content[0] == 'M';
        int at = content.length + (content.length & 1);
        byte[] file = Arrays.copyOf(content, at + 2 + TiffDirectory.ENTRY * entries.size() + 4);
        put(file, 4, 4, at, bigEndian);
        put(file, at, 2, entries.size(), bigEndian);
        int to = at + 2;
        for (Entry entry : entries) {
            System.arraycopy(content, entry.offset(), file, to, TiffDirectory.ENTRY);
            to += TiffDirectory.ENTRY;
        }
        return file;
    }

    private static void put(byte[] file, int at, int size, int value, boolean bigEndian) {
        for (int i = 0; i < size; i++) {
            file[at + i] = (byte) (value >> 8 * (bigEndian ? size - 1 - i : i));
        }
    }
}
