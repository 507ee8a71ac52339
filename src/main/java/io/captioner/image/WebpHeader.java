package io.captioner.image;

import io.captioner.image.format.ByteView;
import io.captioner.image.format.ImageFormat;
import io.captioner.image.format.ImageLimits;
import io.captioner.image.format.UnreadableImageException;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The canvas, first frame and orientation of a WebP (RFC 9649, section 2), its bitstream's own size checked too. */
final class WebpHeader {
    private static final int FIRST_CHUNK = 12;
    private static final int PROFILE_FLAG = 0x20;

    private static final int MAX_LATER_FRAMES = 15;

    /** Zeros behind the file: the bit reader looks this far ahead at most, so a whole file never reads past the end. */
    private static final int LOOK_AHEAD = 16;

    private final ByteView file;
    private final ImageLimits limits;
    private int width;
    private int height;
    private Rectangle frame = new Rectangle();
    private final List<Rectangle> laterFrames = new ArrayList<>();
    private long pixels;
    private final OrientationTags orientation = new OrientationTags();

    private WebpHeader(byte[] content, ImageLimits limits) {
        this.file = ByteView.littleEndian(content);
        this.limits = limits;
    }

    static ImageHeader read(byte[] content, ImageLimits limits, boolean keepProfile) {
        WebpHeader header = new WebpHeader(content, limits);
        boolean extended = header.file.has(FIRST_CHUNK, "VP8X");
        if (extended) {
            header.width = header.file.u24(24) + 1;
            header.height = header.file.u24(27) + 1;
            limits.check(header.width, header.height);
        }
        header.walk(FIRST_CHUNK, content.length);
        if (header.frame.isEmpty()) {
            throw UnreadableImageException.damaged("the WebP has no picture in it");
        }
        if (!extended) {
            header.width = header.frame.width;
            header.height = header.frame.height;
        }
        boolean hasProfile = extended && (header.file.u8(20) & PROFILE_FLAG) != 0;
        byte[] seen = Arrays.copyOf(content, content.length + LOOK_AHEAD);
        if (hasProfile && !keepProfile) {
            seen[20] &= ~PROFILE_FLAG;
        }
        return new ImageHeader(
                ImageFormat.WEBP,
                header.width,
                header.height,
                header.frame,
                header.orientation.found(),
                seen,
                hasProfile && keepProfile,
                List.copyOf(header.laterFrames),
                null,
                false);
    }

    private void walk(int from, int end) {
        long at = from;
        while (at + 8 <= end) {
            int chunk = (int) at;
            chunk(chunk);
            long size = file.u32(chunk + 4);
            at += 8 + size + (size & 1);
        }
    }

    private void chunk(int at) {
        if (file.has(at, "EXIF")) {
            orientation.exif(file.slice(at + 8, file.u32(at + 4), true));
        } else if (file.has(at, "XMP ")) {
            orientation.xmp(file.slice(at + 8, file.u32(at + 4), true));
        } else if (!frame.isEmpty()) {
            laterFrame(at);
        } else if (file.has(at, "ANMF")) {
            int x = 2 * file.u24(at + 8);
            int y = 2 * file.u24(at + 11);
            Rectangle bounds = new Rectangle(x, y, file.u24(at + 14) + 1, file.u24(at + 17) + 1);
            walk(at + 24, (int) Math.min(file.length(), at + 8 + file.u32(at + 4)));
            if (frame.width != bounds.width || frame.height != bounds.height) {
                throw UnreadableImageException.damaged("the WebP frame has another size than its header says");
            }
            frame = bounds;
            pixels = (long) bounds.width * bounds.height;
        } else if (file.has(at, "VP8 ")) {
            bitstream(file.u16(at + 14) & 0x3fff, file.u16(at + 16) & 0x3fff);
        } else if (file.has(at, "VP8L")) {
            long packed = file.u32(at + 9);
            bitstream((int) (packed & 0x3fff) + 1, (int) (packed >> 14 & 0x3fff) + 1);
        }
    }

    /**
     * Takes down where a later frame lies, as long as all of them together have no more pixels than one picture may.
     */
    private void laterFrame(int at) {
        if (pixels > 0 && file.has(at, "ANMF") && at + 24 <= file.length() && laterFrames.size() < MAX_LATER_FRAMES) {
            WebpHeader inside = new WebpHeader(file.bytes(), limits);
            inside.chunk(at);
            pixels += (long) inside.frame.width * inside.frame.height;
            if (pixels <= limits.maxPixels()) {
                laterFrames.add(inside.frame);
            }
        }
    }

    private void bitstream(int columns, int rows) {
        limits.check(columns, rows);
        frame = new Rectangle(columns, rows);
    }
}
