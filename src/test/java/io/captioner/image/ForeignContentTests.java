package io.captioner.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.captioner.image.format.ImageLimits;
import io.captioner.image.format.UnreadableImageException;
import io.captioner.image.format.UnreadableImageException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForeignContentTests {
    private final PhotoDecoder decoder = new PhotoDecoder(ImageLimits.defaults());

    /** Backslashes start a byte in hexadecimal. */
    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
            \\ff\\0a\\00\\10, JPEG XL
            \\00\\00\\00\\0cJXL \\0d\\0a\\87\\0a, JPEG XL
            \\ff\\4f\\ff\\51\\00, JPEG 2000
            \\00\\00\\00\\0cjP  \\0d\\0a\\87\\0a, JPEG 2000
            <svg xmlns="http://www.w3.org/2000/svg"/>, SVG
            \\ef\\bb\\bf<?xml version="1.0"?><!-- a --><svg/>, SVG
            %PDF-1.7, PDF
            8BPS\\00\\01, PSD
            \\00\\00\\01\\00\\01\\00, ICO
            \\00\\00\\02\\00\\01\\00, CUR
            \\00\\00\\00\\18ftypisom\\00\\00\\02\\00isommp41, video
            \\00\\00\\00\\14ftypqt  \\00\\00\\02\\00qt  , video
            \\00\\00\\00\\14ftypM4A \\00\\00\\02\\00M4A , audio
            \\00\\00\\00\\18ftypcrx \\00\\00\\00\\01crx isom, Canon CR3
            \\1aE\\df\\a3\\01\\00, video
            RIFF\\00\\01\\00\\00AVI LIST, video
            RIFF\\00\\01\\00\\00WAVEfmt , audio
            ID3\\04\\00, audio
            OggS\\00\\02, audio
            PK\\03\\04\\14\\00, ZIP
            PK\\03\\04\\14\\00[Content_Types].xml, Office
            \\d0\\cf\\11\\e0\\a1\\b1\\1a\\e1, Office
            \\1f\\8b\\08\\00, Content-Encoding: gzip
            \\0a <!DOCTYPE html><html><svg>, HTML
            <html><body>404 Not Found</body></html>, HTML
            <?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>, XML
            {"error":"not found"}, JSON
            version https://git-lfs.github.com/spec/v1, git lfs pull
            data:image/png;base64\\2ciVBORw0KGgo=, data URI
            https://example.com/photo.jpg, URL
            hello there, plain text
            IIRO\\08\\00, Olympus ORF
            IIU\\00\\08\\00, Panasonic RW2
            FUJIFILMCCD-RAW 0201, Fujifilm RAF
            II*\\00\\10\\00\\00\\00CR\\02\\00, Canon CR2
            \\ff\\fe<\\00h\\00, UTF-16
            P6 3 2 255, PPM
            \\00\\00\\02\\00\\00\\00\\00\\00\\00\\00\\00\\00\\60\\00\\40\\00\\18\\00\\11, TGA
            \\00\\01\\01\\00\\00\\00\\01\\18\\00\\00\\00\\00\\60\\00\\40\\00\\08\\20\\11, TGA
            \\0d\\0a%PDF-1.4\\00, PDF
            \\00\\00\\00\\08wide\\00\\00\\00\\08mdat, video
            \\00\\00\\00\\14free\\00\\00, video
            OggS\\00\\02, video
            "data:image/png;base64\\2ciVBORw0KGgo=", data URI
            --x\\0d\\0aContent-Disposition: form-data\\0d\\0a\\0d\\0a\\ff\\d8\\ff\\00, multipart body
            s3://bucket/photo.jpg, URL
            ffd8ffe000104a46494600010100000100010000ffdb, hexadecimal text
            /* XPM */, XPM
            #define a_width 8, XBM
            BMW and other makers of cars sell fewer of them, plain text
            Gr\\fc\\dfe, plain text
            \\d0\\bf\\d1\\80\\d0\\b8, plain text
            \\ff\\d8, not a picture
            \\ff\\ff\\ff\\ff\\ff, not a picture
            """)
    void whatIsSentInsteadOfAPictureIsCalledByItsName(String content, String name) {
        UnreadableImageException refused = refusal(bytes(content));

        assertThat(refused.reason()).isEqualTo(Reason.NOT_AN_IMAGE);
        assertThat(refused).hasMessageContaining(name).hasMessageContaining("Send a JPEG, PNG");
    }

    @Test
    void base64IsCalledSoInAnyOfItsForms() {
        byte[] noise = new byte[3000];
        new Random(4).nextBytes(noise);
        String plain = Base64.getEncoder().encodeToString(noise);
        for (String text : new String[] {
            plain,
            Base64.getMimeEncoder().encodeToString(noise),
            Base64.getUrlEncoder().withoutPadding().encodeToString(noise),
            '"' + plain + '"',
            Base64.getEncoder()
                    .encodeToString(Drawings.resource("progressive.jpg"))
                    .substring(0, 40)
        }) {
            assertThat(refusal(text.getBytes(StandardCharsets.US_ASCII)))
                    .hasMessageContaining("base64")
                    .hasMessageContaining("Decode it first");
        }
    }

    @Test
    void bytesThatWereTakenForTextAreDamaged() {
        byte[] lineEnds = bytes("\\89PNG\\0a\\1a\\0a\\00\\00");
        byte[] replaced = bytes("\\ef\\bf\\bd\\ef\\bf\\bd\\ef\\bf\\bd\\00\\10JFIF");
        byte[] codedJpeg = bytes("\\c3\\bf\\c3\\98\\c3\\bf\\c3\\a0\\00\\10JFIF\\00");
        byte[] codedPng = bytes("\\c2\\89PNG\\0d\\0a\\1a\\0a\\00\\00");
        byte[] sevenBits = bytes("\\09PNG\\0d\\0a\\1a\\0a\\00\\00");
        byte[] questionMarks = bytes("????\\00\\10JFIF\\00");

        for (byte[] content : new byte[][] {lineEnds, replaced, codedJpeg, codedPng, sevenBits, questionMarks}) {
            UnreadableImageException refused = refusal(content);
            assertThat(refused.reason()).isEqualTo(Reason.CORRUPT);
            assertThat(refused).hasMessageContaining("binary mode");
        }
    }

    @Test
    void aPictureBehindOtherBytesIsDamaged() {
        byte[] jpeg = Drawings.resource("progressive.jpg");
        for (String before : new String[] {"\\0d\\0a", "\\ef\\bb\\bf", "\\00\\00\\00\\00", "   "}) {
            byte[] start = bytes(before);
            byte[] content = Arrays.copyOf(start, start.length + jpeg.length);
            System.arraycopy(jpeg, 0, content, start.length, jpeg.length);

            UnreadableImageException refused = refusal(content);

            assertThat(refused.reason()).isEqualTo(Reason.CORRUPT);
            assertThat(refused).hasMessageContaining("other bytes lie before it");
        }
    }

    @Test
    void noRandomStartLetsAnythingButARefusalOut() {
        Random random = new Random(5);
        String[] starts = {
            "<", "{", "PK", "\0\0\0\u00ffftyp", "RIFF....", "data:", "P5 ", "BM", "II+\0", "MM\0+", "\n\5\1"
        };
        for (int i = 0; i < 2000; i++) {
            byte[] content = new byte[random.nextInt(200)];
            random.nextBytes(content);
            byte[] start = starts[i % starts.length].getBytes(StandardCharsets.ISO_8859_1);
            System.arraycopy(start, 0, content, 0, Math.min(start.length, content.length));

            assertThat(refusal(content)).hasMessageContaining("Send ");
        }
    }

    private UnreadableImageException refusal(byte[] content) {
        UnreadableImageException refused = catchThrowableOfType(
                UnreadableImageException.class, () -> decoder.decode(content, new ImageSize(4, 4)));
        assertThat(refused).isNotNull();
        return refused;
    }

    private static byte[] bytes(String escaped) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < escaped.length(); i++) {
            if (escaped.charAt(i) == '\\') {
                text.append((char) Integer.parseInt(escaped, i + 1, i + 3, 16));
                i += 2;
            } else {
                text.append(escaped.charAt(i));
            }
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
