package io.captioner.image.heif;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One coded picture out of a HEIF file: a tile, a whole picture or its transparency.
 *
 * @param codec how it is compressed
 * @param width columns that it decodes to
 * @param height rows that it decodes to
 * @param configuration body of the decoder's configuration box
 * @param data the compressed picture
 */
@SuppressWarnings("ArrayRecordComponent") // pieces of a file that nothing changes
public record CodedItem(Codec codec, int width, int height, byte[] configuration, byte[] data) {
    /** The codecs that are read, with libheif's number for each. */
    public enum Codec {
        HEVC(1, "heic", "hvc1", "hvcC"),
        AV1(4, "avif", "av01", "av1C");

        final int number;
        final String brand;
        final String type;
        final String configuration;

        Codec(int number, String brand, String type, String configuration) {
            this.number = number;
            this.brand = brand;
            this.type = type;
            this.configuration = configuration;
        }
    }

    /**
     * Returns a HEIF file of this picture alone, so that the decoder's own reading of boxes meets nothing of the
     * sender's.
     *
     * @param nclx numbers of colour primaries, transfer, matrix and range, as in a {@code colr} box; null for none
     */
    byte[] toFile(byte @Nullable [] nclx) {
        byte[] ftyp = box("ftyp", ascii(codec.brand), number(0, 4), ascii("mif1"), ascii(codec.brand));
        byte[] hdlr = box("hdlr", number(0, 8), ascii("pict"), number(0, 13));
        byte[] pitm = box("pitm", number(0, 4), number(1, 2));
        byte[] infe = box("infe", number(2 << 24, 4), number(1, 2), number(0, 2), ascii(codec.type), number(0, 1));
        byte[] iinf = box("iinf", number(0, 4), number(1, 2), infe);
        byte[] ispe = box("ispe", number(0, 4), number(width, 4), number(height, 4));
        byte[] colr = nclx == null ? new byte[0] : box("colr", ascii("nclx"), nclx);
        byte[] ipco = box("ipco", box(codec.configuration, configuration), ispe, colr);
        byte[] links = nclx == null ? new byte[] {2, (byte) 0x81, 2} : new byte[] {3, (byte) 0x81, 2, 3};
        byte[] ipma = box("ipma", number(0, 4), number(1, 4), number(1, 2), links);
        byte[] iprp = box("iprp", ipco, ipma);
        int before = ftyp.length + 12 + hdlr.length + pitm.length + iinf.length + iprp.length + 30 + 8;
        byte[] iloc = box(
                "iloc",
                number(0, 4),
                number(0x4400, 2),
                number(1, 2),
                number(1, 2),
                number(0, 2),
                number(1, 2),
                number(before, 4),
                number(data.length, 4));
        return join(ftyp, box("meta", number(0, 4), hdlr, pitm, iinf, iprp, iloc), box("mdat", data));
    }

    private static byte[] box(String type, byte[]... parts) {
        byte[] body = join(parts);
        return join(number(8 + body.length, 4), ascii(type), body);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    private static byte[] number(int value, int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < Math.min(4, size); i++) {
            bytes[size - 1 - i] = (byte) (value >> 8 * i);
        }
        return bytes;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
