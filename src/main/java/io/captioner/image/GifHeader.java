package io.captioner.image;

import io.captioner.image.format.ByteView;
import io.captioner.image.format.ImageFormat;
import io.captioner.image.format.ImageLimits;
import io.captioner.image.format.Orientation;
import io.captioner.image.format.UnreadableImageException;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.List;

/** The logical screen and first image descriptors of a GIF (GIF89a specification, sections 18 to 24). */
final class GifHeader {
    /** Frames tried until one has something on it. */
    private static final int MAX_FRAMES = 16;

    private GifHeader() {}

    static ImageHeader read(byte[] content, ImageLimits limits) {
        ByteView file = ByteView.littleEndian(content);
        int width = file.u16(6);
        int height = file.u16(8);
        limits.check(width, height);
        int flags = file.u8(10);
        int at = 13 + colourTable(flags);
        List<Rectangle> frames = new ArrayList<>();
        long pixels = 0;
        while (frames.isEmpty() || hasFrame(file, at) && frames.size() < MAX_FRAMES) {
            at = skipExtensions(file, at);
            if (file.u8(at) != ',') {
                throw UnreadableImageException.damaged("the GIF has no picture in it");
            }
            Rectangle frame = new Rectangle(file.u16(at + 1), file.u16(at + 3), file.u16(at + 5), file.u16(at + 7));
            pixels += (long) frame.width * frame.height;
            if (frames.isEmpty()) {
                limits.check(frame.width, frame.height);
            } else if (pixels > limits.maxPixels() || Math.max(frame.width, frame.height) > limits.maxSide()) {
                break;
            }
            frames.add(frame);
            at = endOfFrame(file, at);
        }
        Rectangle first = frames.get(0);
        return new ImageHeader(
                ImageFormat.GIF,
                width == 0 ? first.width : width,
                height == 0 ? first.height : height,
                first,
                Orientation.UPRIGHT,
                content,
                false,
                List.copyOf(frames.subList(1, frames.size())),
                null,
                false);
    }

    private static int colourTable(int flags) {
        return (flags & 0x80) == 0 ? 0 : 3 << (flags & 7) + 1;
    }

    /**
     * Returns the end of the frame at this place, that of the file where the frame is cut off: its decoder judges that.
     */
    private static int endOfFrame(ByteView file, int at) {
        try {
            return skipSubBlocks(file, at + 10 + colourTable(file.u8(at + 9)) + 1);
        } catch (UnreadableImageException cutOff) {
            return file.length();
        }
    }

    /** Whether another whole frame header lies at or behind this place; what follows the last frame may be damaged. */
    private static boolean hasFrame(ByteView file, int from) {
        try {
            int at = skipExtensions(file, from);
            return file.u8(at) == ',' && file.u8(at + 10) >= 0 && file.u16(at + 5) > 0 && file.u16(at + 7) > 0;
        } catch (UnreadableImageException end) {
            return false;
        }
    }

    private static int skipExtensions(ByteView file, int from) {
        int at = from;
        while (file.u8(at) == '!') {
            at = skipSubBlocks(file, at + 2);
        }
        return at;
    }

    private static int skipSubBlocks(ByteView file, int from) {
        int at = from;
        while (file.u8(at) != 0) {
            at += 1 + file.u8(at);
        }
        return at + 1;
    }
}
