package io.captioner.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.Pictures;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PhotoDescriptionTests {
    private static final int APP1 = 0xe1;
    private static final int APP13 = 0xed;

    @Test
    void eachKindOfMetadataCanDescribeAPhoto() throws IOException {
        assertThat(PhotoDescription.of(jpeg(APP1, xmp("a dog at the lake")))).contains("a dog at the lake");
        assertThat(PhotoDescription.of(jpeg(APP13, iptc("Hund am See")))).contains("Hund am See");
        assertThat(PhotoDescription.of(jpeg(APP1, exif("Rex, 2019")))).contains("Rex, 2019");
    }

    @Test
    void aPhotoWithoutMetadataHasNone() throws IOException {
        assertThat(PhotoDescription.of(plainJpeg())).isEmpty();
        assertThat(PhotoDescription.of(Pictures.png(Color.RED, 4, 4))).isEmpty();
        assertThat(PhotoDescription.of("no picture".getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
        assertThat(PhotoDescription.of(new byte[0])).isEmpty();
        assertThat(PhotoDescription.of(jpeg(APP1, xmp(" ")))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"OLYMPUS DIGITAL CAMERA         ", "SONY DSC", "DCIM", "   "})
    void whatCamerasWriteByThemselvesIsNone(String text) throws IOException {
        assertThat(PhotoDescription.of(jpeg(APP1, exif(text)))).isEmpty();
    }

    @Test
    void damagedMetadataAreNone() throws IOException {
        byte[] whole = jpeg(APP1, exif("a description"));
        for (int length = 0; length < 120; length++) {
            assertThat(PhotoDescription.of(Arrays.copyOf(whole, length)).orElse(""))
                    .isNotNull();
        }
    }

    @Test
    void anXmpPacketReadsNoFile(@TempDir Path folder) throws IOException {
        Path secret = Files.writeString(folder.resolve("secret.txt"), "the secret");
        String hostile = "<!DOCTYPE x [<!ENTITY e SYSTEM \"%s\">]>".formatted(secret.toUri()) + xmpText("&e;");

        assertThat(PhotoDescription.of(jpeg(APP1, xmpPacket(hostile))).orElse(""))
                .doesNotContain("secret");
    }

    private static byte[] xmp(String text) {
        return xmpPacket(xmpText(text));
    }

    private static String xmpText(String text) {
        return """
                <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\
                <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description><rdf:Alt>\
                <rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:description></rdf:Description></rdf:RDF>\
                </x:xmpmeta>""".formatted(text);
    }

    private static byte[] xmpPacket(String packet) {
        return ("http://ns.adobe.com/xap/1.0/\0" + packet).getBytes(StandardCharsets.UTF_8);
    }

    /** Photoshop's resource 0x0404 with the data set 2:120. */
    private static byte[] iptc(String text) throws IOException {
        byte[] caption = text.getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeBytes("Photoshop 3.0\0" + "8BIM");
        out.writeShort(0x0404);
        out.writeShort(0);
        out.writeInt(caption.length + 5);
        out.write(new byte[] {0x1c, 2, 120});
        out.writeShort(caption.length);
        out.write(caption);
        if (caption.length % 2 == 0) {
            out.write(0);
        }
        return bytes.toByteArray();
    }

    /** One directory with the image description alone. */
    private static byte[] exif(String text) throws IOException {
        byte[] description = (text + "\0").getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeBytes("Exif\0\0" + "MM\0*");
        out.writeInt(8);
        out.writeShort(1);
        out.writeShort(0x010e);
        out.writeShort(2);
        out.writeInt(Math.max(5, description.length));
        out.writeInt(26);
        out.writeInt(0);
        out.write(Arrays.copyOf(description, Math.max(5, description.length)));
        return bytes.toByteArray();
    }

    private static byte[] plainJpeg() throws IOException {
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(Pictures.png(Color.RED, 8, 8)));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(picture, "jpeg", bytes);
        return bytes.toByteArray();
    }

    private static byte[] jpeg(int marker, byte[] segment) throws IOException {
        byte[] plain = plainJpeg();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(plain, 0, 2);
        out.writeShort(0xff00 | marker);
        out.writeShort(segment.length + 2);
        out.write(segment);
        out.write(plain, 2, plain.length - 2);
        return bytes.toByteArray();
    }
}
