package io.captioner.api;

import static io.captioner.Client.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.Client;
import io.captioner.Client.Part;
import io.captioner.FakeCaptionModel;
import io.captioner.FakeCaptionModel.Hold;
import io.captioner.Pictures;
import io.captioner.ServedTest;
import io.captioner.batching.Admission;
import io.captioner.batching.Deadline;
import io.captioner.batching.Permit;
import java.awt.Color;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;

@ServedTest
class ProblemTests {
    private static final byte[] RED = Pictures.png(Color.RED, 40, 20);
    private static final int LIMIT = 200 * 1024;

    private final Client client;
    private final FakeCaptionModel model;
    private final Admission admission;

    ProblemTests(
            @Autowired Environment environment, @Autowired FakeCaptionModel model, @Autowired Admission admission) {
        this.client = new Client(Integer.parseInt(requireNonNull(environment.getProperty("local.server.port"))));
        this.model = model;
        this.admission = admission;
    }

    @ParameterizedTest
    @CsvSource({
        "beamWidth=0, beamWidth",
        "beamWidth=11, beamWidth",
        "beamWidth=wide, beamWidth",
        "alternatives=0, alternatives",
        "alternatives=4, alternatives",
        "beamWidth=1&alternatives=2, alternatives",
        "maxWords=0, maxWords",
        "maxWords=51, maxWords",
        "lengthPenalty=-0.1, lengthPenalty",
        "lengthPenalty=NaN, lengthPenalty",
        "lengthPenalty=6, lengthPenalty",
        "attention=everything, attention",
        "beam_width=3, beam_width",
    })
    void aWrongParameterIsNamed(String query, String parameter) throws Exception {
        JsonNode problem = problem(client.postParts("?" + query, Part.image("a.png", RED)), 400, "invalid-parameter");

        assertThat(problem.path("parameter").asString()).isEqualTo(parameter);
        assertThat(problem.path("detail").asString()).contains(parameter);
    }

    @ParameterizedTest
    @CsvSource({"0", "-1s", "soon", "99999999999999999999s"})
    void aWrongTimeoutIsRefused(String timeout) throws Exception {
        HttpResponse<String> response = client.postBody("", "image/png", RED, "X-Request-Timeout", timeout);

        assertThat(problem(response, 400, "invalid-parameter").path("parameter").asString())
                .isEqualTo("X-Request-Timeout");
    }

    @Test
    void bytesThatAreNoImageAreRefusedWithTheirPlace() throws Exception {
        HttpResponse<String> response = client.postParts(
                "", Part.image("a.png", RED), Part.image("notes.txt", "just some text".getBytes(UTF_8)));

        JsonNode problem = problem(response, 415, "not-an-image");
        assertThat(problem.path("image").asInt()).isEqualTo(1);
        assertThat(problem.path("filename").asString()).isEqualTo("notes.txt");
    }

    @Test
    void aTornImageIsUnreadable() throws Exception {
        byte[] noise = Pictures.noise(200);
        problem(
                client.postParts("", Part.image("a.png", Arrays.copyOf(noise, noise.length / 2))),
                400,
                "unreadable-image");
    }

    @Test
    void anEmptyPartIsRefusedWithItsPlace() throws Exception {
        JsonNode problem = problem(client.postParts("", Part.image("a.png", new byte[0])), 400, "empty-image");

        assertThat(problem.path("image").asInt()).isZero();
    }

    @Test
    void aMissingOrMisnamedPartIsAnsweredWithItsName() throws Exception {
        assertThat(problem(client.postParts(""), 400, "missing-image")
                        .path("detail")
                        .asString())
                .contains("curl -F image=@photo.jpg");
        assertThat(problem(client.postParts("", new Part("file", "a.png", RED)), 400, "missing-image")
                        .path("detail")
                        .asString())
                .contains("'file'", "'image'");
        problem(client.postBody("", "image/png", new byte[0]), 400, "missing-image");
    }

    @Test
    void aMultipartBodyWithoutItsBoundaryIsMalformed() throws Exception {
        problem(client.postBody("", "multipart/form-data", RED), 400, "malformed-request");
        problem(
                client.postBody("", "multipart/form-data; boundary=x", "--x\r\nrubbish".getBytes(UTF_8)),
                400,
                "malformed-request");
    }

