package io.captioner.image;

import java.util.Arrays;

/** The size, orientation and scan count of a JPEG, found by walking its markers (ITU T.81, annex B). */
final class JpegHeader {
    private static final int START_OF_SCAN = 0xda;
    private static final int END_OF_IMAGE = 0xd9;
    private static final int APP1 = 0xe1;
    private static final int APP2 = 0xe2;
    private static final String EXIF = "Exif\0";
    private static final String XMP = "http://ns.adobe.com/xap/1.0/\0";
    private static final String PROFILE = "ICC_PROFILE\0";
    /** Ten are usual; each one more walks the whole picture again, so a file of thousands is an attack. */
    private static final int MAX_SCANS = 64;

    private final ByteView file;
    private byte[] content;
    private int width;
    private int height;
    private int scans;
    private boolean sized;
    private boolean hasProfile;
    private final OrientationTags orientation = new OrientationTags();

    private JpegHeader(byte[] content) {
        this.content = content;
        this.file = ByteView.bigEndian(content);
    }

    static ImageHeader read(byte[] content, ImageLimits limits, boolean keepProfile) {
        JpegHeader header = new JpegHeader(content);
        header.walk(limits, keepProfile);
        if (!header.sized) {
            throw ImageHeader.damaged("the JPEG has no frame header");
        }
        return ImageHeader.still(
                ImageFormat.JPEG,
                header.width,
                header.height,
                header.orientation.found(),
                ended(header.content),
                header.hasProfile && keepProfile);
    }

    private void walk(ImageLimits limits, boolean keepProfile) {
        int at = 2;
        while (at + 3 < file.length()) {
            int marker = file.u8(at + 1);
            if (file.u8(at) != 0xff || marker == 0 || marker == 0xff || isStandalone(marker)) {
                // Entropy-coded data, fill bytes or restart markers.
                at = nextFf(at + 1);
            } else if (marker == END_OF_IMAGE) {
                return;
            } else {
                segment(marker, at + 2, limits, keepProfile);
                at += 2 + Math.max(2, file.u16(at + 2));
            }
        }
    }

    /** Returns the place of the next byte of 0xff, or the end: most of a file is skipped so. */
    private int nextFf(int from) {
        byte[] bytes = file.bytes();
        int at = from;
        while (at < bytes.length && bytes[at] != (byte) 0xff) {
            at++;
        }
        return at;
    }

    private void segment(int marker, int at, ImageLimits limits, boolean keepProfile) {
        if (isFrame(marker)) {
            height = file.u16(at + 3);
            width = file.u16(at + 5);
            sized = true;
            limits.check(width, height);
        } else if (marker == START_OF_SCAN && ++scans > MAX_SCANS) {
            throw ImageHeader.damaged("the JPEG is stored in more than " + MAX_SCANS + " scans");
        } else if (marker == APP1 && file.has(at + 2, EXIF)) {
            orientation.exif(file.slice(at + 2, file.u16(at) - 2L, true));
        } else if (marker == APP1 && file.has(at + 2, XMP)) {
            orientation.xmp(file.slice(at + 2, file.u16(at) - 2L, true));
        } else if (marker == APP2 && file.has(at + 2, PROFILE)) {
            hasProfile = true;
            if (!keepProfile) {
                content = content == file.bytes() ? content.clone() : content;
                content[at + 2] = 'X';
            }
        }
    }

    private static boolean isStandalone(int marker) {
        return (marker >= 0xd0 && marker <= 0xd8) || marker == 0x01;
    }

    /** SOF0 to SOF15 without DHT, JPG and DAC, which lie between them. */
    private static boolean isFrame(int marker) {
        return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }

    /** Ends the data with an end marker: the decoder then warns of missing pixels, not of the missing marker alone. */
    private static byte[] ended(byte[] content) {
        int length = content.length;
        if ((content[length - 2] & 0xff) == 0xff && (content[length - 1] & 0xff) == END_OF_IMAGE) {
            return content;
        }
        byte[] ended = Arrays.copyOf(content, length + 2);
        ended[length] = (byte) 0xff;
        ended[length + 1] = (byte) END_OF_IMAGE;
        return ended;
    }
}
