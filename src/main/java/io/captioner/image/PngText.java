package io.captioner.image;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The metadata that PNG writers put in text chunks: ImageMagick's "Raw profile type" of EXIF and XMP, which are
 * hexadecimal, and the XMP packet of Adobe. At most 256 KB of a compressed text are inflated.
 */
final class PngText {
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
        byte[] plain =
                compressed ? inflate(text) : text.slice(0, MAX_INFLATED, true).copy();
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