    @Test
    void otherContentTypesMethodsPathsAndAnswersAreProblemsToo() throws Exception {
        problem(client.postBody("", "text/plain", RED), 415, "unsupported-media-type");
        problem(client.postBody("", "application/json", RED), 415, "unsupported-media-type");
        HttpResponse<String> get = client.get("/captions");
        problem(get, 405, "method-not-allowed");
        assertThat(get.headers().firstValue("Allow")).contains("POST");
        problem(client.postBody("", "image/png", RED, "Accept", "application/xml"), 406, "not-acceptable");
        problem(client.get("/nowhere"), 404, "not-found");
    }

    @Test
    void anUnknownModelIsAnsweredWithTheNamesThereAre() throws Exception {
        assertThat(problem(client.postBody("?model=unknown", "image/png", RED), 404, "unknown-model")
                        .path("detail")
                        .asString())
                .contains("blind, colours");
    }

    @Test
    void aPartOfExactlyTheLimitIsReadAndOneByteMoreIsNot() throws Exception {
        assertThat(client.postParts("", Part.image("a.png", Arrays.copyOf(RED, LIMIT)))
                        .statusCode())
                .isEqualTo(200);
        problem(client.postParts("", Part.image("a.png", Arrays.copyOf(RED, LIMIT + 1))), 413, "too-many-bytes");
        assertThat(client.postBody("", "image/png", Arrays.copyOf(RED, LIMIT)).statusCode())
                .isEqualTo(200);
        problem(client.postBody("", "image/png", Arrays.copyOf(RED, LIMIT + 1)), 413, "too-many-bytes");
    }

    @Test
    void aBodyOfTenTimesTheLimitStillGetsItsAnswer() throws Exception {
        byte[] huge = Arrays.copyOf(RED, 10 * LIMIT);
        problem(client.postParts("", Part.image("a.png", huge)), 413, "too-many-bytes");
        problem(client.postParts("", new Part("image", null, huge)), 413, "too-many-bytes");
        problem(client.postBody("", "image/png", huge), 413, "too-many-bytes");
        HttpResponse<String> chunked = client.send(client.request("/captions")
                .header("Content-Type", "image/png")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(huge))));
        problem(chunked, 413, "too-many-bytes");
    }

    @Test
    void tooManyPixelsAndTooManyImagesAreRefused() throws Exception {
        problem(client.postParts("", Part.image("a.png", Pictures.png(Color.RED, 1001, 1000))), 413, "too-many-pixels");
        Part[] five = new Part[5];
        Arrays.fill(five, Part.image("a.png", RED));
        problem(client.postParts("", five), 413, "too-many-images");
        Part[] crowd = new Part[200];
        Arrays.fill(crowd, Part.image("a.png", RED));
        assertThat(client.postParts("", crowd).statusCode()).isBetween(400, 413);
    }

    @Test
    void anImageWithoutWordsCannotBeCaptioned() throws Exception {
        problem(client.postParts("", Part.image("a.png", Pictures.png(Color.BLACK, 9, 9))), 422, "nothing-to-caption");
    }

    @Test
    void anImageThatTheModelFailsOnFailsAloneWithoutInternals() throws Exception {
        HttpResponse<String> response = client.postParts(
                "", Part.image("a.png", RED), Part.image("white.png", Pictures.png(Color.WHITE, 9, 9)));

        JsonNode problem = problem(response, 500, "model-failed");
        assertThat(problem.path("image").asInt()).isEqualTo(1);
        assertThat(response.body()).doesNotContain("Exception", "white is too much");
    }

    @Test
    void moreThanThereArePermitsForIsRefusedWithATimeToComeBack() throws Exception {
        try (Permit all = admission.acquire(admission.capacity(), Deadline.never())) {
            HttpResponse<String> response = client.postBody("", "image/png", RED);

            problem(response, 429, "overloaded");
            assertThat(Integer.parseInt(
                            response.headers().firstValue("Retry-After").orElse("")))
                    .isBetween(1, 60);
        }
        assertThat(client.postBody("", "image/png", RED).statusCode()).isEqualTo(200);
    }

    @Test
    void aRequestWhoseTimeIsOverIsAnsweredThen() throws Exception {
        try (Hold hold = model.hold()) {
            problem(client.postBody("", "image/png", RED, "X-Request-Timeout", "50ms"), 504, "deadline-exceeded");
        }
        assertThat(admission.inUse()).isZero();
    }

    private static JsonNode problem(HttpResponse<String> response, int status, String type) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = json(response);
        assertThat(problem.path("type").asString()).isEqualTo("urn:captioner:problem:" + type);
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("title").asString()).isNotBlank();
        assertThat(problem.path("detail").asString()).isNotBlank();
        assertThat(response.body()).doesNotContain("java.", "io.captioner", "/tmp/");
        return problem;
    }
}
