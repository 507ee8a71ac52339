package io.captioner.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.image.format.ImageLimits;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrientationTests {
    private static final int BYTE = 1;
    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final String PREFIX = "Exif\0\0";
    private static final String XMP = "http://ns.adobe.com/xap/1.0/\0";

    private final PhotoDecoder decoder = new PhotoDecoder(ImageLimits.defaults(), HeifSupport.off());

    /** Where writers put an EXIF block, and how they dress it. */
    enum Writer {
        JPEG(exif -> jpeg(app1(PREFIX, exif))),
        JPEG_BEHIND_XMP(exif -> jpeg(app1(XMP, text("<x:xmpmeta/>")), app1(PREFIX, exif))),
        JPEG_BEHIND_EMPTY_EXIF(exif -> jpeg(app1(PREFIX, new byte[0]), app1(PREFIX, exif))),
        JPEG_BEHIND_NONSENSE(exif -> jpeg(app1(PREFIX, exif(SHORT, 9, true)), app1(PREFIX, exif))),
        PNG(exif -> png(chunk("eXIf", exif))),
        PNG_PREFIXED(exif -> png(chunk("eXIf", join(text(PREFIX), exif)))),
        PNG_RAW_PROFILE(exif -> png(chunk("zTXt", join(text("Raw profile type exif\0\0"), deflated(raw(exif)))))),
        PNG_RAW_APP1(exif -> png(chunk("tEXt", join(text("Raw profile type APP1\0"), raw(exif))))),
        WEBP(exif -> webp("EXIF", exif)),
        WEBP_PREFIXED(exif -> webp("EXIF", join(text(PREFIX), exif)));

        private final UnaryOperator<byte[]> write;

        Writer(UnaryOperator<byte[]> write) {
            this.write = write;
        }
    }

    static Stream<Arguments> writersAndOrientations() {
        return Stream.of(Writer.values())
                .flatMap(writer -> IntStream.rangeClosed(1, 8).mapToObj(tag -> Arguments.of(writer, tag)));
    }

    @ParameterizedTest
    @MethodSource("writersAndOrientations")
    void everyWriterTurnsThePhotoUpright(Writer writer, int tag) {
        assertTurned(writer.write.apply(exif(SHORT, tag, tag % 2 == 0)), tag);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void theTagOfATiffTurnsIt(int tag) {
        byte[] tiff = Drawings.resource("turned.tif");
        int entry = new String(tiff, StandardCharsets.ISO_8859_1).indexOf("\u0012\u0001\u0003\0\u0001\0\0\0\u0006\0");
        tiff[entry + 8] = (byte) tag;

        assertTurned(tiff, tag);
    }

    @ParameterizedTest
    @EnumSource(Writer.class)
    void aDirectoryThatIsCutOffBehindTheTagStillCounts(Writer writer) {
        byte[] exif = exif(SHORT, 6, false);

        assertTurned(writer.write.apply(Arrays.copyOf(exif, exif.length - 6)), 6);
        exif[8] = 20;
        assertTurned(writer.write.apply(exif), 6);
    }

    @ParameterizedTest
    @ValueSource(ints = {BYTE, SHORT, LONG})
    void theTagMayBeAByteAShortOrALongInEitherOrder(int type) {
        assertTurned(jpeg(app1(PREFIX, exif(type, 8, true))), 8);
        assertTurned(jpeg(app1(PREFIX, exif(type, 8, false))), 8);
    }

    @Test
    void tagsOutOfOrderAndOnesThatPointNowhereDoNotHideIt() {
        ByteBuffer exif = ByteBuffer.allocate(8 + 2 + 36 + 4).order(ByteOrder.LITTLE_ENDIAN);
        exif.put(text("II*\0")).putInt(8).putShort((short) 3);
        exif.putShort((short) 0x8769).putShort((short) LONG).putInt(1).putInt(0x7fffffff);
        exif.putShort((short) 0x010f).putShort((short) 2).putInt(9999).putInt(0x70000000);
        exif.putShort((short) 274).putShort((short) SHORT).putInt(1).putInt(6);

        assertTurned(jpeg(app1(PREFIX, exif.array())), 6);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 9, 255, 32_768, 65_535})
    void nonsenseIsIgnored(int value) {
        assertTurned(jpeg(app1(PREFIX, exif(SHORT, value, true))), 1);
        assertTurned(jpeg(app1(PREFIX, exif(LONG, value, false))), 1);
        assertTurned(jpeg(app1(XMP, text("<a tiff:Orientation='%d'/>".formatted(value)))), 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<rdf:Description tiff:Orientation=\"6\"/>",
                "<rdf:Description tiff:Orientation = '6'>",
                "<tiff:Orientation>6</tiff:Orientation>",
                "<tiff:Orientation>\n 6\n</tiff:Orientation>"
            })
    void xmpCountsWhereExifSaysNothing(String packet) {
        byte[] xmp = text(packet);

        assertTurned(jpeg(app1(XMP, xmp)), 6);
        assertTurned(jpeg(app1(XMP, xmp), app1(PREFIX, exif(SHORT, 0, true))), 6);
        assertTurned(jpeg(app1(XMP, xmp), app1(PREFIX, exif(SHORT, 3, true))), 3);
        assertTurned(jpeg(app1(XMP, xmp), app1(PREFIX, exif(SHORT, 1, true))), 1);
        assertTurned(webp("XMP ", xmp), 6);
        assertTurned(png(chunk("iTXt", join(text("XML:com.adobe.xmp\0\0\0\0\0"), xmp))), 6);
        assertTurned(png(chunk("iTXt", join(text("XML:com.adobe.xmp\0\1\0\0\0"), deflated(xmp)))), 6);
        assertTurned(png(chunk("tEXt", join(text("Raw profile type xmp\0"), raw(xmp)))), 6);
    }

    @Test
    void metadataOfHostileSizeCostLittle() {
        byte[] bomb = deflated(new byte[64 << 20]);
        byte[] png =
                png(chunk("zTXt", join(text("Raw profile type exif\0\0"), bomb)), chunk("eXIf", exif(SHORT, 6, true)));

        assertTurned(png, 6);
        assertTurned(
                jpeg(Stream.generate(() -> app1(PREFIX, new byte[40]))
                        .limit(20_000)
                        .toArray(byte[][]::new)),
                1);
    }

    private void assertTurned(byte[] file, int tag) {
        Photo photo = decoder.decode(file, new ImageSize(32, 24));

        assertThat(photo.width()).isEqualTo(tag < 5 ? 32 : 24);
        assertThat(photo.height()).isEqualTo(tag < 5 ? 24 : 32);
        Quarters.assertShown(photo.pixels(), 12, Quarters.TURNED[tag - 1]);
    }

    /** An EXIF block of the orientation alone. */
    private static byte[] exif(int type, int value, boolean bigEndian) {
        ByteBuffer exif =
                ByteBuffer.allocate(8 + 2 + 12 + 4).order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        exif.put(text(bigEndian ? "MM\0*" : "II*\0")).putInt(8).putShort((short) 1);
        exif.putShort((short) 274).putShort((short) type).putInt(1);
        switch (type) {
            case BYTE -> exif.put((byte) value);
            case SHORT -> exif.putShort((short) value);
            default -> exif.putInt(value);
        }
        return exif.array();
    }

    private static byte[] jpeg(byte[]... segments) {
        byte[] jpeg = Drawings.encode(Drawings.quarters(32, 24, BufferedImage.TYPE_3BYTE_BGR), "jpg");
        return join(Arrays.copyOf(jpeg, 2), join(segments), Arrays.copyOfRange(jpeg, 2, jpeg.length));
    }

    private static byte[] app1(String prefix, byte[] body) {
        int size = 2 + prefix.length() + body.length;
        return join(new byte[] {(byte) 0xff, (byte) 0xe1, (byte) (size >> 8), (byte) size}, text(prefix), body);
    }

    private static byte[] png(byte[]... chunks) {
        byte[] png = Drawings.encode(Drawings.quarters(32, 24, BufferedImage.TYPE_3BYTE_BGR), "png");
        return join(Arrays.copyOf(png, 33), join(chunks), Arrays.copyOfRange(png, 33, png.length));
    }

    private static byte[] chunk(String name, byte[] body) {
        CRC32 crc = new CRC32();
        crc.update(text(name));
        crc.update(body);
        return join(
                number(body.length, ByteOrder.BIG_ENDIAN),
                text(name),
                body,
                number((int) crc.getValue(), ByteOrder.BIG_ENDIAN));
    }

    /** As ImageMagick writes a profile: its name, its length and its bytes in hexadecimal lines. */
    private static byte[] raw(byte[] block) {
        boolean xmp = block[0] == '<';
        String digits = HexFormat.of()
                .formatHex(xmp ? block : join(text(PREFIX), block))
                .replaceAll(".{72}", "$0\n");
        return text("\n%s\n%8d\n%s\n".formatted(xmp ? "xmp" : "exif", block.length, digits));
    }

    private static byte[] webp(String chunk, byte[] body) {
        byte[] simple = Drawings.resource("lossless.webp");
        byte[] header = {0, 0, 0, 0, 31, 0, 0, 23, 0, 0};
        byte[] padding = new byte[body.length & 1];
        byte[] chunks = join(
                text("WEBPVP8X"),
                number(header.length, ByteOrder.LITTLE_ENDIAN),
                header,
                Arrays.copyOfRange(simple, 12, simple.length),
                text(chunk),
                number(body.length, ByteOrder.LITTLE_ENDIAN),
                body,
                padding);
        return join(text("RIFF"), number(chunks.length, ByteOrder.LITTLE_ENDIAN), chunks);
    }

    private static byte[] deflated(byte[] plain) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(packed)) {
            deflater.write(plain);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return packed.toByteArray();
    }

    private static byte[] number(int value, ByteOrder order) {
        return ByteBuffer.allocate(4).order(order).putInt(value).array();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }
}
