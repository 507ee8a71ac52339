package io.captioner.web;

import static io.captioner.Client.json;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.Client;
import io.captioner.Client.Part;
import io.captioner.FakeModels;
import io.captioner.Pictures;
import io.captioner.caption.ImageProperties;
import io.captioner.caption.RequestProperties;
import io.captioner.web.BodyProblems.InvalidRequestException;
import java.awt.Color;
import java.io.EOFException;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpHeaders;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.multipart.MultipartException;

/** Uploads that cannot be stored while they are received, as on a full /tmp. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = "management.server.port=0")
@Import(FakeModels.class)
class InsufficientStorageTests {
    @TempDir
    static Path directory;

    private final Client client;
    private final BodyProblems problems;

    InsufficientStorageTests(
            @Autowired Environment environment,
            @Autowired ImageProperties images,
            @Autowired RequestProperties requests) {
        client = new Client(Integer.parseInt(requireNonNull(environment.getProperty("local.server.port"))));
        problems = new BodyProblems(images, requests);
    }

    @DynamicPropertySource
    static void directoryOfUploads(DynamicPropertyRegistry properties) {
        properties.add("server.tomcat.basedir", directory::toString);
    }

    @Test
    void aPhotoThatCannotBeStoredIsRefusedAsAFaultOfTheServiceAndTheNextOneIsCaptioned() throws Exception {
        byte[] large = Pictures.png(Color.RED, 9, 9);
        large = Arrays.copyOf(large, UploadLimits.BYTES_IN_MEMORY + 1);
        List<Path> uploads = uploads();

        // In place of a full disk: no file can be made in what is no directory.
        for (Path place : uploads) {
            Files.move(place, place.resolveSibling("aside"));
            Files.createFile(place);
        }
        HttpResponse<String> refused = client.postParts("", Part.image("dog.png", large));
        for (Path place : uploads) {
            Files.delete(place);
            Files.move(place.resolveSibling("aside"), place);
        }
        HttpResponse<String> later = client.postParts("", Part.image("dog.png", large));

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue(HttpHeaders.RETRY_AFTER)).contains("5");
        assertThat(json(refused).path("type").asString()).endsWith("insufficient-storage");
        assertThat(json(refused).path("detail").asString()).contains("could not be stored", "try again after");
        assertThat(later.statusCode()).isEqualTo(200);
    }

    /** The directories in which Tomcat stores parts, one for each port. */
    private static List<Path> uploads() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            List<Path> uploads =
                    all.filter(path -> path.endsWith("localhost/ROOT")).toList();
            assertThat(uploads).isNotEmpty();
            return uploads;
        }
    }

    static Stream<IOException> faultsOfTheDisk() {
        return Stream.of(
                new IOException("No space left on device"),
                new IOException("Disk quota exceeded"),
                new FileSystemException("/tmp/captioner-upload-1.tmp", null, "Read-only file system"));
    }

    @ParameterizedTest
    @MethodSource("faultsOfTheDisk")
    void whatTheDiskRefusesIsNoFaultOfTheClient(IOException fault) {
        MockHttpServletRequest request = received();

        assertThat(problems.ofRaw(fault, request).type()).isEqualTo(ProblemType.INSUFFICIENT_STORAGE);
        assertThat(problems.ofMultipart(new MultipartException("no parts", new IOException(fault)), request)
                        .type())
                .isEqualTo(ProblemType.INSUFFICIENT_STORAGE);
    }

    @Test
    void whatBreaksOffIsAFaultOfTheClient() {
        MockHttpServletRequest request = received();
        requireNonNull(ClientConnection.of(request)).bodyEnds(ClientConnection.BodyFault.BROKEN_OFF);

        InvalidRequestException refused = problems.ofRaw(new IOException("Connection reset by peer"), request);

        assertThat(refused.type()).isEqualTo(ProblemType.MALFORMED_REQUEST);
        assertThat(problems.ofRaw(new EOFException(), received()).type()).isEqualTo(ProblemType.MALFORMED_REQUEST);
    }

    private static MockHttpServletRequest received() {
        MockHttpServletRequest request = new MockHttpServletRequest();
        new ClientConnection(() -> 0, () -> false).attachTo(request);
        return request;
    }
}
