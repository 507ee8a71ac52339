package io.captioner.image;

import java.util.Arrays;
import java.util.Set;

/**
 * The size and orientation of a PNG, and the file cut down to the chunks that pixels need: compressed text and profiles
 * are how a small PNG makes a decoder allocate gigabytes.
 */
final class PngHeader {
    private static final int SIGNATURE = 8;
    private static final int FRAMING = 12;
    private static final int COLOUR_TYPE = 25;
    private static final int COLOUR = 2;
    private static final Set<String> NEEDED = Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND");

    private PngHeader() {}

    static ImageHeader read(byte[] content, ImageLimits limits, boolean keepProfile) {
        ByteView file = ByteView.bigEndian(content);
        if (file.has(12, "CgBI")) {
            throw ForeignContent.coding("a PNG in Apple's coding for iOS (CgBI)");
        }
        if (!file.has(12, "IHDR")) {
            throw ImageHeader.damaged("the PNG does not start with its header");
        }
        int width = file.u31(16);
        int height = file.u31(20);
        limits.check(width, height);
        OrientationTags orientation = new OrientationTags();
        PngColours colours = new PngColours();
        byte[] kept = Arrays.copyOf(content, content.length);
        int end = SIGNATURE;
        int at = SIGNATURE;
        while (at + FRAMING <= content.length) {
            int size = (int) Math.min(FRAMING + file.u32(at), content.length - at);
            int chunk = at;
            if (NEEDED.stream().anyMatch(name -> file.has(chunk + 4, name))) {
                System.arraycopy(content, at, kept, end, size);
                end += size;
            } else if (file.has(at + 4, "eXIf")) {
                orientation.exif(file.slice(at + 8, size - FRAMING, true));
            } else if (size >= FRAMING) {
                PngText.read(file.slice(at + 4, size - 8, true), orientation);
                if (keepProfile) {
                    colours.chunk(file, at, size - FRAMING);
                }
            }
            at += size;
        }
        boolean isGrey = (file.u8(COLOUR_TYPE) & COLOUR) == 0;
        return ImageHeader.still(ImageFormat.PNG, width, height, orientation.found(), Arrays.copyOf(kept, end), false)
                .converted(ColourConversion.of(colours.profile(), isGrey ? 1 : 3));
    }
}
