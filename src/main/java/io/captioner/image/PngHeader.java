package io.captioner.image;

import io.captioner.image.format.ByteView;
import io.captioner.image.format.CodedColours;
import io.captioner.image.format.ColourConversion;
import io.captioner.image.format.ForeignContent;
import io.captioner.image.format.ImageFormat;
import io.captioner.image.format.ImageLimits;
import io.captioner.image.format.UnreadableImageException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

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
            throw UnreadableImageException.damaged("the PNG does not start with its header");
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

    /**
     * The colour profile that a PNG's chunks ask for: cICP before iCCP before sRGB before cHRM and gAMA (PNG third
     * edition, section 4.3).
     */
    static final class PngColours {
        private boolean isCoded;
        private byte @Nullable [] coded;
        private byte @Nullable [] embedded;
        private boolean isSrgb;
        private double gamma;
        private double @Nullable [] chromaticities;

        /** Takes note of one chunk. */
        void chunk(ByteView file, int at, int size) {
            if (file.has(at + 4, "cICP") && size >= 4) {
                isCoded = true;
                coded = CodedColours.profile(file.u8(at + 8), file.u8(at + 9));
            } else if (file.has(at + 4, "iCCP")) {
                embedded = inflate(file, at + 8, size);
            } else if (file.has(at + 4, "sRGB")) {
                isSrgb = true;
            } else if (file.has(at + 4, "gAMA") && size >= 4) {
                gamma = file.u32(at + 8) / 100_000.0;
            } else if (file.has(at + 4, "cHRM") && size >= 32) {
                double[] values = new double[8];
                for (int i = 0; i < values.length; i++) {
                    values[i] = file.u32(at + 8 + 4 * i) / 100_000.0;
                }
                chromaticities = CodedColours.isColourSpace(values) ? values : null;
            }
        }

        /** Returns the profile to convert from, or null where the colours are sRGB already. */
        byte @Nullable [] profile() {
            if (isCoded || embedded != null || isSrgb) {
                return isCoded ? coded : embedded;
            }
            boolean isUsual = gamma < 0.05 || gamma > 5 || Math.abs(gamma - 1 / 2.2) < 0.01;
            if (isUsual && (chromaticities == null || gamma == 0)) {
                return null;
            }
            double exponent = 1 / gamma;
            return CodedColours.profile(chromaticities, isUsual ? CodedColours.SRGB : v -> Math.pow(v, exponent));
        }

        /** Returns the profile of an iCCP chunk, or null where it is damaged or larger than any profile. */
        private static byte @Nullable [] inflate(ByteView file, int at, int size) {
            int name = 0;
            while (name < Math.min(80, size) && file.u8(at + name) != 0) {
                name++;
            }
            int from = name + 2;
            if (from >= size || file.u8(at + name) != 0) {
                return null;
            }
            Inflater inflater = new Inflater();
            try {
                inflater.setInput(file.bytes(), file.start() + at + from, size - from);
                byte[] start = new byte[4];
                if (inflater.inflate(start) < start.length) {
                    return null;
                }
                int length = ByteBuffer.wrap(start).getInt();
                if (length < 128 || length > ColourConversion.MAX_PROFILE) {
                    return null;
                }
                byte[] profile = new byte[length];
                System.arraycopy(start, 0, profile, 0, start.length);
                int read = start.length;
                int more = 1;
                while (read < length && more > 0) {
                    more = inflater.inflate(profile, read, length - read);
                    read += more;
                }
                return read == length ? profile : null;
            } catch (DataFormatException damaged) {
                return null;
            } finally {
                inflater.end();
            }
        }
    }

    /**
     * The metadata that PNG writers put in text chunks: ImageMagick's "Raw profile type" of EXIF and XMP, which are
     * hexadecimal, and the XMP packet of Adobe. At most 256 KB of a compressed text are inflated.
     */
    static final class PngText {
        private static final int MAX_INFLATED = 1 << 18;
        private static final String RAW_PROFILE = "Raw profile type ";
        private static final List<String> PROFILES = List.of("exif\0", "APP1\0", "xmp\0");
        private static final String XMP = "XML:com.adobe.xmp\0";

        private PngText() {}

        /**
         * Hands over the metadata of a chunk, if it has any.
         *
         * @param chunk its name and data
         */
        static void read(ByteView chunk, OrientationTags tags) {
            boolean international = chunk.has(0, "iTXt");
            boolean compressed = chunk.has(0, "zTXt");
            if (!international && !compressed && !chunk.has(0, "tEXt")) {
                return;
            }
            boolean packet = chunk.has(4, XMP);
            if (!packet && PROFILES.stream().noneMatch(name -> chunk.has(4, RAW_PROFILE + name)) || tags.isFull()) {
                return;
            }
            int at = end(chunk, 4);
            if (international) {
                compressed = at + 1 < chunk.length() && chunk.u8(at) == 1;
                at = end(chunk, end(chunk, at + 2));
            } else if (compressed) {
                at++;
            }
            if (at >= chunk.length()) {
                return;
            }
            ByteView text = chunk.slice(at, chunk.length() - at, true);
            byte[] plain = compressed
                    ? inflate(text)
                    : text.slice(0, MAX_INFLATED, true).copy();
            ByteView profile = ByteView.bigEndian(packet ? plain : fromHexadecimal(plain));
            if (packet || chunk.has(4, RAW_PROFILE + "xmp") || profile.has(0, "http://ns.adobe.com/xap/")) {
                tags.xmp(profile);
            } else {
                tags.exif(profile);
            }
        }

        /** Returns the place behind the next zero, or the end of the chunk. */
        private static int end(ByteView chunk, int from) {
            int at = from;
            while (at < chunk.length() && chunk.u8(at) != 0) {
                at++;
            }
            return Math.min(at + 1, chunk.length());
        }

        private static byte[] inflate(ByteView text) {
            Inflater inflater = new Inflater();
            try {
                inflater.setInput(text.bytes(), text.start(), text.length());
                byte[] plain = new byte[MAX_INFLATED];
                int length = 0;
                int read = 1;
                while (read > 0 && length < plain.length) {
                    read = inflater.inflate(plain, length, plain.length - length);
                    length += read;
                }
                return Arrays.copyOf(plain, length);
            } catch (DataFormatException damaged) {
                return new byte[0];
            } finally {
                inflater.end();
            }
        }

        /** Reads the lines "", name, length, then hexadecimal digits. */
        private static byte[] fromHexadecimal(byte[] text) {
            String[] lines = new String(text, StandardCharsets.ISO_8859_1).split("\n", 4);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            int high = -1;
            for (char digit : lines[lines.length - 1].toCharArray()) {
                int value = Character.digit(digit, 16);
                if (value >= 0 && high >= 0) {
                    bytes.write(high << 4 | value);
                    high = -1;
                } else if (value >= 0) {
                    high = value;
                }
            }
            return bytes.toByteArray();
        }
    }
}
