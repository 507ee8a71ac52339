package io.captioner.image;

/** The size of a Windows or OS/2 bitmap. */
final class BmpHeader {
    private static final int CORE_HEADER = 12;
    private static final int BITFIELDS = 3;

    private BmpHeader() {}

    static ImageHeader read(byte[] content, ImageLimits limits) {
        ByteView file = ByteView.littleEndian(content);
        boolean core = file.u32(14) == CORE_HEADER;
        int width = core ? file.u16(18) : (int) file.u32(18);
        // A negative height stores the rows top to bottom.
        int height = core ? file.u16(20) : Math.abs((int) file.u32(22));
        if (width < 0 || height < 0) {
            throw ImageHeader.damaged("the bitmap has a negative size");
        }
        limits.check(width, height);
        if (!core && file.u32(30) > BITFIELDS) {
            throw ImageHeader.damaged("the bitmap wraps another format; send the picture inside it");
        }
        return ImageHeader.still(ImageFormat.BMP, width, height, Orientation.UPRIGHT, content, false);
    }
}
