package io.captioner.image;

import java.awt.Rectangle;

/** The logical screen and first image descriptor of a GIF (GIF89a specification, sections 18 to 24). */
final class GifHeader {
    private GifHeader() {}

    static ImageHeader read(byte[] content, ImageLimits limits) {
        ByteView file = ByteView.littleEndian(content);
        int width = file.u16(6);
        int height = file.u16(8);
        limits.check(width, height);
        int flags = file.u8(10);
        int at = 13 + ((flags & 0x80) == 0 ? 0 : 3 << (flags & 7) + 1);
        while (file.u8(at) == '!') {
            at = skipSubBlocks(file, at + 2);
        }
        if (file.u8(at) != ',') {
            throw ImageHeader.damaged("the GIF has no picture in it");
        }
        Rectangle frame = new Rectangle(file.u16(at + 1), file.u16(at + 3), file.u16(at + 5), file.u16(at + 7));
        limits.check(frame.width, frame.height);
        return new ImageHeader(
                ImageFormat.GIF,
                width == 0 ? frame.width : width,
                height == 0 ? frame.height : height,
                frame,
                Orientation.UPRIGHT,
                content,
                false);
    }

    private static int skipSubBlocks(ByteView file, int from) {
        int at = from;
        while (file.u8(at) != 0) {
            at += 1 + file.u8(at);
        }
        return at + 1;
    }
}
