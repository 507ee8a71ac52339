package io.captioner.image;

import com.drew.imaging.tiff.TiffProcessingException;
import com.drew.imaging.tiff.TiffReader;
import com.drew.lang.RandomAccessReader;
import com.drew.metadata.Metadata;
import com.drew.metadata.tiff.DirectoryTiffHandler;
import io.captioner.image.format.ByteView;
import io.captioner.image.format.Orientation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The orientation that a file's metadata give: that of the first EXIF block with a valid one, else of the first such
 * XMP packet, else upright.
 *
 * <p>Bounded whatever the file holds: the first 64 KB of at most four blocks of each kind are read, and of EXIF the
 * first directory only. Damaged metadata are ignored, they must not cost the photo. For one thread.
 */
final class OrientationTags {
    private static final int ORIENTATION = 274;
    private static final int MAX_BLOCKS = 4;
    private static final int MAX_BYTES = 65_536;

    /**
     * Bytes of an EXIF block in which its TIFF header starts: "Exif", with or without its two zeros, comes before it.
     */
    private static final int MAX_PREFIX = 16;

    /**
     * An attribute or element; no XML parser: it would refuse a packet that is cut off, and expand the entities of a
     * hostile one.
     */
    private static final Pattern XMP =
            Pattern.compile("tiff:Orientation\\s{0,9}(?:=\\s{0,9}[\"']|>)\\s{0,9}(\\d{1,9})\\s{0,9}[\"'<]");

    private @Nullable Orientation exif;
    private @Nullable Orientation xmp;
    private int exifBlocks;
    private int xmpPackets;

    /** Takes an EXIF block, its first bytes "Exif" or the TIFF header itself. */
    void exif(ByteView block) {
        if (exifBlocks++ < MAX_BLOCKS && exif == null) {
            exif = read(block.slice(0, MAX_BYTES, true));
        }
    }

    /** Takes the value of the orientation tag of a TIFF file. */
    void tag(long value) {
        exif = exif == null ? Orientation.ofTag(value) : exif;
    }

    /** Takes an XMP packet, in UTF-8. */
    void xmp(ByteView packet) {
        if (xmpPackets++ < MAX_BLOCKS && xmp == null) {
            int end = Math.min(packet.end(), packet.start() + MAX_BYTES);
            Matcher tag = XMP.matcher(
                    new String(packet.bytes(), packet.start(), end - packet.start(), StandardCharsets.ISO_8859_1));
            while (xmp == null && tag.find()) {
                xmp = Orientation.ofTag(Long.parseLong(tag.group(1)));
            }
        }
    }

    /** Whether more blocks than are read were taken. */
    boolean isFull() {
        return exifBlocks + xmpPackets > 2 * MAX_BLOCKS;
    }

    /** Returns the orientation of what was taken. */
    Orientation found() {
        return Objects.requireNonNullElse(exif != null ? exif : xmp, Orientation.UPRIGHT);
    }

    private static @Nullable Orientation read(ByteView block) {
        int header = 0;
        while (!isTiff(block, header)) {
            if (++header > MAX_PREFIX) {
                return null;
            }
        }
        Handler handler = new Handler();
        try {
            new TiffReader().processTiff(new ZeroEndedReader(block.slice(header, MAX_BYTES, true)), handler, 0);
        } catch (TiffProcessingException | IOException | RuntimeException damaged) {
            return handler.orientation;
        }
        return handler.orientation;
    }

    private static boolean isTiff(ByteView block, int at) {
        return block.has(at, "II*\0") || block.has(at, "MM\0*") || block.has(at, "II\0*") || block.has(at, "MM*\0");
    }

    /** Keeps the orientation of the first directory and passes over all else. */
    private static final class Handler extends DirectoryTiffHandler {
        private @Nullable Orientation orientation;

        Handler() {
            super(new Metadata(), null);
        }

        @Override
        public void setTiffMarker(int marker) {
            // Judged before.
        }

        @Override
        public boolean tryEnterSubIfd(int tagId) {
            return false;
        }

        @Override
        public boolean hasFollowerIfd() {
            return false;
        }

        @Override
        public @Nullable Long tryCustomProcessFormat(int tagId, int formatCode, long componentCount) {
            return null;
        }

        /** Writers take a byte, a short or a long for it, and one value or several. */
        @Override
        public boolean customProcessTag(
                int at, Set<Integer> directories, int header, RandomAccessReader reader, int tagId, int byteCount)
                throws IOException {
            if (tagId == ORIENTATION && orientation == null) {
                orientation = byteCount >= 4 ? Orientation.ofTag(reader.getUInt32(at)) : null;
                if (orientation == null) {
                    orientation = Orientation.ofTag(byteCount == 1 ? reader.getUInt8(at) : reader.getUInt16(at));
                }
            }
            return true;
        }
    }

    /** A block with zeros behind its end: a directory that is cut off there is read as far as it goes. */
    private static final class ZeroEndedReader extends RandomAccessReader {
        /** A directory of 255 entries, the most that is ever seen. */
        private static final int ZEROS = 2 + 12 * 255 + 4;

        private final ByteView block;

        ZeroEndedReader(ByteView block) {
            this.block = block;
        }

        @Override
        public int toUnshiftedOffset(int localOffset) {
            return localOffset;
        }

        @Override
        public byte getByte(int index) {
            return index < block.length() ? (byte) block.u8(index) : 0;
        }

        @Override
        public byte[] getBytes(int index, int count) {
            return Arrays.copyOfRange(block.bytes(), block.start() + index, block.start() + index + count);
        }

        @Override
        protected void validateIndex(int index, int bytesRequested) throws IOException {
            if (!isValidIndex(index, bytesRequested)) {
                throw new IOException("read past the end of an EXIF block");
            }
        }

        @Override
        protected boolean isValidIndex(int index, int bytesRequested) {
            return index >= 0 && bytesRequested >= 0 && (long) index + bytesRequested <= getLength();
        }

        @Override
        public long getLength() {
            return (long) block.length() + ZEROS;
        }
    }
}
