package io.captioner.image;

import io.captioner.image.format.ByteView;
import io.captioner.image.format.ColourConversion;
import io.captioner.image.format.ForeignContent;
import io.captioner.image.format.ImageFormat;
import io.captioner.image.format.ImageLimits;
import io.captioner.image.format.UnreadableImageException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The size, orientation, colours and scan count of a JPEG, found by walking its markers (ITU T.81, annex B). */
final class JpegHeader {
    private static final int START_OF_SCAN = 0xda;
    private static final int PROGRESSIVE = 0xc2;
    private static final int LOSSLESS = 0xc3;
    private static final int HIERARCHICAL = 0xc5;
    private static final int ARITHMETIC = 0xc9;
    private static final int DEFINE_LINES = 0xdc;
    private static final int JPEG_LS = 0xf7;
    private static final int END_OF_IMAGE = 0xd9;
    private static final int APP0 = 0xe0;
    private static final int APP1 = 0xe1;
    private static final int APP2 = 0xe2;
    private static final int APP14 = 0xee;
    private static final String JFIF = "JFIF\0";
    private static final String ADOBE = "Adobe";
    private static final String EXIF = "Exif\0";
    private static final String XMP = "http://ns.adobe.com/xap/1.0/\0";
    private static final String PROFILE = "ICC_PROFILE\0";
    /** Ten are usual; each one more walks the whole picture again, so a file of thousands is an attack. */
    private static final int MAX_SCANS = 64;
    /** Values of {@link #adobeTransform}. */
    private static final int NONE = -1;

    private static final int YCBCR = 1;

    private final ByteView file;
    private byte[] content;
    private int width;
    private int height;
    private int scans;
    private boolean sized;
    private int components;
    private int frameAt;
    private int process;
    private boolean isJfif;
    private int adobeTransform = NONE;
    private final List<Integer> profileAt = new ArrayList<>();
    private final OrientationTags orientation = new OrientationTags();

    private JpegHeader(byte[] content) {
        this.content = content;
        this.file = ByteView.bigEndian(content);
    }

    static ImageHeader read(byte[] content, ImageLimits limits, boolean keepProfile) {
        JpegHeader header = new JpegHeader(content);
        header.walk(limits);
        if (!header.sized) {
            throw UnreadableImageException.damaged("the JPEG has no frame header");
        }
        // The decoders ignore a profile of grey, and one only those of RGB: it is applied behind them.
        boolean isApplied = header.components != 4;
        ColourConversion colours =
                keepProfile && isApplied ? ColourConversion.of(header.profile(), header.components) : null;
        if (!keepProfile || isApplied) {
            header.hideProfile();
        }
        return ImageHeader.still(
                        ImageFormat.JPEG,
                        header.width,
                        header.height,
                        header.orientation.found(),
                        ended(header.content),
                        !header.profileAt.isEmpty() && keepProfile && !isApplied)
                .converted(colours)
                .usual(header.isUsual());
    }

    /** Whether all decoders take the coded colours for the same: grey, or YCbCr by every sign there is. */
    private boolean isUsual() {
        if (process > PROGRESSIVE || components == 1) {
            return process <= PROGRESSIVE;
        }
        boolean saysYcbcr = adobeTransform == NONE ? isJfif : adobeTransform == YCBCR;
        int first = componentId(0);
        return components == 3
                && (saysYcbcr || adobeTransform == NONE && first == 1)
                && first <= 1
                && componentId(1) == first + 1
                && componentId(2) == first + 2;
    }

    private int componentId(int component) {
        return file.u8(frameAt + 8 + 3 * component);
    }

    private void walk(ImageLimits limits) {
        int at = 2;
        while (at + 3 < file.length()) {
            int marker = file.u8(at + 1);
            if (file.u8(at) != 0xff || marker == 0 || marker == 0xff || isStandalone(marker)) {
                // Entropy-coded data, fill bytes or restart markers.
                at = nextFf(at + 1);
            } else if (marker == END_OF_IMAGE) {
                return;
            } else {
                segment(marker, at + 2, limits);
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

    private void segment(int marker, int at, ImageLimits limits) {
        if (isFrame(marker)) {
            checkCoding(marker, file.u8(at + 2));
            height = file.u16(at + 3);
            width = file.u16(at + 5);
            components = file.u8(at + 7);
            frameAt = at;
            process = marker;
            sized = true;
            limits.check(width, height);
        } else if (marker == DEFINE_LINES && sized && height == 0) {
            height = file.u16(at + 2);
            limits.check(width, height);
            own();
            System.arraycopy(content, at + 2, content, frameAt + 3, 2);
        } else if (marker == START_OF_SCAN && ++scans > MAX_SCANS) {
            throw UnreadableImageException.damaged("the JPEG is stored in more than " + MAX_SCANS + " scans");
        } else if (marker == APP0 && file.has(at + 2, JFIF)) {
            isJfif = true;
        } else if (marker == APP14 && file.has(at + 2, ADOBE)) {
            adobeTransform = file.u8(at + 13);
        } else if (marker == APP1 && file.has(at + 2, EXIF)) {
            orientation.exif(file.slice(at + 2, file.u16(at) - 2L, true));
        } else if (marker == APP1 && file.has(at + 2, XMP)) {
            orientation.xmp(file.slice(at + 2, file.u16(at) - 2L, true));
        } else if (marker == APP2 && file.has(at + 2, PROFILE)) {
            profileAt.add(at);
        }
    }

    private static void checkCoding(int marker, int precision) {
        if (marker == JPEG_LS) {
            throw ForeignContent.coding("a JPEG-LS picture");
        } else if (marker >= ARITHMETIC) {
            throw ForeignContent.coding("a JPEG in arithmetic coding");
        } else if (marker >= HIERARCHICAL) {
            throw ForeignContent.coding("a hierarchical JPEG");
        } else if (marker != LOSSLESS && precision != 8) {
            throw ForeignContent.coding("a " + precision + "-bit JPEG");
        }
    }

    private void hideProfile() {
        for (int at : profileAt) {
            own();
            content[at + 2] = 'X';
        }
    }

    private void own() {
        content = content == file.bytes() ? content.clone() : content;
    }

    /** Returns the embedded profile put together from its segments, or null where there is none. */
    private byte @Nullable [] profile() {
        if (profileAt.isEmpty()) {
            return null;
        }
        ByteArrayOutputStream profile = new ByteArrayOutputStream();
        profileAt.stream()
                .sorted(Comparator.comparingInt(at -> file.u8(at + 2 + PROFILE.length())))
                .forEach(at -> {
                    int from = at + 4 + PROFILE.length();
                    ByteView part = file.slice(from, at + (long) file.u16(at) - from, true);
                    profile.write(part.bytes(), part.start(), part.length());
                });
        return profile.toByteArray();
    }

    private static boolean isStandalone(int marker) {
        return (marker >= 0xd0 && marker <= 0xd8) || marker == 0x01;
    }

    /** SOF0 to SOF15 without DHT, JPG and DAC, which lie between them, and JPEG-LS's. */
    private static boolean isFrame(int marker) {
        return marker == JPEG_LS
                || marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
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
