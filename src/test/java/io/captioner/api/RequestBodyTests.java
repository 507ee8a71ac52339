package io.captioner.api;

import static io.captioner.Client.json;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.Client;
import io.captioner.Client.Part;
import io.captioner.Pictures;
import io.captioner.ServedTest;
import java.awt.Color;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;

/** Bodies as clients really send them: encoded, oddly typed, in forms with other fields, and damaged. */
@ServedTest
class RequestBodyTests {
    private static final byte[] RED = Pictures.png(Color.RED, 40, 20);
    private static final int LIMIT = 200 * 1024;
    private static final String MULTIPART = "multipart/form-data; boundary=b";

    private final Client client;

    RequestBodyTests(@Autowired Environment environment) {
        this.client = new Client(Integer.parseInt(requireNonNull(environment.getProperty("local.server.port"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "x-gzip", "GZIP", "identity, gzip", "deflate", "raw deflate", "identity", ""})
    void anEncodedBodyIsDecoded(String encoding) throws Exception {
        byte[] body = encoded(encoding, RED);
        String header = encoding.replace("raw ", "");
        requireCaption(client.postBody("", "image/png", body, "Content-Encoding", header));
        byte[] form =
                encoded(encoding, multipart("Content-Disposition: form-data; name=\"image\"; filename=\"a\"", RED));
        requireCaption(client.postBody("", MULTIPART, form, "Content-Encoding", header));
    }

    @Test
    void severalMembersOfGzipAreOneBody() throws Exception {
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        members.writeBytes(encoded("gzip", Arrays.copyOf(RED, 10)));
        members.writeBytes(encoded("gzip", Arrays.copyOfRange(RED, 10, RED.length)));

        requireCaption(client.postBody("", "image/png", members.toByteArray(), "Content-Encoding", "gzip"));
        requireCaption(client.send(client.request("/captions")
                .headers("Content-Type", "image/png", "Content-Encoding", "gzip")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(members.toByteArray())))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "zstd", "compress", "gzip, gzip", "aws-chunked"})
    void anotherEncodingIsRefusedWithThoseThatAreRead(String encoding) throws Exception {
        HttpResponse<String> response = client.postBody("", "image/png", RED, "Content-Encoding", encoding);

        assertThat(problem(response, 415, "unsupported-media-type")).contains(encoding, "gzip, deflate");
        assertThat(response.headers().firstValue("Accept-Encoding")).contains("gzip, deflate");
        problem(client.postBody("", MULTIPART, RED, "Content-Encoding", encoding), 415, "unsupported-media-type");
    }

    @Test
    void theLimitHoldsForDecodedBytes() throws Exception {
        byte[] most = encoded("gzip", Arrays.copyOf(RED, LIMIT));
        requireCaption(client.postBody("", "image/png", most, "Content-Encoding", "gzip"));
        byte[] bomb = encoded("gzip", new byte[50 << 20]);
        problem(client.postBody("", "image/png", bomb, "Content-Encoding", "gzip"), 413, "too-many-bytes");
        byte[] form = encoded("gzip", multipart("Content-Disposition: form-data; name=\"image\"", new byte[50 << 20]));
        problem(client.postBody("", MULTIPART, form, "Content-Encoding", "gzip"), 413, "too-many-bytes");
        byte[] header = new byte[2 << 20];
        Arrays.fill(header, (byte) 'n');
        byte[] start = {31, (byte) 139, 8, 8, 0, 0, 0, 0, 0, 0}; // a file name follows that does not end
        System.arraycopy(start, 0, header, 0, start.length);
        problem(client.postBody("", "image/png", header, "Content-Encoding", "gzip"), 413, "too-many-bytes");
    }

    @Test
    void aBodyThatItsContentEncodingDoesNotFitIsMalformed() throws Exception {
        byte[] whole = encoded("gzip", RED);
        for (byte[] body : new byte[][] {RED, Arrays.copyOf(whole, whole.length - 9), Arrays.copyOf(whole, 5)}) {
            assertThat(problem(
                            client.postBody("", "image/png", body, "Content-Encoding", "gzip"),
                            400,
                            "malformed-request"))
                    .contains("Content-Encoding 'gzip'");
        }
        assertThat(problem(
                        client.postBody("", MULTIPART, RED, "Content-Encoding", "deflate"), 400, "malformed-request"))
                .contains("Content-Encoding 'deflate'");
        problem(client.postBody("", "image/png", new byte[0], "Content-Encoding", "gzip"), 400, "missing-image");
    }

    @ParameterizedTest
    @CsvSource({"base64, true", "BASE64, true", "binary, false", "8bit, false", "7bit, false"})
    void theTransferEncodingOfAPartIsDecoded(String encoding, boolean base64) throws Exception {
        byte[] content = base64 ? Base64.getMimeEncoder().encode(RED) : RED;

        requireCaption(client.postBody("", MULTIPART, multipart(image(encoding), content)));
    }

    @Test
    void base64IsHeldToTheLimitOfWhatItDecodesTo() throws Exception {
        byte[] most = Base64.getMimeEncoder().encode(Arrays.copyOf(RED, LIMIT));
        requireCaption(client.postBody("", MULTIPART, multipart(image("base64"), most)));
        byte[] more = Base64.getMimeEncoder().encode(Arrays.copyOf(RED, LIMIT + 1));
        problem(client.postBody("", MULTIPART, multipart(image("base64"), more)), 413, "too-many-bytes");
        assertThat(problem(client.postBody("", MULTIPART, multipart(image("base64"), RED)), 400, "unreadable-image"))
                .contains("base64");
        assertThat(problem(
                        client.postBody("", MULTIPART, multipart(image("quoted-printable"), RED)),
                        415,
                        "unsupported-media-type"))
                .contains("quoted-printable");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "image/jpeg; charset=binary",
                "image/jpeg; charset=",
                "image/jpg",
                "image/pjpeg",
                "image/*",
                "*/*",
                "IMAGE/PNG",
                "binary/octet-stream",
                "application/binary",
                "application/x-www-form-urlencoded",
                "application/x-www-form-urlencoded; charset=utf-8",
                "nonsense",
                ";/",
                "image/",
                "image/png, image/png"
            })
    void theContentDecidesWhateverItIsCalled(String type) throws Exception {
        requireCaption(client.postBody("", type, RED));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "text/html; charset=utf-8",
                "application/json",
                "application/ld+json",
                "application/xml",
                "multipart/mixed; boundary=b"
            })
    void whatIsCalledTextIsRefusedWithWhatToSend(String type) throws Exception {
        assertThat(problem(client.postBody("", type, "{}".getBytes(UTF_8)), 415, "unsupported-media-type"))
                .contains("multipart/form-data", "'image'");
    }

    @Test
    void urlEncodedFormFieldsAreNoPhoto() throws Exception {
        assertThat(problem(
                        client.postBody("", "application/x-www-form-urlencoded", "image=dog.jpg&a=b%".getBytes(UTF_8)),
                        415,
                        "unsupported-media-type"))
                .contains("enctype");
    }

    @Test
    void otherFieldsOfAFormAreIgnored() throws Exception {
        requireCaption(client.postParts(
                "",
                new Part("_csrf", null, "4711".getBytes(UTF_8)),
                Part.image("a.png", RED),
                new Part("submit", null, "Hochladen".getBytes(UTF_8)),
                new Part("attachment", "", new byte[0])));
        problem(client.postParts("?submit=Upload", Part.image("a.png", RED)), 400, "invalid-parameter");
        problem(client.postParts("?image=dog.jpg", Part.image("a.png", RED)), 400, "invalid-parameter");
        assertThat(problem(
                        client.postParts("", new Part("submit", null, "Upload".getBytes(UTF_8))), 400, "missing-image"))
                .contains("submit", "'image'");
        problem(client.postParts("", new Part("image", "", new byte[0])), 400, "missing-image");
        problem(
                client.postParts("", new Part("beamWidth", null, "wide".getBytes(UTF_8)), Part.image("a", RED)),
                400,
                "invalid-parameter");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dog.jpg", "../my photos/dog.JPG", "C:\\dog.png", "dog"})
    void aFileNameInPlaceOfAPhotoIsAnsweredWithTheMissingAt(String name) throws Exception {
        assertThat(problem(client.postParts("", new Part("image", null, name.getBytes(UTF_8))), 415, "not-an-image"))
                .contains("image=@");
        assertThat(problem(
                        client.postBody("", "application/x-www-form-urlencoded", name.getBytes(UTF_8)),
                        415,
                        "not-an-image"))
                .contains("--data-binary @");
    }

    @Test
    void aUrlIsNotFetched() throws Exception {
        byte[] address = "https://photos.example/dog.jpg".getBytes(UTF_8);
        assertThat(problem(client.postParts("", new Part("image", null, address)), 415, "not-an-image"))
                .contains("no URL is fetched");
    }

    @ParameterizedTest
    @CsvSource({"犬", "🐶", "é"})
    void aFileNameMayHave255CharactersOfAnyScript(String character) throws Exception {
        String name = URLEncoder.encode(character.repeat(255), UTF_8);
        String disposition =
                "Content-Disposition: form-data; name=\"image\"; filename=\"" + name + "\"; filename*=UTF-8''" + name;

        requireCaption(client.postBody("", MULTIPART, multipart(disposition, RED)));
    }

    @Test
    void eachFaultOfAMultipartBodyHasItsOwnMessage() throws Exception {
        byte[] whole = multipart(image("binary"), RED);
        assertThat(multipartProblem(multipart(image("binary") + "\r\nX: " + "x".repeat(9000), RED)))
                .contains("headers of more than 8192 bytes");
        assertThat(multipartProblem(Arrays.copyOf(whole, whole.length - 8))).contains("cut off");
        assertThat(multipartProblem(Arrays.copyOf(whole, 60))).contains("cut off");
        String lines = "--b\nContent-Disposition: form-data; name=\"image\"\n\n";
        assertThat(multipartProblem((lines + "x".repeat(100) + "\n--b--\n").getBytes(UTF_8)))
                .contains("LF alone");
        assertThat(multipartProblem((lines + "x".repeat(20_000) + "\n--b--\n").getBytes(UTF_8)))
                .contains("LF alone");
        assertThat(multipartProblem("--other\r\nContent-Disposition: form-data; name=\"image\"\r\n\r\nx\r\n--other--"
                        .getBytes(UTF_8)))
                .contains("boundary 'b'");
        assertThat(problem(client.postBody("", "multipart/form-data", whole), 400, "malformed-request"))
                .contains("has no boundary");
        Part[] crowd = new Part[100];
        Arrays.fill(crowd, new Part("x", null, new byte[] {1}));
        assertThat(problem(client.postParts("", crowd), 400, "malformed-request"))
                .contains("more than 68 parts");
    }

    @ParameterizedTest
    @CsvSource({"4294967295, -1", "2147483648, -2147483648", "-5, -5", "0, 0"})
    void aSeedHas32BitsSignedOrNot(String seed, int used) throws Exception {
        HttpResponse<String> response = client.postBody("?strategy=sample&seed=" + seed, "image/png", RED);

        assertThat(json(response).at("/options/sampling/seed").asInt())
                .as(response.body())
                .isEqualTo(used);
    }

    @ParameterizedTest
    @ValueSource(strings = {"4294967296", "-2147483649", "1.5", "99999999999999999999"})
    void aSeedOfMoreBitsIsRefused(String seed) throws Exception {
        problem(client.postBody("?strategy=sample&seed=" + seed, "image/png", RED), 400, "invalid-parameter");
    }

    private String multipartProblem(byte[] body) throws Exception {
        return problem(client.postBody("", MULTIPART, body), 400, "malformed-request");
    }

    private static String image(String encoding) {
        return "Content-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\nContent-Transfer-Encoding: "
                + encoding;
    }

    private static byte[] multipart(String headers, byte[] content) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(("--b\r\n" + headers + "\r\n\r\n").getBytes(ISO_8859_1));
        body.writeBytes(content);
        body.writeBytes("\r\n--b--\r\n".getBytes(ISO_8859_1));
        return body.toByteArray();
    }

    private static byte[] encoded(String encoding, byte[] bytes) throws IOException {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        try (OutputStream out = encoding.toLowerCase(Locale.ROOT).contains("gzip")
                ? new GZIPOutputStream(encoded)
                : encoding.contains("deflate")
                        ? new DeflaterOutputStream(encoded, new Deflater(9, encoding.startsWith("raw")))
                        : encoded) {
            out.write(bytes);
        }
        return encoded.toByteArray();
    }

    private static void requireCaption(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(json(response).at("/results/0/captions/0/text").asString()).isEqualTo("a red picture");
    }

    private static String problem(HttpResponse<String> response, int status, String type) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(json(response).path("type").asString()).isEqualTo("urn:captioner:problem:" + type);
        return json(response).path("detail").asString();
    }
}
